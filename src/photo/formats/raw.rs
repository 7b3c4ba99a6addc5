//! RAW files: the largest preview that the camera stored beside the sensor data, usually a JPEG. Camera
//! makers record its position in many ways, so the file is searched for JPEGs.

use std::collections::HashSet;

use image::metadata::Orientation;
use memchr::memmem;

use super::embedded::{Frame, frame, up_to_its_end};
use super::tiff::{self, LEAST, area};
use crate::error::Result;
use crate::photo::ifd::Tiff;
use crate::photo::orientation::{from_exif, of_jpeg};
use crate::photo::reduced::Reduced;
use crate::photo::task::Task;

/// The first bytes in which CR3 and MRW have their EXIF.
const HEAD: usize = 1 << 20;

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    match chosen(task)? {
        Some(Chosen::Jpeg(jpeg)) => tiff::jpeg_upright(task, jpeg, orientation(task.bytes)),
        Some(Chosen::Page(page)) => page.decode(task),
        None => Err(task.no_preview()),
    }
}

/// How the picture that is decoded is turned.
pub(super) fn turn(task: &Task) -> Option<Orientation> {
    match chosen(task).ok()?? {
        Chosen::Jpeg(jpeg) => of_jpeg(jpeg).or_else(|| orientation(task.bytes)),
        Chosen::Page(page) => page.turn(),
    }
}

/// The preview that is used as the photo.
enum Chosen<'a> {
    Jpeg(&'a [u8]),
    Page(tiff::Candidate<'a>),
}

fn chosen<'a>(task: &Task<'a>) -> Result<Option<Chosen<'a>>> {
    let jpeg = largest(task)?.filter(|(_, size)| size.0.max(size.1) >= LEAST);
    let page = tiff::largest_in_colours(task.bytes);
    Ok(match (jpeg, page) {
        (Some((jpeg, size)), page)
            if page.as_ref().is_none_or(|page| area(page.size) <= area(size)) =>
        {
            Some(Chosen::Jpeg(jpeg))
        }
        (_, page) => page.map(Chosen::Page),
    })
}

/// A JPEG, and its width and height.
type Preview<'a> = (&'a [u8], (u32, u32));

/// The orientation of the pictures, as the file gives it.
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
fn largest<'a>(task: &Task<'a>) -> Result<Option<Preview<'a>>> {
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

/// Where the file has sensor data, which may be JPEGs, too.
fn pieces_of_the_sensor(bytes: &[u8]) -> HashSet<u64> {
    let all = Tiff::of(bytes).map(|tiff| tiff.all()).unwrap_or_default();
    let of_the_sensor = all.iter().filter(|directory| directory.is_of_a_sensor());
    of_the_sensor
        .flat_map(|directory| [273, 324].map(|tag| directory.numbers(tag).unwrap_or_default()))
        .flatten()
        .collect()
}
