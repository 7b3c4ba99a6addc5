//! The kind of a file that is not a photo, determined by its first bytes.

use std::path::Path;

use file_format::{FileFormat, Kind as Family};
use serde::{Serialize, Serializer};

/// How many of a file's first bytes are needed to determine its kind.
pub(super) const HEAD: u64 = 1 << 10;

/// Extensions of documents and programs that are packed like archives.
const PACKED: [&str; 15] = [
    "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "jar", "apk", "ipa", "pages", "numbers",
    "key", "xpi", "whl",
];

/// Extensions of videos, for formats whose first bytes do not distinguish them.
const VIDEOS: [&str; 16] = [
    "mp4", "m4v", "mov", "avi", "mkv", "webm", "mts", "m2ts", "mpg", "mpeg", "3gp", "3g2", "wmv",
    "flv", "ogv", "mxf",
];

/// The description of a file of no known kind.
const NO_PHOTO: &str =
    "not a photo; give a JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC, AVIF, JPEG XL or RAW file";

/// A kind of file that is not a photo, or a photo that cannot be analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A video.
    Video,
    /// A camera's RAW file without a preview picture that could be analysed.
    RawWithoutPreview,
    /// A PDF document.
    Pdf,
    /// ZIP, 7z, tar, gz, RAR and similar archives, which may contain photos.
    Archive,
    /// JPEG 2000.
    Jpeg2000,
    /// A Photoshop file.
    Photoshop,
    /// A drawing in SVG.
    Svg,
    /// A picture in another format that cannot be read.
    OtherPicture,
    /// A recording of sound.
    Audio,
    /// The XMP sidecar of a photo.
    Sidecar,
    /// A file without permission to read it, a photo or not.
    Unreadable,
    /// A hidden photo, video or folder, whose name begins with a dot.
    Hidden,
    /// A file or a folder that was excluded by the user.
    Excluded,
    /// Anything else, such as text or files that systems leave behind.
    Other,
}

/// The words for a kind: its word in JSON, the singular, the plural, and a description.
type Said = (&'static str, &'static str, &'static str, &'static str);

impl Kind {
    /// All kinds, in the order in which they are reported.
    pub const ALL: [Self; 14] = [
        Self::Video,
        Self::RawWithoutPreview,
        Self::Pdf,
        Self::Archive,
        Self::Jpeg2000,
        Self::Photoshop,
        Self::Svg,
        Self::OtherPicture,
        Self::Audio,
        Self::Sidecar,
        Self::Unreadable,
        Self::Other,
        Self::Hidden,
        Self::Excluded,
    ];

    /// The kind of a file that begins with `head`, if it is not a photo. Its name counts only if the content
    /// says little.
    #[must_use]
    pub fn of(path: &Path, head: &[u8]) -> Self {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let ending = ending.to_ascii_lowercase();
        let is = |endings: &[&str]| endings.contains(&ending.as_str());
        match by_content(head) {
            Self::Archive if is(&PACKED) => Self::Other,
            Self::Other if is(&VIDEOS) && !head.is_empty() => Self::Video,
            Self::Other if is(&["xmp"]) => Self::Sidecar,
            kind => kind,
        }
    }

    pub(super) const fn said(self) -> Said {
        match self {
            Self::Video => (
                "video",
                "video",
                "videos",
                "a video; save frames of it as pictures first, for example with `ffmpeg -i IN -r 1 OUT-%03d.jpg`",
            ),
            Self::RawWithoutPreview => (
                "raw-without-preview",
                "RAW file without a preview",
                "RAW files without a preview",
                "a RAW file without a preview; convert it to JPEG first",
            ),
            Self::Pdf => ("pdf", "PDF", "PDFs", "a PDF; save the photos in it as files first"),
            Self::Archive => (
                "archive",
                "archive (unpack it if it contains photos)",
                "archives (unpack them if they contain photos)",
                "an archive; unpack the photos in it first",
            ),
            Self::Jpeg2000 => (
                "jpeg-2000",
                "JPEG 2000",
                "JPEG 2000",
                "a JPEG 2000 picture, which cannot be read; save it as JPEG first",
            ),
            Self::Photoshop => (
                "photoshop",
                "Photoshop file",
                "Photoshop files",
                "a Photoshop file; save it as JPEG first",
            ),
            Self::Svg => ("svg", "SVG", "SVGs", "an SVG drawing, not a photo"),
            Self::OtherPicture => (
                "other-picture",
                "picture in another format",
                "pictures in other formats",
                "a picture in a format that cannot be read; save it as JPEG first",
            ),
            Self::Audio => ("audio", "recording", "recordings", "a sound recording, not a photo"),
            Self::Sidecar => (
                "sidecar",
                "XMP sidecar",
                "XMP sidecars",
                "an XMP sidecar; give the photo that it belongs to",
            ),
            Self::Unreadable => (
                "unreadable",
                "file without read permission",
                "files without read permission",
                "a file that you have no permission to read",
            ),
            Self::Hidden => ("hidden", "hidden", "hidden", "hidden"),
            Self::Excluded => ("excluded", "excluded", "excluded", "excluded"),
            Self::Other => ("other", "other file", "other files", NO_PHOTO),
        }
    }

    /// Its word in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.said().0
    }

    /// A description of such a file with the remedy, as in "an archive; unpack the photos in it first".
    #[must_use]
    pub const fn about(self) -> &'static str {
        self.said().3
    }
}

