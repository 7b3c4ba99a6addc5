//! How much work a JPEG's scans are. A progressive JPEG goes over its pixels once per scan, a scan that
//! changes nothing takes a hundred bytes, and the format does not limit the number of scans.

use super::heads::Heads;
use crate::error::Result;
use crate::photo::limits::too_large;
use crate::photo::task::Task;

/// The cost of decoding a JPEG, besides its pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scans {
    /// The number of passes over the pixels.
    pub number: u64,
    /// The pixels.
    pub pixels: u64,
    /// The bytes of the coefficients that are kept until the last scan is read: those of all pixels if any
    /// scan has only a part of them, otherwise none.
    pub coefficients: u64,
}

/// The scans of a JPEG, as far as its segments can be followed.
pub fn scans(bytes: &[u8]) -> Scans {
    Heads::of(bytes).into()
}

impl From<Heads> for Scans {
    fn from(heads: Heads) -> Self {
        let Heads { scans, pixels, coefficients, .. } = heads;
        let held = heads.in_parts || heads.frame.is_progressive();
        Self { number: scans, pixels, coefficients: if held { coefficients } else { 0 } }
    }
}

impl Scans {
    /// Refuse a photo of `pixels` whose scans go over them more often than the limits allow.
    pub fn check(self, task: &Task, pixels: u64) -> Result<()> {
        if self.number.saturating_mul(pixels) <= task.limits.scanned {
            return Ok(());
        }
        let found = format!("{} scans of {} megapixels", self.number, pixels.div_ceil(1_000_000));
        let limit = format!("{} megapixels in all", task.limits.scanned / 1_000_000);
        Err(too_large(task.path, &found, limit))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use image::{DynamicImage, ImageFormat};

    use super::*;
    use crate::photo::read::tests::{encoded, sample};
    use crate::photo::{Limits, decode};

    /// A JPEG, and where its scan begins.
    fn jpeg() -> (Vec<u8>, usize) {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let image = DynamicImage::new_rgb8(64, 48);
        image.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        let bytes = bytes.into_inner();
        let scan = bytes.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
        (bytes, scan)
    }

    #[test]
    fn scans_are_counted_and_what_only_looks_like_one_is_not() {
        let (mut jpeg, scan) = jpeg();
        assert_eq!(scans(&jpeg), Scans { number: 1, pixels: 64 * 48, coefficients: 0 });
        let again = jpeg[scan..jpeg.len() - 2].to_vec();
        jpeg.truncate(jpeg.len() - 2);
        for _ in 0..41 {
            jpeg.extend(&again);
        }
        // A thumbnail's scan, in a segment of EXIF.
        let thumbnail = [0xFF, 0xE1, 0, 6, 0xFF, 0xDA, 0xFF, 0xDA];
        jpeg.splice(2..2, thumbnail);
        assert_eq!(scans(&jpeg).number, 42);
        jpeg.extend([0xFF, 0xD9]);
        jpeg.extend(&again);
        assert_eq!(scans(&jpeg).number, 42, "behind its end there may be another picture");
    }

    #[test]
    fn coefficients_are_held_where_a_scan_does_not_bring_all_there_is() {
        let (mut jpeg, scan) = jpeg();
        let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        let held = |jpeg: &[u8]| scans(jpeg).coefficients;
        // 64 × 48 pixels, the colours at half of both sides.
        jpeg[frame + 11] = 0x22;
        assert_eq!(held(&jpeg), 0);
        jpeg[frame + 1] = 0xC2;
        assert_eq!(held(&jpeg), 2 * 64 * 48 * 3 / 2);
        // A pixel more is a group of four blocks and two for the colours more, in every row.
        jpeg[frame + 8] += 1;
        assert_eq!(held(&jpeg), 2 * 80 * 48 * 3 / 2);
        // One component in its first scan.
        jpeg[frame + 1] = 0xC0;
        jpeg[scan + 4] = 1;
        assert_eq!(held(&jpeg), 2 * 80 * 48 * 3 / 2);
    }

    #[test]
    fn any_bytes_come_to_an_end() {
        let (jpeg, _) = jpeg();
        for end in 0..jpeg.len() {
            scans(&jpeg[..end]);
        }
        for bytes in [&[][..], &[0xFF; 9], &[0xFF, 0xD8, 0xFF, 0xE1, 0, 0], &[0; 9]] {
            assert_eq!(scans(bytes), Scans::default());
        }
    }

    #[test]
    fn scans_without_end_are_refused_before_decoding() {
        let few = Limits { scanned: 31 * 17 * 3, ..Limits::default() };
        let mut jpeg = encoded(&sample(), ImageFormat::Jpeg);
        assert!(decode(Path::new("a.jpg"), &jpeg, &few).is_ok());
        let scan = jpeg.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
        let again = jpeg[scan..jpeg.len() - 2].repeat(3);
        jpeg.splice(scan..scan, again);
        let error = decode(Path::new("a.jpg"), &jpeg, &few).unwrap_err().to_string();
        assert!(error.starts_with("a.jpg: too large (4 scans of 1 megapixels"), "{error}");
    }
}
