//! The three networks: pixels to their input tensors, and their outputs to candidates.

use image::RgbImage;

use super::pool::{Window, pool};
use super::{Candidate, Point};
use crate::error::Result;
use crate::model::Network;

/// P-Net looks at windows of 12 pixels, one every 2 pixels.
const WINDOW: f32 = 12.0;
const STRIDE: f32 = 2.0;
/// The input side of R-Net and of O-Net.
const RNET_SIDE: usize = 24;
const ONET_SIDE: usize = 48;
/// Crops in one run of a network: so many fit in the cache with the network's intermediate results.
const BATCH: usize = 16;

/// A candidate with a network's outputs for it.
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
    /// The windows of `image` at one level of the pyramid, shrunk by `scale`, whose face
    /// probability reaches `threshold`.
    pub fn windows(
        &mut self,
        image: &RgbImage,
        scale: f32,
        threshold: f32,
    ) -> Result<Vec<Candidate>> {
        let shrunk = |size: u32| (size as f32 * scale + 1.0) as usize;
        let (width, height) = (shrunk(image.width()), shrunk(image.height()));
        let mut input = vec![0.0; 3 * width * height];
        pool(image, Window::whole(image), (width, height), &mut input);
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
    pub fn refine(&mut self, image: &RgbImage, candidates: &[Candidate]) -> Result<Vec<Refined>> {
        let mut refined = Vec::with_capacity(candidates.len());
        for batch in candidates.chunks(BATCH) {
            let (shape, input) = crops(image, batch, RNET_SIDE);
            let [scores, offsets] = self.rnet.run(shape, &input, ["probability", "offsets"])?;
            for (i, candidate) in batch.iter().enumerate() {
                refined.push(updated(candidate, i, &scores.values, &offsets.values));
            }
        }
        Ok(refined)
    }

    /// O-Net's score, offsets and landmarks for every candidate.
    pub fn conclude(&mut self, image: &RgbImage, candidates: &[Candidate]) -> Result<Vec<Refined>> {
        let mut refined = Vec::with_capacity(candidates.len());
        for batch in candidates.chunks(BATCH) {
            let (shape, input) = crops(image, batch, ONET_SIDE);
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
fn crops(image: &RgbImage, candidates: &[Candidate], side: usize) -> ([usize; 4], Vec<f32>) {
    let size = 3 * side * side;
    let mut input = vec![0.0; candidates.len() * size];
    for (candidate, values) in candidates.iter().zip(input.chunks_exact_mut(size)) {
        if let Some(window) = window(candidate, image) {
            pool(image, window, (side, side), values);
        }
    }
    ([candidates.len(), 3, side, side], input)
}

/// The whole pixels of a candidate that lie in the image; `None` if there are none.
fn window(candidate: &Candidate, image: &RgbImage) -> Option<Window> {
    let [left, top, right, bottom] = candidate.corners;
    let (left, top) = (left.max(1.0) as usize - 1, top.max(1.0) as usize - 1);
    let (right, bottom) = (right.max(0.0) as usize, bottom.max(0.0) as usize);
    let width = right.min(image.width() as usize).checked_sub(left)?;
    let height = bottom.min(image.height() as usize).checked_sub(top)?;
    (width >= 1 && height >= 1).then_some(Window { left, top, width, height })
}
