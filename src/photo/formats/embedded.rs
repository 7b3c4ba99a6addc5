//! JPEGs inside other files: where each ends, and its frame header.

use memchr::memchr;

/// The largest number of segments before a JPEG's frame.
const SEGMENTS: usize = 64;

/// The JPEG that `bytes` begin with, and its size; `None` if they begin otherwise.
pub(super) fn embedded(bytes: &[u8]) -> Option<(&[u8], (u32, u32))> {
    let frame = frame(bytes)?;
    frame.is_read().then(|| (up_to_its_end(bytes), (frame.width, frame.height)))
}

/// The fields of a JPEG's frame header.
pub(super) struct Frame {
    kind: u8,
    bits: u8,
    pub width: u32,
    pub height: u32,
    pub components: u8,
}

impl Frame {
    /// Whether it is a picture: sensor data are lossless, or have more than 8 bits.
    pub fn is_read(&self) -> bool {
        matches!(self.kind, 0xC0..=0xC2)
            && self.bits == 8
            && self.width > 0
            && self.height > 0
            && matches!(self.components, 1 | 3)
    }
}

/// The frame of the JPEG that `bytes` begin with, if its segments can be followed so far.
pub(super) fn frame(bytes: &[u8]) -> Option<Frame> {
    let mut rest = bytes.strip_prefix(b"\xFF\xD8")?;
    for _ in 0..SEGMENTS {
        let [0xFF, kind, high, low, content @ ..] = rest else { return None };
        match kind {
            // A marker may have fill bytes before it.
            0xFF => {
                rest = &rest[1..];
                continue;
            }
            0xC4 | 0xC8 | 0xCC => {}
            0xC0..=0xCF => {
                let [bits, h0, h1, w0, w1, components, ..] = *content else { return None };
                let [width, height] =
                    [[w0, w1], [h0, h1]].map(|side| u16::from_be_bytes(side).into());
                return Some(Frame { kind: *kind, bits, width, height, components });
            }
            // Tables, the interval of restarts, segments of programs, comments.
            0xDB | 0xDD | 0xE0..=0xEF | 0xFE => {}
            _ => return None,
        }
        rest = rest.get(2 + usize::from(u16::from_be_bytes([*high, *low]))..)?;
    }
    None
}

/// A JPEG without what follows it in the file.
pub(super) fn up_to_its_end(bytes: &[u8]) -> &[u8] {
    let mut at = 2;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(0xFF, rest)) {
        at += found + 1;
        let Some(kind) = bytes.get(at) else { break };
        match kind {
            0xD9 => return &bytes[..=at],
            // In a scan's data, 0xFF is followed by 0 or a restart; a marker may be filled up.
            0 | 0x01 | 0xD0..=0xD8 => at += 1,
            0xFF => {}
            _ => {
                let length = bytes.get(at + 1..).and_then(|rest| rest.first_chunk().copied());
                at += 1 + length.map_or(0, |length| usize::from(u16::from_be_bytes(length)));
            }
        }
    }
    bytes
}
