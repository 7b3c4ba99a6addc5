//! One thread's models: a decoded photo to the crops of its faces, crops to embeddings.

use image::RgbImage;

use super::{AnalysedFace, AnalysedPhoto, Settings};
use crate::error::{Error, Result};
use crate::face::{DetectFaces, Face, Quality, View, crop, find_faces};
use crate::model::{EmbedFace, Embedding, Runtime, mean_direction};
use crate::pack::{Description, Pack};
use crate::panics::caught;
use crate::photo::Photo;

/// The models of one thread.
pub struct Analyser {
    detector: Box<dyn DetectFaces + Send>,
    embedder: Box<dyn EmbedFace + Send>,
    description: Description,
    views: Vec<View>,
}

/// A photo whose faces are found and cropped but not yet embedded.
pub struct Cropped {
    /// The photo; its faces' embeddings are empty still.
    photo: AnalysedPhoto,
    /// The crops of its faces, all views of a face side by side.
    crops: Vec<RgbImage>,
}

impl Analyser {
    /// Load a pack's models, detector and embedder side by side.
    ///
    /// # Errors
    /// [`Error::Model`] where a model does not load.
    pub fn load(runtime: &Runtime, pack: &Pack, settings: &Settings) -> Result<Self> {
        let (detector, embedder) = std::thread::scope(|scope| {
            let embedder = scope.spawn(|| caught(|| pack.embedder(runtime)));
            let detector = pack.detector(runtime);
            let embedder = embedder
                .join()
                .ok()
                .flatten()
                .unwrap_or_else(|| Err(Error::model(pack.name(), "it panicked")));
            (detector, embedder)
        });
        let description = pack.description.clone();
        let views = description.views.of(settings.purpose).to_vec();
        Ok(Self { detector: detector?, embedder: embedder?, description, views })
    }

    /// Find and crop all faces of a photo that may be decoded at a reduced size. Where one of its
    /// faces needs more pixels, `decode` decodes it again: at its own size, or at the largest that
    /// there is memory for. It is told how many pixels the longer side must have at least.
    ///
    /// # Errors
    /// [`Error::Model`] where the detector fails, and what `decode` says.
    pub fn crop(
        &mut self,
        mut photo: Photo,
        decode: impl Fn(u32) -> Result<Photo>,
    ) -> Result<Cropped> {
        let mut found =
            find_faces(self.detector.as_mut(), &self.description.search, &photo.pixels)?;
        let enough = self.description.crop.eye_distance();
        if photo.reduction > 1 && found.iter().any(|face| face.eye_distance() < enough) {
            let reduction = photo.reduction;
            photo = closest(photo, decode)?;
            let closer = reduction / photo.reduction;
            found = found.iter().map(|face| face.enlarged(closer)).collect();
        }
        let (mut crops, mut faces) = (Vec::new(), Vec::new());
        for face in found {
            // Landmarks that coincide are no face.
            if let Ok(views) = self.views(&photo.pixels, &face) {
                let face = face.enlarged(photo.reduction);
                let quality = Quality::measure(&face, &views[0], &self.description.quality);
                faces.push(AnalysedFace { face, quality, embedding: Embedding::new() });
                crops.extend(views);
            }
        }
        let Photo { path, sha256, width, height, .. } = photo;
        Ok(Cropped { photo: AnalysedPhoto { path, sha256, width, height, faces }, crops })
    }

    fn views(&self, pixels: &RgbImage, face: &Face) -> Result<Vec<RgbImage>> {
        let template = &self.description.crop;
        self.views.iter().map(|view| crop(pixels, face, template, *view)).collect()
    }

    /// Embed all faces of several photos in common runs, which changes no number. A photo that the
    /// embedder fails on has its error to itself.
    pub fn embed(&mut self, photos: Vec<Cropped>) -> Vec<Result<AnalysedPhoto>> {
        let crops: Vec<&RgbImage> = photos.iter().flat_map(|photo| &photo.crops).collect();
        let Ok(embeddings) = self.embedder.embed(&crops) else {
            return photos.into_iter().map(|photo| self.embed_alone(photo)).collect();
        };
        let mut embeddings = embeddings.as_slice();
        let mut done = Vec::with_capacity(photos.len());
        for photo in photos {
            let (own, others) = embeddings.split_at(photo.crops.len());
            embeddings = others;
            done.push(Ok(self.embedded(photo, own)));
        }
        done
    }

    fn embed_alone(&mut self, photo: Cropped) -> Result<AnalysedPhoto> {
        let embeddings = self.embedder.embed(&photo.crops.iter().collect::<Vec<_>>())?;
        Ok(self.embedded(photo, &embeddings))
    }

    /// The photo with the mean direction of each face's views.
    fn embedded(
        &self,
        Cropped { mut photo, .. }: Cropped,
        embeddings: &[Embedding],
    ) -> AnalysedPhoto {
        let views = embeddings.chunks_exact(self.views.len());
        for (face, views) in photo.faces.iter_mut().zip(views) {
            face.embedding = mean_direction(views);
        }
        photo
    }
}

/// The photo at its own size, or at the largest that there is memory for.
fn closest(photo: Photo, decode: impl Fn(u32) -> Result<Photo>) -> Result<Photo> {
    let longer = photo.width.max(photo.height);
    for reduction in [1, 2, 4].into_iter().filter(|reduction| *reduction < photo.reduction) {
        match decode(longer / reduction) {
            Err(Error::TooLarge { .. }) => {}
            closer => return closer,
        }
    }
    Ok(photo)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::path::PathBuf;

    use super::*;

    fn photo(reduction: u32) -> Photo {
        let pixels = RgbImage::new(4000_u32.div_ceil(reduction), 3);
        let (path, sha256) = (PathBuf::from("large.jpg"), String::new());
        Photo { path, sha256, width: 4000, height: 3 * reduction, pixels, reduction }
    }

    /// The photo that comes of one at an eighth where no less than `least` fits the memory, and the
    /// sizes that were tried.
    fn closest_that_fits(least: u32) -> (u32, Vec<u32>) {
        let tried = RefCell::new(Vec::new());
        let decode = |side| {
            tried.borrow_mut().push(side);
            let reduction = 4000 / side;
            let too_large = || Error::TooLarge {
                path: "large.jpg".into(),
                found: "its pixels".to_owned(),
                limit: "1 MB".to_owned(),
            };
            if reduction < least { Err(too_large()) } else { Ok(photo(reduction)) }
        };
        let closest = closest(photo(8), decode).unwrap().reduction;
        (closest, tried.into_inner())
    }

    #[test]
    fn a_photo_too_large_for_the_memory_is_looked_at_as_closely_as_there_is_memory_for() {
        assert_eq!(closest_that_fits(1), (1, vec![4000]));
        assert_eq!(closest_that_fits(2), (2, vec![4000, 2000]));
        assert_eq!(closest_that_fits(4), (4, vec![4000, 2000, 1000]));
        assert_eq!(closest_that_fits(9), (8, vec![4000, 2000, 1000]));
        let broken = closest(photo(8), |_| Err(Error::value("photo", "is broken")));
        assert!(matches!(broken, Err(Error::Value { .. })), "another error is the photo's");
    }
}
