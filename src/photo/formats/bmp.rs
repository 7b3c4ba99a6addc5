//! BMP. The decoder gets a header in the form that it expects, because some programs fill in fields wrongly.
//! Kinds that it does not read are distinguished from damage.

use image::metadata::Orientation;
use image::{DynamicImage, ImageFormat};

use super::by_image;
use super::rgb::to_rgb;
use crate::error::Result;
use crate::photo::reduced::Reduced;
use crate::photo::spliced::Spliced;
use crate::photo::task::Task;

/// The length of the file header: `BM`, sizes, and the offset of the pixels.
const BEFORE: usize = 14;
/// The length of the oldest header, with 16-bit sides.
const OLD: usize = 12;
/// The length of the usual header, which is also the beginning of longer ones.
const USUAL: usize = 40;

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    let Some(head) = Head::of(task.bytes) else {
        return Err(task.damaged(&"its header is cut off"));
    };
    let parts = head.parts(task.bytes).ok_or_else(|| task.unsupported("BMP"))?;
    let decoder = by_image::open_parts(task, parts, ImageFormat::Bmp)?;
    let mut image = by_image::image(task, ImageFormat::Bmp, decoder, Orientation::NoTransforms, 0)?;
    if let DynamicImage::ImageRgba8(pixels) = &mut image
        && pixels.pixels().all(|pixel| pixel[3] == 0)
    {
        // Programs that do not know alpha leave it at 0.
        pixels.pixels_mut().for_each(|pixel| pixel[3] = 255);
    }
    Ok(Reduced::not(to_rgb(image)).of_any_size(task.wanted))
}

/// The fields of a header.
struct Head {
    size: usize,
    bits: u16,
    compression: u32,
    colours: u32,
    top_down: bool,
}

impl Head {
    fn of(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes);
        let short = |at: usize| bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes);
        let size = number(BEFORE)? as usize;
        if size < USUAL {
            let bits = short(BEFORE + 10)?;
            return Some(Self { size, bits, compression: 0, colours: 0, top_down: false });
        }
        Some(Self {
            size,
            bits: short(BEFORE + 14)?,
            compression: number(BEFORE + 16)?,
            colours: number(BEFORE + 32)?,
            top_down: number(BEFORE + 8)? >> 31 == 1,
        })
    }

    /// Whether it is a kind that can be read: any depth, run-length encoding and masks.
    fn is_known(&self) -> bool {
        match (self.compression, self.bits) {
            (0, 1 | 2 | 4 | 8 | 16 | 24 | 32) => self.size == OLD || self.size >= USUAL,
            (1, 8) | (2, 4) => !self.top_down,
            // In longer headers of OS/2 this field means something else.
            (3, 16 | 32) => matches!(self.size, 40 | 52 | 56 | 108 | 124),
            _ => false,
        }
    }

    /// The file, with a header that the decoder accepts.
    fn parts<'a>(&self, bytes: &'a [u8]) -> Option<Spliced<'a>> {
        let known = self.is_known().then_some(self.size)?;
        let kept = if matches!(known, OLD | 40 | 52 | 56 | 108 | 124) { known } else { USUAL };
        let mut head = bytes.get(..BEFORE + kept)?.to_vec();
        let mut pixels = u32::from_le_bytes(*head[10..].first_chunk()?) as usize;
        let masks = if self.compression == 3 && self.size == USUAL { 12 } else { 0 };
        let most = if self.bits <= 8 { 1 << self.bits } else { 0 };
        let colours = if self.colours == 0 { most } else { self.colours.min(most) } as usize;
        let colour = if known == OLD { 3 } else { 4 };
        if pixels < BEFORE + known {
            pixels = BEFORE + known + masks + colour * colours;
        }
        let pixels = u32::try_from(pixels - (known - kept)).ok()?;
        head[10..14].copy_from_slice(&pixels.to_le_bytes());
        head[BEFORE..BEFORE + 4].copy_from_slice(&(kept as u32).to_le_bytes());
        // The number of planes is always 1.
        let planes = BEFORE + if known == OLD { 8 } else { 12 };
        head[planes..planes + 2].copy_from_slice(&[1, 0]);
        if known != OLD {
            let colours = self.colours.min(most);
            head[BEFORE + 32..BEFORE + 36].copy_from_slice(&colours.to_le_bytes());
        }
        let mut parts = Spliced::new(bytes);
        parts.add(head);
        parts.push(BEFORE + known..bytes.len());
        Some(parts)
    }
}
