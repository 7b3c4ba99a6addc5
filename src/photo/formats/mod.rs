//! One module for each family of formats: a file's bytes to upright pixels.

mod by_image;
mod heif;
mod jpeg;
mod rgb;
mod tiff;
mod webp;

use image::ImageFormat;

use super::format::Format;
use super::reduced::Reduced;
use super::task::Task;
use crate::error::Result;

/// Decode a photo of this format.
pub(super) fn decode(format: Format, task: &Task) -> Result<Reduced> {
    match format {
        Format::Jpeg => jpeg::decode(task),
        Format::Png => by_image::decode(task, ImageFormat::Png),
        Format::Gif => by_image::decode(task, ImageFormat::Gif),
        Format::Bmp => by_image::decode(task, ImageFormat::Bmp),
        Format::WebP => webp::decode(task),
        Format::Tiff => tiff::decode(task),
        Format::Heic => heif::heic(task),
        Format::Avif => heif::avif(task),
    }
}
