//! Faces in a photo: the [`Face`] struct, the detectors, the crop for the embedder, and what makes a face hard
//! to judge. Scores and verdicts are in [`crate::decision`].

mod align;
mod mtcnn;
mod overlap;
mod quality;
mod resample;
mod search;
mod yunet;

use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::error::Result;

pub(crate) use align::sample;
pub use align::{CropTemplate, Similarity, View, crop};
pub use mtcnn::{Mtcnn, MtcnnSettings};
pub(crate) use overlap::{Overlap, overlap};
pub use quality::{Concern, Quality, QualityLimits};
pub use search::{Search, Sizes, Version, find_faces, find_faces_in};
pub use yunet::{Yunet, YunetSettings};

/// A point of a photo in pixels; (0, 0) is the middle of the top left pixel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f32; 2]", into = "[f32; 2]")]
pub struct Point {
    /// Pixels from the left.
    pub x: f32,
    /// Pixels from the top.
    pub y: f32,
}

/// In JSON a point is two numbers.
#[cfg(feature = "serve")]
impl utoipa::PartialSchema for Point {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let pair = utoipa::openapi::ArrayBuilder::new().items(f32::schema());
        pair.min_items(Some(2)).max_items(Some(2)).into()
    }
}

#[cfg(feature = "serve")]
impl utoipa::ToSchema for Point {}

impl From<[f32; 2]> for Point {
    fn from([x, y]: [f32; 2]) -> Self {
        Self { x, y }
    }
}

impl From<Point> for [f32; 2] {
    fn from(point: Point) -> Self {
        [point.x, point.y]
    }
}

/// An axis-aligned rectangle of a photo, in pixels; it may extend beyond the photo's edge.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f32; 4]", into = "[f32; 4]")]
pub struct FaceBox {
    /// The left edge.
    pub x: f32,
    /// The top edge.
    pub y: f32,
    /// The width.
    pub width: f32,
    /// The height.
    pub height: f32,
}

impl FaceBox {
    /// The area in square pixels.
    #[must_use]
    pub fn area(&self) -> f32 {
        self.width * self.height
    }

    /// The middle of the rectangle.
    #[must_use]
    pub fn centre(&self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// Left, top, right and bottom.
    #[must_use]
    pub(crate) fn corners(&self) -> [f32; 4] {
        [self.x, self.y, self.x + self.width, self.y + self.height]
    }
}

impl From<[f32; 4]> for FaceBox {
    fn from([x, y, width, height]: [f32; 4]) -> Self {
        Self { x, y, width, height }
    }
}

impl From<FaceBox> for [f32; 4] {
    fn from(b: FaceBox) -> Self {
        [b.x, b.y, b.width, b.height]
    }
}

/// One face found in a photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Face {
    /// Left, top, width and height in pixels of the upright photo.
    #[serde(rename = "box")]
    #[cfg_attr(feature = "serve", schema(value_type = [f32; 4], min_items = 4, max_items = 4))]
    pub bounds: FaceBox,
    /// How sure the detector is that it is a face, 0 to 1.
    pub confidence: f32,
    /// Left eye, right eye, nose, left and right corner of the mouth, as seen in the photo.
    #[cfg_attr(feature = "serve", schema(inline, min_items = 5, max_items = 5))]
    pub landmarks: [Point; 5],
}

impl Face {
    /// The distance between the eyes in pixels: the size of a face whatever its rotation.
    #[must_use]
    pub fn eye_distance(&self) -> f32 {
        let [left, right, ..] = self.landmarks;
        (right.x - left.x).hypot(right.y - left.y)
    }

    /// The face in an image enlarged `times` in each direction.
    #[must_use]
    pub fn enlarged(&self, times: u32) -> Self {
        let (factor, shift) = (times as f32, (times as f32 - 1.0) / 2.0);
        self.moved(|p| Point { x: factor * p.x + shift, y: factor * p.y + shift })
    }

    /// The face in an image reduced `times` in each direction.
    #[must_use]
    pub fn reduced(&self, times: u32) -> Self {
        let (factor, shift) = (times as f32, (times as f32 - 1.0) / 2.0);
        self.moved(|p| Point { x: (p.x - shift) / factor, y: (p.y - shift) / factor })
    }

    /// The face with every point moved; the box becomes the axis-aligned box around its moved corners.
    fn moved(&self, to: impl Fn(Point) -> Point) -> Self {
        let [left, top, right, bottom] = self.bounds.corners();
        let (p, q) = (to(Point { x: left, y: top }), to(Point { x: right, y: bottom }));
        let (x, y) = (p.x.min(q.x), p.y.min(q.y));
        let (width, height) = ((p.x - q.x).abs(), (p.y - q.y).abs());
        Self {
            bounds: FaceBox { x, y, width, height },
            confidence: self.confidence,
            landmarks: self.landmarks.map(to),
        }
    }
}

