//! Huffman codes and the bits of a scan, as far as needed to count the blocks that a cut-off file still has.

/// The codes of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Codes {
    /// For each length, the first code that is longer, as a number of that length.
    beyond: [u32; 17],
    /// The number that is added to a code of each length to find its symbol.
    symbol_of: [i32; 17],
    symbols: Vec<u8>,
}

/// The tables that a scan may name: those of the first coefficient, then those of the others.
pub(super) type Tables = [[Option<Codes>; 4]; 2];

/// Read the tables of a segment's content.
pub(super) fn read_tables(mut content: &[u8], tables: &mut Tables) {
    while let Some((head, rest)) = content.split_at_checked(17) {
        let number = head[1..].iter().map(|n| usize::from(*n)).sum();
        let Some((symbols, rest)) = rest.split_at_checked(number) else { return };
        let (class, name) = (usize::from(head[0] >> 4), usize::from(head[0] & 15));
        if let Some(table) = tables.get_mut(class).and_then(|class| class.get_mut(name)) {
            *table = Some(Codes::new(&head[1..], symbols));
        }
        content = rest;
    }
}

impl Codes {
    fn new(numbers: &[u8], symbols: &[u8]) -> Self {
        let mut codes = Self { symbols: symbols.to_vec(), ..Self::default() };
        let (mut code, mut index) = (0_u32, 0_i32);
        for (length, number) in numbers.iter().enumerate() {
            codes.symbol_of[length + 1] = index - code as i32;
            code += u32::from(*number);
            index += i32::from(*number);
            codes.beyond[length + 1] = code;
            code <<= 1;
        }
        codes
    }
}

/// The bits of a scan.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    all: usize,
    held: u32,
    number: u32,
}

impl<'a> Bits<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, all: bytes.len(), held: 0, number: 0 }
    }

    /// The bytes that were read, the last one possibly in part.
    pub fn passed(&self) -> usize {
        self.all - self.bytes.len()
    }

    /// The next bits as a number, at most 16 of them; `None` if there are no more, or a marker follows.
    pub fn take(&mut self, bits: u32) -> Option<u32> {
        while self.number < bits {
            let (byte, rest) = match self.bytes {
                [0xFF, 0, rest @ ..] => (0xFF, rest),
                [0xFF, ..] | [] => return None,
                [byte, rest @ ..] => (*byte, rest),
            };
            self.bytes = rest;
            self.held = self.held << 8 | u32::from(byte);
            self.number += 8;
        }
        self.number -= bits;
        Some(self.held >> self.number & ((1 << bits) - 1))
    }

    /// The symbol of the next code.
    pub fn symbol(&mut self, codes: &Codes) -> Option<u8> {
        let mut code = 0;
        for length in 1..=16 {
            code = code << 1 | self.take(1)?;
            if code < codes.beyond[length] {
                let index = usize::try_from(code as i32 + codes.symbol_of[length]).ok()?;
                return codes.symbols.get(index).copied();
            }
        }
        None
    }

    /// Skip the next restart marker.
    pub fn restart(&mut self) -> Option<()> {
        (self.held, self.number) = (0, 0);
        while self.bytes.starts_with(&[0xFF, 0xFF]) {
            self.bytes = &self.bytes[1..];
        }
        let [0xFF, 0xD0..=0xD7, rest @ ..] = self.bytes else { return None };
        self.bytes = rest;
        Some(())
    }

    /// The coefficients `from` to `to` of a block, which is passed over if it is one of a run of
    /// `zero_blocks` (T.81, F.2.2.2 and G.1.2.2).
    pub fn coefficients(
        &mut self,
        codes: &Codes,
        from: u32,
        to: u32,
        zero_blocks: &mut u32,
        not_zero: &mut u64,
    ) -> Option<()> {
        if *zero_blocks > 0 {
            *zero_blocks -= 1;
            return Some(());
        }
        let mut at = from;
        while at <= to {
            let symbol = u32::from(self.symbol(codes)?);
            let (run, size) = (symbol >> 4, symbol & 15);
            if size == 0 && run < 15 {
                *zero_blocks = (1 << run) - 1 + self.take(run)?;
                return Some(());
            }
            at += run;
            self.take(size)?;
            if size > 0 {
                *not_zero |= 1_u64.checked_shl(at).unwrap_or(0);
            }
            at += 1;
        }
        Some(())
    }

    /// One more bit of the coefficients `from` to `to` of a block (T.81, G.1.2.3).
    pub fn refined(
        &mut self,
        codes: &Codes,
        from: u32,
        to: u32,
        zero_blocks: &mut u32,
        not_zero: &mut u64,
    ) -> Option<()> {
        let mut at = from;
        while at <= to && *zero_blocks == 0 {
            let symbol = u32::from(self.symbol(codes)?);
            let (mut run, size) = (symbol >> 4, symbol & 15);
            if size == 0 && run < 15 {
                *zero_blocks = (1 << run) + self.take(run)?;
                break;
            }
            self.take(u32::from(size > 0))?;
            while at <= to && (*not_zero >> at & 1 == 1 || run > 0) {
                if *not_zero >> at & 1 == 1 {
                    self.take(1)?;
                } else {
                    run -= 1;
                }
                at += 1;
            }
            if size > 0 {
                *not_zero |= 1_u64.checked_shl(at).unwrap_or(0);
            }
            at += 1;
        }
        if *zero_blocks > 0 {
            *zero_blocks -= 1;
            let known = (at..=to).filter(|at| *not_zero >> at & 1 == 1).count();
            for _ in 0..known {
                self.take(1)?;
            }
        }
        Some(())
    }
}
