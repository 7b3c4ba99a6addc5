//! Simulates a photo of a copy held before the camera: printed, on a screen, drawn.

use std::f32::consts::TAU;

use image::{RgbImage, imageops};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::light::{blurred, each, faint, grey, noisy};

/// The order in which a cell of 4 × 4 dots fills with ink, after Bayer.
const CELL: [[u8; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
/// The colour of white paper in room light.
const PAPER: [f32; 3] = [0.93, 0.89, 0.80];

/// The image printed in dots of `dot` pixels on yellowish paper, and photographed again.
pub(super) fn printed(image: &RgbImage, dot: u32, random: &mut Xoshiro256PlusPlus) -> RgbImage {
    let mut page = faint(image, 0.75);
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let cell = CELL[(y / dot % 4) as usize][(x / dot % 4) as usize];
        // There are four tones of ink, and dots between them.
        let threshold = (f32::from(cell) + 0.5) / 16.0;
        for (value, paper) in pixel.0.iter_mut().zip(PAPER) {
            let tone = f32::from(*value) / 255.0 * 3.0;
            *value = ((tone + threshold).floor().min(3.0) / 3.0 * 255.0 * paper) as u8;
        }
    }
    noisy(&blurred(&page, 0.6 + 0.4 * dot as f32), 4.0, random)
}

/// The image on a screen, with moiré waves of the share `waves` of the light.
pub(super) fn on_screen(image: &RgbImage, waves: f32, random: &mut Xoshiro256PlusPlus) -> RgbImage {
    let mut screen = each(image, |value| 255.0 * (value / 255.0).powf(1.3));
    for (x, y, pixel) in screen.enumerate_pixels_mut() {
        let (x, y) = (x as f32, y as f32);
        // The moiré of two grids is slow; the colours of a screen are beside each other.
        for (channel, value) in pixel.0.iter_mut().enumerate() {
            let phase = channel as f32 / 3.0;
            let wave = (TAU * (x / 11.0 + y / 37.0 + phase)).sin() + (TAU * y / 3.0).sin();
            let blue = if channel == 2 { 1.08 } else { 0.98 };
            *value = (f32::from(*value) * blue * (1.0 - waves / 2.0 * (1.0 + wave / 2.0))) as u8;
        }
    }
    noisy(&blurred(&screen, 0.7), 4.0, random)
}

/// The image drawn in pencil: dark at pixels that are darker than their surroundings of `stroke` pixels.
pub(super) fn drawn(image: &RgbImage, stroke: f32) -> RgbImage {
    let mut drawing = grey(image);
    let around = blurred(&drawing, stroke);
    for (value, around) in drawing.iter_mut().zip(around.iter()) {
        let ratio = (f32::from(*value) + 8.0) / (f32::from(*around) + 8.0);
        *value = (255.0 * ratio.powi(3)).min(255.0) as u8;
    }
    drawing
}

/// Only lines along changes of brightness.
pub(super) fn outlined(image: &RgbImage) -> RgbImage {
    const ACROSS: [f32; 9] = [-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0];
    const DOWN: [f32; 9] = [-1.0, -2.0, -1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 1.0];
    let soft = blurred(&grey(image), 1.0);
    // Slopes below 0 are cut off, so the negative of the photo shows them.
    let negative = each(&soft, |value| 255.0 - value);
    let mut lines = RgbImage::from_pixel(image.width(), image.height(), image::Rgb([255; 3]));
    for picture in [&soft, &negative] {
        for kernel in [&ACROSS, &DOWN] {
            let slope = imageops::filter3x3(picture, kernel);
            for (line, slope) in lines.iter_mut().zip(slope.iter()) {
                *line = (*line).min(255 - *slope);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    /// A grey ramp with a black bar.
    fn picture() -> RgbImage {
        RgbImage::from_fn(120, 90, |x, y| {
            image::Rgb([if (40..50).contains(&y) { 0 } else { (60 + x) as u8 }; 3])
        })
    }

    fn mean(image: &RgbImage, channel: usize) -> f32 {
        image.pixels().map(|p| f32::from(p[channel])).sum::<f32>() / (120.0 * 90.0)
    }

    #[test]
    fn a_print_is_yellowish_and_a_screen_bluish_and_both_are_the_picture() {
        let random = &mut Xoshiro256PlusPlus::seed_from_u64(3);
        let (print, screen) = (printed(&picture(), 1, random), on_screen(&picture(), 0.2, random));
        assert!(mean(&print, 0) > mean(&print, 2) + 5.0);
        assert!(mean(&screen, 2) > mean(&screen, 0) + 3.0);
        for copy in [print, screen] {
            assert!(copy.get_pixel(100, 45)[1] + 60 < copy.get_pixel(100, 20)[1]);
        }
    }

    #[test]
    fn a_drawing_is_white_but_for_its_lines() {
        for drawing in [drawn(&picture(), 4.0), outlined(&picture())] {
            assert!(drawing.get_pixel(60, 20)[0] > 220, "{:?}", drawing.get_pixel(60, 20));
            let darkest = (35..55).map(|y| drawing.get_pixel(60, y)[0]).min().unwrap();
            assert!(darkest < 60, "{darkest}");
        }
    }
}
