//! Photos side by side, each with a short text.

use std::path::{Path, PathBuf};

use crate::page::link::address;
use crate::plot::{Kind, Scene, Shown, jpeg_uri};
use crate::profile::{Profile, Reason, Status};

/// How many of the least certain photos are shown.
const LEAST: usize = 12;

/// A photo with a short text.
pub struct Card {
    /// The face as a `data:` URL.
    pub crop: Option<String>,
    /// The photo's name.
    pub name: String,
    /// The photo's URL.
    pub href: Option<String>,
    /// The text.
    pub words: String,
}

/// Makes cards of photos.
pub struct Cards {
    /// The folder of the page.
    pub folder: Option<PathBuf>,
}

impl Cards {
    fn card(
        &self,
        path: &Path,
        shown: Option<&Shown>,
        words: String,
    ) -> std::result::Result<Card, String> {
        let crop = shown.and_then(|face| face.crop.as_deref());
        Ok(Card {
            crop: crop.map(jpeg_uri).transpose()?,
            name: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            href: self.folder.as_deref().and_then(|folder| address(folder, path)),
            words,
        })
    }

    /// The kept photos with the lowest scores by the others.
    pub fn least(&self, scene: &Scene) -> std::result::Result<Vec<Card>, String> {
        let mut kept: Vec<&Shown> = scene.of_kind(Kind::Kept).collect();
        kept.sort_by(|a, b| a.score.total_cmp(&b.score));
        let card = |face: &&Shown| {
            let mut words = format!("score {:.2}", face.score);
            if face.score < scene.threshold {
                words += ", below the threshold";
            }
            words.extend(face.concerns.iter().map(|concern| format!(", {concern}")));
            self.card(&face.path, Some(face), words)
        };
        kept.iter().take(LEAST).map(card).collect()
    }

    /// Every photo that does not count, with the reason.
    pub fn aside(
        &self,
        profile: &Profile,
        scene: &Scene,
    ) -> std::result::Result<Vec<Card>, String> {
        let mut cards = Vec::new();
        for photo in &profile.photos {
            let Status::SetAside { reason } = &photo.status else { continue };
            let shown = scene.of_kind(Kind::SetAside).find(|face| face.path == photo.path);
            let words = match reason {
                // The message names the photo.
                Reason::Unreadable(_) => "could not be read".to_owned(),
                _ => reason.to_string(),
            };
            cards.push(self.card(&photo.path, shown, words)?);
        }
        Ok(cards)
    }
}
