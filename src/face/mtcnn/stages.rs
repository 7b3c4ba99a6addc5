//! The three networks: pixels to their input tensors, and their outputs to candidates.

use fast_image_resize::Resizer;
use image::RgbImage;

use super::{Candidate, Point};
use crate::error::Result;
use crate::face::resample::{Region, by_area};
use crate::model::Network;

/// P-Net looks at windows of 12 pixels, one every 2 pixels.
const WINDOW: f32 = 12.0;
const STRIDE: f32 = 2.0;
/// The input side of R-Net and of O-Net.
const RNET_SIDE: u32 = 24;
const ONET_SIDE: u32 = 48;
/// Crops in one run of a network.
const BATCH: usize = 128;

/// A candidate with what a network made of it.
pub(super) struct Refined {
    pub candidate: Candidate,
    pub landmarks: [Point; 5],
}

pub(super) struct Stages {
    pub pnet: Network,
    pub rnet: Network,
    pub onet: Network,
}

impl Stages {
    /// The windows of one pyramid level whose face probability reaches `threshold`, in pixels of
    /// the image that was shrunk by `scale`.
    pub fn windows(
        &mut self,
        level: &RgbImage,
        scale: f32,
        threshold: f32,
    ) -> Result<Vec<Candidate>> {
        let (width, height) = (level.width() as usize, level.height() as usize);
        let mut input = vec![0.0; 3 * width * height];
        normalise(level, &mut input);
        let [probability, offsets] =
            self.pnet.run([1, 3, height, width], &input, ["probability", "offsets"])?;
        let columns = *probability.shape.last().unwrap_or(&1);
        let plane = probability.values.len();
        let found = probability.values.iter().enumerate().filter(|(_, p)| **p >= threshold);
        Ok(found
            .map(|(at, &score)| {
                let (x, y) = ((at % columns) as f32, (at / columns) as f32);
                let edge = |v: f32, size: f32| ((STRIDE * v + size) / scale).floor();
                Candidate {
                    corners: [edge(x, 1.0), edge(y, 1.0), edge(x, WINDOW), edge(y, WINDOW)],
                    score,
                    offsets: [0, 1, 2, 3].map(|i| offsets.values[i * plane + at]),
                    landmarks: [Point { x: 0.0, y: 0.0 }; 5],
                }
            })
            .collect())
    }

    /// R-Net's score and offsets for every candidate.
    pub fn refine(
        &mut self,
        resizer: &mut Resizer,
        image: &RgbImage,
        candidates: &[Candidate],
    ) -> Result<Vec<Refined>> {
        let mut refined = Vec::with_capacity(candidates.len());
        for batch in candidates.chunks(BATCH) {
            let (shape, input) = crops(resizer, image, batch, RNET_SIDE)?;
            let [scores, offsets] = self.rnet.run(shape, &input, ["probability", "offsets"])?;
            for (i, candidate) in batch.iter().enumerate() {
                refined.push(updated(candidate, i, &scores.values, &offsets.values));
            }
        }
        Ok(refined)
    }

    /// O-Net's score, offsets and landmarks for every candidate.
    pub fn conclude(
        &mut self,
        resizer: &mut Resizer,
        image: &RgbImage,
        candidates: &[Candidate],
    ) -> Result<Vec<Refined>> {
        let mut refined = Vec::with_capacity(candidates.len());
        for batch in candidates.chunks(BATCH) {
            let (shape, input) = crops(resizer, image, batch, ONET_SIDE)?;
            let outputs = ["probability", "offsets", "landmarks"];
            let [scores, offsets, landmarks] = self.onet.run(shape, &input, outputs)?;
            for (i, candidate) in batch.iter().enumerate() {
                let mut result = updated(candidate, i, &scores.values, &offsets.values);
                let fractions = &landmarks.values[10 * i..10 * i + 10];
                result.landmarks = placed(candidate, fractions);
                refined.push(result);
            }
        }
        Ok(refined)
    }
}

fn updated(candidate: &Candidate, index: usize, scores: &[f32], offsets: &[f32]) -> Refined {
    let at = 4 * index;
    let offsets = [offsets[at], offsets[at + 1], offsets[at + 2], offsets[at + 3]];
    Refined {
        candidate: Candidate { score: scores[index], offsets, ..candidate.clone() },
        landmarks: candidate.landmarks,
    }
}

/// Five x and five y, as fractions of the window, to points of the image.
fn placed(candidate: &Candidate, fractions: &[f32]) -> [Point; 5] {
    let [left, top, right, bottom] = candidate.corners;
    let (width, height) = (right - left + 1.0, bottom - top + 1.0);
    [0, 1, 2, 3, 4].map(|i| Point {
        x: width * fractions[i] + left - 1.0,
        y: height * fractions[i + 5] + top - 1.0,
    })
}

/// The candidates' windows, cut off at the image's edges and brought to `side` × `side`.
fn crops(
    resizer: &mut Resizer,
    image: &RgbImage,
    candidates: &[Candidate],
    side: u32,
) -> Result<([usize; 4], Vec<f32>)> {
    let size = 3 * (side * side) as usize;
    let mut input = vec![0.0; candidates.len() * size];
    for (candidate, values) in candidates.iter().zip(input.chunks_exact_mut(size)) {
        if let Some(region) = region(candidate, image) {
            normalise(&by_area(resizer, image, region, (side, side))?, values);
        }
    }
    Ok(([candidates.len(), 3, side as usize, side as usize], input))
}

/// The whole pixels of a window that lie in the image; `None` where there are none.
fn region(candidate: &Candidate, image: &RgbImage) -> Option<Region> {
    let [left, top, right, bottom] = candidate.corners.map(|v| f64::from(v.trunc()));
    let (left, top) = (left.max(1.0) - 1.0, top.max(1.0) - 1.0);
    let right = right.min(f64::from(image.width()));
    let bottom = bottom.min(f64::from(image.height()));
    let (width, height) = (right - left, bottom - top);
    (width >= 1.0 && height >= 1.0).then_some(Region { left, top, width, height })
}

/// RGB pixels to three planes of (v − 127.5) / 128.
fn normalise(image: &RgbImage, planes: &mut [f32]) {
    let plane = planes.len() / 3;
    for (at, pixel) in image.pixels().enumerate() {
        for channel in 0..3 {
            planes[channel * plane + at] = (f32::from(pixel[channel]) - 127.5) * 0.007_812_5;
        }
    }
}
