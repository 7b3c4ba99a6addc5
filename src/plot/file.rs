//! Writing a picture as a PNG or SVG file.

use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbImage, imageops};
use plotters::prelude::*;

use super::brush::{Brush, Drawn, Lettering};
use super::draw::{Draw, Placed};
use super::geometry::Rect;
use super::size::Size;
use super::text::Fonts;
use crate::error::{Error, Result};
use crate::file::{Readers, check_replaceable, replace};

/// Steps per pixel of an SVG, because plotters' coordinates are whole numbers.
const FINER_SVG: u32 = 8;
/// By how much a PNG's canvas is larger along each side, and up to how many pixels of that canvas.
const FINER_PNG: [(u32, u64); 2] = [(3, 9_000_000), (2, 64_000_000)];

/// The JPEG quality of embedded photos, 0 to 100.
const QUALITY: u8 = 82;

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
    /// [`Error::Plot`] for another ending.
    pub fn of(path: &Path) -> Result<Self> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("png") => Ok(Self::Png),
            Some("svg") => Ok(Self::Svg),
            _ => {
                let reason = match ending {
                    Some(ending) => format!("\u{201c}.{ending}\u{201d} is not a known format"),
                    None => "its name has no ending".to_owned(),
                };
                Err(Error::Plot { path: path.to_owned(), reason })
            }
        }
    }
}

/// Write `picture` to the file at `path`, as PNG or SVG by its ending. The same picture gives the same bytes; a
/// failure leaves no half-written file.
///
/// # Errors
/// [`Error::Plot`] for another ending or if drawing fails, [`Error::Write`] if the file cannot be written.
pub fn draw(picture: &impl Draw, path: &Path, size: Size) -> Result<()> {
    let format = Format::of(path)?;
    let bytes = encode(picture, format, size)
        .map_err(|reason| Error::Plot { path: path.to_owned(), reason })?;
    replace(path, &bytes, Readers::Everybody)
}

/// The file's content of `picture`.
///
/// # Errors
/// What went wrong, in one line.
pub fn encode(
    picture: &impl Draw,
    format: Format,
    size: Size,
) -> std::result::Result<Vec<u8>, String> {
    let fonts = Fonts::load().map_err(|e| e.to_string())?;
    let layout = picture.layout(size, &fonts);
    match format {
        Format::Png => png(picture, &layout, size, &fonts),
        Format::Svg => svg(picture, &layout, size, &fonts),
    }
}

/// A PNG: drawn larger and averaged, because plotters does not smooth edges.
fn png<D: Draw>(
    picture: &D,
    layout: &D::Layout,
    size: Size,
    fonts: &Fonts,
) -> std::result::Result<Vec<u8>, String> {
    let Size { width, height } = size;
    let pixels = u64::from(width) * u64::from(height);
    let finer = FINER_PNG
        .into_iter()
        .find(|(finer, most)| pixels * u64::from(finer * finer) <= *most)
        .map_or(1, |(finer, _)| finer);
    let mut canvas = RgbImage::new(width * finer, height * finer);
    on_pixels(&mut canvas, f64::from(finer), fonts, |brush| picture.paint(layout, brush))?;
    for photo in picture.photos(layout) {
        paste(&mut canvas, &photo, f64::from(finer));
    }
    on_pixels(&mut canvas, f64::from(finer), fonts, |brush| picture.paint_over(layout, brush))?;
    let picture = if finer == 1 { canvas } else { imageops::thumbnail(&canvas, width, height) };
    let mut bytes = Vec::new();
    // Flat colours compress best without a filter.
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::NoFilter)
        .write_image(&picture, width, height, ExtendedColorType::Rgb8)
        .map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// Draw on existing pixels.
pub fn on_pixels(
    canvas: &mut RgbImage,
    finer: f64,
    fonts: &Fonts,
    paint: impl FnOnce(&Brush<BitMapBackend>) -> Drawn,
) -> Drawn {
    let size = canvas.dimensions();
    let area = BitMapBackend::with_buffer(canvas, size).into_drawing_area();
    let brush = Brush { area, finer, lettering: Lettering::Pixels, fonts };
    paint(&brush)?;
    brush.area.present().map_err(|e| e.to_string())
}

/// Draw a photo on the canvas, in the size of its place.
fn paste(canvas: &mut RgbImage, photo: &Placed, finer: f64) {
    let Rect { left, top, right, bottom } = photo.rect;
    let [left, top, right, bottom] = [left, top, right, bottom].map(|v| (v * finer).round());
    let (width, height) = ((right - left).max(1.0) as u32, (bottom - top).max(1.0) as u32);
    let sized = imageops::resize(photo.pixels, width, height, imageops::FilterType::Triangle);
    imageops::replace(canvas, &sized, left as i64, top as i64);
}

/// An SVG, its text as text.
fn svg<D: Draw>(
    picture: &D,
    layout: &D::Layout,
    size: Size,
    fonts: &Fonts,
) -> std::result::Result<Vec<u8>, String> {
    let mut document = shapes(size, fonts, |brush| picture.paint(layout, brush))?;
    let above = shapes(size, fonts, |brush| picture.paint_over(layout, brush))?;
    // Photos and what is above them are inserted before the end, because plotters cannot embed photos in an SVG.
    document.truncate(document.rfind("</svg>").unwrap_or(document.len()));
    for photo in picture.photos(layout) {
        document += &embedded(&photo)?;
    }
    let body = above.split_once('>').map_or("", |(_, body)| body);
    document += body.trim_start_matches('\n');
    Ok(document.into_bytes())
}

/// The document with what `paint` draws.
fn shapes(
    size: Size,
    fonts: &Fonts,
    paint: impl FnOnce(&Brush<SVGBackend>) -> Drawn,
) -> std::result::Result<String, String> {
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
    Ok(document.replacen(&finer, &shown, 1))
}

/// A photo as an element of an SVG.
fn embedded(photo: &Placed) -> std::result::Result<String, String> {
    let Rect { left, top, right, bottom } = photo.rect;
    let [x, y, width, height] =
        [left, top, right - left, bottom - top].map(|v| (v * f64::from(FINER_SVG)).round() as i64);
    let href = jpeg_uri(photo.pixels)?;
    Ok(format!(
        "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" href=\"{href}\"/>\n"
    ))
}

/// A photo as a `data:` URL for pages and SVGs.
///
/// # Errors
/// The encoder's message.
pub fn jpeg_uri(pixels: &RgbImage) -> std::result::Result<String, String> {
    Ok(format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(jpeg(pixels)?)))
}

/// `pixels` as a JPEG.
///
/// # Errors
/// The encoder's message.
pub fn jpeg(pixels: &RgbImage) -> std::result::Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode_image(pixels)
        .map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// Check, before a picture is computed, that it can be drawn into the file at `path`.
///
/// # Errors
/// [`Error::Plot`] for an ending of no known format, [`Error::Write`] with the reason.
pub fn check_writable(path: &Path) -> Result<()> {
    Format::of(path)?;
    check_replaceable(path)
}
