//! The changes of the robustness table, each at several strengths.

use image::RgbImage;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::frame::Frame;
use super::{Kind, copy, cover, light, shape};
use crate::error::Result;
use crate::face::Face;

/// A change of a photo, with its strength.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Change {
    Nothing,
    /// A Gaussian's sigma in hundredths of the eye distance.
    Blur(f32),
    /// A Gaussian's sigma of 255.
    Noise(f32),
    Jpeg(u8),
    /// Degrees.
    Turn(f64),
    /// The share of the light that is left.
    Dark(f32),
    /// The factor of the light.
    Bright(f32),
    /// The share of the contrast that is left.
    Faint(f32),
    /// The height of the face's box in pixels.
    Small(f32),
    /// The margin around the face's box, relative to it.
    CloseUp(f32),
    Grey,
    /// Where a mask begins, in eye distances below the eyes.
    Mask(f32),
    /// The share of the light that lenses take.
    Glasses(f32),
    /// Where a cap ends, in eye distances above the eyes.
    Cap(f32),
    /// The size of a print's dots in pixels.
    Print(u32),
    /// The strength of a screen's waves.
    Screen(f32),
    /// The width of a pencil's shades in pixels.
    Drawing(f32),
    Outline,
}

/// The kind, the name and the strength in words of every change.
pub(super) const CHANGES: [(Kind, &str, &str, Change); 50] = {
    use Change::{
        Blur, Bright, Cap, CloseUp, Dark, Drawing, Faint, Glasses, Grey, Jpeg, Mask, Noise,
        Nothing, Outline, Print, Screen, Small, Turn,
    };
    use Kind::{Copy, Distorted};
    [
        (Distorted, "none", "", Nothing),
        (Distorted, "blur", "sigma 5 % of the eye distance", Blur(5.0)),
        (Distorted, "blur", "10 %", Blur(10.0)),
        (Distorted, "blur", "15 %", Blur(15.0)),
        (Distorted, "blur", "20 %", Blur(20.0)),
        (Distorted, "noise", "sigma 20 of 255", Noise(20.0)),
        (Distorted, "noise", "40", Noise(40.0)),
        (Distorted, "noise", "60", Noise(60.0)),
        (Distorted, "noise", "80", Noise(80.0)),
        (Distorted, "jpeg", "quality 50", Jpeg(50)),
        (Distorted, "jpeg", "20", Jpeg(20)),
        (Distorted, "jpeg", "10", Jpeg(10)),
        (Distorted, "jpeg", "5", Jpeg(5)),
        (Distorted, "turned", "15 degrees", Turn(15.0)),
        (Distorted, "turned", "30", Turn(30.0)),
        (Distorted, "turned", "45", Turn(45.0)),
        (Distorted, "turned", "90", Turn(90.0)),
        (Distorted, "turned", "180", Turn(180.0)),
        (Distorted, "dark", "30 % of the light", Dark(0.3)),
        (Distorted, "dark", "15 %", Dark(0.15)),
        (Distorted, "dark", "7 %", Dark(0.07)),
        (Distorted, "dark", "3 %", Dark(0.03)),
        (Distorted, "overexposed", "1.5 times the light", Bright(1.5)),
        (Distorted, "overexposed", "2.5 times", Bright(2.5)),
        (Distorted, "overexposed", "4 times", Bright(4.0)),
        (Distorted, "low contrast", "half", Faint(0.5)),
        (Distorted, "low contrast", "a quarter", Faint(0.25)),
        (Distorted, "low contrast", "a tenth", Faint(0.1)),
        (Distorted, "tiny face", "64 pixels high", Small(64.0)),
        (Distorted, "tiny face", "48", Small(48.0)),
        (Distorted, "tiny face", "32", Small(32.0)),
        (Distorted, "tiny face", "16", Small(16.0)),
        (Distorted, "huge face", "the box and a fifth around it", CloseUp(0.2)),
        (Distorted, "huge face", "the box alone", CloseUp(0.0)),
        (Distorted, "huge face", "a tenth of it cut off", CloseUp(-0.1)),
        (Distorted, "greyscale", "", Grey),
        (Distorted, "mask", "mouth and chin", Mask(0.8)),
        (Distorted, "mask", "nose, mouth and chin", Mask(0.35)),
        (Distorted, "glasses", "clear", Glasses(0.1)),
        (Distorted, "glasses", "tinted by half", Glasses(0.5)),
        (Distorted, "glasses", "black", Glasses(1.0)),
        (Distorted, "cap", "forehead covered", Cap(0.5)),
        (Distorted, "cap", "brows covered too", Cap(0.2)),
        (Copy, "print", "fine dots", Print(1)),
        (Copy, "print", "coarse dots", Print(2)),
        (Copy, "screen", "faint waves", Screen(0.1)),
        (Copy, "screen", "strong waves", Screen(0.4)),
        (Copy, "drawing", "pencil, fine", Drawing(3.0)),
        (Copy, "drawing", "pencil, soft", Drawing(8.0)),
        (Copy, "drawing", "outlines alone", Outline),
    ]
};

