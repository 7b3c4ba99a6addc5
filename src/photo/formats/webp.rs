//! WebP. The decoder gets the picture or the first frame, with a header that announces nothing else. The
//! orientation is read separately, and the chunks determine how much memory decoding takes.

use std::ops::Range;

use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat};

use super::by_image;
use crate::error::Result;
use crate::photo::orientation::{from_exif, from_xmp};
use crate::photo::reduced::Reduced;
use crate::photo::spliced::Spliced;
use crate::photo::task::Task;

/// The flags of the chunk `VP8X`.
const ALPHA: u8 = 0x10;
const ANIMATION: u8 = 0x02;

/// Whether any of its pixels are compressed without loss: only the pixel data say how large the tables for
/// these are.
pub fn is_lossless(bytes: &[u8]) -> bool {
    chunks(bytes, 12..bytes.len()).any(|chunk| matches!(&chunk.kind, b"VP8L" | b"ALPH" | b"ANMF"))
}

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    let picture = Picture::of(task.bytes).ok_or_else(|| task.damaged(&"it contains no picture"))?;
    let decoder = by_image::open_parts(task, picture.parts(task.bytes), ImageFormat::WebP)?;
    let beside = picture.beside(&decoder);
    by_image::finish(task, ImageFormat::WebP, decoder, orientation(task.bytes), beside)
}

/// The orientation in a WebP file, whatever its header announces.
pub(super) fn orientation(bytes: &[u8]) -> Option<Orientation> {
    let of = |kind: &[u8; 4], read: fn(&[u8]) -> Option<Orientation>| {
        let mut found = chunks(bytes, 12..bytes.len()).filter(|chunk| &chunk.kind == kind);
        found.find_map(|chunk| read(bytes.get(chunk.content)?))
    };
    of(b"EXIF", from_exif).or_else(|| of(b"XMP ", from_xmp))
}

/// The XMP of a WebP file.
pub(super) fn xmp(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut found = chunks(bytes, 12..bytes.len()).filter(|chunk| &chunk.kind == b"XMP ");
    Some(bytes.get(found.next()?.content)?.to_vec())
}

/// The chunks of a picture.
enum Picture {
    Lossless(Chunk),
    Lossy(Chunk),
    /// Transparency, which is lossless itself, and colours.
    Clear(Chunk, Chunk),
    /// The header of an animation, and its first frame.
    Moving(Chunk, Chunk),
}

impl Picture {
    fn of(bytes: &[u8]) -> Option<Self> {
        let find =
            |kind: &[u8; 4]| chunks(bytes, 12..bytes.len()).find(|chunk| &chunk.kind == kind);
        // Whichever comes first.
        let is_picture = |chunk: &Chunk| matches!(&chunk.kind, b"VP8 " | b"VP8L");
        Some(match chunks(bytes, 12..bytes.len()).find(is_picture) {
            Some(chunk) if &chunk.kind == b"VP8L" => Self::Lossless(chunk),
            Some(chunk) => match find(b"ALPH") {
                Some(alpha) => Self::Clear(alpha, chunk),
                None => Self::Lossy(chunk),
            },
            None => Self::Moving(find(b"VP8X")?, find(b"ANMF")?),
        })
    }

    /// A file of these chunks alone.
    fn parts<'a>(&self, bytes: &'a [u8]) -> Spliced<'a> {
        let (head, chunks) = match self {
            Self::Lossless(chunk) | Self::Lossy(chunk) => (Vec::new(), vec![chunk]),
            Self::Clear(alpha, chunk) => {
                (head(ALPHA, size_of_lossy(bytes, chunk)), vec![alpha, chunk])
            }
            Self::Moving(head_chunk, frame) => {
                let old = bytes.get(head_chunk.content.clone()).unwrap_or_default();
                let size = old.get(4..10).and_then(|size| size.try_into().ok());
                let alpha = old.first().map_or(0, |flags| flags & ALPHA);
                let mut head = head(ANIMATION | alpha, size.unwrap_or_default());
                head.extend(b"ANIM\x06\0\0\0\0\0\0\0\0\0");
                (head, vec![frame])
            }
        };
        let length = chunks.iter().map(|chunk| chunk.at.len()).sum::<usize>() + head.len() + 4;
        let mut parts = Spliced::new(bytes);
        let length = u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        parts.add([&b"RIFF"[..], &length, b"WEBP", &head].concat());
        chunks.iter().for_each(|chunk| parts.push(chunk.at.clone()));
        parts
    }

    /// Brightness and colours of a lossy WebP, at a half of both sides; RGBA of a lossless one (decoded in
    /// place if that is its output) and the memory of its transforms; alpha, which is lossless itself; a
    /// frame, and the canvas that it is laid on.
    fn beside(&self, decoder: &impl ImageDecoder) -> u64 {
        let (width, height) = decoder.dimensions();
        let half_bytes_a_pixel = match self {
            Self::Moving(..) => 18,
            Self::Lossless(_) if decoder.color_type().has_alpha() => 2,
            Self::Lossless(_) => 10,
            Self::Clear(..) => 13,
            Self::Lossy(_) => 3,
        };
        u64::from(width) * u64::from(height) * half_bytes_a_pixel / 2
    }
}

