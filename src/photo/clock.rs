//! The time that one photo may take. It is checked while the photo's bytes are read: a decoder whose time is
//! up gets no more bytes. Work on bytes that a decoder already has is not limited.

use std::io::{BufRead, ErrorKind, Read, Result, Seek, SeekFrom};
use std::time::{Duration, Instant};

use super::spliced::Spliced;

/// Bytes between two checks of the clock. Compressed a thousand times, as far as deflate goes, they are eight
/// million bytes of pixels: some hundredths of a second.
const OFTEN: usize = 8 << 10;

/// When a photo's time is up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// `None` if the time is not limited.
    end: Option<Instant>,
}

impl Clock {
    /// A clock that is up `time` from now.
    pub fn start(time: Duration) -> Self {
        Self { end: Instant::now().checked_add(time) }
    }

    pub fn is_up(self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }
}

/// A photo's bytes, which cannot be read any more once the clock is up.
#[derive(Debug)]
pub(super) struct Timed<'a> {
    bytes: Spliced<'a>,
    clock: Clock,
    /// Bytes read since the last check of the clock.
    since: usize,
}

impl<'a> Timed<'a> {
    pub fn new(bytes: &'a [u8], clock: Clock) -> Self {
        Self::spliced(Spliced::whole(bytes), clock)
    }

    /// The same for parts of a file.
    pub fn spliced(bytes: Spliced<'a>, clock: Clock) -> Self {
        Self { bytes, clock, since: OFTEN }
    }

    /// Check that there is time for `bytes` more.
    #[inline]
    fn take(&mut self, bytes: usize) -> Result<()> {
        self.since = self.since.saturating_add(bytes);
        if self.since < OFTEN { Ok(()) } else { self.look() }
    }

    #[cold]
    fn look(&mut self) -> Result<()> {
        if self.clock.is_up() {
            return Err(ErrorKind::TimedOut.into());
        }
        self.since = 0;
        Ok(())
    }
}

impl Read for Timed<'_> {
    #[inline]
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        self.take(into.len())?;
        self.bytes.read(into)
    }

    #[inline]
    fn read_exact(&mut self, into: &mut [u8]) -> Result<()> {
        self.take(into.len())?;
        self.bytes.read_exact(into)
    }

    fn read_to_end(&mut self, into: &mut Vec<u8>) -> Result<usize> {
        self.look()?;
        self.bytes.read_to_end(into)
    }
}

impl BufRead for Timed<'_> {
    #[inline]
    fn fill_buf(&mut self) -> Result<&[u8]> {
        self.take(0)?;
        let left = self.bytes.fill_buf()?;
        Ok(&left[..left.len().min(OFTEN)])
    }

    #[inline]
    fn consume(&mut self, bytes: usize) {
        self.since = self.since.saturating_add(bytes);
        self.bytes.consume(bytes);
    }
}

impl Seek for Timed<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.bytes.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_until_the_clock_is_up() {
        let bytes = vec![7; 5 * OFTEN];
        let mut timed = Timed::new(&bytes, Clock::start(Duration::MAX));
        let mut some = [0; 100];
        timed.read_exact(&mut some).unwrap();
        assert_eq!(timed.fill_buf().unwrap().len(), OFTEN, "a piece at a time");
        timed.clock = Clock::start(Duration::ZERO);
        // Bytes requested before the last check of the clock still arrive, but no others.
        let read = (0..OFTEN).take_while(|_| timed.read(&mut some).is_ok());
        assert_eq!(read.count(), OFTEN / some.len());
        for error in [
            timed.read_exact(&mut some).unwrap_err(),
            timed.fill_buf().unwrap_err(),
            timed.read_to_end(&mut Vec::new()).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::TimedOut);
        }
    }

    #[test]
    fn time_without_end_is_never_up() {
        assert!(!Clock::start(Duration::MAX).is_up());
        assert!(Clock::start(Duration::ZERO).is_up());
        let mut all = Vec::new();
        Timed::new(b"whole", Clock::start(Duration::MAX)).read_to_end(&mut all).unwrap();
        assert_eq!(all, b"whole");
    }
}