/// A description of a file with these bytes that is not a photo, with the remedy.
pub(super) fn what_it_is(path: &Path, bytes: &[u8]) -> &'static str {
    let head = &bytes[..bytes.len().min(HEAD as usize)];
    let text = head.trim_ascii_start();
    let begins =
        |with: &[u8]| text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    match Kind::of(path, head) {
        Kind::Other if bytes.is_empty() => "an empty file; copy the photo again",
        Kind::Other if begins(b"<!doctype html") || begins(b"<html") => {
            "a web page, not a photo; save the photo itself from the browser"
        }
        kind => kind.about(),
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

fn by_content(head: &[u8]) -> Kind {
    let format = FileFormat::from_bytes(head);
    match (format, format.kind()) {
        (FileFormat::PortableDocumentFormat, _) => Kind::Pdf,
        (
            FileFormat::Jpeg2000Codestream
            | FileFormat::Jpeg2000Part1
            | FileFormat::Jpeg2000Part2
            | FileFormat::Jpeg2000Part3
            | FileFormat::Jpeg2000Part6,
            _,
        ) => Kind::Jpeg2000,
        (FileFormat::AdobePhotoshopDocument, _) => Kind::Photoshop,
        // Containers whose content is nearly always a video.
        (FileFormat::ExtensibleBinaryMetaLanguage | FileFormat::AdvancedSystemsFormat, _) => {
            Kind::Video
        }
        (_, Family::Video) => Kind::Video,
        (_, Family::Archive | Family::Compressed) => Kind::Archive,
        (FileFormat::Id3v2, _) | (_, Family::Audio) => Kind::Audio,
        (_, Family::Image) => {
            if is_svg(head) {
                Kind::Svg
            } else {
                Kind::OtherPicture
            }
        }
        _ if is_svg(head) => Kind::Svg,
        // A container of the MP4 family with a brand that the library does not know.
        _ if head.get(4..8) == Some(b"ftyp") => Kind::Video,
        _ => Kind::Other,
    }
}

fn is_svg(head: &[u8]) -> bool {
    memchr::memmem::find(head, b"<svg").is_some() && head.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_photo_is_known_by_its_content() {
        let mut tar = vec![0; 512];
        tar[257..265].copy_from_slice(b"ustar\x0000");
        let transport: Vec<u8> = (0..1024).map(|i| if i % 188 == 0 { 0x47 } else { 1 }).collect();
        let files: [(&str, &[u8], Kind); 27] = [
            ("a.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", Kind::Video),
            ("a", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2", Kind::Video),
            ("a", b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Kind::Video),
            ("a", b"\0\0\0\x18ftypM4V \0\0\0\0", Kind::Video),
            ("a", b"\0\0\0\x18ftyp3gp4\0\0\0\0", Kind::Video),
            ("a", b"\0\0\0\x18ftypzzzz\0\0\0\0", Kind::Video),
            ("a", b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01webm", Kind::Video),
            ("a", b"RIFF\x24\0\0\0AVI LIST", Kind::Video),
            ("a", b"\0\0\x01\xba\x44\0\x04\0", Kind::Video),
            ("a", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c", Kind::Video),
            ("a.mts", &transport, Kind::Video),
            ("a", b"%PDF-1.7\n", Kind::Pdf),
            ("a.jpg.zip", b"PK\x03\x04\x14\0\0\0", Kind::Archive),
            ("a", b"7z\xbc\xaf\x27\x1c\0\x04", Kind::Archive),
            ("a", b"Rar!\x1a\x07\x01\0", Kind::Archive),
            ("a", b"\x1f\x8b\x08\0\0\0\0\0", Kind::Archive),
            ("a", &tar, Kind::Archive),
            ("a.docx", b"PK\x03\x04\x14\0\0\0", Kind::Other),
            ("a", b"\0\0\0\x0cjP  \x0d\x0a\x87\x0a\0\0\0\x14ftypjp2 ", Kind::Jpeg2000),
            ("a", b"\xff\x4f\xff\x51\0\x2f\0\0", Kind::Jpeg2000),
            ("a", b"8BPS\0\x01\0\0\0\0\0\0", Kind::Photoshop),
            (
                "a",
                b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\">",
                Kind::Svg,
            ),
            ("a", b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0", Kind::OtherPicture),
            ("a", b"ID3\x04\0\0\0\0\0\0", Kind::Audio),
            ("a.xmp", b"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">", Kind::Sidecar),
            ("notes.txt", b"just a text", Kind::Other),
            ("a.mp4", b"", Kind::Other),
        ];
        for (name, head, kind) in files {
            assert_eq!(Kind::of(Path::new(name), head), kind, "{name} {}", head.escape_ascii());
        }
    }

    #[test]
    fn what_is_no_photo_is_said_with_what_to_do() {
        for (bytes, said) in [
            (&b"PK\x03\x04\x14\0"[..], "an archive; unpack the photos in it first"),
            (b"%PDF-1.4", "a PDF; save"),
            (b"", "an empty file"),
            (b"\r\n<!DOCTYPE HTML><html>", "a web page"),
            (b"{\"image\": \"/9j/4AAQ\"}", "not a photo; give a JPEG, PNG"),
            (b"\0\0\0\x18ftypmp42\0\0\0\0", "a video"),
        ] {
            let found = what_it_is(Path::new("a.jpg"), bytes);
            assert!(found.starts_with(said), "{found}");
        }
    }

    #[test]
    fn every_kind_is_told_once() {
        let names: std::collections::BTreeSet<_> = Kind::ALL.map(Kind::name).into();
        assert_eq!(names.len(), Kind::ALL.len());
    }
}
