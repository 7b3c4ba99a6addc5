//! The directories of TIFF, which EXIF blocks and most RAW files share: tags with numbers or bytes. Other
//! modules interpret the tags.

use std::collections::HashSet;

/// The most directories of one file that are read.
const DIRECTORIES: usize = 1000;
/// The most numbers of one entry that are read together.
const NUMBERS: u64 = 1 << 18;
/// The most entries of one directory.
const ENTRIES: u64 = 512;

/// Tags that several modules look for.
pub(super) mod tag {
    pub const SUB_DIRECTORIES: u16 = 330;
    pub const PHOTOMETRIC: u16 = 262;
    pub const ORIENTATION: u16 = 274;
    pub const XMP: u16 = 700;
    pub const EXIF: u16 = 34665;
    pub const TAKEN: u16 = 36867;
    pub const DNG_VERSION: u16 = 50706;
}

/// A file or block with directories.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tiff<'a> {
    pub bytes: &'a [u8],
    pub little_endian: bool,
    /// BigTIFF, with 64 bits instead of 32.
    pub big: bool,
    first: u64,
}

/// One directory.
#[derive(Debug, Clone)]
pub(super) struct Directory<'a> {
    tiff: Tiff<'a>,
    entries: Vec<Entry>,
    next: u64,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// Where the values lie in the file.
    at: u64,
}

impl<'a> Tiff<'a> {
    /// The directories of `bytes` if they begin as TIFF, BigTIFF, or RAW files of Olympus (`IIRO`,
    /// `IIRS`, `MMOR`) or Panasonic (`IIU`).
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let [order, magic] = [bytes.get(..2)?, bytes.get(2..4)?];
        let little_endian = match order {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let big = match magic {
            b"*\0" | b"\0*" | b"RO" | b"RS" | b"OR" | b"U\0" => false,
            b"+\0" | b"\0+" => true,
            _ => return None,
        };
        let mut tiff = Self { bytes, little_endian, big, first: 0 };
        tiff.first = if big { tiff.number(8, 8)? } else { tiff.number(4, 4)? };
        Some(tiff)
    }

    /// A number of `length` bytes.
    fn number(&self, at: u64, length: u64) -> Option<u64> {
        let from = usize::try_from(at).ok()?;
        let bytes = self.bytes.get(from..from.checked_add(length as usize)?)?;
        let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(match self.little_endian {
            true => bytes.iter().rev().fold(0, add),
            false => bytes.iter().fold(0, add),
        })
    }

    /// The first directory.
    pub fn first(&self) -> Option<Directory<'a>> {
        self.directory(self.first)
    }

    /// All directories: the first and those that follow, and the sub-directories of each, in this order.
    pub fn all(&self) -> Vec<Directory<'a>> {
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        let mut wanted = vec![self.first];
        while let Some(at) = wanted.pop() {
            if found.len() == DIRECTORIES || !seen.insert(at) {
                continue;
            }
            let Some(directory) = self.directory(at) else { continue };
            wanted.extend(Some(directory.next).filter(|next| *next != 0));
            let below = directory.numbers(tag::SUB_DIRECTORIES).unwrap_or_default();
            wanted.extend(below.into_iter().take(DIRECTORIES).rev());
            found.push(directory);
        }
        found
    }

    /// The directory at an offset, as far as the file has it.
    pub fn directory(&self, at: u64) -> Option<Directory<'a>> {
        let (counted, entry, held) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        let number = self.number(at, counted)?;
        let begin = at.checked_add(counted)?;
        let mut entries = Vec::new();
        for at in (0..number.min(ENTRIES)).map_while(|index| begin.checked_add(index * entry)) {
            let fields = (self.number(at, 2), self.number(at + 2, 2), self.number(at + 4, held));
            let (Some(tag), Some(kind), Some(count)) = fields else { break };
            let (tag, kind) = (tag as u16, kind as u16);
            let inside = at + 4 + held;
            let fits = size(kind).is_some_and(|size| count.saturating_mul(size) <= held);
            let Some(at) = (if fits { Some(inside) } else { self.number(inside, held) }) else {
                break;
            };
            entries.push(Entry { tag, kind, count, at });
        }
        let end = begin.saturating_add(number.saturating_mul(entry));
        let next = self.number(end, held).unwrap_or(0);
        Some(Directory { tiff: *self, entries, next })
    }
}

impl<'a> Directory<'a> {
    fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// Whether there is such a tag.
    pub fn has(&self, tag: u16) -> bool {
        self.entry(tag).is_some()
    }

    /// Whether it holds sensor data instead of a picture: a colour mosaic, or measured light.
    pub fn is_of_a_sensor(&self) -> bool {
        matches!(self.number(tag::PHOTOMETRIC), Some(32803 | 34892))
    }

    /// How many values a tag has.
    pub fn count(&self, tag: u16) -> u64 {
        self.entry(tag).map_or(0, |entry| entry.count)
    }

    /// One of a tag's whole numbers.
    pub fn nth(&self, tag: u16, index: u64) -> Option<u64> {
        let entry = self.entry(tag).filter(|entry| index < entry.count)?;
        let size = match entry.kind {
            1 | 3 | 4 | 6 | 7 | 8 | 9 | 13 | 16 | 18 => size(entry.kind)?,
            _ => return None,
        };
        self.tiff.number(entry.at.checked_add(index.checked_mul(size)?)?, size)
    }

    /// The first of a tag's whole numbers.
    pub fn number(&self, tag: u16) -> Option<u64> {
        self.nth(tag, 0)
    }

    /// A tag's whole numbers, as far as the file has them and unless they are very many.
    pub fn numbers(&self, tag: u16) -> Option<Vec<u64>> {
        let count = Some(self.count(tag)).filter(|count| (1..=NUMBERS).contains(count))?;
        Some((0..count).map_while(|index| self.nth(tag, index)).collect())
    }

    /// A tag's fractions.
    pub fn fractions(&self, tag: u16) -> Option<Vec<f32>> {
        let entry = self.entry(tag).filter(|entry| entry.kind == 5)?;
        let fraction = |index: u64| {
            let at = entry.at.checked_add(8 * index)?;
            Some(self.tiff.number(at, 4)? as f32 / self.tiff.number(at + 4, 4)? as f32)
        };
        (0..entry.count.min(16)).map(fraction).collect()
    }

    /// A tag's bytes.
    pub fn bytes(&self, tag: u16) -> Option<&'a [u8]> {
        let entry = self.entry(tag)?;
        let length = entry.count.checked_mul(size(entry.kind)?)?;
        let from = usize::try_from(entry.at).ok()?;
        self.tiff.bytes.get(from..from.checked_add(usize::try_from(length).ok()?)?)
    }
}

/// The bytes of a value of this kind.
fn size(kind: u16) -> Option<u64> {
    Some(match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => return None,
    })
}
