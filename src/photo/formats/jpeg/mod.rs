//! JPEG, at its own size or at less of it.

mod reduced;
mod scans;

use image::{ImageDecoder, ImageFormat};

use super::by_image;
use crate::error::Result;
use crate::photo::reduced::Reduced;
use crate::photo::task::Task;

pub use scans::{Scans, scans};

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    let mut decoder = by_image::open(task, ImageFormat::Jpeg)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let scans = scans(task.bytes);
    scans.check(task, pixels)?;
    // The decoder holds a copy of the file, and coefficients.
    let beside = scans.coefficients.saturating_add(task.bytes.len() as u64);
    if let Some(reduced) = reduced::decode(task, &mut decoder, beside) {
        return Ok(reduced);
    }
    if task.clock.is_up() {
        return Err(task.too_slow());
    }
    let orientation = decoder.orientation().ok();
    by_image::finish(task, ImageFormat::Jpeg, decoder, orientation, beside)
}
