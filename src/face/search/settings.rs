//! The numbers of a search, which a pack gives: every detector sees other sizes of faces.

use serde::{Deserialize, Serialize};

/// How a photo is searched with a detector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// How many pixels each look at the whole photo has at most, the first look first. A face of a
    /// given size in the photo has more pixels in each next one.
    pub areas: Vec<u64>,
    /// How many times a photo that has fewer pixels than a look is enlarged along each side, at most;
    /// 1 if never.
    pub enlarge: f32,
    /// The width of the grey border around the first look if no face is plain or one is cut by the
    /// edge, relative to the shorter side; 0 if the detector sees faces at the edge without it.
    pub border: f32,
    /// The longest side that the detector is given at once, in pixels; larger looks are cut into
    /// tiles.
    pub tile: u32,
    /// What neighbouring tiles share, in pixels. Faces that are larger are seen in smaller looks.
    pub tile_overlap: u32,
    /// The confidence from which a face is plain, 0 to 1: if one is, the photo is not turned, and no
    /// more pixels are looked at.
    pub plain: f32,
    /// The least confidence of the surest face of a turned photo, 0 to 1. Turning offers three times
    /// as many chances to see a face if there is none.
    pub turned: f32,
    /// The most pixels that are looked at turned.
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
    /// The search with the three networks of [`crate::face::Mtcnn`]: a look at 480 × 360 pixels shows
    /// faces of a fifteenth of the photo, one at 1280 × 960 those of a fortieth.
    #[must_use]
    pub fn mtcnn() -> Self {
        Self {
            areas: vec![480 * 360, 1280 * 960],
            enlarge: 2.0,
            border: 0.15,
            tile: 8192,
            tile_overlap: 0,
            plain: 0.9,
            turned: 0.95,
            turned_area: 480 * 360,
            small_eyes: 16.0,
            best_eyes: 40.0,
            overlap: 0.3,
        }
    }

    /// The search with [`crate::face::Yunet`].
    #[must_use]
    pub fn yunet() -> Self {
        Self {
            areas: vec![320 * 320, 640 * 640, 1280 * 1280, 2560 * 2560],
            enlarge: 1.0,
            border: 0.0,
            tile: 1280,
            tile_overlap: 128,
            plain: 0.9,
            turned: 0.85,
            turned_area: 640 * 640,
            small_eyes: 12.0,
            best_eyes: 50.0,
            overlap: 0.3,
        }
    }

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
        let whole = |v: f32| v.is_finite() && v > 0.0;
        if self.areas.is_empty() || self.areas.contains(&0) || !self.areas.is_sorted() {
            Some("areas must be numbers of pixels, the smallest first".to_owned())
        } else if !(whole(self.enlarge) && self.enlarge >= 1.0 && self.enlarge <= 8.0) {
            Some(format!("enlarge is {}, not 1 to 8", self.enlarge))
        } else if self.tile < 32 || self.tile_overlap >= self.tile {
            Some("tile must be at least 32 pixels, and more than tile_overlap".to_owned())
        } else if ![self.border, self.plain, self.turned, self.overlap].into_iter().all(share) {
            Some("border, plain, turned and overlap must be 0 to 1".to_owned())
        } else if !whole(self.small_eyes) || !whole(self.best_eyes) {
            Some("small_eyes and best_eyes must be more than 0 pixels".to_owned())
        } else {
            None
        }
    }
}
