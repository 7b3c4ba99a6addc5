//! The visible part of the plane, and the conversion from places to pixels.

use super::geometry::{Pixel, Rect};
use super::picture::Picture;
use super::plane::Border;
use crate::projection::Place;

/// The most by which one axis may be stretched relative to the other to fill the canvas.
const STRETCH: f64 = 2.0;

/// The visible part of the plane, and where it is on the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The place in the middle.
    pub centre: Place,
    /// Pixels per unit of the plane, horizontally and vertically.
    pub scale: [f64; 2],
    /// Where it is on the canvas.
    pub rect: Rect,
}

impl Frame {
    /// The frame of `rect` around everything that `picture` shows.
    pub(super) fn around(picture: &Picture, rect: Rect) -> Self {
        let spots = picture.groups.iter().flat_map(|group| &group.spots).map(|spot| spot.place);
        let outlines = picture.ellipses.iter().flat_map(|ellipse| ellipse.outline.iter().copied());
        let (mut least, mut most) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for place in spots.chain(outlines) {
            for i in 0..2 {
                least[i] = least[i].min(place[i]);
                most[i] = most[i].max(place[i]);
            }
        }
        let span = [0, 1].map(|i| (1.1 * (most[i] - least[i])).max(1e-6));
        let fill = [(rect.right - rect.left) / span[0], (rect.bottom - rect.top) / span[1]];
        let least_fill = fill[0].min(fill[1]);
        // A score and a direction have no common unit.
        let stretch = if picture.border == Border::Upright { f64::INFINITY } else { STRETCH };
        let scale = fill.map(|pixels| pixels.min(stretch * least_fill));
        Self { centre: [0, 1].map(|i| (least[i] + most[i]) / 2.0), scale, rect }
    }

    /// The pixel of a place.
    #[must_use]
    pub fn pixel(&self, place: Place) -> Pixel {
        let Rect { left, top, right, bottom } = self.rect;
        [
            (left + right) / 2.0 + (place[0] - self.centre[0]) * self.scale[0],
            (top + bottom) / 2.0 - (place[1] - self.centre[1]) * self.scale[1],
        ]
    }

    /// The place at the lower left corner and that at the upper right.
    #[must_use]
    pub fn corners(&self) -> [Place; 2] {
        let half = [self.rect.right - self.rect.left, self.rect.bottom - self.rect.top]
            .map(|length| length / 2.0);
        let at = |sign: f64| [0, 1].map(|i| self.centre[i] + sign * half[i] / self.scale[i]);
        [at(-1.0), at(1.0)]
    }
}
