//! Faces drawn as crops instead of symbols: each in a square of its own, as near to its place as there is room.

use std::sync::Arc;

use image::RgbImage;

use super::frame::Frame;
use super::geometry::{Pixel, Rect};
use super::picture::{Picture, Spot};
use super::plane::Border;
use super::scene::Kind;

/// The share of the plane that the faces may cover.
const COVER: f64 = 0.45;
/// The share of the squares that faces may occupy. It is more than [`COVER`], because whole rows and columns of
/// squares cover less than the plane.
const FILL: f64 = 0.6;
/// The largest and the smallest square, in em; faces that do not fit at the smallest size are drawn as points.
const SIDES: [f64; 2] = [3.4, 0.8];
/// How far a face may be moved, in squares.
const FARTHEST: i64 = 12;
/// If the horizontal axis is the score, a horizontal step costs as much as this many vertical ones.
const SIDEWAYS: f64 = 4.0;
/// The width of a square's coloured edge, relative to its side.
const EDGE: f64 = 0.055;

/// A face in its square.
#[derive(Debug, Clone, PartialEq)]
pub struct Thumb {
    /// Its kind.
    pub kind: Kind,
    /// For a face of an overlay: whether it is a match.
    pub accepted: bool,
    /// Its actual place.
    pub home: Pixel,
    /// Where it is drawn, including its edge.
    pub rect: Rect,
    /// The face.
    pub crop: Arc<RgbImage>,
}

impl Thumb {
    /// The middle of its square.
    #[must_use]
    pub fn middle(&self) -> Pixel {
        [(self.rect.left + self.rect.right) / 2.0, (self.rect.top + self.rect.bottom) / 2.0]
    }

    /// The side of its square.
    #[must_use]
    pub fn side(&self) -> f64 {
        self.rect.right - self.rect.left
    }

    /// The face inside the edge.
    #[must_use]
    pub fn face(&self) -> Rect {
        self.rect.grown(-EDGE * self.side())
    }
}

/// A face drawn as a symbol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Its kind.
    pub kind: Kind,
    /// For a face of an overlay: whether it is a match.
    pub accepted: bool,
    /// Where it is.
    pub at: Pixel,
}

/// The faces of `picture` that have a crop in squares, and all others as points. No squares overlap, none leaves the
/// frame, and none is far from its place; if there are too many faces for that, some of the overlays' stay points.
#[must_use]
pub fn place(picture: &Picture, frame: &Frame, em: f64) -> (Vec<Thumb>, Vec<Point>) {
    let all = picture
        .groups
        .iter()
        .flat_map(|group| group.spots.iter().map(move |spot| (group.kind, spot)));
    let point = |kind: Kind, spot: &Spot| Point {
        kind,
        accepted: spot.accepted,
        at: frame.pixel(spot.place),
    };
    let (drawn, others): (Vec<_>, Vec<_>) = all.partition(|(_, spot)| spot.crop.is_some());
    let mut points: Vec<Point> = others.iter().map(|(kind, spot)| point(*kind, spot)).collect();
    if drawn.is_empty() {
        return (Vec::new(), points);
    }
    let mut cells = Cells::of(frame.rect, drawn.len(), em);
    if picture.border == Border::Upright {
        cells.split_at(frame.pixel([picture.threshold; 2])[0]);
    }
    let (first, mut rest): (Vec<_>, Vec<_>) =
        drawn.into_iter().partition(|(kind, spot)| spot.accepted || !is_overlay(*kind));
    let room = ((FILL * cells.left as f64) as usize).saturating_sub(first.len());
    // If there are too many, evenly sampled over the folders.
    let every = rest.len().div_ceil(room.max(1)).max(1);
    let shown = |i: usize| room > 0 && i.is_multiple_of(every);
    points.extend(
        rest.iter()
            .enumerate()
            .filter(|(i, _)| !shown(*i))
            .map(|(_, (kind, spot))| point(*kind, spot)),
    );
    let mut number = 0..;
    rest.retain(|_| number.next().is_some_and(shown));
    let mut faces = first;
    faces.sort_by_key(|(kind, spot)| (*kind != Kind::SetAside, !spot.accepted));
    faces.extend(rest);
    let mut thumbs = Vec::new();
    for (kind, spot) in faces {
        let home = frame.pixel(spot.place);
        match spot.crop.clone().zip(cells.take_nearest(home)) {
            Some((crop, rect)) => {
                thumbs.push(Thumb { kind, accepted: spot.accepted, home, rect, crop });
            }
            None => points.push(point(kind, spot)),
        }
    }
    (thumbs, points)
}

