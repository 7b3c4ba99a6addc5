//! TIFF.

use crate::same::{assert_same, difference, odd, photo, pixels};

#[test]
fn kinds_of_tiff_show_the_photo() {
    assert_same(&[("tiff/bigtiff.tif", 0.1), ("tiff/lab.tif", 2.0), ("tiff/palette.tif", 6.0)]);
}

#[test]
fn grey_with_alpha_is_grey() {
    let Some(path) = odd("tiff/la.tif") else { return };
    let grey = image::DynamicImage::from(photo()).into_luma8();
    let grey = image::DynamicImage::from(grey).into_rgb8();
    assert!(difference(&pixels(&path), &grey) < 2.0);
}

#[test]
fn the_largest_picture_counts_wherever_it_stands() {
    assert_same(&[("tiff/thumb_first.tif", 0.1), ("tiff/thumb_first_subifd.tif", 0.1)]);
}
