//! A photo as it is handed in: a file, a file's bytes, or pixels that somebody else decoded.

use std::path::{Path, PathBuf};
use std::time::Duration;

use image::RgbImage;
use sha2::{Digest, Sha256};

use super::limits::{Limits, check_size, too_much_memory};
use super::read::{Photo, PhotoFile, load};
use crate::error::{Error, Result};

/// Where in a stream of pictures a photo comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// This time after the beginning.
    Time(Duration),
    /// The frame of this number, the first being 0.
    Frame(u64),
}

/// A photo to analyse.
#[derive(Debug)]
pub enum Source {
    /// A file on this machine.
    File(PathBuf),
    /// The bytes of a file.
    Bytes {
        /// The name of the photo in results and errors.
        name: PathBuf,
        /// The file's content.
        bytes: Vec<u8>,
    },
    /// Upright RGB pixels, 8 bits a channel.
    Pixels {
        /// The name of the photo in results and errors.
        name: PathBuf,
        /// The pixels.
        pixels: RgbImage,
        /// Where in a stream they come from; `None` if they are a photo of their own.
        at: Option<Moment>,
    },
    /// The bytes of a file that came through a pipe: its analysis is not cached.
    Piped {
        /// The name of the photo in results and errors.
        name: PathBuf,
        /// The file's content.
        bytes: Vec<u8>,
    },
    /// A photo that could not be obtained: the error takes its place in the results.
    Failed {
        /// The name that the photo would have.
        name: PathBuf,
        /// Why it is missing.
        error: Error,
    },
}

impl<P: AsRef<Path>> From<P> for Source {
    /// The file at a path.
    fn from(path: P) -> Self {
        Self::File(path.as_ref().to_owned())
    }
}

/// A source that was read and can be decoded, more than once.
#[derive(Debug)]
pub(crate) enum Opened {
    File(PhotoFile),
    Decoded(Photo),
}

impl Source {
    /// The photo's path or name.
    #[must_use]
    pub fn name(&self) -> &Path {
        match self {
            Self::File(name)
            | Self::Bytes { name, .. }
            | Self::Pixels { name, .. }
            | Self::Piped { name, .. }
            | Self::Failed { name, .. } => name,
        }
    }

    /// Where in a stream it comes from, if it comes from one.
    #[must_use]
    pub fn at(&self) -> Option<Moment> {
        match self {
            Self::File(_) | Self::Bytes { .. } | Self::Piped { .. } | Self::Failed { .. } => None,
            Self::Pixels { at, .. } => *at,
        }
    }

    /// Read what is not in memory yet.
    ///
    /// # Errors
    /// If a file cannot be read, or has more bytes or pixels than `limits` allow.
    pub(crate) fn open(self, limits: &Limits) -> Result<Opened> {
        match self {
            Self::File(path) => load(&path, limits).map(Opened::File),
            Self::Bytes { name, bytes } | Self::Piped { name, bytes } => {
                PhotoFile::from_bytes(name, bytes, limits).map(Opened::File)
            }
            Self::Pixels { name, pixels, .. } => {
                let (width, height) = pixels.dimensions();
                check_size(&name, width, height, limits)?;
                let sha256 = sha256_of(&pixels);
                Ok(Opened::Decoded(Photo {
                    path: name,
                    sha256,
                    width,
                    height,
                    pixels,
                    reduction: 1,
                    missing: None,
                    taken: None,
                }))
            }
            Self::Failed { error, .. } => Err(error),
        }
    }
}

/// The hash that identifies pixels, as a file's SHA-256 identifies a file. It includes their size, because
/// the same numbers are a different picture at a different width.
fn sha256_of(pixels: &RgbImage) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("RGB {} {} ", pixels.width(), pixels.height()));
    hash.update(pixels.as_raw());
    format!("{:x}", hash.finalize())
}

impl Opened {
    /// The hash that identifies its content.
    pub(crate) fn sha256(&self) -> &str {
        match self {
            Self::File(file) => &file.sha256,
            Self::Decoded(photo) => &photo.sha256,
        }
    }

    /// Decode the photo as [`PhotoFile::decode_reduced`] does; pixels are handed on as they are.
    pub(crate) fn decode_reduced(&self, pixels: u64, limits: &Limits) -> Result<Photo> {
        match self {
            Self::File(file) => file.decode_reduced(pixels, limits),
            Self::Decoded(photo) => Ok(photo.clone()),
        }
    }

    /// A function that decodes the photo again within `limits`. A file of more than half of their memory would
    /// leave too little for its pixels, so it is not kept and not decoded again.
    pub(crate) fn again(self, limits: Limits) -> impl Fn(u64) -> Result<Photo> {
        let (name, held) = match &self {
            Self::File(file) => (file.path.clone(), file.bytes.len() as u64),
            Self::Decoded(photo) => (photo.path.clone(), 0),
        };
        let kept = (held <= limits.memory / 2).then_some(self);
        move |pixels| match &kept {
            Some(opened) => opened.decode_reduced(pixels, &limits),
            None => Err(too_much_memory(&name, &limits)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            Source::Pixels { name: path.clone(), pixels: pixels.clone(), at: None },
        ];
        for source in sources {
            assert_eq!(source.name(), path);
            let photo = source.open(&limits).unwrap().decode_reduced(u64::MAX, &limits).unwrap();
            assert_eq!((photo.path.as_path(), photo.pixels), (path.as_path(), pixels.clone()));
        }
    }

    #[test]
    fn a_file_is_decoded_again_if_it_leaves_half_of_the_memory() {
        let bytes = png(&RgbImage::new(40, 30));
        let decoded_again = |memory| {
            let limits = Limits { memory, ..Limits::default() };
            let source = Source::Bytes { name: "a.png".into(), bytes: bytes.clone() };
            source.open(&limits).unwrap().again(limits)(1)
        };
        let file = bytes.len() as u64;
        assert!(decoded_again(8000.max(2 * file)).is_ok());
        let error = decoded_again(2 * file - 1).unwrap_err().to_string();
        assert!(error.starts_with("a.png: too large (its pixels in memory"), "{error}");
        let limits = Limits { memory: 0, ..Limits::default() };
        let pixels = Source::Pixels { name: "a".into(), pixels: RgbImage::new(4, 3), at: None };
        assert!(pixels.open(&limits).unwrap().again(limits)(1).is_ok());
    }

    #[test]
    fn pixels_are_known_by_their_size_too() {
        let sha256 = |width, height, grey| {
            let pixels = RgbImage::from_pixel(width, height, image::Rgb([grey; 3]));
            let source = Source::Pixels { name: "a".into(), pixels, at: None };
            source.open(&Limits::default()).unwrap().sha256().to_owned()
        };
        assert_eq!(sha256(40, 30, 7), sha256(40, 30, 7));
        assert_ne!(sha256(40, 30, 7), sha256(30, 40, 7));
        assert_ne!(sha256(40, 30, 7), sha256(40, 30, 8));
    }

    #[test]
    fn limits_hold_for_bytes_and_for_pixels() {
        let pixels = RgbImage::new(40, 30);
        let limits = Limits { bytes: 20, side: 39, ..Limits::default() };
        let name = PathBuf::from("x");
        let bytes = Source::Bytes { name: name.clone(), bytes: png(&pixels) };
        assert!(matches!(bytes.open(&limits), Err(Error::TooLarge { .. })));
        let pixels = Source::Pixels { name, pixels, at: None };
        assert!(matches!(pixels.open(&limits), Err(Error::TooLarge { .. })));
    }
}
