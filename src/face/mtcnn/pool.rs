//! Pixels to a network's input: shrunk as in facenet-pytorch, and normalised.

use image::RgbImage;

/// Whole pixels of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub left: usize,
    pub top: usize,
    pub width: usize,
    pub height: usize,
}

impl Window {
    /// All of `image`.
    pub fn whole(image: &RgbImage) -> Self {
        Self { left: 0, top: 0, width: image.width() as usize, height: image.height() as usize }
    }
}

/// Fill `planes` (3 × `height` × `width`) with `window` at that size, as (v − 127.5) / 128.
///
/// Each value is the plain mean of all pixels that its share of the window touches ("adaptive average
/// pooling"), unrounded. This matters: weighting pixels by the covered area and rounding to 8 bits moves boxes
/// by up to 6 pixels.
pub(super) fn pool(
    image: &RgbImage,
    window: Window,
    (width, height): (usize, usize),
    planes: &mut [f32],
) {
    let columns: Vec<_> = shares(window.width, width).collect();
    let stride = 3 * image.width() as usize;
    let mut sums = vec![0u32; 3 * window.width];
    for (y, (top, bottom)) in shares(window.height, height).enumerate() {
        sums.fill(0);
        let rows = image.as_raw().chunks_exact(stride).skip(window.top + top).take(bottom - top);
        for row in rows {
            for (sum, value) in sums.iter_mut().zip(&row[3 * window.left..]) {
                *sum += u32::from(*value);
            }
        }
        for (x, &(left, right)) in columns.iter().enumerate() {
            let mut total = [0u32; 3];
            for pixel in sums[3 * left..3 * right].chunks_exact(3) {
                for channel in 0..3 {
                    total[channel] += pixel[channel];
                }
            }
            let count = ((bottom - top) * (right - left)) as f32;
            for channel in 0..3 {
                let mean = total[channel] as f32 / count;
                planes[(channel * height + y) * width + x] = (mean - 127.5) * 0.007_812_5;
            }
        }
    }
}

/// First and end of what each of `to` equal shares of `from` pixels touches.
fn shares(from: usize, to: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..to).map(move |i| (i * from / to, ((i + 1) * from).div_ceil(to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(v: f32) -> f32 {
        (v - 127.5) / 128.0
    }

    #[test]
    fn every_pixel_touched_counts_alike() {
        // 3 columns to 2: the middle one belongs to both.
        let image = RgbImage::from_fn(5, 2, |x, y| image::Rgb([(10 * x + y) as u8, 0, 255]));
        let window = Window { left: 1, top: 0, width: 3, height: 2 };
        let mut planes = [0.0; 6];
        pool(&image, window, (2, 1), &mut planes);
        assert_eq!(planes, [15.5, 25.5, 0.0, 0.0, 255.0, 255.0].map(grey));
    }

    #[test]
    fn a_smaller_window_is_enlarged() {
        let image = RgbImage::from_fn(2, 1, |x, _| image::Rgb([100 * x as u8; 3]));
        let mut planes = [0.0; 9];
        pool(&image, Window::whole(&image), (3, 1), &mut planes);
        assert_eq!(planes[..3], [0.0, 50.0, 100.0].map(grey));
    }
}
