//! The formats that the crate `image` decodes: within limits, turned upright, as RGB.

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::rgb::to_rgb;
use crate::error::{Error, Result};
use crate::photo::memory::{HEAD, held_at_most};
use crate::photo::reduced::Reduced;
use crate::photo::spliced::Spliced;
use crate::photo::task::Task;

/// Decode a photo without reading its header first.
pub(super) fn decode(task: &Task, format: ImageFormat) -> Result<Reduced> {
    let decoder = open(task, format)?;
    finish(task, format, decoder, None, 0)
}

/// A decoder that has read the header of a photo whose size is within the limits.
pub(super) fn open<'a>(
    task: &Task<'a>,
    format: ImageFormat,
) -> Result<impl ImageDecoder + use<'a>> {
    open_parts(task, Spliced::whole(task.bytes), format)
}

/// The same for parts of the photo's file.
pub(super) fn open_parts<'a>(
    task: &Task<'a>,
    parts: Spliced<'a>,
    format: ImageFormat,
) -> Result<impl ImageDecoder + use<'a>> {
    let mut reader = ImageReader::with_format(task.timed_parts(parts), format);
    reader.limits(allowing(HEAD.min(task.memory())));
    let decoder = reader.into_decoder().map_err(|error| explain(task, format, error))?;
    let (width, height) = decoder.dimensions();
    task.check_size(width, height)?;
    Ok(decoder)
}

/// A picture from [`image`] as RGB.
pub(super) fn finish(
    task: &Task,
    format: ImageFormat,
    decoder: impl ImageDecoder,
    orientation: Option<Orientation>,
    beside: u64,
) -> Result<Reduced> {
    let orientation = orientation.unwrap_or(Orientation::NoTransforms);
    let image = image(task, format, decoder, orientation, beside)?;
    Ok(Reduced::not(to_rgb(image)).of_any_size(task.wanted))
}

/// The pixels of a decoder that holds `beside` bytes beside them, turned by `orientation`. A photo
/// whose EXIF block is damaged has none, and is shown as it is stored, as viewers do.
pub(super) fn image(
    task: &Task,
    format: ImageFormat,
    mut decoder: impl ImageDecoder,
    orientation: Orientation,
    beside: u64,
) -> Result<DynamicImage> {
    let explain = |error| explain(task, format, error);
    let mut memory = allowing(task.memory());
    memory.reserve(decoder.total_bytes()).map_err(explain)?;
    decoder.set_limits(memory).map_err(explain)?;
    task.check_memory(held_at_most(&decoder, orientation, beside))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(explain)?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn allowing(memory: u64) -> Limits {
    let mut allowed = Limits::no_limits();
    allowed.max_alloc = Some(memory);
    allowed
}

fn explain(task: &Task, format: ImageFormat, error: ImageError) -> Error {
    match error {
        ImageError::Limits(_) => task.too_much_memory(),
        ImageError::Unsupported(_) => {
            let ending = format.extensions_str().first().unwrap_or(&"image");
            task.unsupported(&ending.to_ascii_uppercase())
        }
        other => task.damaged(&other),
    }
}
