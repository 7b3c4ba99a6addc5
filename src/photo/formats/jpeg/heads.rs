//! The headers of a JPEG, read before anything is decoded: its coding process, how much work decoding is, and
//! whether the file is complete.

use super::frame::{Component, Frame, MOST};
use super::segments::{END, HUFFMAN_TABLES, SCAN, segments};

/// The facts in a JPEG's segments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Heads {
    /// The last frame; there should be one.
    pub frame: Frame,
    /// Whether there are several frames, or several are announced.
    pub hierarchical: bool,
    pub scans: u64,
    /// The largest numbers of pixels and of coefficients in a frame.
    pub pixels: u64,
    pub coefficients: u64,
    /// Whether a scan has fewer components than the frame.
    pub in_parts: bool,
    /// Whether a scan has several components, and fewer than the frame.
    pub in_groups: bool,
    pub has_huffman_tables: bool,
    /// Whether it is marked as a JFIF file, whose colours are brightness and two differences (YCbCr).
    jfif: bool,
    /// The colour transform in Adobe's segment.
    adobe: Option<u8>,
    /// Whether it has an end marker: a file without one may be cut off.
    pub ended: bool,
}

impl Heads {
    pub fn of(bytes: &[u8]) -> Self {
        let (mut heads, mut frames) = (Self::default(), 0);
        for segment in segments(bytes) {
            match segment.kind {
                END => heads.ended = true,
                HUFFMAN_TABLES => heads.has_huffman_tables = true,
                SCAN => {
                    heads.scans += 1;
                    let number = segment.content.first().copied().unwrap_or_default();
                    heads.in_parts |= number < heads.frame.number;
                    heads.in_groups |= (2..heads.frame.number).contains(&number);
                }
                0xE0 => heads.jfif |= segment.content.starts_with(b"JFIF\0"),
                0xEE if segment.content.starts_with(b"Adobe") => {
                    heads.adobe = segment.content.get(11).copied();
                }
                _ if segment.is_frame() => {
                    frames += 1;
                    heads.frame = Frame::of(segment.kind, segment.content);
                    heads.pixels = heads.pixels.max(heads.frame.pixels());
                    heads.coefficients = heads.coefficients.max(heads.frame.coefficients());
                }
                _ => heads.hierarchical |= segment.is_of_hierarchy(),
            }
        }
        heads.hierarchical |= frames > 1;
        heads
    }

    /// The decoder that is known to read it correctly, by the grid of `tests/data/make_jpegs.py`.
    pub fn reader(&self) -> Reader {
        let Self { frame, .. } = self;
        let usual = matches!(frame.kind, 0xC0..=0xC2) && frame.depth == 8;
        // The careful decoder fills in missing tables.
        let plain = self.is_plain() && self.has_huffman_tables && self.has_usual_colours();
        if self.hierarchical || frame.number == 2 || usize::from(frame.number) > MOST {
            Reader::None
        } else if frame.number == 0 || self.scans == 0 || usual && plain {
            // A JPEG without a frame or a scan is damaged; the decoder reports how.
            Reader::Fast
        } else if usual && self.has_known_blocks() {
            Reader::Careful
        } else if self.is_rare() {
            Reader::Rare
        } else {
            Reader::None
        }
    }

    /// All components are in one scan, or it is progressive; and all colours are sampled alike, as finely as
    /// the brightness or at a half or a quarter of its width and height.
    fn is_plain(&self) -> bool {
        let Some((first, others)) = self.frame.components().split_first() else { return false };
        let most = self.frame.most();
        let sampling = |component: &Component| (component.across, component.down);
        let fits = |side: u32, most: u32| [1, 2, 4].iter().any(|by| side * by == most);
        (self.frame.is_progressive() || !self.in_parts)
            && sampling(first) == most
            && others.iter().all(|other| sampling(other) == sampling(&others[0]))
            && others.iter().all(|other| fits(other.across, most.0) && fits(other.down, most.1))
            && (others.len() < 3 || most == (1, 1))
    }

