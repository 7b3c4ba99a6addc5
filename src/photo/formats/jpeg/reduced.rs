//! JPEGs decoded at a half, a quarter or an eighth, which skips most of the work: a face that fills a
//! photo of 24 megapixels needs a fiftieth of them.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder, RgbImage};
use jpeg_decoder::{Decoder, PixelFormat};

use crate::photo::formats::rgb::to_rgb;
use crate::photo::reduced::{Reduced, pixels_at};
use crate::photo::task::Task;

/// The JPEG of which `whole` has read the head, at the smallest size that has the pixels that are wanted;
/// `None` where that is its whole size, where it takes too much memory, of which `beside` is
/// no pixels, or where it is of a rare kind: then it is to be decoded in the usual way, which also
/// tells what is wrong with it.
pub(super) fn decode(task: &Task, whole: &mut impl ImageDecoder, beside: u64) -> Option<Reduced> {
    let (width, height) = whole.dimensions();
    let reduction =
        [8, 4, 2].into_iter().find(|by| pixels_at((width, height), *by) >= task.wanted)?;
    let orientation = whole.orientation().unwrap_or(Orientation::NoTransforms);
    let small = (width.div_ceil(reduction), height.div_ceil(reduction));
    // The components, and beside them what is made of them.
    let pixels = 6 * pixels_at((width, height), reduction);
    if beside.saturating_add(pixels) > task.limits.memory {
        return None;
    }
    let mut decoder = Decoder::new(task.timed());
    decoder.read_info().ok()?;
    let format = decoder.info()?.pixel_format;
    if !matches!(format, PixelFormat::RGB24 | PixelFormat::L8) {
        return None;
    }
    let (columns, rows) = (u16::try_from(small.0).ok()?, u16::try_from(small.1).ok()?);
    if decoder.scale(columns, rows).ok()? != (columns, rows) {
        return None;
    }
    let values = decoder.decode().ok()?;
    // Its coefficients are as large as the whole photo.
    drop(decoder);
    let mut image = match format {
        PixelFormat::L8 => DynamicImage::from(GrayImage::from_raw(small.0, small.1, values)?),
        _ => DynamicImage::from(RgbImage::from_raw(small.0, small.1, values)?),
    };
    image.apply_orientation(orientation);
    let lies = (image.width(), image.height()) == small;
    let size = if lies { (width, height) } else { (height, width) };
    Some(Reduced { pixels: to_rgb(image), reduction, size, truncated: false })
}
