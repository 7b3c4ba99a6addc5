//! The metadata of a photo's file: its orientation and its XMP. Nothing is decoded; [`crate::xmp`] interprets
//! the XMP.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use image::metadata::Orientation;
use memchr::memmem;

use super::format::Format;
use super::formats;
use super::limits::Limits;
use super::orientation::app1;
use super::read::load;
use super::task::Task;
use crate::error::{Error, Result};

/// The largest XMP of one photo, in bytes. The edits of a photo take some hundred thousand.
pub const MOST_XMP: usize = 8 << 20;
/// The number of bytes of a JPEG that are read first: most headers fit into it.
const HEAD: u64 = 256 << 10;

const MAIN: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXTENDED: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// The length of the identifier that the parts of one extension share: 32 letters, followed by the total
/// length and the position of the part.
const GUID: usize = 32;

/// The metadata of a photo's file.
#[derive(Debug, Clone, PartialEq)]
pub struct Metadata {
    /// How the stored pixels are turned when the photo is decoded. The decoders of HEIC, AVIF and JPEG XL
    /// turn the picture themselves; for these formats this is no rotation.
    pub turn: Orientation,
    /// The packets of XMP, the main one first: a JPEG has a second one if the first is too small.
    pub xmp: Vec<Vec<u8>>,
}

impl Metadata {
    /// Read the metadata of the photo at `path`; of a JPEG, only the header is read.
    ///
    /// # Errors
    /// If the file cannot be read, or is larger than `limits` allow.
    pub fn read(path: &Path, limits: &Limits) -> Result<Self> {
        let mut head = Vec::new();
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        file.take(HEAD).read_to_end(&mut head).map_err(|e| Error::read(path, e))?;
        if Format::of(&head) == Some(Format::Jpeg) && reaches_pixels(&head) {
            return Ok(Self::of(path, &head, limits));
        }
        Ok(Self::of(path, &load(path, limits)?.bytes, limits))
    }

    /// Read the metadata from the photo's bytes; `path` is only its name.
    #[must_use]
    pub fn of(path: &Path, bytes: &[u8], limits: &Limits) -> Self {
        let task = Task::new(path, bytes, 1, limits);
        let Some(format) = Format::of(bytes) else {
            return Self { turn: Orientation::NoTransforms, xmp: Vec::new() };
        };
        let xmp = match format {
            Format::Jpeg => of_jpeg(bytes),
            Format::Png | Format::WebP | Format::Tiff => {
                formats::xmp(format, &task).into_iter().collect()
            }
            // Other formats have it as plain text, in any of their boxes.
            _ => formats::xmp(format, &task).or_else(|| scanned(bytes)).into_iter().collect(),
        };
        let xmp = xmp.into_iter().filter(|packet| packet.len() <= MOST_XMP).collect();
        Self { turn: formats::turn(format, &task), xmp }
    }
}

/// Whether all segments before a JPEG's pixels are there: a scan begins, or the data are not segments.
fn reaches_pixels(head: &[u8]) -> bool {
    let mut at = 2;
    loop {
        match head.get(at..at + 4) {
            Some([0xFF, 0xDA | 0xD9, ..]) => return true,
            Some([0xFF, 0x01 | 0xD0..=0xD8, ..]) => at += 2,
            Some([0xFF, 0xFF, ..]) => at += 1,
            Some([0xFF, _, high, low]) => {
                at += 2 + usize::from(u16::from_be_bytes([*high, *low])).max(2);
            }
            Some(_) => at += 1,
            None => return false,
        }
    }
}

/// The main packet of a JPEG, and the extended one that it refers to, joined from its parts.
fn of_jpeg(bytes: &[u8]) -> Vec<Vec<u8>> {
    let Some(main) = app1(bytes).find_map(|segment| segment.strip_prefix(MAIN)) else {
        return Vec::new();
    };
    let mut found = vec![main.to_vec()];
    found.extend(extended(bytes, main));
    found
}

