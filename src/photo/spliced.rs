//! A file's bytes with parts left out, replaced or added, as one stream and without a copy, so that decoders
//! never see parts that they cannot handle.

use std::borrow::Cow;
use std::io::{BufRead, ErrorKind, Read, Result, Seek, SeekFrom};
use std::ops::Range;

/// Pieces of a file and bytes of our own, one after the other.
#[derive(Debug)]
pub(super) struct Spliced<'a> {
    file: &'a [u8],
    pieces: Vec<Piece<'a>>,
    length: u64,
    /// Where it is read, and the piece that this lies in.
    at: u64,
    piece: usize,
}

#[derive(Debug)]
struct Piece<'a> {
    begins: u64,
    bytes: Cow<'a, [u8]>,
    /// Where it ends in the file; `None` for bytes of our own.
    ends: Option<usize>,
}

impl<'a> Spliced<'a> {
    /// Nothing yet of `file`.
    pub fn new(file: &'a [u8]) -> Self {
        Self { file, pieces: Vec::new(), length: 0, at: 0, piece: 0 }
    }

    /// All of `file`.
    pub fn whole(file: &'a [u8]) -> Self {
        let mut all = Self::new(file);
        all.push(0..file.len());
        all
    }

    /// Go on with a part of the file, as far as there is one.
    pub fn push(&mut self, part: Range<usize>) {
        let end = part.end.min(self.file.len());
        let Some(bytes) = self.file.get(part.start..end).filter(|part| !part.is_empty()) else {
            return;
        };
        self.length += bytes.len() as u64;
        if let Some(last) = self.pieces.last_mut().filter(|last| last.ends == Some(part.start)) {
            let begins = end - last.bytes.len() - bytes.len();
            (last.bytes, last.ends) = (Cow::Borrowed(&self.file[begins..end]), Some(end));
            return;
        }
        let begins = self.length - bytes.len() as u64;
        self.pieces.push(Piece { begins, bytes: Cow::Borrowed(bytes), ends: Some(end) });
    }

    /// Go on with bytes of our own.
    pub fn add(&mut self, bytes: Vec<u8>) {
        let length = bytes.len() as u64;
        if length > 0 {
            self.pieces.push(Piece { begins: self.length, ends: None, bytes: Cow::Owned(bytes) });
            self.length += length;
        }
    }

    /// The rest of the piece that is being read.
    #[inline]
    fn left(&self) -> &[u8] {
        let Some(piece) = self.pieces.get(self.piece) else { return &[] };
        let from = self.at.saturating_sub(piece.begins) as usize;
        piece.bytes.get(from..).unwrap_or_default()
    }

    #[inline]
    fn go_on(&mut self, bytes: usize) {
        self.at += bytes as u64;
        while self
            .pieces
            .get(self.piece)
            .is_some_and(|piece| self.at >= piece.begins + piece.bytes.len() as u64)
        {
            self.piece += 1;
        }
    }
}

impl Read for Spliced<'_> {
    #[inline]
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let left = self.left();
        let length = left.len().min(into.len());
        into[..length].copy_from_slice(&left[..length]);
        self.go_on(length);
        Ok(length)
    }

    fn read_to_end(&mut self, into: &mut Vec<u8>) -> Result<usize> {
        let before = into.len();
        // As much as there is, and no more: some decoders hold a copy of the whole file.
        into.try_reserve_exact(self.length.saturating_sub(self.at) as usize)?;
        loop {
            let left = self.left();
            let length = left.len();
            if length == 0 {
                return Ok(into.len() - before);
            }
            into.extend_from_slice(left);
            self.go_on(length);
        }
    }
}

impl BufRead for Spliced<'_> {
    #[inline]
    fn fill_buf(&mut self) -> Result<&[u8]> {
        Ok(self.left())
    }

    #[inline]
    fn consume(&mut self, bytes: usize) {
        self.go_on(bytes);
    }
}

impl Seek for Spliced<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(ErrorKind::InvalidInput)?;
        self.piece =
            self.pieces.partition_point(|piece| piece.begins + piece.bytes.len() as u64 <= self.at);
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_read_as_one() {
        let mut some = Spliced::new(b"0123456789");
        some.push(0..2);
        some.push(2..4);
        some.add(b"ab".to_vec());
        some.add(Vec::new());
        some.push(8..99);
        some.push(20..30);
        assert_eq!(some.pieces.len(), 3, "neighbours are one piece");
        let mut all = Vec::new();
        some.read_to_end(&mut all).unwrap();
        assert_eq!(all, b"0123ab89");
        for at in 0..8 {
            let mut rest = Vec::new();
            assert_eq!(some.seek(SeekFrom::Start(at)).unwrap(), at);
            some.read_to_end(&mut rest).unwrap();
            assert_eq!(rest, &all[at as usize..]);
        }
        assert_eq!(some.seek(SeekFrom::End(-3)).unwrap(), 5);
        assert_eq!(some.fill_buf().unwrap(), b"b");
        some.consume(1);
        assert_eq!(some.fill_buf().unwrap(), b"89");
        assert_eq!(some.seek(SeekFrom::Current(-2)).unwrap(), 4);
        assert!(some.seek(SeekFrom::Current(-9)).is_err());
        assert_eq!(some.seek(SeekFrom::Start(99)).unwrap(), 99);
        assert_eq!(some.read(&mut [0; 4]).unwrap(), 0);
    }
}
