//! What all pictures have in common: a layout, and how that is drawn.

use image::RgbImage;
use plotters::prelude::DrawingBackend;

use super::brush::{Brush, Drawn};
use super::geometry::Rect;
use super::size::Size;
use super::text::Fonts;

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
