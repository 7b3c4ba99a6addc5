//! A photo as it is handed in: a file, a file's bytes, or pixels that somebody else decoded.

use std::path::{Path, PathBuf};

use image::RgbImage;
use sha2::{Digest, Sha256};

use super::limits::{Limits, check_size};
use super::read::{Photo, PhotoFile, load};
use crate::error::Result;

/// A photo that is to be looked at.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file on this machine.
    File(PathBuf),
    /// The bytes of a file.
    Bytes {
        /// What the photo is called in results and errors.
        name: PathBuf,
        /// The file's content.
        bytes: Vec<u8>,
    },
    /// Upright RGB pixels, 8 bits a channel.
    Pixels {
        /// What the photo is called in results and errors.
        name: PathBuf,
        /// The pixels.
        pixels: RgbImage,
    },
}

/// A source that was read and can be decoded, more than once.
#[derive(Debug)]
pub(crate) enum Opened {
    File(PhotoFile),
    Decoded(Photo),
}

impl Source {
    /// The photo's path, or what it is called.
    #[must_use]
    pub fn name(&self) -> &Path {
        match self {
            Self::File(name) | Self::Bytes { name, .. } | Self::Pixels { name, .. } => name,
        }
    }

    /// Read what is not in memory yet.
    ///
    /// # Errors
    /// Where a file cannot be read, or there are more bytes or pixels than `limits` allow.
    pub(crate) fn open(self, limits: &Limits) -> Result<Opened> {
        match self {
            Self::File(path) => load(&path, limits).map(Opened::File),
            Self::Bytes { name, bytes } => {
                PhotoFile::from_bytes(name, bytes, limits).map(Opened::File)
            }
            Self::Pixels { name, pixels } => {
                let (width, height) = pixels.dimensions();
                check_size(&name, width, height, limits)?;
                let sha256 = format!("{:x}", Sha256::digest(pixels.as_raw()));
                let photo = Photo { path: name, sha256, width, height, pixels, reduction: 1 };
                Ok(Opened::Decoded(photo))
            }
        }
    }
}

impl Opened {
    /// Decode the photo as [`PhotoFile::decode_reduced`] does; pixels are handed on as they are.
    pub(crate) fn decode_reduced(&self, pixels: u64, limits: &Limits) -> Result<Photo> {
        match self {
            Self::File(file) => file.decode_reduced(pixels, limits),
            Self::Decoded(photo) => Ok(photo.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn png(pixels: &RgbImage) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_photo_is_the_same_however_it_is_handed_in() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let pixels = RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8, y as u8, 7]));
        std::fs::write(&path, png(&pixels)).unwrap();
        let limits = Limits::default();
        let sources = [
            Source::File(path.clone()),
            Source::Bytes { name: path.clone(), bytes: png(&pixels) },
            Source::Pixels { name: path.clone(), pixels: pixels.clone() },
        ];
        for source in sources {
            assert_eq!(source.name(), path);
            let photo = source.open(&limits).unwrap().decode_reduced(u64::MAX, &limits).unwrap();
            assert_eq!((photo.path.as_path(), photo.pixels), (path.as_path(), pixels.clone()));
        }
    }

    #[test]
    fn limits_hold_for_bytes_and_for_pixels() {
        let pixels = RgbImage::new(40, 30);
        let limits = Limits { bytes: 20, side: 39, ..Limits::default() };
        let name = PathBuf::from("x");
        let bytes = Source::Bytes { name: name.clone(), bytes: png(&pixels) };
        assert!(matches!(bytes.open(&limits), Err(Error::TooLarge { .. })));
        let pixels = Source::Pixels { name, pixels };
        assert!(matches!(pixels.open(&limits), Err(Error::TooLarge { .. })));
    }
}
