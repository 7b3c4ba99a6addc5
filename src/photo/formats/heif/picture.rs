//! One picture of a HEIF file: a coded one, a grid of tiles, or several laid over each other.

use oxideav_core::CodecRegistry;
use oxideav_heif::compose::{
    GridCanvas, OverlayInput, apply_transforms_owned, attach_alpha, composite_overlay,
};
use oxideav_heif::derived::{GridDescriptor, ImageKind, ImageNode};
use oxideav_heif::{HeifError, HeifFile, HeifFrame, ItemDecoder};

use super::codecs;
use crate::photo::reduced::pixels_at;
use crate::photo::rows::Rows;

/// The error for a file that ends too early.
const CUT: &str = "the file is cut off";

type Result<T> = std::result::Result<T, HeifError>;

/// The most coded pictures that one picture may be made of: 48 megapixels in tiles of 256 × 256 are 800.
const MOST_CODED: usize = 10_000;

/// The bytes that the decoder of a coded picture holds beside its pixels may be missing: the last few
/// of a cut file.
const MISSING: usize = 16;

/// The memory that a picture takes, in bytes: its planes twice while a coded one is copied out of its
/// decoder, or once beside the RGB that is made of them.
pub(super) fn takes(node: &ImageNode, size: (u32, u32), wanted: u64) -> u64 {
    let pixels = pixels_at(size, 1);
    let sample = node.coded_items().iter().any(|coded| deep(coded));
    let sample = if sample { 2 } else { 1 };
    let alpha = u64::from(node.alpha.is_some());
    // Two colours at a half of both sides, or at full size.
    let planes =
        pixels * sample * if subsampled(node) { 3 } else { 6 } / 2 + pixels * sample * alpha;
    let rgb = Rows::new(size, wanted).takes();
    let coded = matches!(node.kind, ImageKind::Coded(_));
    planes + if coded { planes.max(rgb) } else { rgb }
}

fn deep(coded: &ImageNode) -> bool {
    let hevc = coded.properties.hvcc().is_some_and(|c| c.bit_depth_luma_minus8 > 0);
    hevc || coded.properties.av1c().is_some_and(|c| c.high_bitdepth)
}

fn subsampled(node: &ImageNode) -> bool {
    node.coded_items().iter().all(|coded| {
        let hevc = coded.properties.hvcc().is_none_or(|c| c.chroma_format_idc <= 1);
        hevc && coded
            .properties
            .av1c()
            .is_none_or(|c| c.chroma_subsampling_x && c.chroma_subsampling_y)
    })
}

/// A grey tile like another one.
fn grey_as(tile: &HeifFrame) -> Result<HeifFrame> {
    let middle = 1 << (tile.format.bit_depth - 1);
    HeifFrame::filled(tile.width, tile.height, tile.format, middle)
}

/// Decodes the pictures of one file.
pub(super) struct Picture<'a> {
    file: &'a HeifFile<&'a [u8]>,
    codecs: CodecRegistry,
    /// Where the file really ends.
    end: usize,
    coded: usize,
    /// Tiles that are grey because the file is cut off, and all tiles.
    grey: usize,
    tiles: usize,
}

impl<'a> Picture<'a> {
    pub fn new(file: &'a HeifFile<&'a [u8]>, end: usize) -> Self {
        Self { file, codecs: codecs::registry(), end, coded: 0, grey: 0, tiles: 0 }
    }

    /// How much of what was decoded is grey, in percent, rounded up.
    pub fn grey(&self) -> u8 {
        (100 * self.grey).div_ceil(self.tiles.max(1)).min(100) as u8
    }

    /// The picture of `node`, turned and cropped, with its transparency.
    pub fn of(&mut self, node: &ImageNode) -> Result<HeifFrame> {
        let unknown = node.properties.unsupported_essential();
        if !unknown.is_empty() {
            return Err(HeifError::unsupported("an essential property that is not supported"));
        }
        let made = self.made(node)?;
        let turned = apply_transforms_owned(made, node.properties.transformative(), false)?;
        match &node.alpha {
            Some(alpha) => attach_alpha(&turned, &self.of(alpha)?),
            None => Ok(turned),
        }
    }

    /// The picture before it is turned.
    fn made(&mut self, node: &ImageNode) -> Result<HeifFrame> {
        match &node.kind {
            ImageKind::Coded(_) => self.coded(node),
            ImageKind::Grid(grid) => self.grid(grid, &node.inputs),
            ImageKind::Identity | ImageKind::ToneMap(_) => match node.inputs.first() {
                Some(input) => self.of(input),
                None => Err(HeifError::invalid("it refers to a picture that is missing")),
            },
            ImageKind::Overlay(overlay) => {
                let frames = node.inputs.iter().map(|input| self.of(input));
                let frames = frames.collect::<Result<Vec<_>>>()?;
                let inputs = frames.iter().zip(&node.inputs).map(|(frame, input)| {
                    OverlayInput::new(frame, input.premultiplied_alpha && input.alpha.is_some())
                });
                composite_overlay(overlay, &inputs.collect::<Vec<_>>(), node.properties.nclx())
            }
            _ => Err(HeifError::unsupported("a rare kind of picture")),
        }
    }

    fn coded(&mut self, node: &ImageNode) -> Result<HeifFrame> {
        self.coded += 1;
        if self.coded > MOST_CODED {
            return Err(HeifError::limit("too many tiles"));
        }
        let missing = self.missing(node);
        if missing > MISSING {
            return Err(HeifError::invalid(CUT));
        }
        let decoded = ItemDecoder::with_registry(&self.codecs).decode_coded(self.file, node);
        decoded.map_err(|error| if missing > 0 { HeifError::invalid(CUT) } else { error })
    }

    /// How many bytes of a coded picture's data lie beyond the end of the file.
    fn missing(&self, node: &ImageNode) -> usize {
        let spans = self.file.item_file_spans(node.item.id).unwrap_or_default();
        spans.iter().map(|(_, to)| to.saturating_sub(self.end)).max().unwrap_or(0)
    }

    /// Tiles side by side. Those beyond the end of a cut-off file are grey.
    fn grid(&mut self, grid: &GridDescriptor, tiles: &[ImageNode]) -> Result<HeifFrame> {
        let mut canvas = GridCanvas::new(grid);
        let mut grey = None;
        for (at, tile) in tiles.iter().enumerate() {
            self.tiles += 1;
            let frame = self.of(tile);
            match (frame, &grey) {
                (Err(_), Some(grey)) if self.missing(tile) > 0 => {
                    self.grey += 1;
                    canvas.place(at, grey)?;
                }
                (frame, _) => {
                    let frame = frame?;
                    canvas.place(at, &frame)?;
                    if grey.is_none() {
                        grey = Some(grey_as(&frame)?);
                    }
                }
            }
        }
        canvas.finish()
    }
}
