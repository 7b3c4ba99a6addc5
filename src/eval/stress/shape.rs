//! Simulates faces that are turned, far away or close up.

use image::RgbImage;
use image::imageops::{self, FilterType};

use crate::face::{Face, FaceBox, Similarity, sample};

/// The longer side of a close-up, in pixels.
const CLOSE_UP: f32 = 1200.0;

/// The image turned by `degrees` about its middle; what leaves the picture is cut off, and the gaps are black.
pub(super) fn turned(image: &RgbImage, degrees: f64) -> RgbImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (x, y) = (f64::from(image.width() - 1) / 2.0, f64::from(image.height() - 1) / 2.0);
    let back = Similarity { a: cos, b: -sin, tx: x - cos * x - sin * y, ty: y + sin * x - cos * y };
    sample(image, &back, image.dimensions())
}

/// The image scaled so that the face's box is `height` pixels high.
pub(super) fn small(image: &RgbImage, face: &Face, height: f32) -> RgbImage {
    let factor = height / face.bounds.height.max(1.0);
    scaled(image, factor)
}

/// The image cut to the face's box with `margin` of its size around it, and enlarged. A negative margin cuts into the
/// box.
pub(super) fn close_up(image: &RgbImage, face: &Face, margin: f32) -> RgbImage {
    let FaceBox { x, y, width, height } = face.bounds;
    let (left, top) = ((x - margin * width).max(0.0), (y - margin * height).max(0.0));
    let right = (x + (1.0 + margin) * width).clamp(left + 1.0, image.width() as f32);
    let bottom = (y + (1.0 + margin) * height).clamp(top + 1.0, image.height() as f32);
    let part = imageops::crop_imm(
        image,
        left as u32,
        top as u32,
        ((right - left) as u32).max(1),
        ((bottom - top) as u32).max(1),
    );
    scaled(&part.to_image(), CLOSE_UP / (right - left).max(bottom - top))
}

fn scaled(image: &RgbImage, factor: f32) -> RgbImage {
    let side = |side: u32| ((side as f32 * factor).round() as u32).max(1);
    imageops::resize(image, side(image.width()), side(image.height()), FilterType::Triangle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::tests::face_at;

    fn corners() -> RgbImage {
        let mut image = RgbImage::new(101, 101);
        image.put_pixel(20, 10, image::Rgb([255; 3]));
        image
    }

    #[test]
    fn a_turn_is_clockwise_about_the_middle() {
        for (degrees, (x, y)) in [(0.0, (20, 10)), (90.0, (90, 20)), (180.0, (80, 90))] {
            let turned = turned(&corners(), degrees);
            assert_eq!(turned.dimensions(), (101, 101));
            assert!(turned.get_pixel(x, y)[0] > 200, "{degrees}");
        }
    }

    #[test]
    fn a_face_is_as_high_as_asked_and_a_close_up_shows_its_box() {
        let image = RgbImage::from_fn(400, 300, |x, y| {
            // Half a box's size around the face.
            let near = (100..300).contains(&x) && (60..280).contains(&y);
            image::Rgb([if near { 200 } else { 0 }; 3])
        });
        let mut face = face_at(200.0, 150.0, 50.0);
        face.bounds = [150.0, 100.0, 100.0, 120.0].into();
        let small = small(&image, &face, 30.0);
        assert_eq!(small.dimensions(), (100, 75));
        let close = close_up(&image, &face, 0.1);
        assert_eq!(close.dimensions(), (1000, 1200));
        assert!(close.pixels().all(|p| p[0] == 200));
        assert!(close_up(&image, &face, 9.0).get_pixel(0, 0)[0] == 0, "no further than the photo");
    }
}
