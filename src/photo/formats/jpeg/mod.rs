//! JPEG: the headers determine which decoder is known to read it correctly; a JPEG that no decoder reads is
//! refused. A cut-off file is read as far as it goes.

mod careful;
mod cut;
mod frame;
mod heads;
mod huffman;
mod rare;
mod scans;
mod segments;
mod walk;

use image::metadata::Orientation;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::by_image;
use super::rgb::to_rgb;
use crate::error::Result;
use crate::photo::orientation::of_jpeg;
use crate::photo::reduced::{Reduced, pixels_at};
use crate::photo::task::Task;
use heads::{Heads, Reader};

pub use scans::{Scans, scans};

/// The value of missing pixels.
const GREY: Rgb<u8> = Rgb([128; 3]);

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    let heads = Heads::of(task.bytes);
    let frame = &heads.frame;
    if frame.pixels() > 0 {
        task.check_size(frame.width, frame.height)?;
        Scans::from(heads).check(task, frame.pixels())?;
    }
    let turn = of_jpeg(task.bytes).unwrap_or(Orientation::NoTransforms);
    match heads.reader() {
        _ if heads.ended => upright(task, &heads, turn, 0),
        Reader::None => Err(task.unsupported("JPEG")),
        _ if heads.scans == 0 => Err(task.cut_off()),
        Reader::Rare => Err(task.cut_off()),
        Reader::Fast | Reader::Careful => cut_off(task, &heads, turn),
    }
}

/// A complete JPEG; `beside` bytes of memory are already in use.
fn upright(task: &Task, heads: &Heads, turn: Orientation, beside: u64) -> Result<Reduced> {
    // The decoder holds a copy of the file, and coefficients.
    let beside = Scans::from(*heads).coefficients.saturating_add(task.bytes.len() as u64 + beside);
    if let Some((image, reduction)) = careful::reduced(task, heads, beside) {
        return Ok(turned(image, turn, (heads.frame.width, heads.frame.height), reduction));
    }
    if task.clock.is_up() {
        return Err(task.too_slow());
    }
    let image = match heads.reader() {
        Reader::Fast => {
            let decoder = by_image::open(task, ImageFormat::Jpeg)?;
            return by_image::finish(task, ImageFormat::Jpeg, decoder, Some(turn), beside);
        }
        Reader::Careful => careful::whole(task, heads, beside)?,
        Reader::Rare => rare::whole(task, heads)?.into(),
        Reader::None => return Err(task.unsupported("JPEG")),
    };
    let size = (image.width(), image.height());
    Ok(turned(image, turn, size, 1).of_any_size(task.wanted))
}

/// A JPEG of `size`, ready to analyse.
fn turned(mut image: DynamicImage, turn: Orientation, size: (u32, u32), reduction: u32) -> Reduced {
    let stored = (image.width(), image.height());
    image.apply_orientation(turn);
    let lies = (image.width(), image.height()) == stored;
    let size = if lies { size } else { (size.1, size.0) };
    Reduced { pixels: to_rgb(image), reduction, size, missing: None }
}

/// A JPEG whose file is cut off.
fn cut_off(task: &Task, heads: &Heads, turn: Orientation) -> Result<Reduced> {
    let found = cut::found(task.bytes).ok_or_else(|| task.cut_off())?;
    let part = Heads::of(&found.jpeg);
    let (width, height) = (heads.frame.width, heads.frame.height);
    // The share of the wanted pixels that falls on this part of the picture.
    let reduction = [8, 4, 2].into_iter().find(|by| pixels_at((width, height), *by) >= task.wanted);
    let wanted = pixels_at((width, found.rows), reduction.unwrap_or(1));
    let task = Task { bytes: &found.jpeg, wanted, ..*task };
    // The picture with its missing part, and the same turned.
    let canvas = 6 * pixels_at((width, height), reduction.unwrap_or(1));
    let beside = canvas + task.bytes.len() as u64;
    if found.is_everything {
        return upright(&task, &part, turn, task.bytes.len() as u64);
    }
    let upper = upright(&task, &part, Orientation::NoTransforms, beside)?;
    let reduction = upper.reduction;
    let (columns, rows) = (width.div_ceil(reduction), height.div_ceil(reduction));
    let mut pixels = RgbImage::from_pixel(columns, rows, GREY);
    let known = upper.pixels.as_raw();
    for (to, from) in pixels.iter_mut().zip(known) {
        *to = *from;
    }
    drop(upper);
    let missing = (height - found.rows) * 100 / height;
    let whole = turned(pixels.into(), turn, (width, height), reduction);
    Ok(Reduced { missing: Some(missing as u8), ..whole })
}

#[cfg(test)]
mod tests;
