//! Self-contained HTML pages with style, script, data and, unless left out, faces. A page loads nothing: its content
//! security policy forbids it, and allows no script but its own. The templates, `assets/page/*.html`, are compiled: a
//! missing field is a compiler error, and text is escaped unless the template says `safe`.

mod evaluation;
mod faces;
mod frame;
mod link;
mod plot;
mod report;

use std::path::Path;

use askama::Template;

use crate::error::{Error, Result};
use crate::file::{Readers, check_replaceable, replace};
use crate::plot::{Draw, Format, Size, encode};

pub use evaluation::{Evaluated, evaluation};
pub use faces::{faces_page, shown_faces};
pub use plot::{plot, plot_page};
pub use report::{Expected, report, report_page};

/// The largest side of a face in a page, in pixels.
const CROP: u32 = 96;

/// The side of a face in a page in pixels, depending on their number, so that a page of thousands still opens.
#[must_use]
pub fn crop_side(faces: usize) -> u32 {
    crate::plot::crop_side(faces).min(CROP)
}

/// Whether the file's name ends in `.html` or `.htm`.
#[must_use]
pub fn is_page(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    matches!(ending.as_deref(), Some("html" | "htm"))
}

/// Check, before a page is made, that it can be written to `path`.
///
/// # Errors
/// [`Error::Page`] for another ending, [`Error::Write`] with the reason.
pub fn check_writable(path: &Path) -> Result<()> {
    if !is_page(path) {
        return Err(Error::Page { path: path.to_owned() });
    }
    check_replaceable(path)
}

/// Write the page to `path` atomically.
fn write(path: &Path, page: &str) -> Result<()> {
    replace(path, page.as_bytes(), Readers::Everybody)
}

/// The HTML of the page at `path`.
fn rendered(page: &impl Template, path: Option<&Path>) -> Result<String> {
    page.render().map_err(|e| undrawn(path)(e.to_string()))
}

/// `picture` as markup of the page at `path`.
fn svg(picture: &impl Draw, size: Size, path: Option<&Path>) -> Result<String> {
    let svg = encode(picture, Format::Svg, size).map_err(undrawn(path))?;
    Ok(String::from_utf8_lossy(&svg).into_owned())
}

/// An error of making the page at `path`.
fn undrawn(path: Option<&Path>) -> impl Fn(String) -> Error {
    move |reason| Error::Plot { path: path.unwrap_or(Path::new("the page")).to_owned(), reason }
}
