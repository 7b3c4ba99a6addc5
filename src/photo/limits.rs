//! The most that decoding one photo may cost, and the errors for photos that would cost more.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The most that decoding one photo may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The largest file, in bytes.
    pub bytes: u64,
    /// The largest side, in pixels.
    pub side: u32,
    /// The most pixels.
    pub pixels: u64,
    /// The most memory that decoding may take, in bytes, the file itself among it.
    pub memory: u64,
    /// The most pixels that a JPEG's scans may go over, all of them together.
    pub scanned: u64,
    /// The longest time that decoding may take. It is checked while bytes are read, so a JPEG that is not
    /// reduced, a lossy WebP and HEIC, whose bytes are all read first, are bounded only by the limits above.
    pub time: Duration,
}

impl Default for Limits {
    /// 256 MiB a file, 24,000 pixels a side, 128 megapixels, 440 MiB of memory, so that the whole
    /// program stays below 512 MB; 15 scans of the largest JPEG, for which a core
    /// needs some two seconds; 30 seconds, for slow machines and busy ones.
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            side: 24_000,
            pixels: 128_000_000,
            memory: 440 << 20,
            scanned: 2_000_000_000,
            time: Duration::from_secs(30),
        }
    }
}

/// The memory that a program takes for its models and their work, in bytes.
const MODELS: u64 = 180 << 20;

impl Limits {
    /// The same for a photo that is decoded where the models are in memory already.
    #[must_use]
    pub(crate) fn beside_models(self) -> Self {
        Self { memory: self.memory.saturating_sub(MODELS), ..self }
    }
}

/// Refuse dimensions beyond `limits`.
pub(super) fn check_size(path: &Path, width: u32, height: u32, limits: &Limits) -> Result<()> {
    if width.max(height) <= limits.side && u64::from(width) * u64::from(height) <= limits.pixels {
        return Ok(());
    }
    let limit = format!("{} megapixels, {} a side", limits.pixels / 1_000_000, limits.side);
    Err(too_large(path, &format!("{width}×{height} pixels"), limit))
}

pub(super) fn too_large(path: &Path, found: &str, limit: String) -> Error {
    Error::TooLarge { path: path.to_owned(), found: found.to_owned(), limit }
}

pub(super) fn too_much_memory(path: &Path, limits: &Limits) -> Error {
    too_large(path, "its pixels in memory", format!("{} MB", limits.memory >> 20))
}

pub(super) fn too_slow(path: &Path, limits: &Limits) -> Error {
    Error::TooSlow { path: path.to_owned(), limit: limits.time }
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageFormat};

    use super::*;
    use crate::photo::decode;
    use crate::photo::read::tests::{encoded, sample};

    #[test]
    fn sizes_beyond_the_limits_are_refused_before_decoding() {
        let small = Limits { side: 20, ..Limits::default() };
        let png = encoded(&sample(), ImageFormat::Png);
        let error = decode(Path::new("a.png"), &png, &small).unwrap_err().to_string();
        assert!(error.starts_with("a.png: too large (31×17 pixels"), "{error}");
    }

    /// A side that is too long and too many pixels are each refused, and the error gives the size found
    /// and the size allowed.
    #[test]
    fn the_limit_on_sides_and_the_one_on_pixels_hold_alone() {
        let limits = Limits { side: 3000, pixels: 4_000_000, ..Limits::default() };
        let check = |width, height| check_size(Path::new("a.png"), width, height, &limits);
        for (width, height) in [(3000, 1333), (1333, 3000), (2000, 2000), (1, 3000)] {
            assert!(check(width, height).is_ok(), "{width} {height}");
        }
        for (width, height) in [(3001, 1), (1, 3001), (2001, 2000), (2000, 2001)] {
            let error = check(width, height).unwrap_err().to_string();
            let expected = format!(
                "a.png: too large ({width}×{height} pixels; the limit is 4 megapixels, 3000 a side)"
            );
            assert!(error.starts_with(&expected), "{error}");
        }
    }

    #[test]
    fn pixels_beyond_the_memory_are_refused_with_the_limit() {
        let little = Limits { memory: 2 << 20, ..Limits::default() };
        let png = encoded(&DynamicImage::new_rgb8(1000, 1000), ImageFormat::Png);
        let error = decode(Path::new("a.png"), &png, &little).unwrap_err().to_string();
        assert!(error.contains("its pixels in memory; the limit is 2 MB"), "{error}");
        // The decoded pixels would fit, but not the copy that is made of them.
        let some = Limits { memory: 6 << 20, ..Limits::default() };
        let read = |image: &DynamicImage, format| {
            decode(Path::new("a.png"), &encoded(image, format), &some)
        };
        assert!(read(&DynamicImage::new_rgb8(1000, 1000), ImageFormat::Png).is_ok());
        assert!(read(&DynamicImage::new_rgba8(1000, 1000), ImageFormat::Png).is_ok());
        let gif = read(&DynamicImage::new_rgba8(1000, 1000), ImageFormat::Gif);
        let error = gif.unwrap_err().to_string();
        assert!(error.contains("its pixels in memory; the limit is 6 MB"), "{error}");
        // The file is in memory too, and as large as the pixels.
        let bmp = encoded(&DynamicImage::new_rgb8(1000, 1000), ImageFormat::Bmp);
        for (memory, fits) in [(5, false), (6, true)] {
            let limits = Limits { memory: memory << 20, ..Limits::default() };
            assert_eq!(decode(Path::new("a.bmp"), &bmp, &limits).is_ok(), fits, "{memory}");
        }
    }
}
