//! Photos at less than their size. Large JPEGs are decoded at a half, a quarter or an eighth, which
//! skips most of the work: a face that fills a photo of 24 megapixels needs a fiftieth of them. The
//! largest of other formats are halved, which leaves the memory to the models.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder, RgbImage};
use jpeg_decoder::{Decoder, PixelFormat};

use super::clock::Timed;
use super::limits::Limits;
use super::rgb::to_rgb;

/// The most pixels that are kept of a photo unless its smallest faces are asked for.
const KEPT: u64 = 64_000_000;

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

    /// Halved, where the photo is very large and that leaves at least `wanted` pixels.
    pub fn of_any_size(self, wanted: u64) -> Self {
        if pixels_at(self.size, 1) <= KEPT || pixels_at(self.size, 2) < wanted {
            return self;
        }
        Self { pixels: half(&self.pixels), reduction: 2, ..self }
    }
}

/// How many pixels a photo of `width` × `height` has where its sides are divided by `reduction`.
pub(super) fn pixels_at((width, height): (u32, u32), reduction: u32) -> u64 {
    u64::from(width.div_ceil(reduction)) * u64::from(height.div_ceil(reduction))
}

/// The JPEG of which `whole` has read the head, at the smallest size of at least `wanted` pixels;
/// `None` where that is its whole size, where it takes too much memory, of which `beside` is
/// no pixels, or where it is of a rare kind: then it is to be decoded in the usual way, which also
/// tells what is wrong with it.
pub(super) fn decode(
    bytes: Timed,
    whole: &mut impl ImageDecoder,
    wanted: u64,
    beside: u64,
    limits: &Limits,
) -> Option<Reduced> {
    let (width, height) = whole.dimensions();
    let reduction = [8, 4, 2].into_iter().find(|by| pixels_at((width, height), *by) >= wanted)?;
    let orientation = whole.orientation().unwrap_or(Orientation::NoTransforms);
    let small = (width.div_ceil(reduction), height.div_ceil(reduction));
    // The components, and beside them what is made of them.
    let pixels = 6 * pixels_at((width, height), reduction);
    if beside.saturating_add(pixels) > limits.memory {
        return None;
    }
    let mut decoder = Decoder::new(bytes);
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
    Some(Reduced { pixels: to_rgb(image), reduction, size })
}

/// The mean of each four pixels; of two or one at an edge.
fn half(image: &RgbImage) -> RgbImage {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let row = |y: usize| &image.as_raw()[3 * width * y..][..3 * width];
    let mut half = RgbImage::new(image.width().div_ceil(2), image.height().div_ceil(2));
    for (y, means) in half.chunks_exact_mut(3 * width.div_ceil(2)).enumerate() {
        let (above, below) = (row(2 * y), row((2 * y + 1).min(height - 1)));
        for (x, mean) in means.chunks_exact_mut(3).enumerate() {
            let (left, right) = (6 * x, 3 * (2 * x + 1).min(width - 1));
            for channel in 0..3 {
                let four = [above, below]
                    .map(|row| u16::from(row[left + channel]) + u16::from(row[right + channel]));
                mean[channel] = ((four[0] + four[1] + 2) / 4) as u8;
            }
        }
    }
    half
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn very_large_photos_are_halved_unless_all_of_them_is_asked_for() {
        let large = || Reduced::not(RgbImage::new(8001, 8001));
        let kept = large().of_any_size(4001 * 4001);
        assert_eq!((kept.pixels.dimensions(), kept.reduction), ((4001, 4001), 2));
        assert_eq!(kept.size, (8001, 8001));
        assert_eq!(large().of_any_size(4001 * 4001 + 1).reduction, 1);
        let enough = Reduced::not(RgbImage::new(8000, 8000)).of_any_size(1);
        assert_eq!(enough.reduction, 1);
    }

    #[test]
    fn a_half_is_the_mean_of_four_pixels() {
        let image = RgbImage::from_fn(3, 3, |x, y| Rgb([(40 * x + 10 * y) as u8, 7, 255]));
        let half = half(&image);
        assert_eq!(half.dimensions(), (2, 2));
        let found: Vec<_> = half.pixels().map(|pixel| pixel.0).collect();
        assert_eq!(found, [[25, 7, 255], [85, 7, 255], [40, 7, 255], [100, 7, 255]]);
    }
}
