//! Searches a photo for faces: first with few pixels, which are enough for large faces; with more pixels, in
//! tiles, only if these may show more faces; and turned only if no face is certain in the upright photo.

mod looks;
mod picture;
mod settings;
mod sizes;
mod tiles;

use image::RgbImage;

use super::overlap::{Overlap, overlap, suppress};
use super::{DetectFaces, Face};
use crate::error::Result;
use looks::{FoundFace, look};
use picture::{Picture, Turn};
pub use settings::Search;
pub use sizes::{Sizes, Version};

/// If this share of the smaller of two boxes is in the other, it lies inside it.
const INSIDE: f32 = 0.7;
/// If a decoded photo has this share of a pass's pixels, it is not decoded again at twice the size along each
/// side.
const ENOUGH: f64 = 0.45;

/// All faces of `image`, largest first, in its own pixels. Landmarks of a turned face are given as they are in the
/// photo, so that alignment makes the face upright.
///
/// # Errors
/// [`crate::Error::Model`] if the detector fails.
pub fn find_faces(
    detector: &mut dyn DetectFaces,
    search: &Search,
    image: &RgbImage,
) -> Result<Vec<Face>> {
    find_faces_in(detector, search, &mut &*image)
}

/// As [`find_faces`], for a photo that can be decoded at several sizes. The faces are in pixels of the photo
/// itself.
///
/// # Errors
/// [`crate::Error::Model`] if the detector fails, and the errors of `photo`.
pub fn find_faces_in(
    detector: &mut dyn DetectFaces,
    search: &Search,
    photo: &mut dyn Sizes,
) -> Result<Vec<Face>> {
    let mut finding = Finding { detector, search, turn: Turn::None, seen: Vec::new(), scale: 1.0 };
    let mut looked_at = 0;
    for &area in &search.areas {
        if looked_at > 0 && !finding.may_find_more() {
            break;
        }
        let enough = (area as f64 * ENOUGH) as u64;
        let enlarge = if looked_at == 0 { 1.0 } else { search.enlarge };
        let picture = Picture::of(&photo.at_least(enough)?, area, enlarge)?;
        let pixels = picture.area();
        // A smaller increase shows nothing new.
        if pixels == 0 || 2 * pixels < 3 * looked_at {
            break;
        }
        finding.look(&picture, looked_at == 0, area <= search.turned_area)?;
        looked_at = pixels;
    }
    let mut faces: Vec<Face> = finding.seen.into_iter().map(|seen| seen.face).collect();
    faces.sort_by(|a, b| b.bounds.area().total_cmp(&a.bounds.area()));
    Ok(faces)
}

/// A search under way.
struct Finding<'a> {
    detector: &'a mut dyn DetectFaces,
    search: &'a Search,
    /// How the photo is turned for the detector.
    turn: Turn,
    /// The faces found so far.
    seen: Vec<FoundFace>,
    /// How many pixels of the photo one pixel of the last pass has along each side.
    scale: f32,
}

impl Finding<'_> {
    /// Whether a pass at more pixels may find more: if probably no face was found yet, or one was small.
    fn may_find_more(&self) -> bool {
        let small = self.search.small_eyes * self.scale;
        surest(&self.seen) < self.search.likely
            || self.seen.iter().any(|seen| seen.face.eye_distance() < small)
    }

    /// Search the whole photo at one size: as it is turned, then with a border, then turned in other ways, each
    /// only if no face is certain yet.
    fn look(&mut self, picture: &Picture, first: bool, turning: bool) -> Result<()> {
        self.scale = picture.scale();
        let found = look(self.detector, self.search, picture, self.turn, 0.0)?;
        self.add(found);
        let border = self.search.border;
        let cut = self.seen.iter().any(|seen| seen.cut);
        if first && border > 0.0 && (cut || surest(&self.seen) < self.search.plain) {
            let found = look(self.detector, self.search, picture, self.turn, border)?;
            self.add(found);
        }
        if turning && surest(&self.seen) < self.search.plain {
            self.turn_around(picture)?;
        }
        Ok(())
    }

    /// Turn the photo so that its most confident face is upright. Faces found in other turns are discarded: a face
    /// has the highest confidence when upright, so those were none.
    fn turn_around(&mut self, picture: &Picture) -> Result<()> {
        let now = self.turn;
        for turn in Turn::ALL.into_iter().filter(|turn| *turn != now) {
            let found = look(self.detector, self.search, picture, turn, 0.0)?;
            let sure = surest(&found);
            if sure >= self.search.turned && sure > surest(&self.seen) {
                (self.seen, self.turn) = (found, turn);
            }
        }
        Ok(())
    }

    /// Add the faces of another pass. If several passes found a face, the one in which it had the best size counts,
    /// or, with a detector that needs a border, one in which it was whole. If a face lies inside another (a nose
    /// may look like a face), the more confident one counts.
    fn add(&mut self, found: Vec<FoundFace>) {
        let (best, border) = (self.search.best_eyes, self.search.border);
        let all = std::mem::take(&mut self.seen).into_iter().chain(found).collect();
        let off = |seen: &FoundFace| (seen.eyes.max(f32::MIN_POSITIVE) / best).ln().abs();
        let limit = self.search.overlap;
        let once = suppress(
            all,
            |seen| if seen.cut && border > 0.0 { f32::MIN } else { -off(seen) },
            |a, b| a.shares(b, Overlap::Union) > limit,
        );
        self.seen = suppress(
            once,
            |seen| seen.face.confidence,
            |a, b| a.shares(b, Overlap::Smaller) > INSIDE,
        );
    }
}

impl FoundFace {
    fn shares(&self, other: &Self, measure: Overlap) -> f32 {
        overlap(self.face.bounds.corners(), other.face.bounds.corners(), measure, 0.0)
    }
}

fn surest(seen: &[FoundFace]) -> f32 {
    seen.iter().map(|seen| seen.face.confidence).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests;
