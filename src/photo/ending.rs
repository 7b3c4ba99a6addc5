//! Whether a file ends before its format says that it ends: it is then cut off, whatever its decoder says.
//! JPEG is treated separately (`formats::jpeg`), because the part that is there can be read.

use super::format::Format;

/// Whether a file of this format is cut off, judged by its outermost layer alone.
pub(super) fn is_cut_off(format: Format, bytes: &[u8]) -> bool {
    let little = |at: usize| -> Option<u64> {
        let number = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_le_bytes(number)))
    };
    let length = bytes.len() as u64;
    match format {
        Format::Png => !png_ends(bytes),
        Format::Gif => bytes.iter().rev().find(|byte| **byte != 0) != Some(&b';'),
        Format::WebP => little(4).is_none_or(|size| size.saturating_add(8) > length),
        Format::Bmp => little(2).is_none_or(|size| size > length),
        Format::Heic | Format::Avif => !boxes_end(bytes),
        Format::Jpeg | Format::Tiff | Format::Raw | Format::Jxl => false,
    }
}

/// Whether a PNG's chunks come to the last one.
fn png_ends(bytes: &[u8]) -> bool {
    let mut at = 8;
    while let Some((length, kind)) = bytes.get(at..at + 8).and_then(<[u8]>::split_first_chunk) {
        if kind == b"IEND" {
            return true;
        }
        // Its length, its kind and its checksum are beside its content.
        at = at.saturating_add(u32::from_be_bytes(*length) as usize).saturating_add(12);
    }
    false
}

/// Whether the outermost boxes of a HEIC or AVIF file end within it.
fn boxes_end(bytes: &[u8]) -> bool {
    let mut at = 0_usize;
    while at < bytes.len() {
        let Some(length) = bytes.get(at..).and_then(<[u8]>::first_chunk) else { return false };
        at = match u32::from_be_bytes(*length) {
            // Up to the end of the file, and with a length of eight bytes.
            0 => return true,
            1 => match bytes.get(at + 8..).and_then(<[u8]>::first_chunk) {
                Some(long) => match usize::try_from(u64::from_be_bytes(*long)) {
                    Ok(long) if long >= 16 => at.saturating_add(long),
                    _ => return true,
                },
                None => return false,
            },
            short => at.saturating_add((short as usize).max(8)),
        };
    }
    at == bytes.len()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use image::ImageFormat;

    use super::*;
    use crate::photo::read::tests::{encoded, sample};
    use crate::photo::{Limits, decode};

    #[test]
    fn a_file_that_ends_early_is_said_to_be_cut_off() {
        for (format, image) in [
            (Format::Png, ImageFormat::Png),
            (Format::Gif, ImageFormat::Gif),
            (Format::WebP, ImageFormat::WebP),
            (Format::Bmp, ImageFormat::Bmp),
        ] {
            let file = encoded(&sample(), image);
            assert!(!is_cut_off(format, &file), "{format:?}");
            for part in [file.len() / 2, file.len() * 3 / 4] {
                assert!(is_cut_off(format, &file[..part]), "{format:?}");
                // A PNG's rows are shown as far as they came.
                if format != Format::Png {
                    let error = decode(Path::new("a"), &file[..part], &Limits::default()).err();
                    let said = error.map(|error| error.to_string()).unwrap_or_default();
                    assert!(said.starts_with("a: damaged photo (the file is cut off)"), "{said}");
                }
            }
        }
    }

    #[test]
    fn boxes_end_with_their_file() {
        let file = *b"\0\0\0\x0cftypheic\0\0\0\x01mdat\0\0\0\0\0\0\0\x12..";
        assert!(!is_cut_off(Format::Heic, &file));
        for end in 1..file.len() {
            assert_eq!(is_cut_off(Format::Heic, &file[..end]), end != 12, "{end}");
        }
    }
}
