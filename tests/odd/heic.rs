//! HEIC and AVIF as phones and other programs write them. What is expected is what libheif 1.23.6 makes of
//! them (pillow-heif 1.8.1): the means of the four quarters, over white.

use std::path::Path;

use image::RgbImage;
use sameface::Error;
use sameface::photo::{Limits, Photo, read};

use crate::skipped::skipped;

type Means = [[f64; 3]; 4];

const PHOTOS: [(&str, (u32, u32), Means); 12] = [
    (
        "RGBA_12__128x128.heif",
        (128, 128),
        [
            [110.5, 106.1, 206.9],
            [206.6, 106.1, 110.7],
            [206.7, 233.8, 238.9],
            [238.8, 233.8, 206.7],
        ],
    ),
    (
        "RGB_10__128x128.heif",
        (128, 128),
        [[62.7, 63.7, 191.1], [190.7, 63.6, 63.0], [62.7, 191.6, 191.0], [190.7, 191.6, 63.0]],
    ),
    (
        "RGB_8_chroma444.heif",
        (29, 100),
        [[58.8, 62.7, 195.3], [190.7, 62.7, 63.3], [58.8, 191.4, 195.3], [190.7, 191.4, 63.4]],
    ),
    (
        "arrow.heic",
        (3024, 4032),
        [
            [158.8, 155.4, 150.3],
            [166.6, 161.8, 156.1],
            [160.5, 157.2, 154.7],
            [166.8, 162.1, 159.0],
        ],
    ),
    (
        "aux_YCbCr.heic",
        (4000, 1848),
        [
            [132.8, 129.0, 106.5],
            [132.1, 132.7, 135.0],
            [137.7, 133.2, 110.9],
            [128.7, 127.4, 122.8],
        ],
    ),
    (
        "empty_icc.heic",
        (1025, 900),
        [[81.2, 86.7, 85.1], [90.2, 104.3, 108.7], [97.4, 93.5, 87.3], [133.0, 144.2, 152.0]],
    ),
    (
        "example.avif",
        (800, 533),
        [[98.3, 101.3, 67.7], [192.6, 197.7, 195.3], [92.2, 93.2, 71.9], [102.8, 102.4, 75.5]],
    ),
    (
        "example.heic",
        (1280, 854),
        [[155.1, 174.1, 194.4], [139.5, 155.4, 165.6], [78.2, 73.1, 58.0], [118.0, 103.4, 66.4]],
    ),
    (
        "pug.heic",
        (4032, 3024),
        [
            [198.8, 196.3, 188.3],
            [197.9, 195.9, 191.6],
            [137.5, 133.5, 127.7],
            [117.2, 111.9, 105.1],
        ],
    ),
    (
        "truncated.heic",
        (16, 16),
        [[126.5, 12.0, 126.5], [126.5, 12.0, 126.5], [126.5, 12.0, 126.5], [126.5, 12.0, 126.5]],
    ),
    (
        "with-alpha-512x512.heic",
        (512, 512),
        [
            [254.7, 254.7, 254.7],
            [241.5, 215.4, 215.5],
            [242.3, 217.9, 218.2],
            [254.7, 254.6, 254.6],
        ],
    ),
    (
        "xiaomi.heic",
        (2592, 1944),
        [
            [124.1, 135.3, 141.0],
            [209.9, 222.0, 226.9],
            [189.7, 202.9, 207.2],
            [208.1, 219.8, 224.1],
        ],
    ),
];

fn decoded(name: &str) -> Option<sameface::Result<Photo>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/odd/heic").join(name);
    if !path.is_file() {
        skipped("there are no odd HEIC files at ../shared/data/odd");
        return None;
    }
    Some(read(&path, &Limits::default()))
}

/// The means of the quarters, from the left and from above.
fn means(pixels: &RgbImage) -> Means {
    let (width, height) = (pixels.width() / 2, pixels.height() / 2);
    [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(right, below)| {
        let mut sums = [0.0; 4];
        for (x, y, pixel) in pixels.enumerate_pixels() {
            if (x >= width) == (right == 1) && (y >= height) == (below == 1) {
                for channel in 0..3 {
                    sums[channel] += f64::from(pixel[channel]);
                }
                sums[3] += 1.0;
            }
        }
        [0, 1, 2].map(|channel| sums[channel] / sums[3])
    })
}

#[test]
fn pixels_are_those_of_libheif() {
    for (name, size, expected) in PHOTOS {
        let Some(photo) = decoded(name) else { return };
        let photo = photo.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(photo.pixels.dimensions(), size, "{name}");
        assert_eq!(photo.missing, (name == "truncated.heic").then_some(0), "{name}");
        for (found, expected) in
            means(&photo.pixels).iter().flatten().zip(expected.iter().flatten())
        {
            // Deep ones are rounded otherwise, and Pillow smooths the colours of AVIF.
            assert!((found - expected).abs() < 1.0, "{name}: {found} instead of {expected}");
        }
    }
}

#[test]
fn what_is_damaged_or_beyond_the_limits_is_refused_in_a_line() {
    let Some(photo) = decoded("corrupted.heic") else { return };
    let error = photo.unwrap_err();
    assert!(matches!(error, Error::DamagedPhoto { .. }), "{error}");
    assert!(error.to_string().contains("damaged photo ("), "{error}");
    let error = decoded("200MP.heic").unwrap().unwrap_err();
    assert!(
        error.to_string().contains("too large (12240×16320 pixels; the limit is 128"),
        "{error}"
    );
}
