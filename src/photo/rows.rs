//! A photo whose pixels are made a few rows at a time.

use image::RgbImage;

use super::reduced::{KEPT, Reduced, half, pixels_at};

/// A photo whose rows arrive a few at a time, halved as [`Reduced::of_any_size`] does: its full pixels are
/// never all in memory if half the width and height is enough.
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

    /// The next rows: an even number of them, except at the end.
    pub fn push(&mut self, rows: RgbImage) {
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

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn rows_come_to_the_same_photo() {
        let image = RgbImage::from_fn(8001, 8003, |x, y| Rgb([x as u8, y as u8, (x / 3) as u8]));
        for (wanted, reduction) in [(1, 2), (u64::MAX, 1)] {
            let mut rows = Rows::new(image.dimensions(), wanted);
            for top in (0..8003).step_by(1000) {
                let some = image::imageops::crop_imm(&image, 0, top, 8001, 1000.min(8003 - top));
                rows.push(some.to_image());
            }
            assert_eq!(rows.takes(), 3 * pixels_at((8001, 8003), reduction));
            let photo = rows.finish().unwrap();
            let whole = Reduced::not(image.clone()).of_any_size(wanted);
            assert_eq!((photo.reduction, photo.size), (reduction, (8001, 8003)));
            assert!(photo.pixels == whole.pixels);
        }
        assert!(Rows::new((2, 2), 1).finish().is_none());
    }
}
