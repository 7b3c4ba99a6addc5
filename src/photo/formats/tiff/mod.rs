//! TIFF: the largest picture of all its directories. The crate `tiff` unpacks each strip or tile into bytes;
//! this module turns them into colours, for more kinds than the crate knows.

mod colours;
mod page;
mod samples;
mod unpack;

use image::RgbImage;
use image::metadata::Orientation;

use self::colours::Colours;
use self::page::{Page, Unread};
use self::samples::{Rows, Scale};
use self::unpack::Chunk;
use super::jpeg;
use super::upright;
use crate::error::Result;
use crate::photo::ifd::{Directory, Tiff, tag};
use crate::photo::orientation::{from_number, from_xmp, of_jpeg};
use crate::photo::reduced::Reduced;
use crate::photo::task::Task;

/// The longer side of the smallest picture that may be used instead of a larger one, in pixels: a face that
/// fills it is large enough to be compared.
pub(super) const LEAST: u32 = 320;

/// A picture of a file.
pub(super) struct Candidate<'a> {
    pub size: (u32, u32),
    content: Content<'a>,
    orientation: Option<Orientation>,
    /// Whether it is in display colours, which sensor data never are.
    is_colour: bool,
}

enum Content<'a> {
    Page(Box<Page<'a>>),
    /// A JPEG file within the file.
    Jpeg(&'a [u8]),
    Unknown,
}

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    let candidates = candidates(task.bytes);
    if candidates.is_empty() {
        return Err(task.damaged(&"it contains no picture"));
    }
    largest(&candidates).ok_or_else(|| task.unsupported("TIFF"))?.decode(task)
}

/// How the picture that is decoded is turned.
pub(super) fn turn(bytes: &[u8]) -> Option<Orientation> {
    largest(&candidates(bytes))?.turn()
}

/// The XMP of the first directory.
pub(super) fn xmp(bytes: &[u8]) -> Option<Vec<u8>> {
    Some(Tiff::of(bytes)?.first()?.bytes(tag::XMP)?.to_vec())
}

/// The largest picture or, if its kind cannot be read, the largest that may be used instead.
fn largest<'a, 'b>(candidates: &'b [Candidate<'a>]) -> Option<&'b Candidate<'a>> {
    // Of several equally large ones, the first.
    let first = candidates.iter().rev().max_by_key(|candidate| area(candidate.size))?;
    if first.is_known() { Some(first) } else { best(candidates) }
}

/// The largest picture in colours that may stand for the photo of a RAW file, if one is of a kind that
/// is read.
pub(super) fn largest_in_colours(bytes: &[u8]) -> Option<Candidate<'_>> {
    let mut candidates = candidates(bytes);
    candidates.retain(|candidate| candidate.is_colour);
    let best = best(&candidates)?.size;
    let at =
        candidates.iter().position(|candidate| candidate.is_known() && candidate.size == best)?;
    Some(candidates.swap_remove(at))
}

fn best<'a, 'b>(candidates: &'b [Candidate<'a>]) -> Option<&'b Candidate<'a>> {
    let enough = |it: &&Candidate| it.is_known() && it.size.0.max(it.size.1) >= LEAST;
    // Of several equally large ones, the first.
    candidates.iter().filter(enough).rev().max_by_key(|candidate| area(candidate.size))
}

pub(super) fn area((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

/// The pictures of a TIFF, in its order.
fn candidates<'a>(bytes: &'a [u8]) -> Vec<Candidate<'a>> {
    let Some(tiff) = Tiff::of(bytes) else { return Vec::new() };
    let all = tiff.all();
    let whole = all.first().and_then(turn_of);
    let candidate = |directory: Directory<'a>| {
        let orientation = turn_of(&directory).or(whole);
        let is_colour = matches!(directory.number(tag::PHOTOMETRIC), Some(2 | 6));
        let (size, content) = match Page::of(&tiff, directory) {
            Ok(page) => (page.size, Content::Page(Box::new(page))),
            Err(Unread::Jpeg(jpeg, size)) => (size, Content::Jpeg(jpeg)),
            Err(Unread::Unknown(size)) => (size, Content::Unknown),
            Err(Unread::NoPicture) => return None,
        };
        Some(Candidate { size, content, orientation, is_colour })
    };
    all.into_iter().filter_map(candidate).collect()
}

/// The orientation of a directory's picture.
pub(super) fn turn_of(directory: &Directory<'_>) -> Option<Orientation> {
    let number = directory.number(tag::ORIENTATION).and_then(from_number);
    number.or_else(|| from_xmp(directory.bytes(tag::XMP)?))
}

impl Candidate<'_> {
    fn is_known(&self) -> bool {
        !matches!(self.content, Content::Unknown)
    }

    /// How it is turned when it is decoded: as the JPEG itself says, otherwise as the file says.
    pub fn turn(&self) -> Option<Orientation> {
        match &self.content {
            Content::Jpeg(jpeg) => of_jpeg(jpeg).or(self.orientation),
            _ => self.orientation,
        }
    }

    /// The picture, upright.
    pub fn decode(&self, task: &Task) -> Result<Reduced> {
        match &self.content {
            Content::Page(page) => page_upright(task, page, self.orientation),
            Content::Jpeg(jpeg) => jpeg_upright(task, jpeg, self.orientation),
            Content::Unknown => Err(task.unsupported("TIFF")),
        }
    }
}

/// A JPEG within the file, turned as it says itself, otherwise as the file says.
pub(super) fn jpeg_upright(
    task: &Task,
    jpeg: &[u8],
    orientation: Option<Orientation>,
) -> Result<Reduced> {
    let photo = jpeg::decode(&task.within(jpeg))?;
    Ok(match orientation {
        Some(orientation) if of_jpeg(jpeg).is_none() => {
            upright::check_memory(task, photo.pixels.dimensions(), orientation, 0)?;
            upright::turned(photo, orientation)
        }
        _ => photo,
    })
}

fn page_upright(task: &Task, page: &Page, orientation: Option<Orientation>) -> Result<Reduced> {
    let (width, height) = page.size;
    task.check_size(width, height)?;
    let orientation = orientation.unwrap_or(Orientation::NoTransforms);
    let held = unpack::held(task, page)?;
    upright::check_memory(task, page.size, orientation, held)?;
    let scale = scale(task, page)?;
    let colours = Colours::of(page);
    let mut pixels = RgbImage::new(width, height);
    let rgb: &mut [u8] = &mut pixels;
    let mut rows = Rows::new(page, scale);
    for index in 0..page.chunks() {
        let chunk = Chunk::unpack(task, page, index)?;
        let (left, top) = page.place(index);
        for row in 0..chunk.rows.min(height - top) {
            let samples = rows.read(&chunk, row);
            let from = 3 * ((top + row) as usize * width as usize + left as usize);
            let length = 3 * (width - left).min(page.chunk.0) as usize;
            colours.row(samples, &mut rgb[from..from + length]);
        }
    }
    Ok(upright::whole(task, pixels, orientation))
}

/// The scale of a page's samples. For floats and long integers nothing defines white, so the largest value
/// does.
fn scale(task: &Task, page: &Page) -> Result<Scale> {
    if let Some(scale) = Scale::known(page) {
        return Ok(scale);
    }
    let (mut rows, mut most) = (Rows::new(page, Scale::Raw), 0.0_f32);
    for index in 0..page.chunks() {
        let chunk = Chunk::unpack(task, page, index)?;
        let (_, top) = page.place(index);
        for row in 0..chunk.rows.min(page.size.1 - top) {
            most = most.max(rows.most(&chunk, row));
        }
    }
    Ok(Scale::up_to(most, page))
}
