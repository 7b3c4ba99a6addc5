//! Draws things over a face, at its landmarks: masks, glasses, caps.

use image::RgbImage;

use super::frame::Frame;

const CLOTH: [f32; 3] = [168.0, 196.0, 214.0];
const FELT: [f32; 3] = [36.0, 40.0, 66.0];
const GLASS: [f32; 3] = [22.0, 22.0, 26.0];

/// A mask from `top`, in eye distances below the eyes, to below the chin.
pub(super) fn masked(image: &RgbImage, frame: &Frame, top: f32) -> RgbImage {
    const CHIN: f32 = 1.85;
    frame.painted(image, |x, y| {
        let down = (y - top) / (CHIN - top);
        // Its sides follow the cheeks, its folds are horizontal.
        let inside = (0.0..1.0).contains(&down) && x.abs() < 1.0 - 0.45 * down * down;
        let shade = 1.0 - 0.12 * ((down * 12.0).sin() > 0.6) as u8 as f32;
        inside.then(|| (CLOTH.map(|value| value * shade), 1.0))
    })
}

/// Glasses that let the share 1 − `tint` of the light through, in a dark frame.
pub(super) fn bespectacled(image: &RgbImage, frame: &Frame, tint: f32) -> RgbImage {
    frame.painted(image, |x, y| {
        let lens = ((x.abs() - 0.5) / 0.4).powi(2) + ((y - 0.06) / 0.3).powi(2);
        let bridge = x.abs() < 0.2 && y.abs() < 0.06;
        let arm = (0.85..1.15).contains(&x.abs()) && y.abs() < 0.06;
        if (0.85..1.0).contains(&lens) || bridge || arm {
            return Some((GLASS, 1.0));
        }
        (lens < 0.85).then_some((GLASS, tint))
    })
}

/// A cap down to `rim`, in eye distances above the eyes.
pub(super) fn capped(image: &RgbImage, frame: &Frame, rim: f32) -> RgbImage {
    frame.painted(image, |x, y| {
        let inside = (-2.0..-rim).contains(&y) && x.abs() < 1.25;
        inside.then_some((FELT, 1.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::tests::face_at;
    use crate::face::{Face, Point};

    /// Which of the face's landmarks are covered.
    fn covered(drawn: &RgbImage, face: &Face) -> [bool; 5] {
        face.landmarks.map(|Point { x, y }| drawn.get_pixel(x as u32, y as u32).0 != [255; 3])
    }

    #[test]
    fn what_is_drawn_lies_on_the_face_however_it_is_turned() {
        let white = RgbImage::from_pixel(300, 300, image::Rgb([255; 3]));
        let upright = face_at(150.0, 120.0, 60.0);
        let mut turned = upright.clone();
        // A quarter turn about the middle of the picture.
        turned.landmarks = upright.landmarks.map(|p| Point { x: 299.0 - p.y, y: p.x });
        for face in [upright, turned] {
            let frame = Frame::of(&face);
            let drawn = |drawn: RgbImage| covered(&drawn, &face);
            assert_eq!(drawn(masked(&white, &frame, 0.4)), [false, false, true, true, true]);
            assert_eq!(drawn(masked(&white, &frame, 0.8)), [false, false, false, true, true]);
            assert_eq!(drawn(bespectacled(&white, &frame, 1.0)), [true, true, false, false, false]);
            assert_eq!(drawn(capped(&white, &frame, 0.4)), [false; 5]);
            assert_eq!(drawn(capped(&white, &frame, -0.2)), [true, true, false, false, false]);
        }
    }

    #[test]
    fn a_tint_lets_some_light_through() {
        let white = RgbImage::from_pixel(300, 300, image::Rgb([255; 3]));
        let frame = Frame::of(&face_at(150.0, 120.0, 60.0));
        let eye = |tint| bespectacled(&white, &frame, tint).get_pixel(120, 120)[0];
        assert_eq!((eye(1.0), eye(0.0)), (22, 255));
        assert!((100..180).contains(&eye(0.5)));
    }
}
