//! Photos at a reduced size. Large JPEGs are decoded at one (`formats::jpeg`); the largest photos of other
//! formats are halved, which leaves memory for the models.

use image::RgbImage;

/// The largest number of pixels that are kept, unless the smallest faces of a photo are wanted.
pub(super) const KEPT: u64 = 64_000_000;

/// A photo's upright pixels, with its sides divided by `reduction`.
pub(super) struct Reduced {
    pub pixels: RgbImage,
    pub reduction: u32,
    /// The width and height of the upright photo itself.
    pub size: (u32, u32),
    /// If the file is cut off: how much of the picture is missing and therefore grey, in percent.
    pub missing: Option<u8>,
}

impl Reduced {
    /// The whole photo.
    pub fn not(pixels: RgbImage) -> Self {
        Self { size: pixels.dimensions(), pixels, reduction: 1, missing: None }
    }

    /// Halved, if the photo is very large and at least `wanted` pixels remain.
    pub fn of_any_size(self, wanted: u64) -> Self {
        if pixels_at(self.size, 1) <= KEPT || pixels_at(self.size, 2) < wanted {
            return self;
        }
        Self { pixels: half(self.pixels), reduction: 2, ..self }
    }
}

/// How many pixels a photo of `width` × `height` has if its sides are divided by `reduction`.
pub(super) fn pixels_at((width, height): (u32, u32), reduction: u32) -> u64 {
    u64::from(width.div_ceil(reduction)) * u64::from(height.div_ceil(reduction))
}

/// The mean of each four pixels; of two or one at an edge. It is written over the pixels that were read
/// already, because there may be no memory for both.
pub(super) fn half(image: RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let mut values = image.into_raw();
    let (row, last) = (3 * width as usize, (height as usize).saturating_sub(1));
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let mut mean = 0;
    for y in 0..half_height as usize {
        let (above, below) = (2 * y * row, (2 * y + 1).min(last) * row);
        for x in 0..half_width as usize {
            let (left, right) = (6 * x, 3 * (2 * x + 1).min(width as usize - 1));
            for channel in 0..3 {
                let four = [above + left, above + right, below + left, below + right];
                let sum: u16 = four.iter().map(|at| u16::from(values[at + channel])).sum();
                values[mean] = ((sum + 2) / 4) as u8;
                mean += 1;
            }
        }
    }
    values.truncate(mean);
    values.shrink_to_fit();
    RgbImage::from_raw(half_width, half_height, values).unwrap_or_default()
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
        let half = half(image);
        assert_eq!(half.dimensions(), (2, 2));
        let found: Vec<_> = half.pixels().map(|pixel| pixel.0).collect();
        assert_eq!(found, [[25, 7, 255], [85, 7, 255], [40, 7, 255], [100, 7, 255]]);
    }
}
