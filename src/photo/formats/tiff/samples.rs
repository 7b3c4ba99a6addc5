//! The samples of unpacked rows: bits taken apart, differences added up, and each brought to 8 bits.

use std::borrow::Cow;

use super::page::{Kind, Page};
use super::unpack::Chunk;

/// The scale of samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scale {
    /// They are used unchanged, such as palette indexes.
    Raw,
    /// Their higher 8 bits of 16 count.
    High,
    /// White is this number.
    White(u32),
    /// White is this, negative numbers are black.
    Measured(f32),
}

impl Scale {
    /// The scale of samples whose kind determines it.
    pub fn known(page: &Page) -> Option<Self> {
        match (page.photometric, page.kind, page.bits) {
            (3, ..) | (8 | 9, _, 8) => Some(Self::Raw),
            (8 | 9, ..) => Some(Self::High),
            (_, Kind::Unsigned, 1..32) => Some(Self::White((1 << page.bits) - 1)),
            _ => None,
        }
    }

    /// The scale of samples the largest of which is `most`.
    pub fn up_to(most: f32, page: &Page) -> Self {
        let usual: &[f32] = match (page.kind, page.bits) {
            // Light may be a little more than white.
            (Kind::Float, _) => &[2.0, 510.0, 131_070.0],
            (_, 8) => &[127.0],
            (_, 16) => &[255.0, 32_767.0],
            (Kind::Signed, _) => &[255.0, 65_535.0, 2_147_483_647.0],
            (Kind::Unsigned, _) => &[255.0, 65_535.0, 4_294_967_295.0],
        };
        let white = usual.iter().find(|usual| most <= **usual).copied().unwrap_or(most);
        Self::Measured(if page.kind == Kind::Float && usual.contains(&white) {
            white / 2.0
        } else {
            white
        })
    }

    #[inline]
    fn eight_bits(self, value: u32, page: &Page) -> u8 {
        match self {
            Self::Raw => value as u8,
            Self::High => (value >> 8) as u8,
            Self::White(255) => value as u8,
            Self::White(white) => {
                ((u64::from(value) * 255 + u64::from(white) / 2) / u64::from(white)) as u8
            }
            // A float becomes the nearest number that fits.
            Self::Measured(white) => (measure(value, page) / white * 255.0 + 0.5) as u8,
        }
    }
}

/// The value of a sample.
fn measure(value: u32, page: &Page) -> f32 {
    match (page.kind, page.bits) {
        (Kind::Float, _) => f32::from_bits(value),
        (Kind::Unsigned, _) => value as f32,
        (Kind::Signed, 8) => f32::from(value as u8 as i8),
        (Kind::Signed, 16) => f32::from(value as u16 as i16),
        (Kind::Signed, _) => value as i32 as f32,
    }
}

/// Reads rows of a page.
pub(super) struct Rows<'a> {
    page: &'a Page<'a>,
    scale: Scale,
    values: Vec<u32>,
    samples: Vec<u8>,
}

impl<'a> Rows<'a> {
    pub fn new(page: &'a Page<'a>, scale: Scale) -> Self {
        let samples = vec![0; page.chunk.0 as usize * page.samples];
        Self { page, scale, values: Vec::new(), samples }
    }

    /// A row of a strip or tile, all samples of a pixel together.
    pub fn read(&mut self, chunk: &Chunk, row: u32) -> &[u8] {
        let (page, scale) = (self.page, self.scale);
        for (first, plane) in chunk.planes.iter().enumerate() {
            self.values(plane, chunk.stride, row);
            let samples = self.samples[first..].iter_mut().step_by(page.planes());
            for (sample, value) in samples.zip(&self.values) {
                *sample = scale.eight_bits(*value, page);
            }
        }
        &self.samples
    }

    /// The most that a sample of a row measures.
    pub fn most(&mut self, chunk: &Chunk, row: u32) -> f32 {
        let mut most = 0.0;
        for plane in &chunk.planes {
            self.values(plane, chunk.stride, row);
            let measured = self.values.iter().map(|value| measure(*value, self.page));
            most = measured.filter(|measured| measured.is_finite()).fold(most, f32::max);
        }
        most
    }

    /// The samples of a row as numbers; floats as the bits of 32.
    fn values(&mut self, plane: &[u8], stride: usize, row: u32) {
        let (page, values) = (self.page, &mut self.values);
        let row = &plane[row as usize * stride..][..stride];
        values.clear();
        let apart = page.together();
        let (row, little_endian) = match page.predictor {
            3 => (Cow::Owned(floats_together(row, apart, page.bits as usize / 8)), false),
            _ => (Cow::Borrowed(row), page.little_endian),
        };
        if page.kind == Kind::Float && page.bits == 64 {
            values.extend(row.chunks_exact(8).map(|bytes| double(bytes, little_endian).to_bits()));
            return;
        }
        take_apart(&row, page.bits, little_endian, values);
        if page.predictor == 2 {
            let mask = u32::MAX >> (32 - page.bits);
            for at in apart..values.len() {
                values[at] = values[at].wrapping_add(values[at - apart]) & mask;
            }
        }
        if page.kind == Kind::Float && page.bits == 16 {
            values.iter_mut().for_each(|value| *value = half(*value).to_bits());
        }
    }
}

/// Numbers of this many bits; of 64 only as far as 32 hold them. Those that are no whole bytes begin with
/// the highest bit, whatever the order of bytes.
fn take_apart(row: &[u8], bits: u32, little_endian: bool, values: &mut Vec<u32>) {
    let number = |bytes: &[u8]| {
        let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        let number = match little_endian {
            true => bytes.iter().rev().fold(0, add),
            false => bytes.iter().fold(0, add),
        };
        u32::try_from(number).unwrap_or(u32::MAX)
    };
    match bits {
        8 => values.extend(row.iter().map(|byte| u32::from(*byte))),
        16 | 24 | 32 | 64 => values.extend(row.chunks_exact(bits as usize / 8).map(number)),
        _ => {
            let (mut held, mut kept) = (0_u64, 0);
            for byte in row {
                (held, kept) = (held << 8 | u64::from(*byte), kept + 8);
                while kept >= bits {
                    kept -= bits;
                    values.push((held >> kept) as u32 & u32::MAX >> (32 - bits));
                }
                held &= (1 << kept) - 1;
            }
        }
    }
}

/// Floats whose bytes were put together with those of like weight, as differences; the highest byte
/// comes first in what is returned.
fn floats_together(row: &[u8], apart: usize, size: usize) -> Vec<u8> {
    let mut sums = row.to_vec();
    for at in apart..sums.len() {
        sums[at] = sums[at].wrapping_add(sums[at - apart]);
    }
    let number = sums.len() / size;
    (0..number)
        .flat_map(|at| (0..size).map(move |byte| byte * number + at))
        .map(|at| sums[at])
        .collect()
}

/// A float of 16 bits.
fn half(bits: u32) -> f32 {
    let (exponent, fraction) = (bits >> 10 & 31, (bits & 1023) as f32);
    let size = match exponent {
        0 => fraction * 2_f32.powi(-24),
        31 => f32::NAN,
        _ => (1024.0 + fraction) * 2_f32.powi(exponent as i32 - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

/// A float of 64 bits.
fn double(bytes: &[u8], little_endian: bool) -> f32 {
    let bytes: [u8; 8] = bytes.try_into().unwrap_or_default();
    (if little_endian { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) }) as f32
}
