//! Goes through a scan's data block by block, without decoding pixels, to find out how much of it is there.

use super::frame::{Frame, MOST};
use super::huffman::{Bits, Tables};

/// The fields of a scan header.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scan {
    number: usize,
    /// For each component its place in the frame, its two tables, and its blocks in a group.
    components: [(usize, [usize; 2], u32); MOST],
    /// The first and the last coefficient in the scan.
    from: u32,
    to: u32,
    /// Whether the scan adds one bit to coefficients of earlier scans, and the number of bits that later
    /// scans add.
    refines: bool,
    shift: u8,
    /// Groups of blocks across and down, and the rows of pixels that a row of them shows.
    across: u32,
    down: u32,
    pub rows_of_a_group: u32,
}

/// How much of a scan's data is there.
pub(super) struct Walked {
    /// Whole rows of groups.
    pub rows: u32,
    /// The bytes that they take.
    pub bytes: usize,
    pub is_whole: bool,
}

impl Scan {
    pub fn of(frame: &Frame, content: &[u8]) -> Option<Self> {
        let (number, rest) = content.split_first()?;
        let number = usize::from(*number);
        let (each, rest) = rest.split_at_checked(2 * number)?;
        let &[from, to, bits, ..] = rest else { return None };
        let (from, to) = (u32::from(from), u32::from(to));
        if number == 0 || number > frame.components().len() || from > to || to > 63 {
            return None;
        }
        let mut scan =
            Self { number, from, to, refines: bits >> 4 > 0, shift: bits & 15, ..Self::default() };
        for (component, pair) in scan.components.iter_mut().zip(each.chunks_exact(2)) {
            let place = frame.components().iter().position(|c| c.name == pair[0])?;
            let of = frame.components()[place];
            let blocks = if number == 1 { 1 } else { of.across * of.down };
            let tables = [pair[1] >> 4, pair[1] & 15].map(usize::from);
            *component = (place, tables, blocks);
        }
        let alone = frame.components()[scan.components[0].0];
        let (_, most) = frame.most();
        ((scan.across, scan.down), scan.rows_of_a_group) = if number == 1 {
            (frame.blocks(&alone), 8 * most / alone.down.max(1))
        } else {
            (frame.groups(), 8 * most)
        };
        Some(scan)
    }

    /// The components' places in the frame.
    pub fn places(&self) -> impl Iterator<Item = usize> + use<> {
        self.components.into_iter().take(self.number).map(|(place, ..)| place)
    }

    /// Whether it is the first scan with the brightness of the blocks.
    pub fn is_first(&self) -> bool {
        self.from == 0 && !self.refines
    }

    /// The coefficients that are complete after it, a bit each.
    pub fn completes(&self) -> u64 {
        if self.shift > 0 { 0 } else { (u64::MAX >> (63 - self.to)) & (u64::MAX << self.from) }
    }

    /// Go through the data, as long as they are there. `not_zero` has a bit for each coefficient of
    /// each component's blocks.
    pub fn walk(
        &self,
        data: &[u8],
        tables: &Tables,
        restart: u32,
        not_zero: &mut [Vec<u64>; MOST],
    ) -> Walked {
        let mut bits = Bits::new(data);
        let (mut walked, mut zero_blocks) = (Walked { rows: 0, bytes: 0, is_whole: false }, 0);
        let blocks = &mut not_zero[self.components[0].0];
        let of_details = self.from > 0;
        if of_details {
            blocks.resize((self.across * self.down) as usize, 0);
        }
        let mut until_restart = restart;
        for row in 0..self.down {
            for column in 0..self.across {
                if restart > 0 && until_restart == 0 {
                    if bits.restart().is_none() {
                        return walked;
                    }
                    (until_restart, zero_blocks) = (restart, 0);
                }
                until_restart = until_restart.wrapping_sub(1);
                let at = (row * self.across + column) as usize;
                let group = if of_details {
                    self.details(&mut bits, tables, &mut zero_blocks, &mut blocks[at])
                } else {
                    self.group(&mut bits, tables)
                };
                if group.is_none() {
                    return walked;
                }
            }
            walked = Walked { rows: row + 1, bytes: bits.passed(), is_whole: row + 1 == self.down };
        }
        walked
    }

    /// One group of blocks: the brightness, or all components if they are in one scan.
    fn group(&self, bits: &mut Bits, tables: &Tables) -> Option<()> {
        for (_, names, blocks) in &self.components[..self.number] {
            for _ in 0..*blocks {
                if self.refines {
                    bits.take(1)?;
                    continue;
                }
                let size = bits.symbol(tables[0].get(names[0])?.as_ref()?)?;
                bits.take(u32::from(size).min(16))?;
                if self.to > 0 {
                    let codes = tables[1].get(names[1])?.as_ref()?;
                    bits.coefficients(codes, 1, self.to, &mut 0, &mut 0)?;
                }
            }
        }
        Some(())
    }

    /// One block of a scan without the brightness.
    fn details(
        &self,
        bits: &mut Bits,
        tables: &Tables,
        zero_blocks: &mut u32,
        not_zero: &mut u64,
    ) -> Option<()> {
        let codes = tables[1].get(self.components[0].1[1])?.as_ref()?;
        if self.refines {
            bits.refined(codes, self.from, self.to, zero_blocks, not_zero)
        } else {
            bits.coefficients(codes, self.from, self.to, zero_blocks, not_zero)
        }
    }
}
