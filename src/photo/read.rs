//! One photo file to upright RGB pixels: format by content, EXIF orientation, limits.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use image::RgbImage;
use sha2::{Digest, Sha256};

use super::apart;
use super::ending::is_cut_off;
use super::format::Format;
use super::kind::what_it_is;
use super::limits::{Limits, too_large};
use super::reduced::{Reduced, pixels_at};
use super::taken::{Date, taken};
use super::task::Task;
use crate::error::{Error, Result};

/// A decoded photo, turned upright as its EXIF orientation says.
#[derive(Debug, Clone)]
pub struct Photo {
    /// Where it was read from.
    pub path: PathBuf,
    /// The SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// The photo's width in pixels.
    pub width: u32,
    /// The photo's height in pixels.
    pub height: u32,
    /// RGB pixels, 8 bits a channel; fewer than the photo has if it was decoded at a reduced size.
    pub pixels: RgbImage,
    /// How many times larger the photo is than the decoded pixels: 1, 2, 4 or 8.
    pub reduction: u32,
    /// If the file is cut off: how much of the picture is missing and therefore grey, in percent.
    pub missing: Option<u8>,
    /// When it was taken, if the file says so.
    pub taken: Option<Date>,
}

impl Photo {
    /// How many pixels the photo has if its sides are divided by `reduction`.
    #[must_use]
    pub fn pixels_at(&self, reduction: u32) -> u64 {
        pixels_at((self.width, self.height), reduction)
    }
}

/// A photo's file, read but not decoded.
#[derive(Debug, Clone)]
pub struct PhotoFile {
    /// Where it was read from.
    pub path: PathBuf,
    /// The SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

impl PhotoFile {
    /// The file whose content is `bytes`; `path` only names it.
    ///
    /// # Errors
    /// If there are more bytes than `limits` allow.
    pub fn from_bytes(path: PathBuf, bytes: Vec<u8>, limits: &Limits) -> Result<Self> {
        if bytes.len() as u64 > limits.bytes {
            return Err(too_large(&path, "its file", format!("{} MB", limits.bytes >> 20)));
        }
        let sha256 = format!("{:x}", Sha256::digest(&bytes));
        Ok(Self { path, sha256, bytes })
    }

    /// Decode the photo.
    ///
    /// # Errors
    /// Every error names the path: not a photo, damaged, or beyond `limits`.
    pub fn decode(&self, limits: &Limits) -> Result<Photo> {
        self.decode_reduced(u64::MAX, limits)
    }

    /// Decode the photo. It is decoded at a reduced size if that is quicker, or if all its pixels would
    /// not fit in memory, and at least `pixels` of them remain.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn decode_reduced(&self, pixels: u64, limits: &Limits) -> Result<Photo> {
        let Reduced { pixels, reduction, size: (width, height), missing } =
            decode_bytes(&self.path, &self.bytes, pixels, limits)?;
        let (path, sha256) = (self.path.clone(), self.sha256.clone());
        let taken = taken(&self.bytes);
        Ok(Photo { path, sha256, width, height, pixels, reduction, missing, taken })
    }
}

/// Read and decode the photo at `path`.
///
/// # Errors
/// Every error names `path`: unreadable, not a photo, damaged, or beyond `limits`.
pub fn read(path: &Path, limits: &Limits) -> Result<Photo> {
    load(path, limits)?.decode(limits)
}

/// Read the file at `path`.
///
/// # Errors
/// If it cannot be read or has more bytes than `limits` allow.
pub fn load(path: &Path, limits: &Limits) -> Result<PhotoFile> {
    let file = File::open(path).map_err(|e| Error::read(path, e))?;
    let size = file.metadata().map_err(|e| Error::read(path, e))?;
    if size.is_dir() {
        return Err(Error::read(path, std::io::ErrorKind::IsADirectory.into()));
    }
    let mut bytes = Vec::new();
    // One byte more than allowed reveals a file that is too large, even if its size is not known.
    file.take(limits.bytes + 1).read_to_end(&mut bytes).map_err(|e| Error::read(path, e))?;
    PhotoFile::from_bytes(path.to_owned(), bytes, limits)
}