    /// The meaning of its components, as libjpeg interprets them.
    pub fn colours(&self) -> Colours {
        match (self.frame.components().len(), self.adobe) {
            (1, _) => Colours::Grey,
            (3, _) if self.jfif => Colours::Differences,
            (3, Some(0)) => Colours::Rgb,
            (3, None) if self.is_named_rgb() => Colours::Rgb,
            (4, None | Some(0)) => Colours::Inks,
            (4, Some(_)) => Colours::InksAsDifferences,
            _ => Colours::Differences,
        }
    }

    fn is_named_rgb(&self) -> bool {
        self.frame.components().iter().map(|component| component.name).eq(*b"RGB")
    }

    /// Whether all decoders agree on the meaning.
    fn has_usual_colours(&self) -> bool {
        match self.frame.number {
            3 => match self.adobe {
                // The fast one goes by the components' names, JFIF or not.
                None => !(self.jfif && self.is_named_rgb()),
                Some(1) => true,
                Some(0) => !self.jfif,
                Some(_) => false,
            },
            4 => matches!(self.adobe, Some(0 | 2)),
            _ => self.adobe.is_none_or(|adobe| adobe <= 2),
        }
    }

    /// Whether the careful decoder counts the blocks correctly: if a component is alone in a scan and has
    /// neither the lowest nor the highest sampling, it counts too many.
    fn has_known_blocks(&self) -> bool {
        let (across, down) = self.frame.most();
        let known = |side: u32, most: u32| side == 1 || side == most;
        let alone = self.in_parts || self.frame.is_progressive();
        self.has_whole_ratios()
            && (!alone
                || self.frame.components().iter().all(|component| {
                    known(component.across, across) && known(component.down, down)
                }))
    }

    /// Whether each component's samples fall on whole pixels; no program reads others.
    fn has_whole_ratios(&self) -> bool {
        let (across, down) = self.frame.most();
        self.frame.components().iter().all(|component| {
            let Some(left) = across.checked_rem(component.across) else { return false };
            left == 0 && down.checked_rem(component.down) == Some(0)
        })
    }

    /// Arithmetic coding, 12 bits or lossless; scans of one component or of all. In lossless JPEGs of some
    /// depths it confuses red, green and blue.
    fn is_rare(&self) -> bool {
        let sampled = self.frame.most() != (1, 1);
        let known = self.frame.number == 1 || matches!(self.frame.depth, 8 | 16);
        matches!(self.frame.kind, 0xC0..=0xC3 | 0xC9..=0xCB)
            && self.has_whole_ratios()
            && self.has_usual_colours()
            && !self.in_groups
            && !(self.frame.number == 1 && sampled)
            && (self.frame.kind & 3 != 3 || known && !sampled)
    }

    /// Whether it can be decoded at a half, a quarter or an eighth. A component that is sampled more coarsely
    /// than at a half would be lost there.
    pub fn can_be_reduced(&self) -> bool {
        let (across, down) = self.frame.most();
        let first = self.frame.components().first();
        matches!(self.reader(), Reader::Fast | Reader::Careful)
            && self.frame.number < 4
            && across.max(down) <= 2
            && first.is_some_and(|first| (first.across, first.down) == (across, down))
    }
}

/// The meaning of a JPEG's components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colours {
    Grey,
    /// Brightness, and two differences of colour (YCbCr).
    Differences,
    Rgb,
    /// Cyan, magenta, yellow and black.
    Inks,
    /// The same, with the first three as brightness and differences (YCCK).
    InksAsDifferences,
}

/// A decoder, named after its purpose here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// `zune-jpeg`: the JPEGs of cameras and programs.
    Fast,
    /// `jpeg-decoder`: one component a scan, unusual sampling.
    Careful,
    /// `oxideav-mjpeg`: arithmetic coding, 12 bits, lossless.
    Rare,
    /// None.
    None,
}
