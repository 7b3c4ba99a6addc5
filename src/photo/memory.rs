//! The memory that a photo takes while it is decoded, computed from its file's headers: the decoders
//! themselves count only a small part of it.

use image::metadata::Orientation;
use image::{ColorType, ImageDecoder};

/// The most memory that a file's header may take, in bytes.
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, ImageReader};

    use super::*;
    use crate::photo::read::tests::{encoded, sample};

    #[test]
    fn what_is_turned_and_what_the_decoder_holds_counts() {
        let jpeg = encoded(&sample(), ImageFormat::Jpeg);
        let reader = ImageReader::with_format(Cursor::new(&jpeg), ImageFormat::Jpeg);
        let decoder = reader.into_decoder().unwrap();
        let upright = Orientation::NoTransforms;
        assert_eq!(held_at_most(&decoder, upright, 5000), 31 * 17 * 3 + 5000);
        assert_eq!(held_at_most(&decoder, upright, 0), 31 * 17 * 3);
        assert_eq!(held_at_most(&decoder, Orientation::Rotate90, 0), 31 * 17 * 6);
    }
}
