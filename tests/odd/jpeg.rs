//! Odd JPEGs of one photo, against the photo as a camera would have written it.

use image::{Rgb, RgbImage};
use sameface::Error;
use sameface::photo::{Limits, Photo, read};

use super::{data, odd};

const GREY: Rgb<u8> = Rgb([128; 3]);

fn original() -> RgbImage {
    read(&data().join("cage/enroll/Nic_Cage_100.jpg"), &Limits::default()).unwrap().pixels
}

/// How far the pixels of the first `rows` are off on average, in brightness or in each colour.
fn off(found: &RgbImage, expected: &RgbImage, rows: u32, grey: bool) -> f64 {
    let pairs = found.rows().zip(expected.rows()).take(rows as usize);
    let pixels = pairs.flat_map(|(a, b)| a.zip(b));
    let bright =
        |p: &Rgb<u8>| 0.299 * f64::from(p[0]) + 0.587 * f64::from(p[1]) + 0.114 * f64::from(p[2]);
    let apart = pixels.map(|(a, b)| {
        if grey {
            return (bright(a) - bright(b)).abs();
        }
        (0..3).map(|c| f64::from(a[c].abs_diff(b[c]))).sum::<f64>() / 3.0
    });
    apart.sum::<f64>() / f64::from(rows * found.width())
}

#[test]
fn every_kind_of_jpeg_shows_the_same_photo() {
    let Some(folder) = odd("jpeg") else { return };
    let original = original();
    let mut number = 0;
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("cut_") {
            continue;
        }
        let photo = read(&file, &Limits::default()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            (photo.pixels.dimensions(), photo.missing),
            (original.dimensions(), None),
            "{name}"
        );
        let off = off(&photo.pixels, &original, original.height(), name == "lossless.jpg");
        assert!(off < 4.0, "{name}: {off}");
        number += 1;
    }
    assert!(number >= 15, "{number}");
}

/// The part that is there is shown, the rest is grey, and nothing is made up.
#[test]
fn what_is_cut_off_is_said_and_grey() {
    let Some(folder) = odd("jpeg") else { return };
    let original = original();
    for (name, shares) in [("cut_50.jpg", 40..60), ("cut_20.jpg", 70..90)] {
        let Photo { pixels, missing, .. } = read(&folder.join(name), &Limits::default()).unwrap();
        let missing = missing.unwrap();
        assert!(shares.contains(&missing), "{name}: {missing}");
        let grey = pixels.rows().rev().take_while(|row| row.clone().all(|p| *p == GREY)).count();
        assert_eq!(grey as u32 * 100 / original.height(), u32::from(missing), "{name}");
        let known = original.height() - grey as u32;
        let off = off(&pixels, &original, known, false);
        assert!(off < 4.0, "{name}: {off}");
    }
}

#[test]
fn a_file_that_is_cut_off_before_its_pixels_is_damaged() {
    let Some(folder) = odd("jpeg") else { return };
    let jpeg = std::fs::read(folder.join("seq3_2x2.jpg")).unwrap();
    let part = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(part.path(), &jpeg[..400]).unwrap();
    let error = read(part.path(), &Limits::default()).unwrap_err();
    assert!(matches!(error, Error::DamagedPhoto { .. }) && error.to_string().contains("cut off"));
}
