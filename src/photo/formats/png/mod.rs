//! PNG, row by row: its pixels and its orientation. Nothing else in the file can cause an error.

mod chunks;

use image::{Rgb, RgbImage};
use png::{
    BitDepth, Decoder, DecodingError, Info, InterlaceInfo, InterlacedRow, Limits, Reader,
    Transformations,
};

use super::rgb::{in_eight_bits, row_to_rgb};
use super::upright;
use crate::error::{Error, Result};
use crate::photo::clock::Timed;
use crate::photo::memory::HEAD;
use crate::photo::orientation::{from_exif, from_xmp};
use crate::photo::reduced::Reduced;
use crate::photo::task::Task;
use image::metadata::Orientation;

/// The value of missing pixels.
const GREY: Rgb<u8> = Rgb([128; 3]);

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    let parts = chunks::needed(task.bytes).ok_or_else(|| task.unsupported("PNG"))?;
    let explain = |error| explain(task, error);
    let bytes = HEAD.min(task.memory()) as usize;
    let mut decoder = Decoder::new_with_limits(task.timed_parts(parts), Limits { bytes });
    decoder.set_transformations(Transformations::EXPAND);
    let head = decoder.read_header_info().map_err(explain)?;
    task.check_size(head.width, head.height)?;
    let mut reader = decoder.read_info().map_err(explain)?;
    let orientation = orientation(reader.info()).unwrap_or(Orientation::NoTransforms);
    let (width, height) = reader.info().size();
    // A row as it is stored, the one before it, and what is made of it.
    let rows = 3 * reader.output_line_size(width).unwrap_or(usize::MAX) as u64;
    upright::check_memory(task, (width, height), orientation, rows)?;
    let mut pixels = RgbImage::from_pixel(width, height, GREY);
    let (missing, failure) = read(&mut reader, &mut pixels);
    match failure {
        Some(_) if task.clock.is_up() => Err(task.too_slow()),
        // Of a file that ends too early, the part that is there is used.
        Some(failure) if missing == 100 || !chunks::are_cut(task.bytes) => Err(explain(failure)),
        failure => {
            let photo = upright::whole(task, pixels, orientation);
            Ok(Reduced { missing: failure.map(|_| missing), ..photo })
        }
    }
}

/// The orientation: from EXIF, in its own chunk or in ImageMagick's text, otherwise from XMP.
fn orientation(info: &Info) -> Option<Orientation> {
    let profile = |name: &str| chunks::profile(info, name);
    let exif = info.exif_metadata.as_deref().and_then(from_exif);
    let exif = exif.or_else(|| from_exif(&profile("exif")?));
    // ImageMagick puts the JPEG's segment here, whether EXIF or XMP.
    let segment = || profile("APP1");
    let exif = exif.or_else(|| from_exif(&segment()?));
    let xmp = || info.utf8_text.iter().find(|text| text.keyword == chunks::XMP)?.get_text().ok();
    exif.or_else(|| from_xmp(xmp()?.as_bytes()))
        .or_else(|| from_xmp(&profile("xmp")?))
        .or_else(|| from_xmp(&segment()?))
}

/// The orientation of a PNG; its pixels are not decoded.
pub(super) fn turn(task: &Task) -> Option<Orientation> {
    orientation(head(task)?.info())
}

/// The XMP of a PNG.
pub(super) fn xmp(task: &Task) -> Option<Vec<u8>> {
    let reader = head(task)?;
    let mut texts = reader.info().utf8_text.iter();
    let mut own = || {
        let mut text = texts.find(|text| text.keyword == chunks::XMP)?.clone();
        text.decompress_text_with_limit(HEAD as usize).ok()?;
        text.get_text().ok().map(String::into_bytes)
    };
    own().or_else(|| chunks::profile(reader.info(), "xmp"))
}

/// A PNG as far as its first pixels.
fn head<'a>(task: &Task<'a>) -> Option<Reader<Timed<'a>>> {
    let bytes = HEAD.min(task.memory()) as usize;
    let parts = task.timed_parts(chunks::needed(task.bytes)?);
    Decoder::new_with_limits(parts, Limits { bytes }).read_info().ok()
}

/// Decode the rows that are there; returns the percentage that is missing, and why.
fn read(reader: &mut Reader<Timed>, pixels: &mut RgbImage) -> (u8, Option<DecodingError>) {
    let (width, height) = pixels.dimensions();
    let mut rows = Rows::new(reader, width);
    let number = number_of_rows(width, height, reader.info().interlaced);
    let percent = |left: u32| (u64::from(left) * 100).div_ceil(u64::from(number.max(1))) as u8;
    for at in 0..number {
        match reader.next_interlaced_row() {
            Ok(Some(row)) => rows.put(at, row, pixels),
            Ok(None) => return (percent(number - at), None),
            Err(failure) => return (percent(number - at), Some(failure)),
        }
    }
    (0, None)
}

/// Puts rows where they belong.
struct Rows {
    channels: usize,
    sixteen: bool,
    stride: usize,
    narrow: Vec<u8>,
    rgb: Vec<u8>,
}

impl Rows {
    fn new(reader: &Reader<Timed>, width: u32) -> Self {
        let (colour, depth) = reader.output_color_type();
        let stride = 3 * width as usize;
        let (channels, sixteen) = (colour.samples(), depth == BitDepth::Sixteen);
        Self { channels, sixteen, stride, narrow: Vec::new(), rgb: vec![0; stride] }
    }

    /// Put row number `at`, counting from 0, where it belongs.
    fn put(&mut self, at: u32, row: InterlacedRow, pixels: &mut [u8]) {
        let samples = if self.sixteen {
            self.narrow.clear();
            let values = row.data().chunks_exact(2);
            self.narrow.extend(values.map(|v| in_eight_bits(u16::from_be_bytes([v[0], v[1]]))));
            &self.narrow[..]
        } else {
            row.data()
        };
        match row.interlace() {
            InterlaceInfo::Null(_) => {
                let to = at as usize * self.stride;
                row_to_rgb(samples, self.channels, &mut pixels[to..to + self.stride]);
            }
            InterlaceInfo::Adam7(at) => {
                let rgb = &mut self.rgb[..3 * (samples.len() / self.channels)];
                row_to_rgb(samples, self.channels, rgb);
                // A pixel fills what later passes leave empty, so that a cut file shows something.
                png::splat_interlaced_row(pixels, self.stride, rgb, at, 24);
            }
        }
    }
}

/// The number of rows in all passes.
fn number_of_rows(width: u32, height: u32, interlaced: bool) -> u32 {
    if !interlaced {
        return height;
    }
    let passes = [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];
    let wide = passes.iter().filter(|(x, ..)| *x < width);
    wide.map(|(_, y, _, by)| height.saturating_sub(*y).div_ceil(*by)).sum()
}

fn explain(task: &Task, error: DecodingError) -> Error {
    match error {
        DecodingError::LimitsExceeded => task.too_much_memory(),
        other => task.damaged(&other),
    }
}
