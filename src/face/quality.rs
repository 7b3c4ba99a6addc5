//! The quality of a face: its size, its sharpness and how far it is turned.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::Face;

/// The limits beyond which a face is hard to judge. They depend on a pack's detector, crop and embedder.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualityLimits {
    /// Below this distance between the eyes, in pixels of the photo, a face is small: fewer such faces are
    /// recognised, and enrolled ones let more strangers match. See docs/accuracy-enrolment.md.
    pub small_eye_distance: f32,
    /// Below this sharpness a face is blurred, with the same effect.
    pub blurred_sharpness: f32,
    /// Details are measured between squares of this side, in pixels of the crop: finer ones are as often noise as
    /// part of the face, and the embedder does not need them.
    pub detail: u32,
    /// Beyond this angle, in degrees, a face is turned away.
    pub turned_yaw: f32,
    /// Below this confidence of the detector, 0 to 1, it may not be a face.
    pub doubtful_confidence: f32,
}

/// Measures of one face, from its landmarks and its crop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Quality {
    /// The distance between the eyes in pixels of the photo.
    pub eye_distance: f32,
    /// The energy of the crop's fine details relative to its contrast: 0 (none) or more.
    pub sharpness: f32,
    /// How far the face is turned to a side, in degrees, 0 to 90; an estimate from the nose's
    /// place between the eyes.
    pub yaw: f32,
    /// The detector's confidence, 0 to 1.
    pub confidence: f32,
    /// Reasons to trust this face's score less, the most serious first.
    pub concerns: Vec<Concern>,
}

/// A reason to trust a face's score less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
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
    /// Whether enrolling such a face does harm, as measured; otherwise it is only recognised less well.
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
    pub fn measure(face: &Face, crop: &RgbImage, limits: &QualityLimits) -> Self {
        let (eye_distance, confidence) = (face.eye_distance(), face.confidence);
        let (sharpness, yaw) = (sharpness(crop, limits.detail), yaw(face));
        let concerns = [
            (confidence < limits.doubtful_confidence, Concern::Doubtful),
            (eye_distance < limits.small_eye_distance, Concern::Small),
            (sharpness < limits.blurred_sharpness, Concern::Blurred),
            (yaw > limits.turned_yaw, Concern::TurnedAway),
        ];
        let applying = concerns.into_iter().filter_map(|(applies, c)| applies.then_some(c));
        Self { eye_distance, sharpness, yaw, confidence, concerns: applying.collect() }
    }
}

/// The mean square of the Laplacian of the shrunk grey crop over its variance, in the middle of
/// the crop.
fn sharpness(crop: &RgbImage, detail: u32) -> f32 {
    let (columns, rows) = (crop.width() / detail, crop.height() / detail);
    let (mut laplacian, mut sum, mut squares, mut count) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for y in rows / 5..rows * 4 / 5 {
        for x in columns / 5..columns * 4 / 5 {
            let at = |dx, dy| grey(crop, detail, x + dx - 1, y + dy - 1);
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
fn grey(crop: &RgbImage, detail: u32, column: u32, row: u32) -> f32 {
    let pixels = (0..detail * detail)
        .map(|i| crop.get_pixel(column * detail + i % detail, row * detail + i / detail).0);
    let sum: f32 = pixels
        .map(|[r, g, b]| 0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b))
        .sum();
    sum / (detail * detail) as f32
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
    use crate::face::Point;
    use crate::face::tests::face_at;

    const LIMITS: QualityLimits = QualityLimits {
        small_eye_distance: 14.0,
        blurred_sharpness: 0.12,
        detail: 3,
        turned_yaw: 38.0,
        doubtful_confidence: 0.9,
    };

    fn measured(face: &Face) -> Quality {
        Quality::measure(face, &stripes(8), &LIMITS)
    }

    fn stripes(period: u32) -> RgbImage {
        RgbImage::from_fn(150, 150, |x, _| {
            let phase = x as f32 / period as f32 * std::f32::consts::TAU;
            image::Rgb([(127.0 + 100.0 * phase.sin()) as u8; 3])
        })
    }

    #[test]
    fn fine_details_are_sharper_than_coarse_ones() {
        assert!(sharpness(&stripes(8), 3) > 10.0 * sharpness(&stripes(40), 3));
        assert_eq!(sharpness(&RgbImage::new(150, 150), 3), 0.0);
    }

    #[test]
    fn a_moved_nose_is_a_turned_head() {
        let mut face = face_at(75.0, 50.0, 53.0);
        assert!(measured(&face).concerns.is_empty());
        for side in [0.5, -0.5] {
            let mut turned = face.clone();
            turned.landmarks[2].x += side * 53.0;
            let quality = measured(&turned);
            assert!((quality.yaw - 45.0).abs() < 0.1, "{side}: {}", quality.yaw);
            assert_eq!(quality.concerns, [Concern::TurnedAway]);
        }
        // A nose is as far below the eyes whichever way the head is turned.
        face.landmarks[2].y += 30.0;
        assert_eq!(measured(&face).yaw, 0.0);
    }

    #[test]
    fn a_head_that_leans_is_not_turned_away() {
        let upright = face_at(0.0, 0.0, 53.0);
        let leaning = Face {
            landmarks: upright
                .landmarks
                .map(|p| Point { x: 0.6 * p.x - 0.8 * p.y, y: 0.8 * p.x + 0.6 * p.y }),
            ..upright
        };
        let quality = measured(&leaning);
        assert!(quality.yaw < 0.1 && (quality.eye_distance - 53.0).abs() < 1e-3, "{quality:?}");
    }

    #[test]
    fn what_the_detector_doubts_is_doubtful_and_comes_first() {
        let mut face = face_at(10.0, 10.0, 12.0);
        face.confidence = 0.9;
        assert_eq!(measured(&face).concerns, [Concern::Small], "as sure as it needs to be");
        face.confidence = 0.89;
        face.landmarks[2].x -= 0.5 * 12.0;
        let quality = Quality::measure(&face, &RgbImage::new(150, 150), &LIMITS);
        let all = [Concern::Doubtful, Concern::Small, Concern::Blurred, Concern::TurnedAway];
        assert_eq!((quality.concerns.as_slice(), quality.confidence), (&all[..], 0.89));
        let harming = all.map(Concern::harms);
        assert_eq!(harming, [false, true, true, false]);
    }

    #[test]
    fn a_small_face_is_small_whatever_its_turn() {
        let face = face_at(10.0, 10.0, 12.0);
        assert_eq!(measured(&face).concerns, [Concern::Small]);
    }
}
