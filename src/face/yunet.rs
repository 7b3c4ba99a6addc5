//! YuNet: one small network that finds faces of about 10 to 300 pixels, with five landmarks.
//!
//! Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence Research
//! 20, 2023. Padding and decoding follow OpenCV's `FaceDetectorYN`
//! (`modules/objdetect/src/face_detect.cpp`), whose results it gives to a tenth of a pixel.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::overlap::{Overlap, overlap, suppress};
use super::{DetectFaces, Face, FaceBox, Point};
use crate::error::{Error, Result};
use crate::model::{Network, Output};

/// The sides of the network's cells in pixels.
const STRIDES: [usize; 3] = [8, 16, 32];
/// The network's outputs for each stride: whether a cell holds a face, how well the box fits it, the
/// box, and the landmarks.
const OUTPUTS: [&str; 12] = [
    "cls_8", "obj_8", "bbox_8", "kps_8", "cls_16", "obj_16", "bbox_16", "kps_16", "cls_32",
    "obj_32", "bbox_32", "kps_32",
];
/// How many numbers a cell has in each of these four outputs.
const NUMBERS: [usize; 4] = [1, 1, 4, 10];

/// The detector's settings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YunetSettings {
    /// The least confidence, 0 to 1.
    pub score: f32,
    /// The overlap (intersection over union, 0 to 1) from which two boxes show the same face.
    pub overlap: f32,
}

impl Default for YunetSettings {
    fn default() -> Self {
        Self { score: 0.6, overlap: 0.3 }
    }
}

/// The detector with its network.
pub struct Yunet {
    network: Network,
    settings: YunetSettings,
}

impl Yunet {
    /// A detector of a network from `image` (1, 3, height, width), blue, green and red from 0 to 255
    /// with sides that are multiples of 32, to the outputs `cls_8`, `obj_8`, `bbox_8`, `kps_8` and the
    /// same for 16 and 32: (1, cells, 1 or 4 or 10), row by row.
    #[must_use]
    pub fn new(network: Network, settings: YunetSettings) -> Self {
        Self { network, settings }
    }
}

impl DetectFaces for Yunet {
    fn detect(&mut self, image: &RgbImage) -> Result<Vec<Face>> {
        let (shape, input) = planes(image);
        let outputs = self.network.run(shape, &input, OUTPUTS)?;
        let mut faces = Vec::new();
        for (outputs, stride) in outputs.chunks_exact(NUMBERS.len()).zip(STRIDES) {
            let grid = Grid { stride, columns: shape[3] / stride };
            check(outputs, grid.columns * (shape[2] / stride))?;
            faces.extend(grid.faces(outputs, self.settings.score));
        }
        Ok(once(faces, self.settings.overlap))
    }
}

/// Of `faces` that overlap by more than `limit` the most confident one; the largest first.
fn once(faces: Vec<Face>, limit: f32) -> Vec<Face> {
    let same = |a: &Face, b: &Face| {
        let [a, b] = [a, b].map(|face| face.bounds.corners());
        overlap(a, b, Overlap::Union, 0.0) > limit
    };
    let mut faces = suppress(faces, |face| face.confidence, same);
    faces.sort_by(|a, b| b.bounds.area().total_cmp(&a.bounds.area()));
    faces
}

/// The blue, green and red plane, with zeros at the right and the bottom up to a multiple of the
/// largest stride.
fn planes(image: &RgbImage) -> ([usize; 4], Vec<f32>) {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let largest = STRIDES[STRIDES.len() - 1];
    let (columns, rows) = (width.next_multiple_of(largest), height.next_multiple_of(largest));
    let mut input = vec![0.0; 3 * rows * columns];
    for (channel, plane) in [2, 1, 0].into_iter().zip(input.chunks_exact_mut(rows * columns)) {
        let lines = image.as_raw().chunks_exact(3 * width).zip(plane.chunks_exact_mut(columns));
        for (from, to) in lines {
            for (pixel, value) in from.chunks_exact(3).zip(to) {
                *value = f32::from(pixel[channel]);
            }
        }
    }
    ([1, 3, rows, columns], input)
}

/// Refuse outputs that do not have as many numbers as there are cells.
fn check(outputs: &[Output], cells: usize) -> Result<()> {
    for (output, numbers) in outputs.iter().zip(NUMBERS) {
        if output.values.len() != cells * numbers {
            let reason = format!(
                "an output of the shape {:?} is not {numbers} for each of {cells} cells",
                output.shape
            );
            return Err(Error::model("the face detector", reason));
        }
    }
    Ok(())
}

/// The cells of one stride, row by row.
struct Grid {
    stride: usize,
    columns: usize,
}

impl Grid {
    /// The faces of the cells whose confidence, the geometric mean of the first two outputs, is at least `least`.
    fn faces(&self, outputs: &[Output], least: f32) -> Vec<Face> {
        let [cls, obj, boxes, points] = [0, 1, 2, 3].map(|i| outputs[i].values.as_slice());
        let scores = cls.iter().zip(obj).map(|(&cls, &obj)| {
            let both = cls.clamp(0.0, 1.0) * obj.clamp(0.0, 1.0);
            both.sqrt()
        });
        let found = scores.enumerate().filter(|(_, score)| *score >= least);
        let faces = found.map(|(cell, confidence)| {
            self.face(cell, confidence, &boxes[4 * cell..][..4], &points[10 * cell..][..10])
        });
        faces.filter(is_finite).collect()
    }

