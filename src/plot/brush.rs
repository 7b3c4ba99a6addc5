//! Drawing shapes and text on a plotters canvas, in pixels of the finished picture.

use ab_glyph::{Font, ScaleFont, point};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::geometry::{Anchor, Pixel, Text};
use super::text::{FAMILIES, Fonts, Weight, scale};

/// The result of drawing, with the error in one line.
pub type Drawn = Result<(), String>;

/// How text is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lettering {
    /// As pixels of the built-in font.
    Pixels,
    /// As text, in the viewer's fonts.
    Words,
}

/// A canvas `finer` times as large as the picture, because plotters' coordinates are whole numbers.
pub struct Brush<'a, B: DrawingBackend> {
    /// The canvas.
    pub area: DrawingArea<B, Shift>,
    /// How many of its pixels make one of the picture's along each side.
    pub finer: f64,
    /// How text is drawn.
    pub lettering: Lettering,
    /// The font.
    pub fonts: &'a Fonts,
}

impl<B: DrawingBackend> Brush<'_, B> {
    fn point(&self, [x, y]: Pixel) -> (i32, i32) {
        ((x * self.finer).round() as i32, (y * self.finer).round() as i32)
    }

    fn points(&self, pixels: &[Pixel]) -> Vec<(i32, i32)> {
        let mut points: Vec<_> = pixels.iter().map(|pixel| self.point(*pixel)).collect();
        points.dedup();
        points
    }

    fn stroke(&self, colour: RGBColor, width: f64) -> ShapeStyle {
        colour.stroke_width((width * self.finer).round().max(1.0) as u32)
    }

    /// The whole canvas in one colour.
    pub fn fill(&self, colour: RGBColor) -> Drawn {
        self.area.fill(&colour).map_err(|e| e.to_string())
    }

    /// The inside of a polygon.
    pub fn polygon(&self, pixels: &[Pixel], colour: RGBColor, opacity: f64) -> Drawn {
        let shape = Polygon::new(self.points(pixels), colour.mix(opacity).filled());
        self.area.draw(&shape).map_err(|e| e.to_string())
    }

    /// A line through several points.
    pub fn line(&self, pixels: &[Pixel], colour: RGBColor, width: f64) -> Drawn {
        let points = self.points(pixels);
        if points.len() < 2 {
            return Ok(());
        }
        let shape = PathElement::new(points, self.stroke(colour, width));
        self.area.draw(&shape).map_err(|e| e.to_string())
    }

    /// A disc.
    pub fn disc(&self, at: Pixel, radius: f64, colour: RGBColor) -> Drawn {
        let shape = Circle::new(self.point(at), (radius * self.finer) as i32, colour.filled());
        self.area.draw(&shape).map_err(|e| e.to_string())
    }

    /// A circle.
    pub fn circle(&self, at: Pixel, radius: f64, colour: RGBColor, width: f64) -> Drawn {
        let style = self.stroke(colour, width);
        let shape = Circle::new(self.point(at), (radius * self.finer) as i32, style);
        self.area.draw(&shape).map_err(|e| e.to_string())
    }

    /// A text.
    pub fn text(&self, text: &Text, colour: RGBColor) -> Drawn {
        match self.lettering {
            Lettering::Pixels => self.letters(text, colour),
            Lettering::Words => self.words(text, colour),
        }
    }

    /// Text as glyphs. plotters drops the side bearings, so that letters are too close or too far apart.
    fn letters(&self, text: &Text, colour: RGBColor) -> Drawn {
        let font = self.fonts.of(text.weight);
        let scale = scale(font, text.em * self.finer);
        let scaled = font.as_scaled(scale);
        let [x, y] = text.at.map(|v| v * self.finer);
        let mut along = -text.lead() * self.finer;
        for c in text.text.chars() {
            let id = font.glyph_id(c);
            // The outline of a level glyph at its distance along the line.
            let glyph = id.with_scale_and_position(scale, point(along as f32, 0.0));
            along += f64::from(scaled.h_advance(id));
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            let mut drawn = Ok(());
            outline.draw(|across, down, cover| {
                let level = [
                    f64::from(corner.x) + f64::from(across),
                    f64::from(corner.y) + f64::from(down),
                ];
                let [dx, dy] = if text.upright { [level[1], -level[0]] } else { level };
                let at = ((x + dx).round() as i32, (y + dy).round() as i32);
                if cover > 0.0 && drawn.is_ok() {
                    let ink = colour.mix(f64::from(cover.min(1.0)));
                    drawn = self.area.draw_pixel(at, &ink).map_err(|e| e.to_string());
                }
            });
            drawn?;
        }
        Ok(())
    }

    /// Text as text of an SVG. plotters divides sizes by 1.24, and places text anchored at its top 0.76 em below its
    /// point.
    fn words(&self, text: &Text, colour: RGBColor) -> Drawn {
        let across = match text.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let weight = match text.weight {
            Weight::Regular => FontStyle::Normal,
            Weight::SemiBold => FontStyle::Bold,
        };
        let (turn, shift) = match text.upright {
            true => (FontTransform::Rotate270, [-0.76 * text.em, 0.0]),
            false => (FontTransform::None, [0.0, -0.76 * text.em]),
        };
        let size = text.em * self.finer * 1.24;
        let font = FontDesc::new(FontFamily::Name(FAMILIES), size, weight).transform(turn);
        let style = font.color(&colour).pos(Pos::new(across, VPos::Top));
        let at = self.point([text.at[0] + shift[0], text.at[1] + shift[1]]);
        let shape = plotters::element::Text::new(text.text.as_str(), at, style);
        self.area.draw(&shape).map_err(|e| e.to_string())
    }
}
