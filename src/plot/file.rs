//! A drawn canvas as the bytes of a PNG or SVG file.

use std::path::Path;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbImage, imageops};
use plotters::prelude::*;

use super::Size;
use super::brush::{Brush, Drawn, Lettering};
use super::text::Fonts;
use crate::error::{Error, Result};
use crate::file::check_replaceable;

/// An SVG's coordinates are whole numbers in plotters; this many of them make a pixel.
const FINER_SVG: u32 = 8;
/// How many times as large a canvas a PNG is drawn on, and up to how many pixels of that canvas.
const FINER_PNG: [(u32, u64); 2] = [(3, 9_000_000), (2, 64_000_000)];

/// A format of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Pixels.
    Png,
    /// Shapes and text.
    Svg,
}

impl Format {
    /// The format of a file by the ending of its name.
    ///
    /// # Errors
    /// [`Error::Plot`] where the ending is another.
    pub fn of(path: &Path) -> Result<Self> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("png") => Ok(Self::Png),
            Some("svg") => Ok(Self::Svg),
            _ => {
                let reason = match ending {
                    Some(ending) => format!("\u{201c}.{ending}\u{201d} is no format it knows"),
                    None => "its name has no ending".to_owned(),
                };
                Err(Error::Plot { path: path.to_owned(), reason })
            }
        }
    }
}

/// A PNG: drawn larger and averaged, because plotters leaves edges jagged.
pub fn png(
    size: Size,
    fonts: &Fonts,
    paint: impl Fn(&Brush<BitMapBackend>) -> Drawn,
) -> std::result::Result<Vec<u8>, String> {
    let Size { width, height } = size;
    let pixels = u64::from(width) * u64::from(height);
    let finer = FINER_PNG
        .into_iter()
        .find(|(finer, most)| pixels * u64::from(finer * finer) <= *most)
        .map_or(1, |(finer, _)| finer);
    let mut canvas = RgbImage::new(width * finer, height * finer);
    {
        let area = BitMapBackend::with_buffer(&mut canvas, (width * finer, height * finer))
            .into_drawing_area();
        let lettering = Lettering::Pixels;
        let brush = Brush { area, finer: f64::from(finer), lettering, fonts };
        paint(&brush)?;
        brush.area.present().map_err(|e| e.to_string())?;
    }
    let picture = if finer == 1 { canvas } else { imageops::thumbnail(&canvas, width, height) };
    let mut bytes = Vec::new();
    // Flat colours: what is the same as before is best left for the compression to find.
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::NoFilter)
        .write_image(&picture, width, height, ExtendedColorType::Rgb8)
        .map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// An SVG, its text as text.
pub fn svg(
    size: Size,
    fonts: &Fonts,
    paint: impl Fn(&Brush<SVGBackend>) -> Drawn,
) -> std::result::Result<Vec<u8>, String> {
    let (width, height) = (size.width * FINER_SVG, size.height * FINER_SVG);
    let mut document = String::new();
    {
        let area = SVGBackend::with_string(&mut document, (width, height)).into_drawing_area();
        let lettering = Lettering::Words;
        let brush = Brush { area, finer: f64::from(FINER_SVG), lettering, fonts };
        paint(&brush)?;
        brush.area.present().map_err(|e| e.to_string())?;
    }
    let finer = format!("width=\"{width}\" height=\"{height}\"");
    let shown = format!("width=\"{}\" height=\"{}\"", size.width, size.height);
    Ok(document.replacen(&finer, &shown, 1).into_bytes())
}

/// Check, before a picture is computed, that it can be drawn into the file at `path`.
///
/// # Errors
/// [`Error::Plot`] for an ending that is no format's, [`Error::Write`] with what is in the way.
pub fn check_writable(path: &Path) -> Result<()> {
    Format::of(path)?;
    check_replaceable(path)
}