fn extended(bytes: &[u8], main: &[u8]) -> Option<Vec<u8>> {
    let parts = app1(bytes).filter_map(|segment| segment.strip_prefix(EXTENDED));
    let mut whole: Vec<u8> = Vec::new();
    let mut filled = 0;
    for part in parts {
        let (guid, rest) = part.split_at_checked(GUID)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (at, content) = rest.split_first_chunk::<4>()?;
        let [length, at] = [length, at].map(|number| u32::from_be_bytes(*number) as usize);
        // Parts that an editor left behind are no longer referred to.
        if memmem::find(main, guid).is_none() || length > MOST_XMP {
            continue;
        }
        whole.resize(length, b' ');
        whole.get_mut(at..at.checked_add(content.len())?)?.copy_from_slice(content);
        filled += content.len();
    }
    (filled > 0 && filled == whole.len()).then_some(whole)
}

/// The first XMP packet in a file as plain text, as its standard lets readers that do not know the format
/// find it.
fn scanned(bytes: &[u8]) -> Option<Vec<u8>> {
    const END: &[u8] = b"</x:xmpmeta>";
    let rest = &bytes[memmem::find(bytes, b"<x:xmpmeta")?..];
    let end = memmem::find(&rest[..rest.len().min(MOST_XMP)], END)?;
    Some(rest[..end + END.len()].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(content: &[u8]) -> Vec<u8> {
        let length = (content.len() as u16 + 2).to_be_bytes();
        [&[0xFF, 0xE1], &length[..], content].concat()
    }

    fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
        [&[0xFF, 0xD8][..], &segments.concat(), b"\xFF\xDA\0\x02 pixels"].concat()
    }

    fn part(guid: &[u8; GUID], whole: &[u8], at: usize, length: usize) -> Vec<u8> {
        let numbers = [whole.len() as u32, at as u32].map(u32::to_be_bytes).concat();
        segment(&[EXTENDED, guid, &numbers, &whole[at..at + length]].concat())
    }

    fn of(bytes: &[u8]) -> Metadata {
        Metadata::of(Path::new("photo"), bytes, &Limits::default())
    }

    #[test]
    fn a_jpeg_has_a_main_packet_and_the_extended_one_that_it_names() {
        let (named, old) = (&[b'A'; GUID], &[b'B'; GUID]);
        let main = [&b"<x tiff:Orientation='6' "[..], named, b"/>"].concat();
        let first = segment(&[MAIN, &main].concat());
        let rest = b"<x:xmpmeta>much more</x:xmpmeta>";
        let parts = [part(named, rest, 20, 12), part(old, b"left", 0, 4), part(named, rest, 0, 20)];
        let found = of(&jpeg(&[&[first.clone()][..], &parts].concat()));
        assert_eq!(found.xmp, [main.clone(), rest.to_vec()]);
        assert_eq!(found.turn, Orientation::Rotate90);
        // A part that is missing, one beyond the length, and none at all.
        assert_eq!(of(&jpeg(&[first.clone(), parts[0].clone()])).xmp, std::slice::from_ref(&main));
        let mut beyond = parts[0].clone();
        beyond[4 + EXTENDED.len() + GUID + 4] = 0x7F;
        assert_eq!(of(&jpeg(&[first.clone(), beyond])).xmp, std::slice::from_ref(&main));
        assert_eq!(of(&jpeg(&[first])).xmp, [main]);
        assert!(of(&jpeg(&[])).xmp.is_empty());
    }

    #[test]
    fn other_files_are_searched_for_it() {
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and <x:xmpmeta a='1'>text</x:xmpmeta> more";
        assert_eq!(of(heic).xmp, [b"<x:xmpmeta a='1'>text</x:xmpmeta>".to_vec()]);
        assert!(of(&heic[..50]).xmp.is_empty());
        let plain = of(b"<x:xmpmeta></x:xmpmeta>");
        assert!(plain.xmp.is_empty(), "no photo has no XMP");
    }

    #[test]
    fn the_head_of_a_jpeg_is_enough_if_all_of_it_is_there() {
        let whole = jpeg(&[segment(&[MAIN, b"<x/>"].concat())]);
        assert!(reaches_pixels(&whole));
        assert!((2..40).all(|length| !reaches_pixels(&whole[..length])));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        let late = jpeg(&[
            segment(&[0; 65_000]),
            segment(&[0; 65_000]),
            segment(&[0; 65_000]),
            segment(&[0; 65_000]),
            segment(&[MAIN, b"<x/>"].concat()),
        ]);
        for bytes in [&whole, &late] {
            std::fs::write(&path, bytes).unwrap();
            let read = Metadata::read(&path, &Limits::default()).unwrap();
            assert_eq!(read.xmp, [b"<x/>".to_vec()]);
        }
    }
}
