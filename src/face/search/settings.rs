//! The settings of a search, which a pack gives, because detectors differ in the sizes of faces they find.

use serde::{Deserialize, Serialize};

/// How a photo is searched with a detector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// The most pixels of each pass over the whole photo, rising. A face has more pixels in each further pass.
    pub areas: Vec<u64>,
    /// The most by which a photo with fewer pixels than a further pass is enlarged along each side; 1 for never.
    pub enlarge: f32,
    /// The width of the grey border of the first pass if no face is certain or one is cut by the edge, relative to
    /// the shorter side; 0 if the detector finds faces at the edge without it.
    pub border: f32,
    /// The longest side that the detector gets at once, in pixels; larger passes are cut into tiles.
    pub tile: u32,
    /// The overlap of neighbouring tiles, in pixels. Larger faces are found in smaller passes.
    pub tile_overlap: u32,
    /// The confidence from which a face is certain, 0 to 1; then the photo is not turned. Upside-down faces must have
    /// a lower confidence.
    pub plain: f32,
    /// The confidence from which there is probably a face, 0 to 1; if there is none, a pass with more pixels
    /// follows.
    pub likely: f32,
    /// The least confidence of the most confident face of a turned photo, 0 to 1. Turning gives three more chances
    /// of a false face.
    pub turned: f32,
    /// Passes at more pixels than this are not turned.
    pub turned_area: u64,
    /// The eye distance, in pixels of a pass, below which there may be still smaller faces.
    pub small_eyes: f32,
    /// The eye distance, in pixels of a pass, at which the detector is most exact.
    pub best_eyes: f32,
    /// The overlap (intersection over union, 0 to 1) from which faces of two passes are the same.
    pub overlap: f32,
}

impl Search {
    /// How many pixels of a photo to decode before the first pass: enough for the crop of a certain face, and for a
    /// second pass.
    #[must_use]
    pub fn first_pixels(&self) -> u64 {
        self.areas.iter().copied().take(2).max().unwrap_or(u64::MAX)
    }

    /// The first invalid value, in words that follow "search.".
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let share = |v: f32| (0.0..=1.0).contains(&v);
        let shares = [self.border, self.plain, self.likely, self.turned, self.overlap];
        let whole = |v: f32| v.is_finite() && v > 0.0;
        if self.areas.is_empty() || self.areas.contains(&0) || !self.areas.is_sorted() {
            Some("areas must be numbers of pixels, the smallest first".to_owned())
        } else if !(whole(self.enlarge) && self.enlarge >= 1.0 && self.enlarge <= 8.0) {
            Some(format!("enlarge is {}, not 1 to 8", self.enlarge))
        } else if self.tile < 32 || self.tile_overlap >= self.tile {
            Some("tile must be at least 32 pixels, and more than tile_overlap".to_owned())
        } else if !shares.into_iter().all(share) {
            Some("border, plain, likely, turned and overlap must be 0 to 1".to_owned())
        } else if !whole(self.small_eyes) || !whole(self.best_eyes) {
            Some("small_eyes and best_eyes must be more than 0 pixels".to_owned())
        } else {
            None
        }
    }
}
