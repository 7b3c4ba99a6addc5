//! Where and how a photo is searched for faces: small first, then larger, then turned.

use std::borrow::Cow;

use fast_image_resize::Resizer;
use image::RgbImage;
use image::imageops::{rotate90, rotate180, rotate270};
use serde::{Deserialize, Serialize};

use super::resample::{by_area, whole};
use super::{DetectFaces, Face, FaceBox, Point};
use crate::error::Result;

/// The longer side at which a photo is looked at first: portraits need no more.
const QUICK_SIDE: u32 = 480;
/// The longer side at which it is looked at again where that may find more: no search sees more of a
/// photo.
pub const THOROUGH_SIDE: u32 = 1280;
/// How a photo is searched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {}

/// Eye distance, in pixels of the quick look, below which there may be smaller faces still.
const SMALL_EYES: f32 = 16.0;
/// A turned photo offers three times as many chances to see a face where there is none.
const TURNED_CONFIDENCE: f32 = 0.95;

/// All faces of `image`, largest first, in its own pixels.
///
/// A quick look at a longer side of 480 pixels; where it finds no face, or a small one (a group,
/// a face far away), a look at up to 1280 pixels, a small photo enlarged up to twice; where no face is upright, one turned by 90°, 180° and
/// 270°, and the turn with the surest face counts. Landmarks of a turned face are where they are
/// in the photo as it is, so that the alignment turns the face upright by itself.
///
/// # Errors
/// [`crate::Error::Model`] where the detector fails.
pub fn find_faces(
    detector: &mut dyn DetectFaces,
    _search: &Search,
    image: &RgbImage,
) -> Result<Vec<Face>> {
    let longer = image.width().max(image.height());
    let (quick, scale) = resized(image, QUICK_SIDE.min(longer))?;
    let faces = detector.detect(&quick)?;
    let small = faces.iter().any(|face| face.eye_distance() < SMALL_EYES);
    if faces.is_empty() || small {
        let (large, scale) = resized(image, THOROUGH_SIDE.min(2 * longer))?;
        let more = detector.detect(&large)?;
        if more.len() > faces.len() {
            return Ok(rescaled(more, scale));
        }
    }
    if faces.is_empty() {
        return Ok(rescaled(turned(detector, &quick)?, scale));
    }
    Ok(rescaled(faces, scale))
}

/// `image` with its longer side brought to `side`, and how many times larger the original is.
fn resized(image: &RgbImage, side: u32) -> Result<(Cow<'_, RgbImage>, f32)> {
    let longer = image.width().max(image.height());
    if longer == side {
        return Ok((Cow::Borrowed(image), 1.0));
    }
    let scale = longer as f32 / side as f32;
    let size = |v: u32| ((v as f32 / scale).round() as u32).max(1);
    let small = by_area(
        &mut Resizer::new(),
        image,
        whole(image),
        (size(image.width()), size(image.height())),
    )?;
    Ok((Cow::Owned(small), scale))
}

fn rescaled(faces: Vec<Face>, scale: f32) -> Vec<Face> {
    faces
        .into_iter()
        .map(|face| moved(&face, |p| Point { x: p.x * scale, y: p.y * scale }))
        .collect()
}

/// The faces of the turn that shows the surest one.
fn turned(detector: &mut dyn DetectFaces, image: &RgbImage) -> Result<Vec<Face>> {
    let (right, bottom) = (image.width() as f32 - 1.0, image.height() as f32 - 1.0);
    let mut best: Vec<Face> = Vec::new();
    for turn in [90, 180, 270] {
        let (rotated, back): (_, Box<dyn Fn(Point) -> Point>) = match turn {
            90 => (rotate90(image), Box::new(move |p| Point { x: p.y, y: bottom - p.x })),
            180 => (rotate180(image), Box::new(move |p| Point { x: right - p.x, y: bottom - p.y })),
            _ => (rotate270(image), Box::new(move |p| Point { x: right - p.y, y: p.x })),
        };
        let mut faces = detector.detect(&rotated)?;
        faces.retain(|face| face.confidence >= TURNED_CONFIDENCE);
        if surest(&faces) > surest(&best) {
            best = faces.iter().map(|face| moved(face, &back)).collect();
        }
    }
    Ok(best)
}

fn surest(faces: &[Face]) -> f32 {
    faces.iter().map(|face| face.confidence).fold(0.0, f32::max)
}

impl Face {
    /// The face in an image that is `times` as large in each direction.
    #[must_use]
    pub fn enlarged(&self, times: u32) -> Self {
        let (factor, shift) = (times as f32, (times as f32 - 1.0) / 2.0);
        moved(self, |p| Point { x: factor * p.x + shift, y: factor * p.y + shift })
    }

    /// The face in an image of which `times` as much is reduced to one in each direction.
    #[must_use]
    pub fn reduced(&self, times: u32) -> Self {
        let (factor, shift) = (times as f32, (times as f32 - 1.0) / 2.0);
        moved(self, |p| Point { x: (p.x - shift) / factor, y: (p.y - shift) / factor })
    }
}

/// The face with every point moved; the box stays upright around its moved corners.
fn moved(face: &Face, to: impl Fn(Point) -> Point) -> Face {
    let b = face.bounds;
    let (p, q) = (to(Point { x: b.x, y: b.y }), to(Point { x: b.x + b.width, y: b.y + b.height }));
    Face {
        bounds: FaceBox {
            x: p.x.min(q.x),
            y: p.y.min(q.y),
            width: (p.x - q.x).abs(),
            height: (p.y - q.y).abs(),
        },
        confidence: face.confidence,
        landmarks: face.landmarks.map(to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::tests::face_at;

    /// Finds a face where the image has one white pixel row at its top: upright only so.
    struct WhiteTop;

    impl DetectFaces for WhiteTop {
        fn detect(&mut self, image: &RgbImage) -> Result<Vec<Face>> {
            let upright = (0..image.width()).all(|x| image.get_pixel(x, 0)[0] == 255);
            Ok(if upright { vec![face_at(40.0, 30.0, 20.0)] } else { Vec::new() })
        }
    }

    fn white_top() -> RgbImage {
        RgbImage::from_fn(90, 60, |_, y| image::Rgb([if y == 0 { 255 } else { 0 }; 3]))
    }

    #[test]
    fn a_turned_face_is_found_where_it_is() {
        let upright = find_faces(&mut WhiteTop, &Search {}, &white_top()).unwrap();
        assert_eq!(upright, [face_at(40.0, 30.0, 20.0)]);
        for (image, nose) in [
            // The upright nose is at (40, 41.4) of 90 × 60 pixels.
            (rotate90(&white_top()), (59.0 - 41.4, 40.0)),
            (rotate180(&white_top()), (89.0 - 40.0, 59.0 - 41.4)),
            (rotate270(&white_top()), (41.4, 89.0 - 40.0)),
        ] {
            let found = find_faces(&mut WhiteTop, &Search {}, &image).unwrap();
            let Point { x, y } = found[0].landmarks[2];
            assert!((x - nose.0).abs() < 1e-3 && (y - nose.1).abs() < 1e-3, "({x}, {y}) {nose:?}");
        }
    }

    #[test]
    fn faces_of_a_large_photo_are_in_its_own_pixels() {
        let large =
            image::imageops::resize(&white_top(), 1440, 960, image::imageops::FilterType::Nearest);
        let found = find_faces(&mut WhiteTop, &Search {}, &large).unwrap();
        assert!((found[0].eye_distance() - 60.0).abs() < 0.1, "{}", found[0].eye_distance());
    }
}
