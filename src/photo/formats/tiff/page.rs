//! One picture of a TIFF as its directory describes it: size, kind of samples, strips or tiles.

use crate::photo::formats::embedded::embedded;
use crate::photo::ifd::{Directory, Tiff, tag};

/// The most strips and tiles of a picture.
const CHUNKS: u64 = 1 << 20;

/// The meaning of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Unsigned,
    Signed,
    Float,
}

/// How strips and tiles are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Jpeg,
    /// A complete WebP file, which has its own size.
    WebP,
    /// Black and white, packed as faxes are.
    Fax,
    /// Bytes, packed by the method of this number.
    Bytes(u16),
}

/// A picture.
pub(super) struct Page<'a> {
    pub size: (u32, u32),
    /// The size of a strip or tile.
    pub chunk: (u32, u32),
    pub tiled: bool,
    pub samples: usize,
    pub bits: u32,
    pub kind: Kind,
    pub packing: Packing,
    pub predictor: u64,
    /// The photometric interpretation, as numbered in the standard.
    pub photometric: u64,
    /// Each sample is in its own strips or tiles.
    pub planar: bool,
    /// The first bit of a byte is its lowest.
    pub reversed: bool,
    /// The pixels across and down that share their colours.
    pub shared: (u32, u32),
    pub little_endian: bool,
    pub bytes: &'a [u8],
    pub tables: Option<&'a [u8]>,
    pub directory: Directory<'a>,
}

/// A directory without a picture that can be read.
pub(super) enum Unread<'a> {
    NoPicture,
    /// Of a kind that is not known.
    Unknown((u32, u32)),
    Jpeg(&'a [u8], (u32, u32)),
}

