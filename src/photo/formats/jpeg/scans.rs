//! What a JPEG's segments tell of the work that it is. A progressive one goes over its pixels once a
//! scan, a scan that changes nothing is a hundred bytes, and nothing in the format limits their
//! number.

use memchr::memchr;

use crate::error::Result;
use crate::photo::limits::too_large;
use crate::photo::task::Task;

/// What decoding a JPEG takes, beside its pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scans {
    /// How often it goes over the pixels.
    pub number: u64,
    /// The pixels.
    pub pixels: u64,
    /// The bytes of the coefficients that are held until the last scan is read: those of all pixels
    /// where a scan does not bring all there is of them, none otherwise.
    pub coefficients: u64,
}

/// The scans of a JPEG, as far as its segments can be followed.
pub fn scans(bytes: &[u8]) -> Scans {
    const SCAN: u8 = 0xDA;
    const END: u8 = 0xD9;
    const PROGRESSIVE: u8 = 0xC2;
    let (mut at, mut number) = (2, 0);
    let (mut frame, mut in_parts) = (Frame::default(), false);
    while let Some(kind) = marker(bytes, &mut at) {
        match kind {
            END => break,
            // Restarts and others that have no length.
            0x01 | 0xD0..=0xD8 => continue,
            _ => {}
        }
        let Some(length) = bytes.get(at..at + 2) else { break };
        let length = usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
        let segment = bytes.get(at + 2..at + length).unwrap_or_default();
        match kind {
            SCAN => {
                number += 1;
                in_parts |= segment.first().is_some_and(|some| *some < frame.components);
            }
            0xC0..=PROGRESSIVE => {
                frame = frame.or_larger(segment);
                in_parts |= kind == PROGRESSIVE;
            }
            _ => {}
        }
        at += length;
    }
    Scans {
        number,
        pixels: frame.pixels,
        coefficients: if in_parts { frame.coefficients } else { 0 },
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

/// What a JPEG's frame header tells, or several of them.
#[derive(Default)]
struct Frame {
    components: u8,
    pixels: u64,
    /// The bytes of all coefficients, two for each: a component has as many as it has pixels, in
    /// whole blocks.
    coefficients: u64,
}

impl Frame {
    fn or_larger(&self, segment: &[u8]) -> Self {
        let [_, h0, h1, w0, w1, number, components @ ..] = segment else { return Self::default() };
        let [width, height] =
            [[*w0, *w1], [*h0, *h1]].map(|side| u64::from(u16::from_be_bytes(side)));
        let sampling = components.chunks_exact(3).map(|component| component[1]);
        let sampling: Vec<_> = sampling.map(|both| [both >> 4, both & 15].map(u64::from)).collect();
        let most = |side: usize| sampling.iter().map(|both| both[side]).max().unwrap_or(0).max(1);
        let groups = width.div_ceil(8 * most(0)) * height.div_ceil(8 * most(1));
        let blocks = groups * sampling.iter().map(|[across, down]| across * down).sum::<u64>();
        Self {
            components: self.components.max(*number),
            pixels: self.pixels.max(width * height),
            coefficients: self.coefficients.max(2 * 64 * blocks),
        }
    }
}

/// The next marker from `at` on, which then lies behind it; what is between, a scan's data or
/// rubbish, is passed over, as decoders do.
fn marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let first = *at + memchr(0xFF, bytes.get(*at..)?)?;
        let kind = *bytes.get(first + 1)?;
        // In a scan's data, 0xFF is followed by 0; before a marker it may be repeated.
        let found = kind != 0 && kind != 0xFF;
        *at = first + if found { 2 } else { 1 };
        if found {
            return Some(kind);
        }
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
