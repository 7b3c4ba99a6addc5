//! WebP: its memory is told by its chunks, its turn is read within limits.

use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat};

use super::by_image;
use crate::error::Result;
use crate::photo::reduced::Reduced;
use crate::photo::task::Task;

/// Whether any of its pixels are compressed without loss: what tables those take is told by the pixels
/// alone.
pub fn is_lossless(bytes: &[u8]) -> bool {
    chunks(bytes).any(|kind| matches!(kind, b"VP8L" | b"ALPH" | b"ANMF"))
}

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    let decoder = by_image::open(task, ImageFormat::WebP)?;
    let beside = beside(task.bytes, &decoder);
    by_image::finish(task, ImageFormat::WebP, decoder, orientation(task), beside)
}

/// How a WebP file says that it is to be turned. `image` would take all the memory that its EXIF block
/// claims to fill, up to 4 GB.
fn orientation(task: &Task) -> Option<Orientation> {
    let mut decoder = image_webp::WebPDecoder::new(task.timed()).ok()?;
    decoder.set_memory_limit(task.bytes.len());
    Orientation::from_exif_chunk(&decoder.exif_metadata().ok()??)
}

/// Brightness and colours of a lossy WebP, at a half of both sides; RGBA of a lossless one, in place
/// where that is what it gives, and what its transforms need; alpha, which is lossless itself; a
/// frame, and the canvas that it is laid on.
fn beside(bytes: &[u8], decoder: &impl ImageDecoder) -> u64 {
    let (width, height) = decoder.dimensions();
    let has = |kind: &[u8; 4]| chunks(bytes).any(|found| found == kind);
    let half_bytes_a_pixel = if has(b"ANMF") {
        18
    } else if has(b"VP8L") {
        if decoder.color_type().has_alpha() { 2 } else { 10 }
    } else if has(b"ALPH") {
        13
    } else {
        3
    };
    u64::from(width) * u64::from(height) * half_bytes_a_pixel / 2
}

/// The kinds of a WebP file's chunks.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 12;
    std::iter::from_fn(move || {
        let (kind, length) = bytes.get(at..at + 8)?.split_at(4);
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        at = at.checked_add(8 + length)?.checked_next_multiple_of(2)?;
        Some(kind)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageReader};

    use super::*;
    use crate::photo::read::tests::encoded;

    #[test]
    fn what_a_webp_takes_is_told_by_its_chunks() {
        let webp = encoded(&DynamicImage::new_rgb8(100, 10), ImageFormat::WebP);
        let decoder = ImageReader::with_format(Cursor::new(&webp), ImageFormat::WebP);
        let decoder = decoder.into_decoder().unwrap();
        let takes = |kinds: &[&[u8; 4]]| {
            let mut file = b"RIFF    WEBP".to_vec();
            for kind in kinds {
                // One byte, and one that fills up to an even number.
                file.extend(kind.iter().chain(&[1, 0, 0, 0, 7, 0]));
            }
            beside(&file, &decoder)
        };
        assert_eq!(takes(&[b"VP8 "]), 1500);
        assert_eq!(takes(&[b"VP8X", b"ALPH", b"VP8 "]), 6500);
        assert_eq!(takes(&[b"VP8X", b"VP8 ", b"VP8L"]), 5000, "whichever is decoded");
        assert_eq!(takes(&[b"VP8X", b"ANIM", b"ANMF"]), 9000);
        assert_eq!(beside(&webp, &decoder), 5000);
    }
}