impl<'a> Page<'a> {
    pub fn of(tiff: &Tiff<'a>, directory: Directory<'a>) -> Result<Self, Unread<'a>> {
        let number = |tag| directory.number(tag);
        let side = |tag| number(tag).and_then(|n| u32::try_from(n).ok()).filter(|side| *side > 0);
        // Neither a mask nor sensor data is a picture.
        if directory.is_of_a_sensor() || number(254).is_some_and(|kind| kind & 4 != 0) {
            return Err(Unread::NoPicture);
        }
        let compression = number(259).unwrap_or(1);
        if compression == 6 {
            return Err(old_jpeg(tiff, &directory));
        }
        let (Some(width), Some(height)) = (side(256), side(257)) else {
            return Err(Unread::NoPicture);
        };
        Self::known(tiff, directory, (width, height), compression)
            .ok_or(Unread::Unknown((width, height)))
    }

    fn known(
        tiff: &Tiff<'a>,
        directory: Directory<'a>,
        size: (u32, u32),
        compression: u64,
    ) -> Option<Self> {
        let number = |tag, default: u64| directory.number(tag).unwrap_or(default);
        let all = directory.numbers(258).unwrap_or_else(|| vec![1]);
        let bits = *all.first().filter(|first| all.iter().all(|bits| bits == *first))?;
        let samples = number(277, 1);
        let tiled = directory.has(322);
        let chunk = match tiled {
            true => (number(322, 0), number(323, 0)),
            false => (u64::from(size.0), number(278, u64::MAX).min(u64::from(size.1))),
        };
        let shared = directory.numbers(530).filter(|both| both.len() == 2);
        let shared = shared.map_or((2, 2), |both| (both[0] as u32, both[1] as u32));
        let photometric = number(tag::PHOTOMETRIC, if samples < 3 { 1 } else { 2 });
        let page = Self {
            size,
            chunk: (u32::try_from(chunk.0).ok()?, u32::try_from(chunk.1).ok()?),
            tiled,
            samples: usize::try_from(samples).ok().filter(|samples| (1..=16).contains(samples))?,
            bits: u32::try_from(bits).ok().filter(|bits| (1..=64).contains(bits))?,
            kind: match number(339, 1) {
                2 => Kind::Signed,
                3 => Kind::Float,
                _ => Kind::Unsigned,
            },
            packing: match compression {
                7 => Packing::Jpeg,
                50001 => Packing::WebP,
                4 => Packing::Fax,
                1 | 5 | 8 | 32773 | 32946 => Packing::Bytes(compression as u16),
                _ => return None,
            },
            predictor: number(317, 1),
            photometric,
            planar: number(284, 1) == 2 && samples > 1,
            reversed: number(266, 1) == 2,
            shared: if photometric == 6 { shared } else { (1, 1) },
            little_endian: tiff.little_endian,
            bytes: tiff.bytes,
            tables: directory.bytes(347).filter(|tables| tables.len() >= 4),
            directory,
        };
        (page.is_whole() && page.is_known()).then_some(page)
    }

    /// Whether the number of strips or tiles is right.
    fn is_whole(&self) -> bool {
        let [width, height] = [self.chunk.0, self.chunk.1].map(u64::from);
        if width == 0 || height == 0 {
            return false;
        }
        let across = u64::from(self.size.0).div_ceil(width);
        let needed = across * u64::from(self.size.1).div_ceil(height) * self.planes() as u64;
        needed <= CHUNKS && needed <= self.directory.count(self.offsets())
    }

    /// Whether its kind of samples can be read.
    fn is_known(&self) -> bool {
        let eight = self.bits == 8 && self.kind == Kind::Unsigned;
        let whole = match self.kind {
            Kind::Float => matches!(self.bits, 16 | 32 | 64),
            Kind::Signed => matches!(self.bits, 8 | 16 | 32 | 64),
            Kind::Unsigned => self.bits <= 32 || self.bits == 64,
        };
        let predicted = match self.predictor {
            1 => true,
            2 => matches!(self.bits, 8 | 16 | 32),
            3 => self.kind == Kind::Float,
            _ => false,
        };
        let packed = match self.packing {
            Packing::Jpeg => eight && self.predictor == 1,
            Packing::WebP => eight && !self.planar && matches!(self.samples, 3 | 4),
            Packing::Fax => self.bits == 1 && self.samples == 1,
            Packing::Bytes(_) => true,
        };
        let shares = self.shared != (1, 1) && self.packing != Packing::Jpeg;
        let (h, v) = self.shared;
        let shared = !shares
            || !self.planar
                && eight
                && self.samples == 3
                && self.predictor == 1
                && [h, v].iter().all(|by| matches!(by, 1 | 2 | 4));
        let least = match self.photometric {
            0 | 1 => 1,
            2 => 3,
            3 => return whole && packed && predicted && self.bits <= 8 && self.directory.has(320),
            // Other inks than those of CMYK.
            5 if self.directory.number(332).unwrap_or(1) == 1 => 4,
            6 if eight => 3,
            8 | 9 if matches!(self.bits, 8 | 16) && self.kind != Kind::Float => 3,
            _ => return false,
        };
        whole && predicted && packed && shared && self.samples >= least
    }

    /// The number of planes, each with strips or tiles of the whole picture.
    pub fn planes(&self) -> usize {
        if self.planar { self.samples } else { 1 }
    }

    /// The samples of a pixel that are in one strip or tile.
    pub fn together(&self) -> usize {
        if self.planar { 1 } else { self.samples }
    }

    fn across(&self) -> u32 {
        self.size.0.div_ceil(self.chunk.0)
    }

    /// How many strips or tiles the picture has, in each plane.
    pub fn chunks(&self) -> u32 {
        self.across() * self.size.1.div_ceil(self.chunk.1)
    }

    /// The pixels to the left of a strip or tile, and above it.
    pub fn place(&self, index: u32) -> (u32, u32) {
        (index % self.across() * self.chunk.0, index / self.across() * self.chunk.1)
    }

    /// How many rows a strip or tile has.
    pub fn rows(&self, index: u32) -> u32 {
        let below = self.size.1 - self.place(index).1;
        if self.tiled { self.chunk.1 } else { self.chunk.1.min(below) }
    }

    /// Whether pixels share colours and their samples are stored one after another.
    pub fn is_shared(&self) -> bool {
        self.shared != (1, 1) && self.packing != Packing::Jpeg
    }

    /// The bytes of a strip or tile, packed, as far as the file has them.
    pub fn packed(&self, plane: usize, index: u32) -> &'a [u8] {
        let at = plane as u64 * u64::from(self.chunks()) + u64::from(index);
        let from =
            self.directory.nth(self.offsets(), at).and_then(|from| usize::try_from(from).ok());
        let rest = from.and_then(|from| self.bytes.get(from..)).unwrap_or_default();
        // Some writers forget the lengths.
        let lengths = if self.tiled { 325 } else { 279 };
        let length = self.directory.nth(lengths, at).filter(|length| *length > 0);
        &rest[..length.map_or(rest.len(), |length| rest.len().min(length as usize))]
    }

    /// The tag with the offsets of the strips or tiles.
    fn offsets(&self) -> u16 {
        if self.tiled { 324 } else { 273 }
    }
}

/// The old-style JPEG, if it is a complete file; often only its tables are there.
fn old_jpeg<'a>(tiff: &Tiff<'a>, directory: &Directory<'a>) -> Unread<'a> {
    let at = |tag| directory.number(tag).and_then(|at| tiff.bytes.get(usize::try_from(at).ok()?..));
    let found = [513, 273].into_iter().filter_map(at).find_map(embedded);
    if let Some((jpeg, size)) = found {
        return Unread::Jpeg(jpeg, size);
    }
    let side = |tag| directory.number(tag).and_then(|side| u32::try_from(side).ok());
    match (side(256), side(257)) {
        (Some(width), Some(height)) => Unread::Unknown((width, height)),
        _ => Unread::NoPicture,
    }
}
