//! HEIC and AVIF, which share a container.

use super::super::task::Task;
use crate::error::{Error, Result};
use crate::photo::reduced::Reduced;

/// Decode a HEIC photo, turned upright as it says.
#[cfg(feature = "heic")]
pub(super) fn heic(task: &Task) -> Result<Reduced> {
    use heic_rs::{DecodeOptions, PixelLayout};
    use image::RgbImage;

    let failed = |e: heic_rs::Error| match e {
        heic_rs::Error::Unsupported(_) => task.unsupported("HEIC"),
        other => task.damaged(&other),
    };
    let info = heic_rs::probe(task.bytes).map_err(failed)?;
    task.check_size(info.width, info.height)?;
    // Photos are decoded side by side, each on one thread.
    let options = DecodeOptions {
        layout: PixelLayout::Rgb8,
        max_pixels: Some(task.limits.pixels),
        threads: Some(1),
        ..DecodeOptions::default()
    };
    let image = heic_rs::decode(task.bytes, &options).map_err(failed)?;
    RgbImage::from_raw(image.width, image.height, image.data)
        .map(Reduced::not)
        .ok_or_else(|| task.damaged(&"its pixels are not as many as it says"))
}

/// That this build does not decode HEIC.
#[cfg(not(feature = "heic"))]
pub(super) fn heic(task: &Task) -> Result<Reduced> {
    let remedy = "convert it to JPEG first, for example with `heif-convert IN OUT.jpg`, or build verify with `--features heic`";
    Err(undecodable(task, "HEIC photos", remedy))
}

/// That AVIF is not decoded.
pub(super) fn avif(task: &Task) -> Result<Reduced> {
    let remedy = "convert it to JPEG first, for example with `heif-convert IN OUT.jpg` or `magick IN OUT.jpg`";
    Err(undecodable(task, "AVIF photos", remedy))
}

fn undecodable(task: &Task, format: &str, remedy: &'static str) -> Error {
    Error::UnsupportedFormat { path: task.path.to_owned(), format: format.to_owned(), remedy }
}
