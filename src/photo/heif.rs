//! HEIC and AVIF: told apart by their first box, and HEIC decoded where the feature `heic` is on.

use std::path::Path;

use crate::error::Error;

/// The family of photo formats that share one container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// As phones write them, compressed by HEVC.
    Heic,
    /// As the web has them, compressed by AV1.
    Avif,
}

impl Family {
    /// The format of `bytes`, where their `ftyp` box names one of the two.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let length = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
        if bytes.get(4..8)? != b"ftyp" {
            return None;
        }
        // The main brand, a version, then the brands that the file is compatible with. General
        // brands (mif1, msf1) tell nothing of the compression, so the others are asked too.
        let brands = bytes.get(8..length.min(bytes.len()))?.chunks_exact(4);
        brands.enumerate().filter(|(at, _)| *at != 1).find_map(|(_, brand)| match brand {
            b"avif" | b"avis" => Some(Self::Avif),
            b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" => Some(Self::Heic),
            _ => None,
        })
    }

    /// That `path` is of this format, and that this build does not decode it.
    pub fn undecodable(self, path: &Path) -> Error {
        let (format, remedy) = match self {
            Self::Heic => (
                "HEIC photos",
                "convert it to JPEG first, for example with `heif-convert IN OUT.jpg`, or build verify with `--features heic`",
            ),
            Self::Avif => (
                "AVIF photos",
                "convert it to JPEG first, for example with `heif-convert IN OUT.jpg` or `magick IN OUT.jpg`",
            ),
        };
        Error::UnsupportedFormat { path: path.to_owned(), format: format.to_owned(), remedy }
    }
}

#[cfg(feature = "heic")]
pub(super) use decoding::decode;

#[cfg(feature = "heic")]
mod decoding {
    use std::path::Path;

    use heic_rs::{DecodeOptions, PixelLayout};
    use image::RgbImage;

    use crate::error::Result;
    use crate::photo::broken::{damaged, unsupported};
    use crate::photo::limits::{Limits, check_size};

    /// Decode a HEIC photo, turned upright as it says.
    pub fn decode(path: &Path, bytes: &[u8], limits: &Limits) -> Result<RgbImage> {
        let failed = |e: heic_rs::Error| match e {
            heic_rs::Error::Unsupported(_) => unsupported(path, "HEIC"),
            other => damaged(path, &other),
        };
        let info = heic_rs::probe(bytes).map_err(failed)?;
        check_size(path, info.width, info.height, limits)?;
        // Photos are decoded side by side, each on one thread.
        let options = DecodeOptions {
            layout: PixelLayout::Rgb8,
            max_pixels: Some(limits.pixels),
            threads: Some(1),
            ..DecodeOptions::default()
        };
        let image = heic_rs::decode(bytes, &options).map_err(failed)?;
        RgbImage::from_raw(image.width, image.height, image.data)
            .ok_or_else(|| damaged(path, &"its pixels are not as many as it says"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brand_that_names_a_compression_counts() {
        let file = |brands: &str| {
            let mut bytes = (8 + brands.len() as u32).to_be_bytes().to_vec();
            bytes.extend(b"ftyp");
            bytes.extend(brands.as_bytes());
            bytes
        };
        assert_eq!(Family::of(&file("heic\0\0\0\0mif1heic")), Some(Family::Heic));
        assert_eq!(Family::of(&file("mif1\0\0\0\0mif1avif")), Some(Family::Avif));
        assert_eq!(Family::of(&file("mif1\0\0\0\0heic")), Some(Family::Heic));
        assert_eq!(Family::of(&file("mp42\0\0\0\0isom")), None);
        assert_eq!(Family::of(b"\0\0\0\x18ftyp"), None);
        assert_eq!(Family::of(b"\0"), None);
    }
}
