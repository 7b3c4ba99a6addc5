//! The trait of all pictures: a layout, and how to draw it.

use image::RgbImage;
use plotters::prelude::DrawingBackend;

use super::brush::{Brush, Drawn};
use super::geometry::Rect;
use super::size::Size;
use super::text::Fonts;

/// A photo on a canvas.
pub struct Placed<'a> {
    /// Its place.
    pub rect: Rect,
    /// Its pixels, in any size.
    pub pixels: &'a RgbImage,
}

/// A picture that can be laid out on a canvas and drawn there.
pub trait Draw {
    /// The layout.
    type Layout;

    /// Lay it out on a canvas of `size`.
    fn layout(&self, size: Size, fonts: &Fonts) -> Self::Layout;

    /// Draw the layout.
    ///
    /// # Errors
    /// The canvas's message.
    fn paint<B: DrawingBackend>(&self, layout: &Self::Layout, brush: &Brush<B>) -> Drawn;

    /// The photos above what [`Self::paint`] drew.
    fn photos<'a>(&'a self, _layout: &'a Self::Layout) -> Vec<Placed<'a>> {
        Vec::new()
    }

    /// Draw what is above the photos.
    ///
    /// # Errors
    /// The canvas's message.
    fn paint_over<B: DrawingBackend>(&self, _layout: &Self::Layout, _brush: &Brush<B>) -> Drawn {
        Ok(())
    }
}
