//! One module for each family of formats: a file's bytes to upright pixels.

mod bmp;
mod by_image;
mod embedded;
#[cfg(feature = "heif")]
mod heif;
mod jpeg;
#[cfg(feature = "jxl")]
mod jxl;
mod png;
mod raw;
mod rgb;
mod tiff;
mod upright;
mod webp;

use image::ImageFormat;
use image::metadata::Orientation;

use super::format::Format;
use super::orientation::of_jpeg;
use super::reduced::Reduced;
use super::task::Task;
use crate::error::Result;

pub(super) use webp::is_lossless as is_lossless_webp;

/// Decode a photo of this format.
pub(super) fn decode(format: Format, task: &Task) -> Result<Reduced> {
    match format {
        Format::Jpeg => jpeg::decode(task),
        Format::Png => png::decode(task),
        Format::Gif => by_image::decode(task, ImageFormat::Gif),
        Format::Bmp => bmp::decode(task),
        Format::WebP => webp::decode(task),
        Format::Tiff => tiff::decode(task),
        Format::Raw => raw::decode(task),
        #[cfg(feature = "heif")]
        Format::Heic | Format::Avif => heif::decode(task),
        #[cfg(not(feature = "heif"))]
        Format::Heic | Format::Avif => Err(left_out(task, format)),
        #[cfg(feature = "jxl")]
        Format::Jxl => jxl::decode(task),
        #[cfg(not(feature = "jxl"))]
        Format::Jxl => Err(left_out(task, format)),
    }
}

/// How a photo of this format is turned when it is decoded, according to EXIF or XMP. The decoders of HEIC,
/// AVIF and JPEG XL apply their own orientation.
pub(super) fn turn(format: Format, task: &Task) -> Orientation {
    let turn = match format {
        Format::Jpeg => of_jpeg(task.bytes),
        Format::Png => png::turn(task),
        Format::WebP => webp::orientation(task.bytes),
        Format::Tiff => tiff::turn(task.bytes),
        Format::Raw => raw::turn(task),
        Format::Gif | Format::Bmp | Format::Heic | Format::Avif | Format::Jxl => None,
    };
    turn.unwrap_or(Orientation::NoTransforms)
}

/// The XMP of a photo of this format, if the format has a place for it.
pub(super) fn xmp(format: Format, task: &Task) -> Option<Vec<u8>> {
    match format {
        Format::Png => png::xmp(task),
        Format::WebP => webp::xmp(task.bytes),
        Format::Tiff | Format::Raw => tiff::xmp(task.bytes),
        _ => None,
    }
}

/// The error that this build cannot read a format.
#[cfg(not(all(feature = "heif", feature = "jxl")))]
fn left_out(task: &Task, format: Format) -> crate::error::Error {
    use crate::error::Error;

    let format = format!("{} (left out of this build)", format.name());
    Error::UnsupportedFormat { path: task.path.to_owned(), format, remedy: super::broken::REMEDY }
}