fn is_overlay(kind: Kind) -> bool {
    matches!(kind, Kind::Overlay(_))
}

/// A grid of squares over the frame, each free or occupied.
struct Cells {
    rect: Rect,
    side: f64,
    columns: i64,
    rows: i64,
    /// The cost of a horizontal step relative to a vertical one, at least 1.
    sideways: f64,
    /// The first column right of a line that no face may cross.
    split: Option<i64>,
    taken: Vec<bool>,
    left: usize,
}

impl Cells {
    fn of(rect: Rect, faces: usize, em: f64) -> Self {
        let (width, height) = (rect.right - rect.left, rect.bottom - rect.top);
        let even = (COVER * width * height / faces as f64).sqrt();
        let side = even.clamp(SIDES[1] * em, SIDES[0] * em);
        let (columns, rows) = ((width / side).floor() as i64, (height / side).floor() as i64);
        let room = (columns * rows).max(0) as usize;
        let (sideways, split) = (1.0, None);
        Self { rect, side, columns, rows, sideways, split, taken: vec![false; room], left: room }
    }

    /// Split the squares at `x`, the threshold: a face stays on its side, and moves vertically rather than
    /// horizontally.
    fn split_at(&mut self, x: f64) {
        let off = (x - self.rect.left).max(0.0) / self.side;
        let rect = Rect { left: self.rect.left + off.fract() * self.side, ..self.rect };
        let columns = ((rect.right - rect.left) / self.side).floor() as i64;
        let left = (columns * self.rows).max(0) as usize;
        let (sideways, split) = (SIDEWAYS, Some(off.floor() as i64));
        *self = Self { rect, columns, sideways, split, taken: vec![false; left], left, ..*self };
    }

    /// The free square nearest to a pixel, which is then occupied; `None` if it is too far away.
    fn take_nearest(&mut self, [x, y]: Pixel) -> Option<Rect> {
        if self.left == 0 {
            return None;
        }
        let (across, down) =
            ((x - self.rect.left) / self.side - 0.5, (y - self.rect.top) / self.side - 0.5);
        let (column, row) = (across.round() as i64, down.round() as i64);
        let mut best: Option<(f64, i64, i64)> = None;
        for ring in 0..=FARTHEST {
            // A square of a farther ring can be nearer by up to one half.
            if best.is_some_and(|(distance, ..)| distance <= ring as f64 - 0.5) {
                break;
            }
            for (i, j) in around(column, row, ring) {
                let inside = (0..self.columns).contains(&i)
                    && (0..self.rows).contains(&j)
                    && self
                        .split
                        .is_none_or(|split| (i >= split) == (across + 0.5 + 1e-9 >= split as f64));
                if !inside || self.taken[(j * self.columns + i) as usize] {
                    continue;
                }
                let distance = (self.sideways * (i as f64 - across)).hypot(j as f64 - down);
                if best.is_none_or(|(least, ..)| distance < least) {
                    best = Some((distance, i, j));
                }
            }
        }
        let (_, i, j) = best?;
        self.taken[(j * self.columns + i) as usize] = true;
        self.left -= 1;
        let (left, top) =
            (self.rect.left + i as f64 * self.side, self.rect.top + j as f64 * self.side);
        Some(Rect { left, top, right: left + self.side, bottom: top + self.side })
    }
}

/// The squares at a distance of `ring` from one, along either axis.
fn around(column: i64, row: i64, ring: i64) -> impl Iterator<Item = (i64, i64)> {
    (-ring..=ring).flat_map(move |down| {
        let step = if down.abs() == ring { 1 } else { (2 * ring).max(1) };
        (-ring..=ring).step_by(step as usize).map(move |across| (column + across, row + down))
    })
}
