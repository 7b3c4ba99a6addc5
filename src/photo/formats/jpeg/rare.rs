//! `oxideav-mjpeg`: arithmetic coding, 12 bits a sample, and lossless JPEGs. It is slow and takes much
//! memory, so it gets only JPEGs that the others cannot read.

use image::RgbImage;
use oxideav_mjpeg::{DecodeOptions, Error as Failure, decode_rgb8_with};

use super::heads::Heads;
use crate::error::Result;
use crate::photo::task::Task;

/// The most bytes that it takes per pixel besides the file, as measured, plus three for the turned pixel.
const BYTES_A_PIXEL: u64 = 18 + 3;
/// How many times as long as the others it takes for a scan of the same number of pixels.
const SLOWER: u64 = 20;

/// The JPEG at its own size.
///
/// # Errors
/// If it is damaged, or takes too much memory or time.
pub(super) fn whole(task: &Task, heads: &Heads) -> Result<RgbImage> {
    let pixels = heads.frame.pixels();
    let held = BYTES_A_PIXEL * pixels + heads.coefficients;
    if held.saturating_add(task.bytes.len() as u64) > task.memory() {
        return Err(task.too_much_memory());
    }
    // It gets all bytes at once, so the clock cannot stop it.
    if heads.scans.saturating_mul(SLOWER * pixels) > task.limits.scanned {
        return Err(task.too_slow());
    }
    let options = DecodeOptions::libjpeg_compatible().with_max_pixels(Some(task.limits.pixels));
    let image = decode_rgb8_with(task.bytes, &options).map_err(|failure| match failure {
        Failure::Unsupported(_) => task.unsupported("JPEG"),
        other => task.damaged(&other),
    })?;
    RgbImage::from_raw(image.width, image.height, image.data)
        .filter(|image| image.dimensions() == (heads.frame.width, heads.frame.height))
        .ok_or_else(|| task.damaged(&"it does not have as many pixels as it says"))
}
