//! PNG.

use image::{Rgb, RgbImage, imageops};

use sameface::photo::{Limits, read};

use crate::same::{assert_same, difference, odd, photo, pixels};

#[test]
fn exif_behind_the_pixels_turns_the_photo() {
    assert_same(&[("png/png_eXIf_after_idat_6.png", 0.1)]);
}

#[test]
fn a_palette_with_transparency_shows_the_photo_on_white() {
    let Some(path) = odd("png/P_trns.png") else { return };
    let (found, photo) = (pixels(&path), photo());
    assert_eq!(found.dimensions(), photo.dimensions());
    // What is clear is white; the rest is the photo in 256 colours.
    let seen = found.pixels().zip(photo.pixels()).filter(|(found, _)| **found != Rgb([255; 3]));
    let off = seen.map(|(a, b)| (0..3).map(|c| f64::from(a[c].abs_diff(b[c]))).sum::<f64>() / 3.0);
    let off: Vec<_> = off.collect();
    let mean = off.iter().sum::<f64>() / off.len() as f64;
    assert!(off.len() > 100_000 && mean < 8.0, "{} {mean}", off.len());
}

#[test]
fn what_is_cut_out_stands_on_white() {
    let Some(path) = odd("png/cutout.png") else { return };
    let (found, photo) = (pixels(&path), photo());
    // A part of the picture that is there, and one that is not.
    let part = |image: &RgbImage, x, y| imageops::crop_imm(image, x, y, 60, 60).to_image();
    let off = difference(&part(&found, 400, 200), &part(&photo, 400, 200));
    assert!(off < 0.3, "{off}");
    assert_eq!(part(&found, 300, 700), RgbImage::from_pixel(60, 60, Rgb([255; 3])));
}

#[test]
fn a_cut_file_shows_what_came_and_says_how_much_is_missing() {
    let Some(path) = odd("png/cut_80.png") else { return };
    let found = read(&path, &Limits::default()).unwrap();
    let photo = photo();
    let missing = found.missing.unwrap();
    assert!((10..=30).contains(&missing), "{missing}");
    let height = photo.height();
    let above = |image: &RgbImage| imageops::crop_imm(image, 0, 0, 400, height / 2).to_image();
    assert!(difference(&above(&found.pixels), &above(&photo)) < 0.3);
    assert_eq!(found.pixels.get_pixel(9, height - 1), &Rgb([128; 3]));
}
