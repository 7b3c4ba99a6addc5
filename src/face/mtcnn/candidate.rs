//! A window that may be a face, and the suppression of windows that overlap a better one.

use super::super::overlap::{self, Overlap};
use super::{Face, FaceBox, Point};

/// A window with its score and the correction that the network predicts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    /// Left, top, right, bottom, in pixels; the first pixel is 1, as in the reference.
    pub corners: [f32; 4],
    /// The face probability.
    pub score: f32,
    /// How far each corner moves, as a fraction of the window's size.
    pub offsets: [f32; 4],
    /// The five landmarks, once O-Net has found them.
    pub landmarks: [Point; 5],
}

impl Candidate {
    /// The window moved by its offsets. `extra` is first added to its size (the reference counts pixels from edge to
    /// edge after P-Net, and including both edges after R-Net and O-Net).
    pub fn moved_by_offsets(&self, extra: f32) -> Self {
        let [left, top, right, bottom] = self.corners;
        let (width, height) = (right - left + extra, bottom - top + extra);
        let [a, b, c, d] = self.offsets;
        let corners = [left + a * width, top + b * height, right + c * width, bottom + d * height];
        Self { corners, offsets: [0.0; 4], ..self.clone() }
    }

    /// The square of the longer side around the same middle.
    pub fn squared(&self) -> Self {
        let [left, top, right, bottom] = self.corners;
        let (width, height) = (right - left, bottom - top);
        let side = width.max(height);
        let (x, y) = (left + width / 2.0 - side / 2.0, top + height / 2.0 - side / 2.0);
        Self { corners: [x, y, x + side, y + side], ..self.clone() }
    }

    pub fn is_finite(&self) -> bool {
        self.score.is_finite()
            && self.corners.iter().all(|v| v.is_finite())
            && self.landmarks.iter().all(|p| p.x.is_finite() && p.y.is_finite())
    }

    pub fn face(&self) -> Face {
        let [left, top, right, bottom] = self.corners;
        Face {
            bounds: FaceBox { x: left, y: top, width: right - left, height: bottom - top },
            confidence: self.score,
            landmarks: self.landmarks,
        }
    }
}

/// Non-maximum suppression: the best-scored windows, best first, without those that overlap a
/// better one by more than `limit`.
pub(super) fn suppress(all: Vec<Candidate>, limit: f32, measure: Overlap) -> Vec<Candidate> {
    // The reference counts both edges' pixels in one measure and not in the other.
    let extra = match measure {
        Overlap::Union => 0.0,
        Overlap::Smaller => 1.0,
    };
    overlap::suppress(
        all,
        |candidate| candidate.score,
        |a, b| overlap::overlap(a.corners, b.corners, measure, extra) > limit,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(left: f32, score: f32) -> Candidate {
        Candidate {
            corners: [left, 0.0, left + 99.0, 99.0],
            score,
            offsets: [0.0; 4],
            landmarks: [Point { x: 0.0, y: 0.0 }; 5],
        }
    }

    #[test]
    fn the_better_of_two_overlapping_windows_stays() {
        let kept = suppress(
            vec![window(0.0, 0.7), window(10.0, 0.9), window(300.0, 0.8)],
            0.5,
            Overlap::Union,
        );
        let scores: Vec<f32> = kept.iter().map(|c| c.score).collect();
        assert_eq!(scores, [0.9, 0.8]);
    }

    #[test]
    fn offsets_move_corners_and_squares_keep_the_middle() {
        let mut candidate = window(0.0, 0.9);
        candidate.offsets = [0.1, 0.0, -0.1, 0.0];
        let moved = candidate.moved_by_offsets(1.0);
        assert_eq!(moved.corners, [10.0, 0.0, 89.0, 99.0]);
        assert_eq!(moved.squared().corners, [0.0, 0.0, 99.0, 99.0]);
    }
}