impl Change {
    /// `image`, whose main face is `face`, changed.
    ///
    /// # Errors
    /// None that pixels can cause.
    pub fn apply(
        self,
        image: &RgbImage,
        face: &Face,
        random: &mut Xoshiro256PlusPlus,
    ) -> Result<RgbImage> {
        let frame = Frame::of(face);
        Ok(match self {
            Self::Nothing => image.clone(),
            Self::Blur(share) => light::blurred(image, share / 100.0 * frame.unit()),
            Self::Noise(sigma) => light::noisy(image, sigma, random),
            Self::Jpeg(quality) => light::compressed(image, quality)?,
            Self::Turn(degrees) => shape::turned(image, degrees),
            Self::Dark(share) => light::dark(image, share, random),
            Self::Bright(times) => light::bright(image, times),
            Self::Faint(share) => light::faint(image, share),
            Self::Small(height) => shape::small(image, face, height),
            Self::CloseUp(margin) => shape::close_up(image, face, margin),
            Self::Grey => light::grey(image),
            Self::Mask(top) => cover::masked(image, &frame, top),
            Self::Glasses(tint) => cover::bespectacled(image, &frame, tint),
            Self::Cap(rim) => cover::capped(image, &frame, rim),
            Self::Print(dot) => copy::printed(image, dot, random),
            Self::Screen(waves) => copy::on_screen(image, waves, random),
            Self::Drawing(stroke) => copy::drawn(image, stroke),
            Self::Outline => copy::outlined(image),
        })
    }
}

#[cfg(test)]
mod tests {
    use image::imageops::{FilterType, resize};
    use rand::SeedableRng;

    use super::*;
    use crate::face::tests::face_at;

    /// Colours and edges of many sizes, `side` pixels square, with a face whose eye distance is a fifth of `side`.
    fn picture(side: u32) -> (RgbImage, Face) {
        let image = RgbImage::from_fn(200, 200, |x, y| {
            let value = 120.0 + 60.0 * (x as f32 / 9.0).sin() + 40.0 * (y as f32 / 5.0).cos();
            image::Rgb([value as u8, (value * 0.8) as u8, (value * 0.6) as u8])
        });
        let side_of = side as f32;
        let face = face_at(0.5 * side_of, 0.4 * side_of, 0.2 * side_of);
        (resize(&image, side, side, FilterType::Triangle), face)
    }

    fn changed(change: Change, (image, face): &(RgbImage, Face), seed: u64) -> RgbImage {
        change.apply(image, face, &mut Xoshiro256PlusPlus::seed_from_u64(seed)).unwrap()
    }

    /// The mean difference of pixel values.
    fn harm(a: &RgbImage, b: &RgbImage) -> f32 {
        a.iter().zip(b.iter()).map(|(a, b)| f32::from(a.abs_diff(*b))).sum::<f32>() / a.len() as f32
    }

    #[test]
    fn every_row_but_the_first_measures_another_photo_and_the_same_every_time() {
        let shown = picture(200);
        for (row, (.., name, strength, change)) in CHANGES.into_iter().enumerate() {
            let once = changed(change, &shown, 7);
            assert_eq!(once == shown.0, row == 0, "{name} {strength}");
            assert_eq!(once, changed(change, &shown, 7), "{name} {strength}");
        }
        for change in [Change::Noise(20.0), Change::Print(1), Change::Screen(0.1)] {
            assert_ne!(changed(change, &shown, 7), changed(change, &shown, 8), "{change:?}");
        }
    }

    #[test]
    fn down_the_rows_of_a_name_a_photo_becomes_worse() {
        let shown = picture(200);
        let graded = [
            "blur",
            "noise",
            "jpeg",
            "dark",
            "overexposed",
            "low contrast",
            "mask",
            "glasses",
            "cap",
            "screen",
        ];
        for name in graded {
            let rows = CHANGES.iter().filter(|row| row.1 == name);
            let harms: Vec<f32> =
                rows.map(|row| harm(&changed(row.3, &shown, 7), &shown.0)).collect();
            assert!(harms.len() > 1, "{name}");
            assert!(harms.windows(2).all(|pair| pair[0] < pair[1]), "{name}: {harms:?}");
        }
    }

    #[test]
    fn a_blur_is_as_strong_on_a_large_face_as_on_a_small_one() {
        let (small, large) = (picture(200), picture(400));
        let blurred = changed(Change::Blur(15.0), &small, 7);
        let shrunk =
            resize(&changed(Change::Blur(15.0), &large, 7), 200, 200, FilterType::Triangle);
        let (off, done) = (harm(&blurred, &shrunk), harm(&blurred, &small.0));
        assert!(off < 0.1 * done, "{off} of {done}");
    }
}
