//! JPEGs of every kind of sampling, scans, restarts and sizes, at their own size and reduced, against what
//! libjpeg-turbo makes of them (`tests/data/make_jpegs.py`). `make jpegs` tries some thousand more.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::RgbImage;
use sameface::photo::{Limits, PhotoFile};
use serde::Deserialize;

/// Pixels of a side of a square whose mean is known.
const SQUARE: u32 = 4;
/// How far the mean of a square may be off: inverse transforms and upsampling round differently, and
/// steep waves are sampled at a quarter.
const OFF: f64 = 6.0;
/// The same of a square's brightness and of each of its colours at a half, a quarter and an eighth, where
/// a colour may have a sample for 16 × 16 pixels of a wave 120 pixels long.
const OFF_REDUCED: [(u32, [f64; 2]); 3] = [(2, [6.0, 12.0]), (4, [6.0, 20.0]), (8, [10.0, 40.0])];

#[derive(Deserialize)]
struct Entry {
    name: String,
    width: u32,
    height: u32,
    /// Of squares, row by row, in red, green and blue.
    means: Vec<u8>,
    jpeg: String,
}

impl Entry {
    fn means(&self) -> Vec<[f64; 3]> {
        self.means.chunks_exact(3).map(|rgb| [rgb[0], rgb[1], rgb[2]].map(f64::from)).collect()
    }

    fn columns(&self) -> u32 {
        self.width.div_ceil(SQUARE)
    }

    fn decoded(&self, reduction: u32) -> Result<(RgbImage, u32), String> {
        let bytes = BASE64_STANDARD.decode(&self.jpeg).unwrap();
        let limits = Limits::default();
        let file = PhotoFile::from_bytes("a.jpg".into(), bytes, &limits).unwrap();
        let pixels = self.width.div_ceil(reduction) * self.height.div_ceil(reduction);
        let wanted = if reduction == 1 { u64::MAX } else { pixels.into() };
        let photo = file.decode_reduced(wanted, &limits).map_err(|error| error.to_string())?;
        assert_eq!((photo.width, photo.height, photo.missing), (self.width, self.height, None));
        Ok((photo.pixels, photo.reduction))
    }

    /// Whether no decoder reads it right: the one of lossless JPEGs of 12 bits takes red, green and blue
    /// for one another, and of these samplings with these scans each has one wrong.
    fn may_be_refused(&self) -> bool {
        let has = |part: &&str| self.name.contains(*part);
        let in_groups = ["together", "last alone", "brightness first"].iter().any(has);
        has(&"12 bits, colours") || self.name.starts_with("4x") && has(&",2x1,") && in_groups
    }

    /// What is wrong with it, at its own size.
    fn problem(&self) -> Option<String> {
        let (pixels, _) = match self.decoded(1) {
            Ok(decoded) => decoded,
            Err(error) if self.may_be_refused() => {
                assert!(error.starts_with("a.jpg: this kind of JPEG cannot be read"), "{error}");
                return None;
            }
            Err(error) => return Some(format!("{}: {error}", self.name)),
        };
        let found = means(&pixels, SQUARE);
        let off = found.iter().zip(self.means()).map(|(a, b)| largest(a, &b)).fold(0.0, f64::max);
        (off > OFF).then(|| format!("{}: off by {off}", self.name))
    }

    /// The same reduced. Squares are of 8 pixels, which an eighth has one pixel of.
    fn problem_reduced(&self, reduction: u32, allowed: [f64; 2]) -> Option<String> {
        let Ok((pixels, reduction)) = self.decoded(reduction) else { return None };
        let columns = self.columns() / 2;
        let (means, found) = (self.means(), means(&pixels, 8 / reduction));
        let found_columns = pixels.width().div_ceil(8 / reduction);
        for row in 0..self.height / 8 {
            for column in 0..columns {
                let four = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(y, x)| {
                    means[((2 * row + y) * self.columns() + 2 * column + x) as usize]
                });
                let mean = [0, 1, 2].map(|c| four.iter().map(|rgb| rgb[c]).sum::<f64>() / 4.0);
                let own = found[(row * found_columns + column) as usize];
                let off = [(brightness(&own) - brightness(&mean)).abs(), largest(&own, &mean)];
                if off[0] > allowed[0] || off[1] > allowed[1] {
                    return Some(format!("{} at 1/{reduction}: off by {off:?}", self.name));
                }
            }
        }
        None
    }
}

fn largest(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

fn brightness([red, green, blue]: &[f64; 3]) -> f64 {
    0.299 * red + 0.587 * green + 0.114 * blue
}

/// The means of squares, of what there is of them at the edges.
fn means(pixels: &RgbImage, side: u32) -> Vec<[f64; 3]> {
    let (columns, rows) = (pixels.width().div_ceil(side), pixels.height().div_ceil(side));
    let mut sums = vec![([0.0; 3], 0.0); (columns * rows) as usize];
    for (x, y, pixel) in pixels.enumerate_pixels() {
        let (sum, number) = &mut sums[(y / side * columns + x / side) as usize];
        *number += 1.0;
        (0..3).for_each(|c| sum[c] += f64::from(pixel[c]));
    }
    sums.into_iter().map(|(sum, number)| sum.map(|sum| sum / number)).collect()
}

/// The entries of a file, and what is wrong with them at each size.
fn problems(path: &Path) -> (usize, Vec<String>) {
    let entries: Vec<Entry> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut problems: Vec<String> = entries.iter().filter_map(Entry::problem).collect();
    for (reduction, allowed) in OFF_REDUCED {
        let reduced = entries.iter().filter_map(|e| e.problem_reduced(reduction, allowed));
        problems.extend(reduced);
    }
    (entries.len(), problems)
}

#[test]
fn every_kind_of_jpeg_is_read_as_libjpeg_reads_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/jpegs.json");
    let (number, problems) = problems(&path);
    assert!(number > 150 && problems.is_empty(), "{number}: {problems:#?}");
}

/// The large grid, which `make jpegs` writes.
#[test]
#[ignore = "needs what `make jpegs` makes"]
fn thousands_of_kinds_are_read_as_libjpeg_reads_them() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/jpegs.json");
    let (number, problems) = problems(&path);
    println!("{number} JPEGs, at four sizes each");
    assert!(problems.is_empty(), "{}: {problems:#?}", problems.len());
}
