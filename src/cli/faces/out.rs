//! The file that `verify faces` writes: a page, or JSON.

use std::path::Path;

use super::FacesArgs;
use crate::cli::output::{count, note};
use crate::cli::{Context, Progress};
use crate::cluster::{Gathered, Member};
use crate::error::{Error, Result};
use crate::file::{Readers, check_replaceable, replace};
use crate::page::{crop_side, faces_page, is_page, shown_faces};
use crate::pipeline::in_order;
use crate::plot::{jpeg_uri, portrait};

/// Check, before photos are analysed, that the file can be written.
///
/// # Errors
/// [`Error::Value`] for another ending, [`Error::Write`] if it cannot be written.
pub fn check(out: &Path) -> Result<()> {
    if !is_page(out) && !is_json(out) {
        let problem = "choose a name that ends in .html or .json";
        return Err(Error::value(format!("--out {}", out.display()), problem));
    }
    check_replaceable(out)
}

/// Write the groups; only the owner can read the file.
///
/// # Errors
/// [`Error::Write`].
pub fn write(args: &FacesArgs, gathered: &Gathered, out: &Path, context: &Context) -> Result<()> {
    if is_json(out) {
        let json = serde_json::to_vec(gathered).map_err(std::io::Error::from)?;
        return replace(out, &json, Readers::Owner);
    }
    let groups = args.limit.get();
    let shown: Vec<&Member> = shown_faces(gathered, groups).collect();
    let crops = if args.no_thumbnails { vec![None; shown.len()] } else { crops(&shown, context)? };
    let page = faces_page(gathered, groups, crops, out)?;
    replace(out, page.as_bytes(), Readers::Owner)
}

/// The faces as `data:` URLs, with a progress bar; `None` if a photo is gone or has changed.
fn crops(shown: &[&Member], context: &Context) -> Result<Vec<Option<String>>> {
    let (side, template) = (crop_side(shown.len()), &context.pack.description.crop);
    let progress = Progress::new(shown.len());
    let mut crops = Vec::with_capacity(shown.len());
    let cut = |(): &mut (), member: &&Member| {
        let Member { photo, sha256, face, .. } = member;
        portrait(photo, sha256, face, template, side).and_then(|face| jpeg_uri(&face).ok())
    };
    in_order(
        shown.iter().copied(),
        context.threads,
        || Ok(()),
        cut,
        |_, crop| {
            crops.push(crop);
            progress.step();
            Ok(())
        },
    )?;
    drop(progress);
    let missing = crops.iter().filter(|crop| crop.is_none()).count();
    if missing > 0 {
        let faces = count(missing, "face");
        note(&format!("{faces} cannot be shown, because the photo is gone or has changed"));
    }
    Ok(crops)
}

/// Whether the file's name ends in `.json`.
fn is_json(out: &Path) -> bool {
    out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}
