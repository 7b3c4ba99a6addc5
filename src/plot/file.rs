//! A drawn canvas as the bytes of a PNG or SVG file, and the file itself.

use std::io::Write;
use std::path::Path;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbImage, imageops};
use plotters::prelude::*;
use tempfile::NamedTempFile;

use super::Size;
use super::brush::{Brush, Drawn, Lettering};
use super::text::Fonts;
use crate::error::{Error, Result};

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
    if path.is_dir() {
        return Err(Error::write(path, std::io::ErrorKind::IsADirectory.into()));
    }
    beside(path).map(drop)
}

/// Replace the file at `path`: written beside it, then renamed over it. Unlike a profile it may be
/// read by whoever may read the folder's other files.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let fail = |e| Error::write(path, e);
    let mut file = beside(path)?;
    file.write_all(bytes).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    file.persist(path).map_err(|e| fail(e.error))?;
    Ok(())
}

/// A file in the folder of `path` that goes away unless it is renamed.
fn beside(path: &Path) -> Result<NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::metadata(folder).map_err(|e| Error::write(path, e))?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The user's umask takes away from this.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder).map_err(|e| {
        // tempfile adds the path of its own file, which nobody asked for.
        Error::write(path, e.kind().into())
    })
}
