//! `jpeg-decoder`: correct for components with unusual sampling or scans, and able to decode at a half, a
//! quarter or an eighth, which saves most of the work: a face that fills a photo of 24 megapixels needs a
//! fiftieth of them.

use std::io::Read;

use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::{ColorTransform, Decoder, Error as Failure, PixelFormat};

use super::heads::{Colours, Heads};
use crate::error::{Error, Result};
use crate::photo::reduced::pixels_at;
use crate::photo::task::Task;

/// Says that a JPEG is a frame of a video. The decoder then takes the tables of ITU-T T.81, annex K.3,
/// for those that are missing.
const OF_A_VIDEO: &[u8] = b"\xFF\xD8\xFF\xE0\0\x07AVI1\0";

/// The JPEG at the smallest size that has the wanted pixels; `None` if that is its full size, if it takes too
/// much memory (`beside` bytes of which are not pixels), or if it cannot be reduced. It must then be decoded
/// at full size, which also shows any error.
pub(super) fn reduced(task: &Task, heads: &Heads, beside: u64) -> Option<(DynamicImage, u32)> {
    let size = (heads.frame.width, heads.frame.height);
    let reduction = [8, 4, 2].into_iter().find(|by| pixels_at(size, *by) >= task.wanted)?;
    // The components, and the pixels that are made from them.
    let pixels = 6 * pixels_at(size, reduction);
    if !heads.can_be_reduced() || beside.saturating_add(pixels) > task.memory() {
        return None;
    }
    Some((decode(task, heads, reduction).ok()??, reduction))
}

/// The JPEG at its own size, with `beside` bytes of memory that are not pixels.
///
/// # Errors
/// If it is damaged or takes too much memory.
pub(super) fn whole(task: &Task, heads: &Heads, beside: u64) -> Result<DynamicImage> {
    // The components, the pixels that they become, and those turned or as RGB.
    let each = 2 * u64::from(heads.frame.number) + 3;
    if beside.saturating_add(each * heads.frame.pixels()) > task.memory() {
        return Err(task.too_much_memory());
    }
    match decode(task, heads, 1) {
        Ok(Some(image)) => Ok(image),
        Ok(None) | Err(Failure::Unsupported(_)) => Err(task.unsupported("JPEG")),
        Err(failure) => Err(explain(task, &failure)),
    }
}

fn explain(task: &Task, failure: &Failure) -> Error {
    if task.clock.is_up() { task.too_slow() } else { task.damaged(failure) }
}

type Decoded = std::result::Result<Option<DynamicImage>, Failure>;

fn decode(task: &Task, heads: &Heads, reduction: u32) -> Decoded {
    let mut bytes = task.timed();
    if heads.has_huffman_tables {
        return decode_from(bytes, heads, reduction);
    }
    bytes.read_exact(&mut [0; 2])?;
    decode_from(OF_A_VIDEO.chain(bytes), heads, reduction)
}

/// `None` if the size or the colours are not what they should be.
fn decode_from(bytes: impl Read, heads: &Heads, reduction: u32) -> Decoded {
    let frame = &heads.frame;
    let mut decoder = Decoder::new(bytes);
    // It would look at the components' names first.
    decoder.set_color_transform(match heads.colours() {
        Colours::Grey => ColorTransform::Grayscale,
        Colours::Differences => ColorTransform::YCbCr,
        Colours::Rgb => ColorTransform::RGB,
        Colours::Inks => ColorTransform::CMYK,
        Colours::InksAsDifferences => ColorTransform::YCCK,
    });
    decoder.read_info()?;
    let small = (frame.width.div_ceil(reduction), frame.height.div_ceil(reduction));
    let (Ok(columns), Ok(rows)) = (u16::try_from(small.0), u16::try_from(small.1)) else {
        return Ok(None);
    };
    if reduction > 1 && decoder.scale(columns, rows)? != (columns, rows) {
        return Ok(None);
    }
    let values = decoder.decode()?;
    let Some(format) = decoder.info().map(|info| info.pixel_format) else { return Ok(None) };
    // Its coefficients are as large as the whole photo.
    drop(decoder);
    Ok(match format {
        PixelFormat::L8 => GrayImage::from_raw(small.0, small.1, values).map(DynamicImage::from),
        PixelFormat::RGB24 => RgbImage::from_raw(small.0, small.1, values).map(DynamicImage::from),
        PixelFormat::CMYK32 => {
            let light = values.chunks_exact(4).flat_map(light_of);
            RgbImage::from_raw(small.0, small.1, light.collect()).map(DynamicImage::from)
        }
        PixelFormat::L16 => None,
    })
}

/// The light that is left by cyan, magenta, yellow and black inks.
fn light_of(inks: &[u8]) -> [u8; 3] {
    let left = |ink: u8| 255 - u32::from(ink);
    [0, 1, 2].map(|ink| ((left(inks[ink]) * left(inks[3]) + 127) / 255) as u8)
}
