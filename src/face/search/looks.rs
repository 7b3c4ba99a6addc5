//! One pass over a photo: the faces that the detector finds in each tile of a picture.

use super::super::{DetectFaces, Face};
use super::picture::{Picture, Turn};
use super::settings::Search;
use super::tiles::tiles;
use crate::error::Result;

/// A face that a pass found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FoundFace {
    /// The face in pixels of the photo.
    pub face: Face,
    /// The distance between its eyes in pixels of the pass.
    pub eyes: f32,
    /// Whether its box extends beyond the edge of what the detector was given.
    pub cut: bool,
}

/// The faces that are upright in `picture` when it is turned, with a border around it.
pub(super) fn look(
    detector: &mut dyn DetectFaces,
    search: &Search,
    picture: &Picture,
    turn: Turn,
    border: f32,
) -> Result<Vec<FoundFace>> {
    let canvas = picture.canvas(turn, border);
    let (width, height) = canvas.pixels.dimensions();
    let mut seen = Vec::new();
    for tile in tiles((width, height), search.tile, search.tile_overlap) {
        for face in detector.detect(&tile.of(&canvas.pixels))? {
            if tile.cuts(&face) {
                continue;
            }
            let face = tile.in_picture(&face);
            let [left, top, right, bottom] = face.bounds.corners();
            let cut = left < 0.0 || top < 0.0 || right > width as f32 || bottom > height as f32;
            let eyes = face.eye_distance();
            seen.push(FoundFace { face: canvas.in_photo(&face), eyes, cut });
        }
    }
    Ok(seen)
}
