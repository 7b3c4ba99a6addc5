//! Photos at less than their size. Large JPEGs are decoded so (`formats::jpeg`); the largest of other
//! formats are halved, which leaves the memory to the models.

use image::RgbImage;

/// The most pixels that are kept of a photo unless its smallest faces are asked for.
const KEPT: u64 = 64_000_000;

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

    /// Halved, where the photo is very large and that leaves at least `wanted` pixels.
    pub fn of_any_size(self, wanted: u64) -> Self {
        if pixels_at(self.size, 1) <= KEPT || pixels_at(self.size, 2) < wanted {
            return self;
        }
        Self { pixels: half(&self.pixels), reduction: 2, ..self }
    }
}

/// A photo of which a few rows come at a time, halved as [`Reduced::of_any_size`] does: never are all of
/// its pixels in memory if half of its sides will do.
pub(super) struct Rows {
    size: (u32, u32),
    reduction: u32,
    values: Vec<u8>,
}

impl Rows {
    /// For a photo of `size` of which `wanted` pixels are enough.
    pub fn new(size: (u32, u32), wanted: u64) -> Self {
        let halved = pixels_at(size, 1) > KEPT && pixels_at(size, 2) >= wanted;
        let reduction = if halved { 2 } else { 1 };
        let values = usize::try_from(3 * pixels_at(size, reduction)).unwrap_or_default();
        Self { size, reduction, values: Vec::with_capacity(values) }
    }

    /// The memory that the rows take in the end, in bytes.
    pub fn takes(&self) -> u64 {
        3 * pixels_at(self.size, self.reduction)
    }

    /// The next rows: an even number of them, but for the last.
    pub fn push(&mut self, rows: &RgbImage) {
        match self.reduction {
            1 => self.values.extend_from_slice(rows.as_raw()),
            _ => self.values.extend_from_slice(half(rows).as_raw()),
        }
    }

    /// The photo; `None` if rows are missing.
    pub fn finish(self) -> Option<Reduced> {
        let Self { size, reduction, values } = self;
        let (width, height) = (size.0.div_ceil(reduction), size.1.div_ceil(reduction));
        let pixels = RgbImage::from_raw(width, height, values)?;
        Some(Reduced { pixels, reduction, size, missing: None })
    }
}

/// How many pixels a photo of `width` × `height` has where its sides are divided by `reduction`.
pub(super) fn pixels_at((width, height): (u32, u32), reduction: u32) -> u64 {
    u64::from(width.div_ceil(reduction)) * u64::from(height.div_ceil(reduction))
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
    fn rows_come_to_the_same_photo() {
        let image = RgbImage::from_fn(8001, 8003, |x, y| Rgb([x as u8, y as u8, (x / 3) as u8]));
        for (wanted, reduction) in [(1, 2), (u64::MAX, 1)] {
            let mut rows = Rows::new(image.dimensions(), wanted);
            for top in (0..8003).step_by(1000) {
                let some = image::imageops::crop_imm(&image, 0, top, 8001, 1000.min(8003 - top));
                rows.push(&some.to_image());
            }
            assert_eq!(rows.takes(), 3 * pixels_at((8001, 8003), reduction));
            let photo = rows.finish().unwrap();
            let whole = Reduced::not(image.clone()).of_any_size(wanted);
            assert_eq!((photo.reduction, photo.size), (reduction, (8001, 8003)));
            assert!(photo.pixels == whole.pixels);
        }
        assert!(Rows::new((2, 2), 1).finish().is_none());
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
