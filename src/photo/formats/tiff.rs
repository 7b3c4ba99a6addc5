//! TIFF: what the JPEGs in it cost is looked at beforehand, since its head does not tell.

use image::{ImageDecoder, ImageFormat};
use tiff::decoder::Decoder;
use tiff::tags::{CompressionMethod, Tag};

use super::by_image;
use super::jpeg::{Scans, scans};
use crate::error::Result;
use crate::photo::clock::Timed;
use crate::photo::reduced::Reduced;
use crate::photo::task::Task;

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    let mut decoder = by_image::open(task, ImageFormat::Tiff)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let scans = scans_in_tiff(task.timed(), task.bytes, pixels);
    scans.check(task, pixels)?;
    let orientation = decoder.orientation().ok();
    // The decoder counts its own copy of the pixels itself.
    by_image::finish(task, ImageFormat::Tiff, decoder, orientation, scans.coefficients)
}

/// The scans of the JPEGs that a TIFF of `pixels` is made of, as if they were those of one: its head
/// does not tell how large they are. None where it is made of something else.
pub(super) fn scans_in_tiff(tiff: Timed, bytes: &[u8], pixels: u64) -> Scans {
    let jpegs = jpegs(tiff, bytes).unwrap_or_default();
    if jpegs.iter().map(|jpeg| jpeg.len()).sum::<usize>() > bytes.len() {
        // The same ones again and again.
        return Scans { number: u64::MAX, pixels, coefficients: 0 };
    }
    let (mut passed, mut held) = (0_u64, 0);
    for jpeg in jpegs {
        let scans = scans(jpeg);
        passed = passed.saturating_add(scans.number * scans.pixels);
        // Up to four bytes a pixel, which are then copied.
        held = held.max(scans.coefficients + 4 * scans.pixels + jpeg.len() as u64);
    }
    Scans { number: passed.div_ceil(pixels.max(1)), pixels, coefficients: held }
}

fn jpegs<'a>(tiff: Timed, bytes: &'a [u8]) -> Option<Vec<&'a [u8]>> {
    let mut tiff = Decoder::new(tiff).ok()?;
    let compression = tiff.find_tag_unsigned(Tag::Compression).ok()??;
    if CompressionMethod::from_u16_exhaustive(compression) != CompressionMethod::ModernJPEG {
        return None;
    }
    let mut find = |tag| tiff.find_tag_unsigned_vec::<u64>(tag).ok().flatten();
    let offsets = find(Tag::TileOffsets).or_else(|| find(Tag::StripOffsets))?;
    let lengths = find(Tag::TileByteCounts).or_else(|| find(Tag::StripByteCounts))?;
    let jpeg = |(from, length): (u64, u64)| {
        let from = usize::try_from(from).ok()?;
        bytes.get(from..from.checked_add(usize::try_from(length).ok()?)?.min(bytes.len()))
    };
    Some(offsets.into_iter().zip(lengths).filter_map(jpeg).collect())
}