    /// The face of one cell: the middle of its box and its landmarks are in strides from the cell,
    /// the box's size is the logarithm of one in strides.
    fn face(&self, cell: usize, confidence: f32, bounds: &[f32], points: &[f32]) -> Face {
        let stride = self.stride as f32;
        let (column, row) = ((cell % self.columns) as f32, (cell / self.columns) as f32);
        let place = |x: f32, y: f32| Point { x: (column + x) * stride, y: (row + y) * stride };
        let middle = place(bounds[0], bounds[1]);
        let (width, height) = (bounds[2].exp() * stride, bounds[3].exp() * stride);
        let (x, y) = (middle.x - width / 2.0, middle.y - height / 2.0);
        Face {
            bounds: FaceBox { x, y, width, height },
            confidence,
            // The person's right eye first, which is the left one as seen in the photo.
            landmarks: [0, 1, 2, 3, 4].map(|i| place(points[2 * i], points[2 * i + 1])),
        }
    }
}

/// Whether all coordinates are finite; the exponential of a large number is not.
fn is_finite(face: &Face) -> bool {
    face.bounds.corners().iter().all(|v| v.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_blue_green_red_and_padded_at_the_right_and_the_bottom() {
        let image = RgbImage::from_fn(33, 2, |x, y| image::Rgb([x as u8, 100 + y as u8, 200]));
        let (shape, input) = planes(&image);
        assert_eq!(shape, [1, 3, 32, 64]);
        let at = |channel: usize, x: usize, y: usize| input[(channel * 32 + y) * 64 + x];
        assert_eq!([0, 1, 2].map(|channel| at(channel, 32, 1)), [200.0, 101.0, 32.0]);
        for (x, y) in [(33, 1), (32, 2), (63, 31)] {
            assert_eq!([0, 1, 2].map(|channel| at(channel, x, y)), [0.0; 3], "{x}, {y}");
        }
    }

    fn outputs(numbers: [Vec<f32>; 4]) -> Vec<Output> {
        numbers.map(|values| Output { shape: vec![1, values.len()], values }).to_vec()
    }

    #[test]
    fn a_cell_is_decoded_in_strides() {
        let mut cls = vec![0.0; 6];
        // Beyond 1 counts as 1: the square root of 0.64 remains.
        (cls[4], cls[1]) = (1.5, 0.1);
        let mut boxes = vec![0.0; 24];
        boxes[16..20].copy_from_slice(&[0.5, -0.25, 1f32.exp().ln(), 2f32.ln()]);
        let points: Vec<f32> = (0..60).map(|i| (i % 10) as f32).collect();
        let outputs = outputs([cls, vec![0.64; 6], boxes, points]);
        let grid = Grid { stride: 8, columns: 3 };
        let faces = grid.faces(&outputs, 0.6);
        let [face] = &faces[..] else { panic!("{faces:?}") };
        assert!((face.confidence - 0.8).abs() < 1e-6);
        // The cell in column 1 and row 1.
        let (width, height) = (1f32.exp() * 8.0, 16.0);
        let middle = face.bounds.centre();
        assert!((middle.x - 12.0).abs() < 1e-4 && (middle.y - 6.0).abs() < 1e-4, "{middle:?}");
        assert!((face.bounds.width - width).abs() < 1e-4);
        assert!((face.bounds.height - height).abs() < 1e-4);
        let expected = [[8.0, 16.0], [24.0, 32.0], [40.0, 48.0], [56.0, 64.0], [72.0, 80.0]];
        assert_eq!(face.landmarks.map(<[f32; 2]>::from), expected);
    }

    #[test]
    fn outputs_of_another_size_are_refused() {
        let sizes = [6, 6, 24, 60];
        assert!(check(&outputs(sizes.map(|size| vec![0.0; size])), 6).is_ok());
        let error = check(&outputs(sizes.map(|size| vec![0.0; size])), 7).unwrap_err();
        assert!(error.to_string().contains("7 cells"), "{error}");
    }

    #[test]
    fn a_box_without_end_is_no_face() {
        let boxes = vec![0.0, 0.0, 1e3, 0.0];
        let outputs = outputs([vec![1.0], vec![1.0], boxes, vec![0.0; 10]]);
        assert!(Grid { stride: 8, columns: 1 }.faces(&outputs, 0.6).is_empty());
    }

    /// Two people cheek by cheek are two; two boxes of one of them are one.
    #[test]
    fn a_face_is_found_once_and_its_neighbour_too() {
        let face = |x: f32, width: f32, confidence: f32| {
            let bounds = FaceBox { x, y: 0.0, width, height: 100.0 };
            Face { bounds, confidence, landmarks: [Point { x, y: 0.0 }; 5] }
        };
        // The second shares 60 of 140 with the first, a share of 0.43; the third 40 of 170, 0.24.
        let all = [face(0.0, 100.0, 0.7), face(40.0, 100.0, 0.9), face(100.0, 110.0, 0.8)];
        assert_eq!(once(all.to_vec(), 0.3), [all[2].clone(), all[1].clone()]);
        assert_eq!(once(all.to_vec(), 0.2), [all[1].clone()]);
        assert_eq!(once(all.to_vec(), 0.5).len(), 3);
    }
}
