//! The coordinates of a face, so that a mask or a pair of glasses is drawn the same way on every face.

use image::{Rgb, RgbImage};

use crate::face::{Face, Point};

/// The coordinates of a face: (0, 0) between the eyes, x along them to the right of the photo, y
/// down the face, in eye distances. The nose is at about (0, 0.6), the mouth at (0, 1.1), the chin at
/// (0, 1.7).
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    middle: Point,
    /// One eye distance along the eyes, in pixels.
    along: (f32, f32),
}

impl Frame {
    pub fn of(face: &Face) -> Self {
        let [left, right, ..] = face.landmarks;
        let middle = Point { x: (left.x + right.x) / 2.0, y: (left.y + right.y) / 2.0 };
        Self { middle, along: (right.x - left.x, right.y - left.y) }
    }

    /// The eye distance in pixels.
    pub fn unit(&self) -> f32 {
        self.along.0.hypot(self.along.1)
    }

    /// The place on the face of the pixel in this column and row.
    pub fn at(&self, column: u32, row: u32) -> (f32, f32) {
        let (x, y) = (column as f32 - self.middle.x, row as f32 - self.middle.y);
        let (ax, ay) = self.along;
        let square = (ax * ax + ay * ay).max(f32::MIN_POSITIVE);
        ((x * ax + y * ay) / square, (y * ax - x * ay) / square)
    }

    /// `image` painted with `paint`, which gives for every place of the face a colour and how much of it covers the
    /// photo, 0 to 1.
    pub fn painted(
        &self,
        image: &RgbImage,
        paint: impl Fn(f32, f32) -> Option<([f32; 3], f32)>,
    ) -> RgbImage {
        let mut painted = image.clone();
        for (column, row, pixel) in painted.enumerate_pixels_mut() {
            let (x, y) = self.at(column, row);
            if let Some((colour, cover)) = paint(x, y) {
                blend(pixel, colour, cover);
            }
        }
        painted
    }
}

/// Replace the share `cover` of the pixel's colour.
pub(super) fn blend(pixel: &mut Rgb<u8>, colour: [f32; 3], cover: f32) {
    for (value, colour) in pixel.0.iter_mut().zip(colour) {
        *value = (f32::from(*value) * (1.0 - cover) + colour * cover).round() as u8;
    }
}
