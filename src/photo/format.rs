//! The photo formats that can be decoded. The first bytes of a file determine the format, whatever its name.

use image::ImageFormat;
use serde::Serialize;

use super::ifd::{Tiff, tag};

/// A format that photos are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JPEG, as cameras write it.
    Jpeg,
    /// PNG.
    Png,
    /// WebP, lossy or lossless.
    WebP,
    /// GIF: the first frame counts.
    Gif,
    /// BMP.
    Bmp,
    /// TIFF, including BigTIFF.
    Tiff,
    /// RAW files, the unprocessed data of cameras: CR2, CR3, NEF, ARW, DNG, RAF, ORF, RW2 and similar ones.
    /// The largest preview counts.
    Raw,
    /// HEIC, as phones write it, compressed by HEVC.
    Heic,
    /// AVIF, common on the web, compressed by AV1.
    Avif,
    /// JPEG XL.
    Jxl,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Jpeg,
        Self::Png,
        Self::WebP,
        Self::Gif,
        Self::Bmp,
        Self::Tiff,
        Self::Raw,
        Self::Heic,
        Self::Avif,
        Self::Jxl,
    ];

    /// Whether this build reads it: some are left out without their Cargo feature.
    #[must_use]
    pub fn is_read(self) -> bool {
        match self {
            Self::Heic | Self::Avif => cfg!(feature = "heif"),
            Self::Jxl => cfg!(feature = "jxl"),
            _ => true,
        }
    }

    /// The format of a file that begins with `bytes`; `None` if it is none of these.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if let Some(family) = by_brand(bytes) {
            return Some(family);
        }
        // Bare, or in a container.
        if bytes.starts_with(b"\xFF\x0A") || bytes.starts_with(b"\0\0\0\x0CJXL \r\n\x87\n") {
            return Some(Self::Jxl);
        }
        if is_raw(bytes) {
            return Some(Self::Raw);
        }
        if Tiff::of(bytes).is_some() {
            return Some(Self::Tiff);
        }
        match image::guess_format(bytes).ok()? {
            ImageFormat::Jpeg => Some(Self::Jpeg),
            ImageFormat::Png => Some(Self::Png),
            ImageFormat::WebP => Some(Self::WebP),
            ImageFormat::Gif => Some(Self::Gif),
            ImageFormat::Bmp => Some(Self::Bmp),
            _ => None,
        }
    }

    /// The name of the format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Raw => "RAW",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::Jxl => "JPEG XL",
        }
    }
}

/// HEIC and AVIF share one container, whose first box, `ftyp`, names which of them it is.
fn by_brand(bytes: &[u8]) -> Option<Format> {
    let length = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
    if bytes.get(4..8)? != b"ftyp" {
        return None;
    }
    // The main brand, a version, then the brands that the file is compatible with. General brands (mif1,
    // msf1) say nothing about the compression, so the others are checked, too.
    let brands = bytes.get(8..length.min(bytes.len()))?.chunks_exact(4).enumerate();
    let brands = || brands.clone().filter(|(at, _)| *at != 1).map(|(_, brand)| brand);
    let named = brands().find_map(|brand| match brand {
        b"avif" | b"avis" => Some(Format::Avif),
        b"crx " => Some(Format::Raw),
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" => Some(Format::Heic),
        _ => None,
    });
    // Both are decoded in the same way, so a file that names neither can be read, too.
    named.or_else(|| brands().any(|brand| brand == b"mif1").then_some(Format::Heic))
}

/// RAW files have their own magic numbers, or TIFF directories with sensor data.
fn is_raw(bytes: &[u8]) -> bool {
    // Fujifilm, Sigma, Minolta.
    if [&b"FUJIFILMCCD-RAW"[..], b"FOVb", b"\0MRM"].iter().any(|magic| bytes.starts_with(magic)) {
        return true;
    }
    // Canon's CRW and CR2; Olympus, Panasonic; Phase One.
    let at = |from: usize, magic: &[u8]| bytes.get(from..).is_some_and(|b| b.starts_with(magic));
    if at(6, b"HEAPCCDR") {
        return true;
    }
    let Some(tiff) = Tiff::of(bytes) else { return false };
    at(2, b"RO")
        || at(2, b"RS")
        || at(2, b"OR")
        || at(2, b"U\0")
        || at(8, b"CR\x02")
        || at(8, b"IIII")
        || at(8, b"MMMM")
        || tiff
            .all()
            .iter()
            .any(|directory| directory.has(tag::DNG_VERSION) || directory.is_of_a_sensor())
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
        let of = |brands: &str| Format::of(&file(brands));
        assert_eq!(of("heic\0\0\0\0mif1heic"), Some(Format::Heic));
        assert_eq!(of("mif1\0\0\0\0mif1avif"), Some(Format::Avif));
        assert_eq!(of("mif1\0\0\0\0heic"), Some(Format::Heic));
        assert_eq!(of("mif1\0\0\0\0miaf"), Some(Format::Heic));
        assert_eq!(of("mp42\0\0\0\0isom"), None);
        assert_eq!(Format::of(b"\0\0\0\x18ftyp"), None);
        assert_eq!(Format::of(b"\0"), None);
    }
}
