//! HEIC and AVIF, which share a container: the picture that a file names as its main one, joined from its
//! tiles, and turned and cropped as the file says. (EXIF's orientation does not count here: HEIF's own
//! properties say how a picture is turned, ISO/IEC 23008-12.)

mod codecs;
mod colour;
mod cut;
mod picture;

use std::borrow::Cow;

use oxideav_heif::derived::{ImageKind, ImageNode, build_primary_graph};
use oxideav_heif::{HeifError, HeifFile};

use crate::error::{Error, Result};
use crate::photo::reduced::Reduced;
use crate::photo::task::Task;

/// Decode the main picture of a HEIC or AVIF file.
pub(super) fn decode(task: &Task) -> Result<Reduced> {
    let explain = |error| explain(task, error);
    let bytes = cut::mended(task.bytes);
    let whole = matches!(bytes, Cow::Borrowed(_));
    let file = HeifFile::parse_borrowed(&bytes).map_err(explain)?;
    let graph = build_primary_graph(&file).map_err(explain)?;
    let node = shown(&graph);
    let (width, height) = node.output_size().map_err(explain)?;
    task.check_size(width, height)?;
    if picture::takes(node, (width, height), task.wanted) > task.limits.memory {
        return Err(task.too_much_memory());
    }
    let mut picture = picture::Picture::new(&file, task.bytes.len());
    let frame = picture.of(node).map_err(explain)?;
    // A canvas or a tile may be larger than announced.
    task.check_size(frame.width, frame.height)?;
    let reduced = colour::rgb(&frame, colour::of(node), task.wanted).map_err(explain)?;
    Ok(Reduced { missing: (!whole).then(|| picture.grey()), ..reduced })
}

/// The picture that a tone-mapped one is made of, as it is without high dynamic range.
fn shown(graph: &ImageNode) -> &ImageNode {
    match (&graph.kind, graph.inputs.first()) {
        (ImageKind::ToneMap(_), Some(base)) => base,
        _ => graph,
    }
}

fn explain(task: &Task, error: HeifError) -> Error {
    match error {
        HeifError::Unsupported(_) => task.unsupported("HEIC or AVIF"),
        HeifError::LimitExceeded(_) => task.too_much_memory(),
        // The plain words for this error include that the file is cut off.
        other => task.damaged(&other),
    }
}
