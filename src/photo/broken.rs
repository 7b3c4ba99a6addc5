//! The errors for photos that their decoder cannot read.

use std::path::Path;

use super::format::Format;
use super::kind::what_it_is;
use crate::error::{Error, one_line};

/// The remedy for a photo of a kind that cannot be read.
pub(super) const REMEDY: &str =
    "convert it to JPEG or PNG first, for example with `magick IN OUT.png`";

/// Parts of decoders' messages, in lower case, and what they mean for the user. The first match counts.
const REASONS: [(&[&str], &str); 5] = [
    (
        &[
            "unexpected end",
            "end of file",
            "eof",
            "fill whole buffer",
            "truncated",
            "cut off",
            "not enough",
            "missing",
            "exhausted",
            "more data",
            "too short",
            "insufficient",
            "no image",
        ],
        "the file is cut off",
    ),
    (&["crc", "checksum", "adler"], "a checksum is wrong"),
    (
        &[
            "deflate",
            "inflate",
            "huffman",
            "lzw",
            "compress",
            "zlib",
            "bitstream",
            "entropy",
            "distance",
            "symbol",
            "prefix code",
            "restart marker",
        ],
        "its compressed pixels are broken",
    ),
    (
        &[
            "header",
            "signature",
            "dimension",
            "size",
            "ihdr",
            "palette",
            "chunk",
            "marker",
            "tag",
            "segment",
            "box",
            "frame",
            "ifd",
            "offset",
            "quantization",
            "component",
            "depth",
            "color",
            "colour",
        ],
        "its header is not valid",
    ),
    (&[""], "its content is not valid"),
];

/// A photo that its decoder cannot read, and why in plain words: decoders' messages are for programmers.
pub(super) fn damaged(path: &Path, reason: &dyn std::fmt::Display) -> Error {
    Error::DamagedPhoto { path: path.to_owned(), reason: in_words(&reason.to_string()).to_owned() }
}

fn in_words(message: &str) -> &'static str {
    let said = one_line(message).to_lowercase();
    let known = REASONS.iter().find(|(parts, _)| parts.iter().any(|part| said.contains(part)));
    known.map_or("its content is not valid", |(_, meaning)| meaning)
}

/// The error that a file of these bytes is not a photo, and what it is; `None` if it is a photo, even a
/// damaged one.
#[must_use]
pub fn not_a_photo(path: &Path, bytes: &[u8]) -> Option<Error> {
    let error = || Error::NotAPhoto { path: path.to_owned(), what: what_it_is(path, bytes) };
    Format::of(bytes).is_none().then(error)
}

/// A rare kind of a format whose other kinds are supported.
pub(super) fn unsupported(path: &Path, format: &str) -> Error {
    Error::UnsupportedFormat {
        path: path.to_owned(),
        format: format!("this kind of {format}"),
        remedy: REMEDY,
    }
}

#[cfg(test)]
mod tests {
    use image::ImageFormat;

    use super::*;
    use crate::photo::read::tests::{encoded, sample};
    use crate::photo::{Limits, decode};

    #[test]
    fn what_a_decoder_says_is_said_in_words() {
        for (message, said) in [
            (
                "Format error decoding Png: CRC error: expected 0x1 have 0x2 while decoding ChunkType { type: IDAT }",
                "a checksum is wrong",
            ),
            ("failed to fill whole buffer", "the file is cut off"),
            ("Corrupt deflate stream. DistanceTooFarBack", "its compressed pixels are broken"),
            (
                "ChunkType { type: IDAT, critical: true } appeared before IHDR chunk",
                "its header is not valid",
            ),
            ("WeirdError(Some(3))", "its content is not valid"),
        ] {
            assert_eq!(in_words(message), said);
        }
    }

    /// Every byte of a small file of each format is spoilt, and the file is cut everywhere: whatever
    /// decoders say, it is one of the few lines above.
    #[test]
    fn no_message_shows_the_inside_of_a_decoder() {
        use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
        let mut damaged = 0;
        for format in [Png, Gif, WebP, Bmp, Tiff, Jpeg] {
            let whole = encoded(&sample(), format);
            for at in 0..whole.len() {
                let mut spoilt = whole.clone();
                spoilt[at] ^= 0x5A;
                for bytes in [&spoilt[..], &whole[..at]] {
                    let Err(error) = decode(Path::new("a"), bytes, &Limits::default()) else {
                        continue;
                    };
                    let line = error.to_string();
                    assert!(!line.contains(['{', '}', '_', '"']) && !line.contains("::"), "{line}");
                    if let Error::DamagedPhoto { reason, .. } = error {
                        assert!(REASONS.iter().any(|(_, said)| *said == reason), "{reason}");
                        damaged += 1;
                    }
                }
            }
        }
        assert!(damaged > 1000, "{damaged}");
    }
}
