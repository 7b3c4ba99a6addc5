//! Unpacks strips and tiles with the crate `tiff`: each is passed to it as a separate TIFF with one strip of
//! bytes, so that the crate need not know what they mean.

use tiff::TiffError;
use tiff::decoder::{Decoder, Limits};

use super::page::{Packing, Page};
use crate::error::{Error, Result};
use crate::photo::formats::embedded;
use crate::photo::formats::jpeg::{Scans, scans};
use crate::photo::spliced::Spliced;
use crate::photo::task::Task;

/// A strip or tile, unpacked.
pub(super) struct Chunk {
    /// One for each plane.
    pub planes: Vec<Vec<u8>>,
    /// The bytes of a row.
    pub stride: usize,
    pub rows: u32,
}

/// Refuse a picture whose JPEGs take too long; otherwise, return the most memory that one strip or tile
/// takes.
pub(super) fn held(task: &Task, page: &Page) -> Result<u64> {
    let row = |bytes: u64| bytes.saturating_mul(u64::from(page.chunk.1) * page.planes() as u64);
    // Spreading shared colours over the pixels takes the same number of bytes again.
    let shared = if page.is_shared() { row(packed_stride(page)) } else { 0 };
    // A row's samples as numbers, and in 8 bits.
    let numbers = 5 * u64::from(page.chunk.0) * page.samples as u64;
    let bytes = row(stride(page)).saturating_add(shared).saturating_add(numbers);
    if page.packing != Packing::Jpeg {
        return Ok(bytes);
    }
    let pixels = u64::from(page.size.0) * u64::from(page.size.1);
    let scans = all_scans(page, pixels);
    scans.check(task, pixels)?;
    Ok(bytes.saturating_add(scans.coefficients))
}

/// The scans of the JPEGs in a picture of `pixels`, added up as if they were one: the picture's header does
/// not say how large they are.
fn all_scans(page: &Page, pixels: u64) -> Scans {
    let (mut passed, mut held, mut length) = (0_u64, 0, 0);
    for index in 0..page.chunks() {
        for plane in 0..page.planes() {
            let jpeg = page.packed(plane, index);
            length += jpeg.len();
            if length > page.bytes.len() {
                // The same ones again and again.
                return Scans { number: u64::MAX, pixels, coefficients: 0 };
            }
            let scans = scans(jpeg);
            passed = passed.saturating_add(scans.number * scans.pixels);
            // Up to four bytes a pixel, which are then copied.
            held = held.max(scans.coefficients + 4 * scans.pixels + jpeg.len() as u64);
        }
    }
    Scans { number: passed.div_ceil(pixels.max(1)), pixels, coefficients: held }
}

/// The bytes of a row of a strip or tile, in one plane.
fn stride(page: &Page) -> u64 {
    let samples = if page.is_shared() { 3 } else { page.together() as u64 };
    (u64::from(page.chunk.0) * samples * u64::from(page.bits)).div_ceil(8)
}

/// The same of rows whose colours are shared, with all rows that share them.
fn packed_stride(page: &Page) -> u64 {
    let (h, v) = page.shared;
    u64::from(page.chunk.0.div_ceil(h)) * u64::from(h * v + 2)
}

impl Chunk {
    pub fn unpack(task: &Task, page: &Page, index: u32) -> Result<Self> {
        let rows = page.rows(index);
        let stride = usize::try_from(stride(page)).map_err(|_| task.too_much_memory())?;
        let plane = |plane| {
            let packed = page.packed(plane, index);
            if !page.is_shared() {
                return unpack(task, page, packed, stride, rows);
            }
            let together = packed_stride(page) as usize;
            let bytes = unpack(task, page, packed, together, rows.div_ceil(page.shared.1))?;
            Ok(spread(&bytes, page, rows))
        };
        let planes = (0..page.planes()).map(plane).collect::<Result<_>>()?;
        Ok(Self { planes, stride, rows })
    }
}

