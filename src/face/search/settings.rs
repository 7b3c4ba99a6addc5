//! The numbers of a search, which a pack gives: every detector sees other sizes of faces.

use serde::{Deserialize, Serialize};

/// How a photo is searched with a detector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// How many pixels each look at the whole photo has at most, the first look first. A face of a
    /// given size in the photo has more pixels in each next one.
    pub areas: Vec<u64>,
    /// How many times a photo that has fewer pixels than a further look is enlarged along each side,
    /// at most; 1 if never.
    pub enlarge: f32,
    /// The width of the grey border around the first look if no face is plain or one is cut by the
    /// edge, relative to the shorter side; 0 if the detector sees faces at the edge without it.
    pub border: f32,
    /// The longest side that the detector is given at once, in pixels; larger looks are cut into
    /// tiles.
    pub tile: u32,
    /// What neighbouring tiles share, in pixels. Faces that are larger are seen in smaller looks.
    pub tile_overlap: u32,
    /// The confidence from which a face is plain, 0 to 1: if one is, the photo is not turned. Faces
    /// that are upside down must be less sure than that.
    pub plain: f32,
    /// The confidence from which there is likely a face, 0 to 1: if none is, more pixels are looked
    /// at.
    pub likely: f32,
    /// The least confidence of the surest face of a turned photo, 0 to 1. Turning offers three times
    /// as many chances to see a face if there is none.
    pub turned: f32,
    /// Looks at more pixels than that are not turned.
    pub turned_area: u64,
    /// The eye distance, in pixels of a look, below which there may be smaller faces still.
    pub small_eyes: f32,
    /// The eye distance, in pixels of a look, at which the detector is the most exact.
    pub best_eyes: f32,
    /// The overlap, as the share of the area that either box covers, from which two looks showed the
    /// same face.
    pub overlap: f32,
}

impl Search {
    /// How many pixels of a photo are worth decoding before the first look: enough for the crop of a
    /// face that is plain in it, and for a second look.
    #[must_use]
    pub fn first_pixels(&self) -> u64 {
        self.areas.iter().copied().take(2).max().unwrap_or(u64::MAX)
    }

    /// What makes no sense in it, in words that follow "search.".
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
