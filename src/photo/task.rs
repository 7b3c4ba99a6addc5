//! One photo to decode: its bytes, the wanted size, and what it may cost.

use std::path::Path;

use super::broken;
use super::clock::{Clock, Timed};
use super::limits::{self, Limits};
use super::spliced::Spliced;
use crate::error::{Error, Result};

/// The input of a decoder.
pub(super) struct Task<'a> {
    /// The photo's name in errors.
    pub path: &'a Path,
    pub bytes: &'a [u8],
    /// The number of pixels that is enough.
    pub wanted: u64,
    pub limits: &'a Limits,
    pub clock: Clock,
    /// The length of the file that these bytes are from, which is in memory besides everything else.
    pub file: u64,
}

impl<'a> Task<'a> {
    pub fn new(path: &'a Path, bytes: &'a [u8], wanted: u64, limits: &'a Limits) -> Self {
        let clock = Clock::start(limits.time);
        Self { path, bytes, wanted, limits, clock, file: bytes.len() as u64 }
    }

    /// The same for a photo within the file.
    pub fn within(&self, bytes: &'a [u8]) -> Self {
        Self { bytes, ..*self }
    }

    /// The bytes, which cannot be read any more once the time is up.
    pub fn timed(&self) -> Timed<'a> {
        Timed::new(self.bytes, self.clock)
    }

    /// Parts of the bytes, which cannot be read any more once the time is up.
    pub fn timed_parts(&self, parts: Spliced<'a>) -> Timed<'a> {
        Timed::spliced(parts, self.clock)
    }

    /// The memory that is left besides the file.
    pub fn memory(&self) -> u64 {
        self.limits.memory.saturating_sub(self.file)
    }

    /// Refuse a photo that takes more memory than allowed, including the file.
    pub fn check_memory(&self, held: u64) -> Result<()> {
        if held <= self.memory() { Ok(()) } else { Err(self.too_much_memory()) }
    }

    /// Refuse dimensions beyond the limits.
    pub fn check_size(&self, width: u32, height: u32) -> Result<()> {
        limits::check_size(self.path, width, height, self.limits)
    }

    /// The error that the photo is damaged, and why.
    pub fn damaged(&self, reason: &dyn std::fmt::Display) -> Error {
        broken::damaged(self.path, reason)
    }

    /// The error that the file is cut off and no part of it can be used.
    pub fn cut_off(&self) -> Error {
        broken::damaged(self.path, &"the file is cut off")
    }

    /// The error that the photo is a rare kind of `format`.
    pub fn unsupported(&self, format: &str) -> Error {
        broken::unsupported(self.path, format)
    }

    /// The error for a RAW file without a preview that could be analysed.
    pub fn no_preview(&self) -> Error {
        Error::NoPreview { path: self.path.to_owned() }
    }

    /// The error that its pixels do not fit into the memory that it may take.
    pub fn too_much_memory(&self) -> Error {
        limits::too_much_memory(self.path, self.limits)
    }

    /// The error that its time is up.
    pub fn too_slow(&self) -> Error {
        limits::too_slow(self.path, self.limits)
    }
}
