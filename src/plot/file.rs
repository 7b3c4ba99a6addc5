//! A drawn canvas as the bytes of a PNG or SVG file, and the file itself.

use std::io::Write;
use std::path::Path;

use image::{ExtendedColorType, ImageEncoder, RgbImage, imageops};
use plotters::prelude::*;

use super::Size;
use super::brush::{Brush, Drawn, Lettering};
use super::text::Fonts;
use crate::error::{Error, Result};

/// An SVG's coordinates are whole numbers in plotters; this many of them make a pixel.
const FINER_SVG: u32 = 8;
/// Pixels of the finer canvas on which a PNG's edges are smoothed, at most.
const MOST_PIXELS: u64 = 26_000_000;

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

/// A PNG: drawn two or three times as large and averaged, because plotters leaves edges jagged.
pub fn png(
    size: Size,
    fonts: &Fonts,
    paint: impl Fn(&Brush<BitMapBackend>) -> Drawn,
) -> std::result::Result<Vec<u8>, String> {
    let Size { width, height } = size;
    let fits = |finer: &u32| {
        u64::from(width) * u64::from(height) * u64::from(finer * finer) <= MOST_PIXELS
    };
    let finer = [3, 2].into_iter().find(fits).unwrap_or(1);
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
    image::codecs::png::PngEncoder::new(&mut bytes)
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

/// Replace the file at `path`: written beside it, then renamed over it. Unlike a profile it may be
/// read by whoever may read the folder's other files.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let fail = |e| Error::write(path, e);
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The user's umask takes away from this.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    file.persist(path).map_err(|e| fail(e.error))?;
    Ok(())
}
