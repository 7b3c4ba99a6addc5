//! How far a file's pixels are from those of the photo that it was made of.

use std::path::{Path, PathBuf};

use image::RgbImage;
use sameface::photo::{Limits, read};

/// A file of the odd ones; `None`, after saying so, if they are not there.
pub fn odd(name: &str) -> Option<PathBuf> {
    let (folder, name) = name.split_once('/')?;
    Some(crate::odd(folder)?.join(name))
}

/// The pixels of a file, upright.
pub fn pixels(path: &Path) -> RgbImage {
    read(path, &Limits::default()).unwrap_or_else(|error| panic!("{error}")).pixels
}

/// The photo that the files are made of.
pub fn photo() -> RgbImage {
    pixels(&crate::data().join("cage/enroll/Nic_Cage_100.jpg"))
}

/// The mean difference of two pictures' values, of 255.
pub fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let all: u64 = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    all as f64 / a.as_raw().len() as f64
}

/// Each file's pixels differ from the photo's by no more than it says. Without loss they do by less than
/// 0.1, for another decoder read the JPEG that they were made of.
pub fn assert_same(files: &[(&str, f64)]) {
    for (name, most) in files {
        let Some(path) = odd(name) else { return };
        let off = difference(&pixels(&path), &photo());
        assert!(off <= *most, "{name}: {off}");
    }
}
