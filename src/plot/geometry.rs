//! Points, rectangles and texts of a canvas, in pixels from its upper left corner.

use super::text::{Fonts, Weight};

/// Pixels across and down.
pub type Pixel = [f64; 2];

/// A rectangle of the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Rect {
    /// Whether both share any area.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Whether `other` is inside.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.left >= self.left
            && other.right <= self.right
            && other.top >= self.top
            && other.bottom <= self.bottom
    }

    /// The rectangle enlarged by `by` on every side.
    #[must_use]
    pub fn grown(&self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    /// Whether the point is inside.
    #[must_use]
    pub fn holds(&self, [x, y]: Pixel) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }
}

/// Which part of a text is at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// The role of a text, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Title, axes, legend.
    Main,
    /// Subtitle and numbers along the axes.
    Minor,
    /// A photo's name among the faces.
    Name,
    /// The share of an ellipse.
    Share,
}

/// A text at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Its size in pixels.
    pub em: f64,
    /// Its weight.
    pub weight: Weight,
    /// Its role.
    pub role: Role,
    /// A point of its baseline.
    pub at: Pixel,
    /// Which point that is.
    pub anchor: Anchor,
    /// Whether it is rotated to read from below upwards.
    pub upright: bool,
    /// Its length in pixels.
    pub width: f64,
}

impl Text {
    /// A horizontal text of regular weight.
    #[must_use]
    pub fn new(fonts: &Fonts, text: &str, em: f64, role: Role, at: Pixel, anchor: Anchor) -> Self {
        let weight = Weight::Regular;
        let width = fonts.width(text, em, weight);
        Self { text: text.to_owned(), em, weight, role, at, anchor, upright: false, width }
    }

    /// How far before its point it begins, in pixels.
    #[must_use]
    pub fn lead(&self) -> f64 {
        match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => self.width / 2.0,
            Anchor::End => self.width,
        }
    }

    /// The space it takes, accents and descenders included.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        let (above, below, [x, y]) = (0.95 * self.em, 0.25 * self.em, self.at);
        let start = -self.lead();
        let end = start + self.width;
        if self.upright {
            Rect { left: x - above, right: x + below, top: y - end, bottom: y - start }
        } else {
            Rect { left: x + start, right: x + end, top: y - above, bottom: y + below }
        }
    }
}
