//! The segments of a JPEG, one after another. Anything between them, such as a scan's data or garbage, is
//! skipped, as decoders do.

use memchr::memchr;

pub(super) const START: u8 = 0xD8;
pub(super) const END: u8 = 0xD9;
pub(super) const SCAN: u8 = 0xDA;
pub(super) const HUFFMAN_TABLES: u8 = 0xC4;
pub(super) const RESTART_INTERVAL: u8 = 0xDD;

/// A marker and what belongs to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment<'a> {
    pub kind: u8,
    /// Where its marker begins.
    pub at: usize,
    /// Where its content begins, after the two bytes of its length.
    pub content_at: usize,
    pub content: &'a [u8],
}

impl Segment<'_> {
    /// Whether it begins a frame, of whatever process.
    pub fn is_frame(&self) -> bool {
        matches!(self.kind, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF)
    }

    /// Whether it belongs to a hierarchy of frames.
    pub fn is_of_hierarchy(&self) -> bool {
        matches!(self.kind, 0xDE | 0xDF)
    }
}

/// The segments after a JPEG's first two bytes, up to its end marker (the last segment, if there is one), but
/// not beyond the beginning of another JPEG.
pub(super) fn segments(bytes: &[u8]) -> impl Iterator<Item = Segment<'_>> {
    let (mut at, mut scanned, mut ended) = (2, false, false);
    std::iter::from_fn(move || {
        loop {
            let (kind, begins) = marker(bytes, &mut at).filter(|_| !ended)?;
            match kind {
                END => {
                    ended = true;
                    return Some(Segment { kind, at: begins, content_at: at, content: &[] });
                }
                // Another picture after one that lacks its end.
                START if scanned => return None,
                SCAN => scanned = true,
                // Restarts and others that have no length.
                0x01 | 0xD0..=START => continue,
                _ => {}
            }
            let length = bytes.get(at..at + 2)?;
            let length = usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
            let content_at = at + 2;
            let content = bytes.get(content_at..at + length).unwrap_or_default();
            at += length;
            return Some(Segment { kind, at: begins, content_at, content });
        }
    })
}

/// Where the data of a scan end that begin at `at`: at the next marker that is not a restart.
pub(super) fn data_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some((kind, begins)) = marker(bytes, &mut at) {
        if !(0xD0..=0xD7).contains(&kind) {
            return begins;
        }
    }
    bytes.len()
}

/// The next marker from `at` on, and where it begins; `at` then lies after it.
fn marker(bytes: &[u8], at: &mut usize) -> Option<(u8, usize)> {
    loop {
        let first = *at + memchr(0xFF, bytes.get(*at..)?)?;
        let kind = *bytes.get(first + 1)?;
        // In a scan's data, 0xFF is followed by 0; before a marker it may be repeated.
        let found = kind != 0 && kind != 0xFF;
        *at = first + if found { 2 } else { 1 };
        if found {
            return Some((kind, first));
        }
    }
}