/// A face detector; tests replace it with a fake.
pub trait DetectFaces {
    /// The upright faces of an image, largest first.
    ///
    /// # Errors
    /// [`crate::Error::Model`] if the detector's models fail.
    fn detect(&mut self, image: &RgbImage) -> Result<Vec<Face>>;
}

/// The index of the face that is the photo's subject: large and near the middle.
///
/// The weight of a face falls to 0 when its middle is two thirds of the photo's longer side away from the
/// photo's middle. Returns `None` if there is no face.
#[must_use]
pub fn main_face(faces: &[Face], width: u32, height: u32) -> Option<usize> {
    let longer = width.max(height).max(1) as f32;
    let weight = |face: &Face| {
        let centre = face.bounds.centre();
        let off = (centre.x - width as f32 / 2.0).hypot(centre.y - height as f32 / 2.0) / longer;
        face.bounds.height * (1.0 - 1.5 * off)
    };
    (0..faces.len()).max_by(|&a, &b| weight(&faces[a]).total_cmp(&weight(&faces[b])))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A face of eye distance `size` whose eyes' middle is at (x, y).
    pub(crate) fn face_at(x: f32, y: f32, size: f32) -> Face {
        let at = |dx: f32, dy: f32| Point { x: x + dx * size, y: y + dy * size };
        Face {
            bounds: FaceBox { x: x - size, y: y - size, width: 2.0 * size, height: 2.6 * size },
            confidence: 0.99,
            landmarks: [
                at(-0.5, 0.0),
                at(0.5, 0.0),
                at(0.0, 0.57),
                at(-0.45, 1.07),
                at(0.45, 1.07),
            ],
        }
    }

    #[test]
    fn the_main_face_is_large_and_central() {
        let faces =
            [face_at(20.0, 20.0, 30.0), face_at(125.0, 110.0, 28.0), face_at(200.0, 90.0, 9.0)];
        assert_eq!(main_face(&faces, 250, 250), Some(1));
        assert_eq!(main_face(&[], 250, 250), None);
    }

    #[test]
    fn a_face_is_written_as_box_confidence_and_landmarks() {
        let json = serde_json::to_value(face_at(10.0, 10.0, 8.0)).unwrap();
        assert_eq!(json["box"], serde_json::json!([2.0, 2.0, 16.0, 20.8f32]));
        assert_eq!(json["landmarks"][1], serde_json::json!([14.0, 10.0]));
    }

    #[test]
    fn of_two_faces_the_higher_one_is_the_main_face_however_wide_the_other_is() {
        let with = |x: f32, width: f32, height: f32| {
            let bounds = FaceBox { x: x - width / 2.0, y: 50.0 - height / 2.0, width, height };
            Face { bounds, ..face_at(x, 50.0, 10.0) }
        };
        // A wide box is a face that leans; both are as far from the middle.
        assert_eq!(
            main_face(&[with(80.0, 44.0, 30.0), with(120.0, 30.0, 36.0)], 200, 100),
            Some(1)
        );
        assert_eq!(
            main_face(&[with(80.0, 30.0, 36.0), with(120.0, 44.0, 30.0)], 200, 100),
            Some(0)
        );
    }

    #[test]
    fn how_far_a_face_is_from_the_middle_is_measured_by_the_longer_side() {
        // In a long photo a face at its end loses two thirds, in a square one of that height all.
        let faces = [face_at(370.0, 50.0, 20.0), face_at(200.0, 50.0, 8.0)];
        assert_eq!(main_face(&faces, 400, 100), Some(1));
        let nearer = [face_at(300.0, 50.0, 20.0), face_at(200.0, 50.0, 8.0)];
        assert_eq!(main_face(&nearer, 400, 100), Some(0));
        assert_eq!(main_face(&nearer.map(turned_over), 100, 400), Some(0));
    }

    /// A face at the place with its coordinates exchanged.
    fn turned_over(face: Face) -> Face {
        face_at(face.landmarks[2].y, face.bounds.x + face.bounds.width / 2.0, face.eye_distance())
    }

    #[test]
    fn the_middle_of_a_pixel_stays_the_middle_when_the_photo_is_reduced() {
        let face = face_at(0.0, 0.0, 10.0);
        // The first pixel of the smaller photo covers the first four of the larger one.
        let enlarged = face.enlarged(4);
        assert_eq!(enlarged.landmarks[0], Point { x: 4.0 * -5.0 + 1.5, y: 1.5 });
        assert_eq!(<[f32; 4]>::from(enlarged.bounds), [-38.5, -38.5, 80.0, 104.0]);
        assert_eq!(enlarged.reduced(4), face);
        assert_eq!(face.enlarged(1), face);
    }
}
