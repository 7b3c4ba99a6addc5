//! The symbols of faces. The colours are those of Okabe and Ito, distinguishable with any kind of colour blindness;
//! shapes differ too, for printing in grey.

use plotters::prelude::*;

use super::brush::{Brush, Drawn};
use super::geometry::Pixel;
use super::scene::Kind;

/// Text and lines.
pub const BLACK: RGBColor = RGBColor(26, 26, 26);
/// Paper.
pub const WHITE: RGBColor = RGBColor(255, 255, 255);
/// The person.
pub const BLUE: RGBColor = RGBColor(0, 114, 178);
/// Grid lines.
pub const FAINT: RGBColor = RGBColor(232, 232, 232);
/// Strangers.
pub const GREY: RGBColor = RGBColor(120, 120, 120);
/// Photos set aside.
pub const VERMILLION: RGBColor = RGBColor(213, 94, 0);

/// The width of a symbol's white edge, relative to its radius.
const EDGE: f64 = 0.22;

/// The overlays' colours, one after another.
const OVERLAYS: [RGBColor; 5] = [
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(92, 92, 92),
];

/// The outlines of the overlays' symbols, within a circle of radius 1.2, y down.
const OUTLINES: [&[Pixel]; 4] = [
    &[[0.0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
    &[[-0.88, -0.88], [0.88, -0.88], [0.88, 0.88], [-0.88, 0.88]],
    &[[0.0, -1.25], [1.1, 0.0], [0.0, 1.25], [-1.1, 0.0]],
    &[[0.0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
];

/// Draw the symbol of a face of `kind` at `at`, with a white edge that separates crowded symbols.
pub fn face<B: DrawingBackend>(brush: &Brush<B>, kind: Kind, at: Pixel, radius: f64) -> Drawn {
    match kind {
        Kind::Kept => disc(brush, at, radius),
        Kind::Duplicate => {
            brush.disc(at, radius + EDGE * radius, WHITE)?;
            brush.circle(at, 0.8 * radius, BLUE, 0.3 * radius)
        }
        Kind::SetAside => {
            let [x, y] = at;
            brush.disc(at, 1.5 * radius, WHITE)?;
            brush.circle(at, 1.35 * radius, VERMILLION, 0.35 * radius)?;
            let r = 0.6 * radius;
            for slope in [-1.0, 1.0] {
                let ends = [[x - r, y - slope * r], [x + r, y + slope * r]];
                brush.line(&ends, VERMILLION, 0.45 * radius)?;
            }
            Ok(())
        }
        Kind::Overlay(number) => shape(brush, number, at, radius),
    }
}

/// The colour of the faces of `kind`.
#[must_use]
pub fn colour(kind: Kind) -> RGBColor {
    match kind {
        Kind::Kept | Kind::Duplicate => BLUE,
        Kind::SetAside => VERMILLION,
        Kind::Overlay(number) => OVERLAYS[number % OVERLAYS.len()],
    }
}

/// The person's disc.
fn disc<B: DrawingBackend>(brush: &Brush<B>, at: Pixel, radius: f64) -> Drawn {
    brush.disc(at, radius + EDGE * radius, WHITE)?;
    brush.disc(at, radius, BLUE)
}

/// The shape of the overlay of this number.
fn shape<B: DrawingBackend>(brush: &Brush<B>, number: usize, at: Pixel, radius: f64) -> Drawn {
    let outline = OUTLINES[number % OUTLINES.len()];
    let scaled = |size: f64| -> Vec<Pixel> {
        outline.iter().map(|p| [at[0] + size * p[0], at[1] + size * p[1]]).collect()
    };
    brush.polygon(&scaled(radius + EDGE * radius), WHITE, 1.0)?;
    brush.polygon(&scaled(radius), OVERLAYS[number % OVERLAYS.len()], 1.0)
}

/// The colour of the curve of this number.
#[must_use]
pub fn curve_colour(number: usize) -> RGBColor {
    match number.checked_sub(1) {
        None => BLUE,
        Some(number) => OVERLAYS[number % OVERLAYS.len()],
    }
}

/// A point of the curve of this number.
pub fn curve_point<B: DrawingBackend>(
    brush: &Brush<B>,
    number: usize,
    at: Pixel,
    radius: f64,
) -> Drawn {
    match number.checked_sub(1) {
        None => disc(brush, at, radius),
        Some(number) => shape(brush, number, at, radius),
    }
}

/// Draw the ring around a face that is a match.
pub fn ring<B: DrawingBackend>(brush: &Brush<B>, at: Pixel, radius: f64) -> Drawn {
    brush.circle(at, 1.75 * radius, BLACK, 0.3 * radius)
}
