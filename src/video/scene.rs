//! Whether two frames show the same: a small grey picture of each, compared square by square.

use image::RgbImage;

/// The side of a square, in pixels: less than that of the smallest face that is found.
const SIDE: usize = 20;
/// The fewest and the most squares across or down.
const FEWEST: usize = 64;
const MOST: usize = 192;
/// How far a square may differ, of 255, in a scene that repeats. See docs/video.md for how it was chosen.
const ALIKE: u32 = 6;

/// A frame as a small grey picture, with the size that it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scene {
    size: (u32, u32),
    squares: Vec<u32>,
}

impl Scene {
    pub fn of(frame: &RgbImage) -> Self {
        let (width, height) = (frame.width() as usize, frame.height() as usize);
        let squares = |side: usize| side.min((side / SIDE).clamp(FEWEST, MOST));
        let (across, down) = (squares(width), squares(height));
        let mut squares = Vec::with_capacity(across * down);
        let mut sums = vec![0u32; across];
        for row in 0..down {
            let (from, to) = (row * height / down, (row + 1) * height / down);
            // Every row of small pictures, some of large ones: the mean changes little.
            let step = ((to - from) / 8).max(1);
            sums.fill(0);
            let mut rows = 0;
            for y in (from..to).step_by(step) {
                let pixels = &frame.as_raw()[3 * y * width..3 * (y + 1) * width];
                for (column, sum) in sums.iter_mut().enumerate() {
                    let part = 3 * (column * width / across)..3 * ((column + 1) * width / across);
                    *sum +=
                        pixels[part].chunks_exact(3).map(|p| grey(p[0], p[1], p[2])).sum::<u32>();
                }
                rows += 1;
            }
            squares.extend(sums.iter().enumerate().map(|(column, sum)| {
                let columns = (column + 1) * width / across - column * width / across;
                sum / (4 * rows * columns as u32).max(1)
            }));
        }
        Self { size: frame.dimensions(), squares }
    }

    /// Whether nothing in it differs by more than noise does.
    pub fn repeats(&self, before: &Self) -> bool {
        let mut pairs = self.squares.iter().zip(&before.squares);
        self.size == before.size && pairs.all(|(now, before)| now.abs_diff(*before) <= ALIKE)
    }
}

/// Four times the brightness.
fn grey(red: u8, green: u8, blue: u8) -> u32 {
    u32::from(red) + 2 * u32::from(green) + u32::from(blue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn noisy(seed: u32, level: u8) -> RgbImage {
        let mut state = seed;
        RgbImage::from_fn(1280, 720, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 28) as u8;
            Rgb([level + noise; 3])
        })
    }

    #[test]
    fn noise_is_the_same_scene_and_a_small_face_another() {
        let before = Scene::of(&noisy(1, 100));
        assert!(Scene::of(&noisy(2, 100)).repeats(&before));
        assert!(Scene::of(&noisy(2, 103)).repeats(&before), "a light that flickers");
        assert!(!Scene::of(&noisy(2, 120)).repeats(&before));
        let mut somebody = noisy(3, 100);
        for (x, y) in (700..732).flat_map(|x| (300..332).map(move |y| (x, y))) {
            somebody.put_pixel(x, y, Rgb([150, 130, 120]));
        }
        assert!(!Scene::of(&somebody).repeats(&before), "32 pixels that are brighter");
    }

    #[test]
    fn frames_of_any_size_have_a_scene() {
        for (width, height) in [(1, 1), (3, 2), (63, 200), (65, 64), (2000, 1)] {
            let grey = |level| Scene::of(&RgbImage::from_pixel(width, height, Rgb([level; 3])));
            assert_eq!(grey(77).squares[0], 77, "{width} × {height}");
            assert!(grey(77).repeats(&grey(80)) && !grey(77).repeats(&grey(90)));
        }
        let turned = Scene::of(&RgbImage::new(100, 200));
        assert!(!Scene::of(&RgbImage::new(200, 100)).repeats(&turned));
    }
}