/// The chunk `VP8X` with these flags and this size. Width and height are each stored minus one, in three
/// bytes.
fn head(flags: u8, size: [u8; 6]) -> Vec<u8> {
    [&b"VP8X\x0A\0\0\0"[..], &[flags, 0, 0, 0], &size].concat()
}

/// The size in a lossy picture's own header, in the form that [`head`] takes.
fn size_of_lossy(bytes: &[u8], chunk: &Chunk) -> [u8; 6] {
    let content = bytes.get(chunk.content.clone()).unwrap_or_default();
    let side = |at: usize| {
        let side = content.get(at..at + 2).map_or(0, |side| u16::from_le_bytes([side[0], side[1]]));
        (side & 0x3FFF).saturating_sub(1).to_le_bytes()
    };
    let ([w0, w1], [h0, h1]) = (side(6), side(8));
    [w0, w1, 0, h0, h1, 0]
}

/// A chunk: where its content and all of it lie in the file.
struct Chunk {
    kind: [u8; 4],
    content: Range<usize>,
    at: Range<usize>,
}

/// The chunks of a WebP file within a range; the last may be cut off, and then ends where the file ends.
fn chunks(bytes: &[u8], within: Range<usize>) -> impl Iterator<Item = Chunk> {
    let Range { mut start, end } = within;
    std::iter::from_fn(move || {
        let (kind, rest) = bytes.get(start..end)?.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*rest.first_chunk()?) as usize;
        let begin = start + 8;
        let content = begin..begin.saturating_add(length).min(end);
        let at = start..content.end.next_multiple_of(2);
        start = at.end;
        Some(Chunk { kind: *kind, content, at })
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use image::{DynamicImage, ImageReader};

    use super::*;
    use crate::photo::read::tests::encoded;

    fn file(kinds: &[&[u8; 4]]) -> Vec<u8> {
        let mut file = b"RIFF    WEBP".to_vec();
        for kind in kinds {
            // One byte, and one that fills up to an even number.
            file.extend(kind.iter().chain(&[1, 0, 0, 0, 7, 0]));
        }
        file
    }

    #[test]
    fn what_a_webp_takes_is_told_by_its_chunks() {
        let webp = encoded(&DynamicImage::new_rgb8(100, 10), ImageFormat::WebP);
        let decoder = ImageReader::with_format(Cursor::new(&webp), ImageFormat::WebP);
        let decoder = decoder.into_decoder().unwrap();
        let takes = |kinds: &[&[u8; 4]]| Picture::of(&file(kinds)).unwrap().beside(&decoder);
        assert_eq!(takes(&[b"VP8 "]), 1500);
        assert_eq!(takes(&[b"VP8X", b"ALPH", b"VP8 "]), 6500);
        assert_eq!(takes(&[b"VP8X", b"VP8L", b"VP8 "]), 5000, "whichever is decoded");
        assert_eq!(takes(&[b"VP8X", b"ANIM", b"ANMF"]), 9000);
        assert_eq!(Picture::of(&webp).unwrap().beside(&decoder), 5000);
    }

    #[test]
    fn the_decoder_gets_the_picture_alone() {
        let kinds = |given: &[&[u8; 4]]| {
            let file = file(given);
            let mut bytes = Vec::new();
            Picture::of(&file)?.parts(&file).read_to_end(&mut bytes).unwrap();
            assert_eq!(
                bytes.len(),
                8 + u32::from_le_bytes(*bytes[4..].first_chunk().unwrap()) as usize
            );
            let kinds = chunks(&bytes, 12..bytes.len());
            let kinds = kinds.map(|chunk| String::from_utf8(chunk.kind.to_vec()).unwrap());
            Some(kinds.collect::<Vec<_>>().join(" "))
        };
        let some = |kinds: &str| Some(kinds.to_owned());
        assert_eq!(kinds(&[b"VP8X", b"ICCP", b"VP8L", b"EXIF"]), some("VP8L"));
        assert_eq!(kinds(&[b"VP8X", b"odd ", b"VP8 ", b"XMP "]), some("VP8 "));
        assert_eq!(kinds(&[b"VP8X", b"ALPH", b"VP8 "]), some("VP8X ALPH VP8 "));
        assert_eq!(kinds(&[b"VP8X", b"ANMF", b"ANMF", b"EXIF"]), some("VP8X ANIM ANMF"));
        assert_eq!(kinds(&[b"VP8X", b"EXIF"]), None);
        assert_eq!(kinds(&[]), None);
    }
}
