//! The memory that a photo takes while it is decoded, worked out from its file's heads: the decoders
//! themselves count little of it.

use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageFormat};

use super::scans::Scans;

/// The most that a file's head may take, such as a compressed colour profile, in bytes.
pub(super) const HEAD: u64 = 16 << 20;

/// The bytes that are held at a time, at most: the decoded pixels, and beside them what the decoder
/// holds, then the same pixels turned, then the same as RGB.
pub(super) fn held_at_most(
    decoder: &impl ImageDecoder,
    orientation: Orientation,
    beside: u64,
) -> u64 {
    let (width, height) = decoder.dimensions();
    let decoded = decoder.total_bytes();
    let turned = match orientation {
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => 0,
        _ => decoded,
    };
    let converted = match decoder.color_type() {
        ColorType::Rgb8 => 0,
        // Alpha is taken out of 8 bits a channel.
        ColorType::La8 => 5,
        ColorType::La16 | ColorType::Rgba16 | ColorType::Rgba32F => 4,
        _ => 3,
    };
    let converted = u64::from(width) * u64::from(height) * converted;
    decoded.saturating_add(turned.max(converted).max(beside))
}

/// What the decoder of `format` holds beside the pixels that it gives. (TIFF's counts its own copy of
/// them itself.)
pub(super) fn beside(
    format: ImageFormat,
    bytes: &[u8],
    scans: Scans,
    decoder: &impl ImageDecoder,
) -> u64 {
    match format {
        // A copy of the file, and coefficients.
        ImageFormat::Jpeg => scans.coefficients.saturating_add(bytes.len() as u64),
        ImageFormat::Tiff => scans.coefficients,
        ImageFormat::WebP => beside_webp(bytes, decoder),
        _ => 0,
    }
}

/// Brightness and colours of a lossy WebP, at a half of both sides; RGBA of a lossless one, in place
/// where that is what it gives, and what its transforms need; alpha, which is lossless itself; a
/// frame, and the canvas that it is laid on.
fn beside_webp(bytes: &[u8], decoder: &impl ImageDecoder) -> u64 {
    let (width, height) = decoder.dimensions();
    let has = |kind: &[u8; 4]| webp_chunks(bytes).any(|found| found == kind);
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
fn webp_chunks(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
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
    use crate::photo::read::tests::{encoded, sample};

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
            beside(ImageFormat::WebP, &file, Scans::default(), &decoder)
        };
        assert_eq!(takes(&[b"VP8 "]), 1500);
        assert_eq!(takes(&[b"VP8X", b"ALPH", b"VP8 "]), 6500);
        assert_eq!(takes(&[b"VP8X", b"VP8 ", b"VP8L"]), 5000, "whichever is decoded");
        assert_eq!(takes(&[b"VP8X", b"ANIM", b"ANMF"]), 9000);
        assert_eq!(beside(ImageFormat::WebP, &webp, Scans::default(), &decoder), 5000);
    }

    #[test]
    fn a_jpeg_takes_its_coefficients_and_its_file_too() {
        let scans = Scans { number: 9, pixels: 31 * 17, coefficients: 5000 };
        let jpeg = encoded(&sample(), ImageFormat::Jpeg);
        let reader = ImageReader::with_format(Cursor::new(&jpeg), ImageFormat::Jpeg);
        let decoder = reader.into_decoder().unwrap();
        let beside = beside(ImageFormat::Jpeg, &jpeg, scans, &decoder);
        assert_eq!(beside, 5000 + jpeg.len() as u64);
        let upright = Orientation::NoTransforms;
        assert_eq!(held_at_most(&decoder, upright, beside), 31 * 17 * 3 + beside);
        assert_eq!(held_at_most(&decoder, upright, 0), 31 * 17 * 3);
        assert_eq!(held_at_most(&decoder, Orientation::Rotate90, 0), 31 * 17 * 6);
    }
}
