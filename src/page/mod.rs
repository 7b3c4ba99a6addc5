//! Pages of HTML that hold all they need: style, script, data and, unless they are told not to,
//! faces. A page loads nothing and may not: its own policy forbids it, and lets no script run but
//! the one it was written with.

mod html;
mod link;
mod plot;
mod report;

use std::path::Path;

use crate::error::{Error, Result};
use crate::file::{Readers, check_replaceable, replace};

pub use plot::{plot, plot_page};
pub use report::{Expected, report, report_page};

/// The largest side of a face in a page, in pixels.
const CROP: u32 = 96;

/// The side of each of so many faces in a page, in pixels: a page of thousands still opens.
#[must_use]
pub fn crop_side(faces: usize) -> u32 {
    crate::plot::crop_side(faces).min(CROP)
}

/// What every page ends with.
const FOOTER: &str = "Made by verify. This page loads nothing and sends nothing; it holds faces and \
                      names of files, so treat it like the photos themselves.";
/// The same of a page without faces.
const FOOTER_BARE: &str = "Made by verify. This page loads nothing and sends nothing; it holds names \
                           of files.";

/// Whether the file's name is that of a page.
#[must_use]
pub fn is_page(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    matches!(ending.as_deref(), Some("html" | "htm"))
}

/// Check, before a page is made, that it can be written to `path`.
///
/// # Errors
/// [`Error::Page`] for another ending, [`Error::Write`] with what is in the way.
pub fn check_writable(path: &Path) -> Result<()> {
    if !is_page(path) {
        return Err(Error::Page { path: path.to_owned() });
    }
    check_replaceable(path)
}

/// Write the page at `path`, whole or not at all.
fn write(path: &Path, page: &str) -> Result<()> {
    replace(path, page.as_bytes(), Readers::Everybody)
}

/// What a page ends with.
fn footer(with_faces: bool) -> html::Html {
    html::text(if with_faces { FOOTER } else { FOOTER_BARE })
}

/// An error of drawing into the page at `path`.
fn undrawn(path: Option<&Path>) -> impl Fn(String) -> Error {
    move |reason| Error::Plot { path: path.unwrap_or(Path::new("the page")).to_owned(), reason }
}
