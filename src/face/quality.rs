//! What makes a face hard to judge: its size, its sharpness and how far it is turned.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::Face;

/// Below this distance between the eyes, in pixels of the photo, a face is small: fewer are
/// recognised, and those enrolled make strangers look alike. See docs/accuracy-enrolment.md.
const SMALL_EYE_DISTANCE: f32 = 14.0;
/// Below this sharpness a face is blurred, with the same effect.
const BLURRED_SHARPNESS: f32 = 0.12;
/// Details are looked for between squares of this side, in pixels of the crop: finer ones are as
/// often noise as they are the face's, and the embedder does not need them.
const DETAIL: u32 = 3;
/// Beyond this angle a face is turned away.
const TURNED_YAW: f32 = 38.0;
/// Below this confidence it may be no face.
const DOUBTFUL_CONFIDENCE: f32 = 0.9;

/// Measures of one face, made from its landmarks and its crop.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// The distance between the eyes in pixels of the photo.
    pub eye_distance: f32,
    /// The energy of the crop's fine details, of three pixels, relative to its contrast, 0 (none)
    /// upwards.
    pub sharpness: f32,
    /// How far the face is turned to a side, in degrees, 0 to 90; an estimate from the nose's
    /// place between the eyes.
    pub yaw: f32,
    /// The detector's confidence, 0 to 1.
    pub confidence: f32,
}

/// A reason to trust a face's score less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Concern {
    /// Few pixels.
    Small,
    /// Few details.
    Blurred,
    /// Turned to a side.
    TurnedAway,
    /// Perhaps not a face.
    Doubtful,
}

impl Concern {
    /// Whether learning from such a face does harm, as was measured; the others only recognise it
    /// less well.
    #[must_use]
    pub fn harms(self) -> bool {
        matches!(self, Self::Small | Self::Blurred)
    }
}

impl std::fmt::Display for Concern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Small => "face too small",
            Self::Blurred => "blurred",
            Self::TurnedAway => "turned away",
            Self::Doubtful => "perhaps not a face",
        })
    }
}

impl Quality {
    /// Measure `face` and its aligned `crop`.
    #[must_use]
    pub fn measure(face: &Face, crop: &RgbImage) -> Self {
        Self {
            eye_distance: face.eye_distance(),
            sharpness: sharpness(crop),
            yaw: yaw(face),
            confidence: face.confidence,
        }
    }

    /// What speaks against trusting this face, the gravest first.
    #[must_use]
    pub fn concerns(&self) -> Vec<Concern> {
        [
            (self.confidence < DOUBTFUL_CONFIDENCE, Concern::Doubtful),
            (self.eye_distance < SMALL_EYE_DISTANCE, Concern::Small),
            (self.sharpness < BLURRED_SHARPNESS, Concern::Blurred),
            (self.yaw > TURNED_YAW, Concern::TurnedAway),
        ]
        .into_iter()
        .filter_map(|(applies, concern)| applies.then_some(concern))
        .collect()
    }
}

/// The mean square of the Laplacian of the shrunk grey crop over its variance, in the middle of
/// the crop.
fn sharpness(crop: &RgbImage) -> f32 {
    let (columns, rows) = (crop.width() / DETAIL, crop.height() / DETAIL);
    let (mut laplacian, mut sum, mut squares, mut count) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for y in rows / 5..rows * 4 / 5 {
        for x in columns / 5..columns * 4 / 5 {
            let at = |dx, dy| grey(crop, x + dx - 1, y + dy - 1);
            let centre = at(1, 1);
            laplacian += (at(0, 1) + at(2, 1) + at(1, 0) + at(1, 2) - 4.0 * centre).powi(2);
            sum += centre;
            squares += centre * centre;
            count += 1.0;
        }
    }
    let variance = squares / count - (sum / count).powi(2);
    if variance > 1.0 { laplacian / count / variance } else { 0.0 }
}

/// The mean grey of the square in this column and row of squares, 0 to 255.
fn grey(crop: &RgbImage, column: u32, row: u32) -> f32 {
    let pixels = (0..DETAIL * DETAIL)
        .map(|i| crop.get_pixel(column * DETAIL + i % DETAIL, row * DETAIL + i / DETAIL).0);
    let sum: f32 = pixels
        .map(|[r, g, b]| 0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b))
        .sum();
    sum / (DETAIL * DETAIL) as f32
}

/// The nose of a head turned by θ moves by about half an eye distance times tan θ, measured along
/// the line of the eyes.
fn yaw(face: &Face) -> f32 {
    let [left, right, nose, ..] = face.landmarks;
    let (ex, ey) = (right.x - left.x, right.y - left.y);
    let square = ex * ex + ey * ey;
    let (mx, my) = ((left.x + right.x) / 2.0, (left.y + right.y) / 2.0);
    let along = ((nose.x - mx) * ex + (nose.y - my) * ey) / square;
    (2.0 * along).abs().atan().to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::tests::face_at;

    fn stripes(period: u32) -> RgbImage {
        RgbImage::from_fn(150, 150, |x, _| {
            let phase = x as f32 / period as f32 * std::f32::consts::TAU;
            image::Rgb([(127.0 + 100.0 * phase.sin()) as u8; 3])
        })
    }

    #[test]
    fn fine_details_are_sharper_than_coarse_ones() {
        assert!(sharpness(&stripes(8)) > 10.0 * sharpness(&stripes(40)));
        assert_eq!(sharpness(&RgbImage::new(150, 150)), 0.0);
    }

    #[test]
    fn a_moved_nose_is_a_turned_head() {
        let mut face = face_at(75.0, 50.0, 53.0);
        assert!(Quality::measure(&face, &stripes(8)).concerns().is_empty());
        face.landmarks[2].x += 0.5 * 53.0;
        let quality = Quality::measure(&face, &stripes(8));
        assert!((quality.yaw - 45.0).abs() < 0.1, "{}", quality.yaw);
        assert_eq!(quality.concerns(), [Concern::TurnedAway]);
    }

    #[test]
    fn a_small_face_is_small_whatever_its_turn() {
        let face = face_at(10.0, 10.0, 12.0);
        assert_eq!(Quality::measure(&face, &stripes(8)).concerns(), [Concern::Small]);
    }
}
