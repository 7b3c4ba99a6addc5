//! A photo that can be decoded at several sizes, because fewer pixels decode faster.

use image::RgbImage;

use crate::error::Result;

/// A photo's pixels at one size.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// The pixels.
    pub pixels: &'a RgbImage,
    /// How many pixels of the photo one of them represents along each side.
    pub reduction: u32,
}

/// A photo that is decoded with as many pixels as the search needs.
pub trait Sizes {
    /// The photo with at least `area` pixels, or with as many as it has or as memory allows.
    ///
    /// # Errors
    /// If it cannot be decoded.
    fn at_least(&mut self, area: u64) -> Result<Version<'_>>;
}

impl Sizes for &RgbImage {
    fn at_least(&mut self, _: u64) -> Result<Version<'_>> {
        Ok(Version { pixels: self, reduction: 1 })
    }
}
