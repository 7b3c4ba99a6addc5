//! The photos that the tests show to the program: one of a face, one without, and bad ones.

use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

pub fn astronaut() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/astronaut.png")
}

/// A tiny picture of `tests/data/photos`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/photos").join(name)
}

/// A picture without a face.
pub fn scene() -> Vec<u8> {
    let pixels = RgbImage::from_fn(200, 150, |x, y| Rgb([(x / 2) as u8, y as u8, 180]));
    encoded(pixels, ImageFormat::Jpeg)
}

pub fn encoded(pixels: RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The first bytes of a PNG that says it is of 30,000 × 30,000 pixels.
pub fn huge_png() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend(30_000u32.to_be_bytes());
    png.extend(30_000u32.to_be_bytes());
    // 8 bits, RGB; the checksum is that of these bytes.
    png.extend([8, 2, 0, 0, 0, 0xE9, 0x45, 0x6F, 0xED]);
    png.extend(b"\0\0\0\0IDAT\x35\xAF\x06\x1E");
    png
}
