//! Tiles of a large picture, because a detector's memory grows with its input.

use std::borrow::Cow;

use image::RgbImage;
use image::imageops::crop_imm;

use super::super::{Face, Point};

/// A part of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tile {
    /// Its extent from left to right and from top to bottom.
    sides: [Side; 2],
}

/// A tile's extent along one side of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Side {
    start: u32,
    length: u32,
    /// The length of the picture.
    whole: u32,
}

/// A picture of `width` × `height` in tiles of at most `side` pixels a side, all of about the same size;
/// neighbours share `overlap` pixels.
pub(super) fn tiles((width, height): (u32, u32), side: u32, overlap: u32) -> Vec<Tile> {
    let columns = cut(width, side, overlap);
    let rows = cut(height, side, overlap);
    let row = |y: Side| columns.iter().map(move |&x| Tile { sides: [x, y] });
    rows.into_iter().flat_map(row).collect()
}

fn cut(whole: u32, side: u32, overlap: u32) -> Vec<Side> {
    if whole <= side {
        return vec![Side { start: 0, length: whole, whole }];
    }
    let parts = (whole - overlap).div_ceil(side - overlap);
    let length = (whole + (parts - 1) * overlap).div_ceil(parts);
    // The last one ends where the picture does.
    let start = |part: u32| (part * (length - overlap)).min(whole - length);
    (0..parts).map(|part| Side { start: start(part), length, whole }).collect()
}

impl Tile {
    /// Its part of `picture`.
    pub fn of<'a>(&self, picture: &'a RgbImage) -> Cow<'a, RgbImage> {
        let [x, y] = self.sides;
        if (x.length, y.length) == picture.dimensions() {
            return Cow::Borrowed(picture);
        }
        Cow::Owned(crop_imm(picture, x.start, y.start, x.length, y.length).to_image())
    }

    /// Whether a face extends beyond an edge of the tile inside the picture: then the next tile or a smaller pass
    /// shows it whole.
    pub fn cuts(&self, face: &Face) -> bool {
        let [left, top, right, bottom] = face.bounds.corners();
        let over = |side: Side, low: f32, high: f32| {
            let end = side.start + side.length;
            (side.start > 0 && low < 0.0) || (end < side.whole && high > side.length as f32)
        };
        over(self.sides[0], left, right) || over(self.sides[1], top, bottom)
    }

    /// A face of the tile in pixels of the picture.
    pub fn in_picture(&self, face: &Face) -> Face {
        let [x, y] = self.sides.map(|side| side.start as f32);
        face.moved(|p| Point { x: p.x + x, y: p.y + y })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::tests::face_at;

    #[test]
    fn tiles_cover_the_picture_and_share_what_they_should() {
        for whole in [1, 99, 100, 101, 180, 181, 1000, 1001] {
            let sides = cut(whole, 100, 20);
            assert_eq!((sides[0].start, sides[sides.len() - 1].end()), (0, whole), "{whole}");
            assert!(sides.iter().all(|side| side.length <= 100), "{whole}: {sides:?}");
            assert!(sides.windows(2).all(|two| two[1].start + 20 <= two[0].end()), "{whole}");
        }
        assert_eq!(cut(180, 100, 20).len(), 2);
        assert_eq!(tiles((180, 300), 100, 20).len(), 2 * 4);
    }

    impl Side {
        fn end(self) -> u32 {
            self.start + self.length
        }
    }

    #[test]
    fn a_tile_gives_up_faces_over_its_inner_edges_alone() {
        let tiles = tiles((180, 90), 100, 20);
        // Boxes of 20 × 26 pixels around these places.
        let cut = |tile: usize, x: f32, y: f32| tiles[tile].cuts(&face_at(x, y, 10.0));
        assert!(!cut(0, 5.0, 50.0), "over the picture's left edge");
        assert!(!cut(0, 50.0, 5.0), "over the picture's upper edge");
        assert!(cut(0, 95.0, 50.0) && !cut(1, 15.0, 50.0), "whole in the second tile");
        assert!(cut(1, 5.0, 50.0) && !cut(1, 95.0, 50.0));
        let face = tiles[1].in_picture(&face_at(15.0, 50.0, 10.0));
        assert_eq!(face, face_at(95.0, 50.0, 10.0));
    }

    #[test]
    fn a_tile_is_its_part_of_the_picture() {
        let picture = RgbImage::from_fn(180, 90, |x, _| image::Rgb([x as u8; 3]));
        let parts = tiles((180, 90), 100, 20);
        assert_eq!(parts[1].of(&picture)[(0, 0)][0], 80);
        assert!(matches!(tiles((180, 90), 200, 20)[0].of(&picture), Cow::Borrowed(_)));
    }
}
