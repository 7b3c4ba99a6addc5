//! RAW files: the largest picture that the camera put beside what its sensor saw, most often a JPEG.
//! Makers have many ways to say where it is, so the file is searched for JPEGs.

use std::collections::HashSet;

use image::metadata::Orientation;
use memchr::{memchr, memmem};

use super::tiff::{self, LEAST, area};
use crate::error::Result;
use crate::photo::ifd::Tiff;
use crate::photo::orientation::from_exif;
use crate::photo::reduced::Reduced;
use crate::photo::task::Task;

/// The first bytes in which CR3 and MRW have their EXIF.
const HEAD: usize = 1 << 20;
/// The most segments before a JPEG's frame.
const SEGMENTS: usize = 64;

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    let jpeg = largest(task)?.filter(|(_, size)| size.0.max(size.1) >= LEAST);
    let page = tiff::largest_in_colours(task.bytes);
    match (jpeg, page) {
        (Some((jpeg, size)), page)
            if page.as_ref().is_none_or(|page| area(page.size) <= area(size)) =>
        {
            tiff::jpeg_upright(task, jpeg, orientation(task.bytes))
        }
        (_, Some(page)) => page.decode(task),
        _ => Err(task.no_preview()),
    }
}

/// How the file says that its pictures are to be turned.
fn orientation(bytes: &[u8]) -> Option<Orientation> {
    if let Some(tiff) = Tiff::of(bytes) {
        return tiff::turn_of(&tiff.first()?);
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    let behind =
        |name: &[u8], more: usize| head.get(memmem::find(head, name)? + name.len() + more..);
    // CR3's box, and MRW's block with its length.
    behind(b"CMT1", 0).and_then(from_exif).or_else(|| behind(b"\0TTW", 4).and_then(from_exif))
}

/// The JPEG with the most pixels.
fn largest<'a>(task: &Task<'a>) -> Result<Option<(&'a [u8], (u32, u32))>> {
    let pieces = pieces_of_the_sensor(task.bytes);
    let mut largest: Option<(usize, (u32, u32))> = None;
    for from in memmem::find_iter(task.bytes, b"\xFF\xD8\xFF") {
        if task.clock.is_up() {
            return Err(task.too_slow());
        }
        let Some(frame) = frame(&task.bytes[from..]).filter(Frame::is_read) else { continue };
        let size = (frame.width, frame.height);
        let more = largest.is_none_or(|(_, other)| area(size) > area(other));
        if more && !pieces.contains(&(from as u64)) {
            largest = Some((from, size));
        }
    }
    Ok(largest.map(|(from, size)| (up_to_its_end(&task.bytes[from..]), size)))
}

/// Where the file has parts of what the sensor saw, which may be JPEGs too.
fn pieces_of_the_sensor(bytes: &[u8]) -> HashSet<u64> {
    let all = Tiff::of(bytes).map(|tiff| tiff.all()).unwrap_or_default();
    let of_the_sensor = all.iter().filter(|directory| directory.is_of_a_sensor());
    of_the_sensor
        .flat_map(|directory| [273, 324].map(|tag| directory.numbers(tag).unwrap_or_default()))
        .flatten()
        .collect()
}

/// The JPEG that `bytes` begin with, and its size; `None` if they begin otherwise.
pub(super) fn embedded(bytes: &[u8]) -> Option<(&[u8], (u32, u32))> {
    let frame = frame(bytes)?;
    frame.is_read().then(|| (up_to_its_end(bytes), (frame.width, frame.height)))
}

/// What the head of a JPEG's frame tells.
pub(super) struct Frame {
    kind: u8,
    bits: u8,
    pub width: u32,
    pub height: u32,
    pub components: u8,
}

impl Frame {
    /// If it is a picture: those of sensors are lossless, or have more than 8 bits.
    fn is_read(&self) -> bool {
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
            // A marker may be filled up.
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
fn up_to_its_end(bytes: &[u8]) -> &[u8] {
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