/// `rows` rows of `stride` bytes.
fn unpack(task: &Task, page: &Page, packed: &[u8], stride: usize, rows: u32) -> Result<Vec<u8>> {
    let (width, bits, samples) = match page.packing {
        Packing::Bytes(_) => (stride as u64, 8, 1),
        Packing::Fax => (u64::from(page.chunk.0), 1, 1),
        Packing::Jpeg | Packing::WebP => (u64::from(page.chunk.0), 8, page.together() as u64),
    };
    if page.packing == Packing::Jpeg {
        let fits = embedded::frame(packed).is_some_and(|frame| {
            frame.width == page.chunk.0
                && frame.height >= rows
                && usize::from(frame.components) == page.together()
        });
        if !fits {
            return Err(task.damaged(&"a JPEG in it does not have the size that the file says"));
        }
    }
    let file = file(page, packed, [width, u64::from(rows), bits, samples]);
    let explain = |error| explain(task, error);
    let decoder = Decoder::new(task.timed_parts(file)).map_err(explain)?;
    let mut bytes = vec![0; stride * rows as usize];
    decoder.with_limits(Limits::unlimited()).read_chunk_bytes(0, &mut bytes).map_err(explain)?;
    Ok(bytes)
}

/// A TIFF of one strip, with this width, height, and number of bits and samples.
fn file<'a>(
    page: &Page<'a>,
    packed: &'a [u8],
    [width, rows, bits, samples]: [u64; 4],
) -> Spliced<'a> {
    let packing = match page.packing {
        Packing::Jpeg => 7,
        Packing::WebP => 50001,
        Packing::Fax => 4,
        Packing::Bytes(number) => number,
    };
    const ENTRIES: u16 = 10;
    let head = 8 + 2 + 12 * usize::from(ENTRIES) + 4;
    let tables = page.tables.filter(|_| page.packing == Packing::Jpeg).unwrap_or_default();
    let strip = (head + tables.len()) as u64;
    let (short, long, bytes) = (3, 4, 7);
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend(ENTRIES.to_le_bytes());
    for (tag, kind, count, value) in [
        (256_u16, long, 1, width),
        (257, long, 1, rows),
        (258, short, 1, bits),
        (259, short, 1, u64::from(packing)),
        (262, short, 1, 1),
        (273, long, 1, strip),
        (277, short, 1, samples),
        (278, long, 1, rows),
        (279, long, 1, packed.len() as u64),
        // A tag with a use of its own if there are no tables.
        (
            if tables.is_empty() { 65000 } else { 347 },
            bytes,
            tables.len().max(1) as u32,
            head as u64,
        ),
    ] {
        file.extend(tag.to_le_bytes());
        file.extend(u16::to_le_bytes(kind));
        file.extend(u32::to_le_bytes(count));
        file.extend((value as u32).to_le_bytes());
    }
    file.extend([0; 4]);
    file.extend(tables);
    let mut parts = Spliced::new(packed);
    parts.add(file);
    let plain = !page.reversed || matches!(page.packing, Packing::Jpeg | Packing::WebP);
    if plain {
        parts.push(0..packed.len());
    } else {
        parts.add(packed.iter().map(|byte| byte.reverse_bits()).collect());
    }
    parts
}

/// Rows of separate pixels, from blocks of pixels that share their colours.
fn spread(bytes: &[u8], page: &Page, rows: u32) -> Vec<u8> {
    let (across, down) = (page.shared.0 as usize, page.shared.1 as usize);
    let (width, together) = (page.chunk.0 as usize, packed_stride(page) as usize);
    let block = across * down + 2;
    let mut spread = vec![0; 3 * width * rows as usize];
    for (y, row) in spread.chunks_exact_mut(3 * width).enumerate() {
        let blocks = &bytes[y / down * together..][..together];
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let block = &blocks[x / across * block..][..block];
            let brightness = block[y % down * across + x % across];
            pixel.copy_from_slice(&[brightness, block[block.len() - 2], block[block.len() - 1]]);
        }
    }
    spread
}

fn explain(task: &Task, error: TiffError) -> Error {
    match error {
        TiffError::LimitsExceeded => task.too_much_memory(),
        TiffError::UnsupportedError(_) => task.unsupported("TIFF"),
        other => task.damaged(&other),
    }
}