/// Decode the bytes of a photo; `path` only names it in errors.
///
/// # Errors
/// As [`read`], without the reading.
pub fn decode(path: &Path, bytes: &[u8], limits: &Limits) -> Result<RgbImage> {
    Ok(decode_bytes(path, bytes, u64::MAX, limits)?.pixels)
}

fn decode_bytes(path: &Path, bytes: &[u8], wanted: u64, limits: &Limits) -> Result<Reduced> {
    let task = Task::new(path, bytes, wanted, limits);
    let no_photo = || Error::NotAPhoto { path: path.to_owned(), what: what_it_is(path, bytes) };
    let format = Format::of(bytes).ok_or_else(no_photo)?;
    apart::decode(format, &task).map_err(|error| match error {
        // The error of a decoder that gets no more bytes.
        Error::DamagedPhoto { .. } if task.clock.is_up() => task.too_slow(),
        Error::DamagedPhoto { .. } if is_cut_off(format, bytes) => task.cut_off(),
        other => other,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Cursor;
    use std::time::Duration;

    use image::{DynamicImage, ImageFormat, ImageReader, Rgb};

    use super::*;
    use crate::photo::clock::{Clock, Timed};
    use crate::photo::limits::too_slow;

    pub fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn decoded(bytes: &[u8]) -> Result<RgbImage> {
        decode(Path::new("photo"), bytes, &Limits::default())
    }

    pub fn sample() -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(31, 17, |x, y| {
            Rgb([(x * 8) as u8, (y * 15) as u8, 90])
        }))
    }

    #[test]
    fn every_format_is_known_by_its_content() {
        for format in [
            ImageFormat::Png,
            ImageFormat::Bmp,
            ImageFormat::Tiff,
            ImageFormat::Gif,
            ImageFormat::WebP,
            ImageFormat::Jpeg,
        ] {
            let pixels = decoded(&encoded(&sample(), format)).unwrap();
            assert_eq!(pixels.dimensions(), (31, 17), "{format:?}");
            let difference = pixels.get_pixel(3, 3)[2].abs_diff(90);
            assert!(difference <= 12, "{format:?}: {difference}");
        }
    }

    #[test]
    fn grey_sixteen_bit_and_alpha_become_rgb() {
        let grey = DynamicImage::ImageLuma8(sample().to_luma8());
        let deep = DynamicImage::ImageRgb16(sample().to_rgb16());
        for image in [grey, deep] {
            assert_eq!(decoded(&encoded(&image, ImageFormat::Png)).unwrap().dimensions(), (31, 17));
        }
        let clear = DynamicImage::ImageRgba8(image::RgbaImage::new(4, 4));
        let pixels = decoded(&encoded(&clear, ImageFormat::Png)).unwrap();
        assert_eq!(pixels.get_pixel(1, 1), &Rgb([255, 255, 255]));
    }

    #[test]
    fn exif_orientation_turns_the_photo() {
        // A JPEG with an APP1 block holding one tag: Orientation (0x0112) = 6, a quarter turn.
        let jpeg = encoded(&sample(), ImageFormat::Jpeg);
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0".to_vec();
        exif.extend([0; 4]);
        let mut turned = jpeg[..2].to_vec();
        turned.extend([0xFF, 0xE1]);
        turned.extend((exif.len() as u16 + 2).to_be_bytes());
        turned.extend(exif);
        turned.extend(&jpeg[2..]);
        assert_eq!(decoded(&turned).unwrap().dimensions(), (17, 31));
        let reduced = decode_bytes(Path::new("photo"), &turned, 135, &Limits::default()).unwrap();
        assert_eq!((reduced.pixels.dimensions(), reduced.size), ((9, 16), (17, 31)));
    }

    #[test]
    fn a_large_jpeg_is_decoded_at_the_smallest_size_that_is_enough() {
        let large = DynamicImage::ImageRgb8(RgbImage::from_fn(1001, 599, |x, y| {
            Rgb([(x / 4) as u8, (y / 3) as u8, 90])
        }));
        let file = PhotoFile {
            path: PathBuf::from("large.jpg"),
            sha256: String::new(),
            bytes: encoded(&large, ImageFormat::Jpeg),
        };
        for (wanted, reduction, size) in [
            (150_301, 1, (1001, 599)),
            (150_300, 2, (501, 300)),
            (20_000, 4, (251, 150)),
            (1, 8, (126, 75)),
        ] {
            let photo = file.decode_reduced(wanted, &Limits::default()).unwrap();
            assert_eq!((photo.reduction, photo.pixels.dimensions()), (reduction, size), "{wanted}");
            let (x, y) = (400 / reduction, 240 / reduction);
            let found = photo.pixels.get_pixel(x, y).0;
            assert!(found.iter().zip([100, 80, 90]).all(|(a, b)| a.abs_diff(b) <= 4), "{found:?}");
        }
    }

    #[test]
    fn bad_content_gets_its_own_error() {
        assert!(matches!(decoded(b"just a text"), Err(Error::NotAPhoto { .. })));
        assert!(matches!(decoded(b""), Err(Error::NotAPhoto { .. })));
        let png = encoded(&sample(), ImageFormat::Png);
        assert!(matches!(decoded(&png[..60]), Err(Error::DamagedPhoto { .. })));
    }

    /// Noise of `width` × `height`: long to decode, whatever the format.
    fn noise(width: u32, height: u32) -> DynamicImage {
        let mut state = 1u32;
        let mut byte = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |_, _| {
            Rgb([byte(), byte(), byte()])
        }))
    }

    /// The result of `head`, which runs before the clock is up; when this returns, the clock is up. A machine
    /// that is too slow for it gets twice the time, and twice again.
    fn before_time_is_up<T>(head: impl Fn(Clock) -> Option<T>) -> T {
        let attempt = |doubled| {
            let time = Duration::from_millis(20_u64 << doubled);
            let made = head(Clock::start(time));
            std::thread::sleep(time);
            made
        };
        (0..12).find_map(attempt).expect("a minute is enough")
    }

    #[test]
    fn decoders_whose_time_is_up_get_no_more_bytes() {
        use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
        for format in [Png, Gif, WebP, Bmp, Tiff] {
            let file = encoded(&noise(160, 120), format);
            let decoder = before_time_is_up(|clock| {
                ImageReader::with_format(Timed::new(&file, clock), format).into_decoder().ok()
            });
            assert!(DynamicImage::from_decoder(decoder).is_err(), "{format:?}");
        }
        let jpeg = encoded(&noise(160, 120), Jpeg);
        let mut reduced = before_time_is_up(|clock| {
            let mut decoder = jpeg_decoder::Decoder::new(Timed::new(&jpeg, clock));
            decoder.read_info().ok().map(|()| decoder)
        });
        assert!(reduced.decode().is_err());
    }

    #[test]
    fn a_photo_that_takes_too_long_is_an_error_of_its_own() {
        use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
        let none = Limits { time: Duration::ZERO, ..Limits::default() };
        for format in [Png, Gif, WebP, Bmp, Tiff, Jpeg] {
            let error = decode(Path::new("a"), &encoded(&sample(), format), &none).err();
            assert!(matches!(error, Some(Error::TooSlow { .. })), "{format:?}: {error:?}");
        }
        let few = Limits { time: Duration::from_millis(2500), ..Limits::default() };
        let line = too_slow(Path::new("a"), &few).to_string();
        assert!(line.starts_with("a: takes more than 2.5 s to decode; open it"), "{line}");
    }
}
