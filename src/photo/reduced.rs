//! Large JPEGs decoded at a half, a quarter or an eighth of their size, which skips most of the
//! work: a face that fills a photo of 24 megapixels needs a fiftieth of them.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder, RgbImage};
use jpeg_decoder::{Decoder, PixelFormat};

use super::Limits;
use super::clock::Timed;
use super::read::to_rgb;

/// A photo's upright pixels, with its sides divided by `reduction`.
pub(super) struct Reduced {
    pub pixels: RgbImage,
    pub reduction: u32,
    /// The width and height of the upright photo itself.
    pub size: (u32, u32),
}

impl Reduced {
    /// The whole photo.
    pub fn not(pixels: RgbImage) -> Self {
        Self { size: pixels.dimensions(), pixels, reduction: 1 }
    }
}

/// The JPEG of which `whole` has read the head, at the smallest size whose longer side is at least
/// `side`; `None` where that is its whole size, or where it is of a rare kind: then it is to be
/// decoded in the usual way, which also tells what is wrong with it.
pub(super) fn decode(
    bytes: Timed,
    whole: &mut impl ImageDecoder,
    side: u32,
    limits: &Limits,
) -> Option<Reduced> {
    let (width, height) = whole.dimensions();
    let reduction = [8, 4, 2].into_iter().find(|by| width.max(height) / by >= side)?;
    let orientation = whole.orientation().unwrap_or(Orientation::NoTransforms);
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(usize::try_from(limits.memory).unwrap_or(usize::MAX));
    decoder.read_info().ok()?;
    let small = (width.div_ceil(reduction), height.div_ceil(reduction));
    let (columns, rows) = (u16::try_from(small.0).ok()?, u16::try_from(small.1).ok()?);
    if decoder.scale(columns, rows).ok()? != (columns, rows) {
        return None;
    }
    let values = decoder.decode().ok()?;
    let mut image = match decoder.info()?.pixel_format {
        PixelFormat::RGB24 => DynamicImage::from(RgbImage::from_raw(small.0, small.1, values)?),
        PixelFormat::L8 => DynamicImage::from(GrayImage::from_raw(small.0, small.1, values)?),
        PixelFormat::L16 | PixelFormat::CMYK32 => return None,
    };
    image.apply_orientation(orientation);
    let lies = (image.width(), image.height()) == small;
    let size = if lies { (width, height) } else { (height, width) };
    Some(Reduced { pixels: to_rgb(image), reduction, size })
}
