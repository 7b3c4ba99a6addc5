//! MTCNN: three networks, each of which rejects most of the candidates of the one before.
//!
//! Zhang et al., "Joint Face Detection and Alignment Using Multitask Cascaded Convolutional
//! Networks", IEEE SPL 23(10), 2016. Coordinates, rounding and thresholds follow facenet-pytorch
//! 2.6.0, whose weights are used, so that its results can be compared to the pixel.

mod candidate;
mod pool;
mod stages;

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::overlap::Overlap;
use super::{DetectFaces, Face, FaceBox, Point};
use crate::error::Result;
use crate::model::Network;
use candidate::{Candidate, suppress};
use stages::{Refined, Stages};

/// The detector's settings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MtcnnSettings {
    /// The smallest face that is searched for, in pixels of the given image.
    pub smallest_face: f32,
    /// The size of each level of the image pyramid relative to the one before.
    pub pyramid_factor: f32,
    /// The least face probability after P-Net, R-Net and O-Net.
    pub thresholds: [f32; 3],
}

/// The most candidates for R-Net: noise gives thousands, but no photo needs them.
const MOST_CANDIDATES: usize = 1000;

/// The detector with its three networks.
pub struct Mtcnn {
    stages: Stages,
    settings: MtcnnSettings,
}

impl Mtcnn {
    /// A detector of the networks P-Net, R-Net and O-Net.
    #[must_use]
    pub fn new([pnet, rnet, onet]: [Network; 3], settings: MtcnnSettings) -> Self {
        Self { stages: Stages { pnet, rnet, onet }, settings }
    }

    /// Windows of every pyramid level that P-Net classifies as faces, as squares.
    fn propose(&mut self, image: &RgbImage) -> Result<Vec<Candidate>> {
        let (width, height) = (image.width() as f32, image.height() as f32);
        let mut scale = 12.0 / self.settings.smallest_face;
        let mut all = Vec::new();
        while width.min(height) * scale >= 12.0 {
            let found = self.stages.windows(image, scale, self.settings.thresholds[0])?;
            all.extend(suppress(found, 0.5, Overlap::Union));
            scale *= self.settings.pyramid_factor;
        }
        let mut kept = suppress(all, 0.7, Overlap::Union);
        kept.truncate(MOST_CANDIDATES);
        Ok(kept.iter().map(|c| c.moved_by_offsets(0.0).squared()).collect())
    }

    /// The candidates that R-Net keeps, as squares.
    fn refine(&mut self, image: &RgbImage, candidates: &[Candidate]) -> Result<Vec<Candidate>> {
        let refined = self.stages.refine(image, candidates)?;
        let kept = confident(refined, self.settings.thresholds[1]).map(|r| r.candidate).collect();
        let kept = suppress(kept, 0.7, Overlap::Union);
        Ok(kept.iter().map(|c| c.moved_by_offsets(1.0).squared()).collect())
    }

    /// The faces that O-Net keeps.
    fn conclude(&mut self, image: &RgbImage, candidates: &[Candidate]) -> Result<Vec<Face>> {
        let refined = self.stages.conclude(image, candidates)?;
        let faces: Vec<_> = confident(refined, self.settings.thresholds[2])
            .map(|r| Candidate { landmarks: r.landmarks, ..r.candidate.moved_by_offsets(1.0) })
            .collect();
        Ok(suppress(faces, 0.7, Overlap::Smaller).iter().map(Candidate::face).collect())
    }
}

fn confident(refined: Vec<Refined>, threshold: f32) -> impl Iterator<Item = Refined> {
    refined.into_iter().filter(move |r| r.candidate.score > threshold && r.candidate.is_finite())
}

impl DetectFaces for Mtcnn {
    fn detect(&mut self, image: &RgbImage) -> Result<Vec<Face>> {
        let mut candidates = self.propose(image)?;
        if !candidates.is_empty() {
            candidates = self.refine(image, &candidates)?;
        }
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        let mut faces = self.conclude(image, &candidates)?;
        faces.sort_by(|a, b| b.bounds.area().total_cmp(&a.bounds.area()));
        Ok(faces)
    }
}
