//! Pictures of a profile ([`Picture`]) and of how accurate it is ([`RatesFigure`]): computed, laid
//! out, drawn on a canvas of plotters, written as PNG or SVG.

mod annotate;
mod brush;
mod contour;
mod crops;
mod file;
mod layout;
mod legend;
mod marker;
mod names;
mod paint;
mod picture;
mod plane;
mod rates;
mod scene;
mod sheet;
mod surface;
mod text;
mod thumbs;

use std::path::Path;
use std::str::FromStr;

pub use annotate::{Annotation, AnnotationLayout, Boxed, Mark, annotated};
pub use crops::{crop_side, cut_out, photo_count, portrait, portraits};
pub use file::{Format, check_writable, jpeg, jpeg_uri};
pub use layout::{Anchor, Frame, Layout, Rect, Role, Text, Tick};
pub use legend::{Key, Symbol};
pub use picture::{Ellipse, Group, Label, Picture, Spot};
pub use plane::{Border, Plane, View};
pub use rates::{Curve, Histogram, RatesFigure};
pub use scene::{Kind, Overlay, Scene, Shown, ShownGroup, folder_name, judged};
pub use sheet::{Sheet, SheetLayout};
pub use surface::Surface;
pub use text::{Fonts, Weight};
pub use thumbs::{Point, Thumb};

use image::RgbImage;
use plotters::prelude::DrawingBackend;

use brush::{Brush, Drawn};

use crate::error::{Error, Result};
use crate::file::{Readers, replace};

/// The size of a picture in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Across.
    pub width: u32,
    /// Down.
    pub height: u32,
}

impl Size {
    /// The smallest size whose text can be read.
    pub const LEAST: Self = Self { width: 400, height: 300 };
    /// The longest side.
    pub const LONGEST: u32 = 8000;
}

impl Default for Size {
    /// 1600 × 1200: sharp in print over a column, and readable on a phone.
    fn default() -> Self {
        Self { width: 1600, height: 1200 }
    }
}

impl FromStr for Size {
    type Err = String;

    /// Reads "1600x1200".
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let Self { width: least_width, height: least_height } = Self::LEAST;
        let longest = Self::LONGEST;
        let numbers = text.split_once(['x', 'X', '×']);
        let size = numbers.and_then(|(width, height)| {
            Some(Self { width: width.trim().parse().ok()?, height: height.trim().parse().ok()? })
        });
        match size {
            Some(Self { width, height })
                if (least_width..=longest).contains(&width)
                    && (least_height..=longest).contains(&height) =>
            {
                Ok(Self { width, height })
            }
            _ => Err(format!(
                "give width x height in pixels, from {least_width}x{least_height} to \
                 {longest}x{longest}, for example 1600x1200"
            )),
        }
    }
}

/// A photo on a canvas.
pub struct Placed<'a> {
    /// Where.
    pub rect: Rect,
    /// Its pixels, in any size.
    pub pixels: &'a RgbImage,
}

/// What can be laid out on a canvas and drawn there.
pub trait Draw {
    /// Everything in its place.
    type Layout;

    /// Lay it out on a canvas of `size`.
    fn layout(&self, size: Size, fonts: &Fonts) -> Self::Layout;

    /// Draw it as it was laid out.
    ///
    /// # Errors
    /// What the canvas says.
    fn paint<B: DrawingBackend>(&self, layout: &Self::Layout, brush: &Brush<B>) -> Drawn;

    /// The photos above what [`Self::paint`] drew.
    fn photos<'a>(&'a self, _layout: &'a Self::Layout) -> Vec<Placed<'a>> {
        Vec::new()
    }

    /// Draw what lies above the photos.
    ///
    /// # Errors
    /// What the canvas says.
    fn paint_over<B: DrawingBackend>(&self, _layout: &Self::Layout, _brush: &Brush<B>) -> Drawn {
        Ok(())
    }
}

impl Draw for Picture {
    type Layout = Layout;

    fn layout(&self, size: Size, fonts: &Fonts) -> Layout {
        Layout::of(self, size, fonts)
    }

    fn paint<B: DrawingBackend>(&self, layout: &Layout, brush: &Brush<B>) -> Drawn {
        paint::below(self, layout, brush)
    }

    fn photos<'a>(&'a self, layout: &'a Layout) -> Vec<Placed<'a>> {
        let placed = |thumb: &'a Thumb| Placed { rect: thumb.face(), pixels: &thumb.crop };
        layout.thumbs.iter().map(placed).collect()
    }

    fn paint_over<B: DrawingBackend>(&self, layout: &Layout, brush: &Brush<B>) -> Drawn {
        paint::above(self, layout, brush)
    }
}

/// Draw `picture` into the file at `path`, PNG or SVG by its ending. The same picture gives the
/// same bytes; a failure leaves no half-written file.
///
/// # Errors
/// [`Error::Plot`] for another ending or where drawing fails, [`Error::Write`] where the file
/// cannot be written.
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
        Format::Png => file::png(picture, &layout, size, &fonts),
        Format::Svg => file::svg(picture, &layout, size, &fonts),
    }
}

#[cfg(test)]
mod tests;
