//! One thread's models: from a decoded photo to the crops of its faces, and from crops to embeddings.

use image::RgbImage;

use super::{AnalysedFace, AnalysedPhoto, Settings};
use crate::error::{Error, Result};
use crate::face::{DetectFaces, Face, Quality, Sizes, Version, View, crop, find_faces_in};
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
    /// The photo; its faces' embeddings are still empty.
    photo: AnalysedPhoto,
    /// The crops of its faces, all views of a face side by side.
    crops: Vec<RgbImage>,
}

impl Analyser {
    /// Load a pack's models, detector and embedder in parallel.
    ///
    /// # Errors
    /// [`Error::Model`] if a model does not load.
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

    /// Find and crop all faces of a photo that may be decoded at a reduced size. If the search or a face needs more
    /// pixels, `decode` decodes it again: with at least the given number of pixels, or with as many as memory
    /// allows.
    ///
    /// # Errors
    /// [`Error::Model`] if the detector fails, and the errors of `decode`.
    pub fn crop(&mut self, photo: Photo, decode: impl Fn(u64) -> Result<Photo>) -> Result<Cropped> {
        let mut photo = Closer { photo, decode };
        let Description { search, crop, quality, .. } = &self.description;
        let found = find_faces_in(self.detector.as_mut(), search, &mut photo)?;
        let eyes = found.iter().map(Face::eye_distance).fold(f32::INFINITY, f32::min);
        photo.come_to(eyes / crop.eye_distance())?;
        let Photo { path, sha256, width, height, pixels, reduction, missing, taken } = photo.photo;
        let (mut crops, mut faces) = (Vec::new(), Vec::new());
        for face in found {
            // If landmarks coincide, it is not a face.
            if let Ok(views) = self.views(&pixels, &face.reduced(reduction)) {
                let quality = Quality::measure(&face, &views[0], quality);
                faces.push(AnalysedFace { face, quality, embedding: Embedding::new() });
                crops.extend(views);
            }
        }
        let photo = AnalysedPhoto { path, at: None, sha256, width, height, faces, missing, taken };
        Ok(Cropped { photo, crops })
    }

    fn views(&self, pixels: &RgbImage, face: &Face) -> Result<Vec<RgbImage>> {
        let template = &self.description.crop;
        self.views.iter().map(|view| crop(pixels, face, template, *view)).collect()
    }

    /// Embed all faces of several photos in shared runs, which does not change the numbers. If the embedder fails on a
    /// photo, only that photo has the error.
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

/// A photo that is decoded again if more pixels are needed.
struct Closer<F> {
    photo: Photo,
    decode: F,
}

impl<F: Fn(u64) -> Result<Photo>> Closer<F> {
    /// Decode the photo at the smallest size with at least one pixel per `times` pixels along each side.
    fn come_to(&mut self, times: f32) -> Result<()> {
        let reduction = [8, 4, 2].into_iter().find(|reduction| *reduction as f32 <= times);
        let pixels = self.photo.pixels_at(reduction.unwrap_or(1));
        self.at_least(pixels).map(drop)
    }
}

impl<F: Fn(u64) -> Result<Photo>> Sizes for Closer<F> {
    fn at_least(&mut self, area: u64) -> Result<Version<'_>> {
        let now = self.photo.reduction;
        let enough = [8, 4, 2].into_iter().find(|by| self.photo.pixels_at(*by) >= area);
        let enough = enough.unwrap_or(1);
        // If memory does not allow as many, the most that it allows.
        for reduction in [1, 2, 4].into_iter().filter(|by| (enough..now).contains(by)) {
            match (self.decode)(self.photo.pixels_at(reduction)) {
                Err(Error::TooLarge { .. }) => {}
                closer => {
                    self.photo = closer?;
                    break;
                }
            }
        }
        Ok(Version { pixels: &self.photo.pixels, reduction: self.photo.reduction })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::path::PathBuf;

    use super::*;

    const SIDE: u32 = 4000;

    fn photo(reduction: u32) -> Photo {
        let pixels = RgbImage::new(SIDE / reduction, 8 / reduction);
        let (path, sha256) = (PathBuf::from("large.jpg"), String::new());
        Photo {
            path,
            sha256,
            width: SIDE,
            height: 8,
            pixels,
            reduction,
            missing: None,
            taken: None,
        }
    }

    /// The reduction of a photo, first decoded at an eighth, once `area` pixels were asked for if no
    /// less than `least` fits the memory, and the pixels with which it was decoded.
    fn closer(least: u32, area: u64) -> (u32, Vec<u64>) {
        let tried = RefCell::new(Vec::new());
        let decode = |pixels: u64| {
            tried.borrow_mut().push(pixels);
            let whole = u64::from(SIDE) * 8;
            let reduction = [8, 4, 2, 1].into_iter().find(|by| whole / (by * by) >= pixels);
            let reduction = reduction.unwrap() as u32;
            let too_large = || Error::TooLarge {
                path: "large.jpg".into(),
                found: "its pixels".to_owned(),
                limit: "1 MB".to_owned(),
            };
            if reduction < least { Err(too_large()) } else { Ok(photo(reduction)) }
        };
        let mut closer = Closer { photo: photo(8), decode };
        closer.at_least(area).unwrap();
        (closer.photo.reduction, tried.into_inner())
    }

    #[test]
    fn a_photo_is_decoded_as_closely_as_is_asked_for() {
        assert_eq!(closer(1, 500), (8, vec![]), "it has as many");
        assert_eq!(closer(1, 501), (4, vec![2000]));
        assert_eq!(closer(1, 8000), (2, vec![8000]));
        assert_eq!(closer(1, u64::MAX), (1, vec![32_000]));
    }

    #[test]
    fn a_photo_too_large_for_the_memory_is_looked_at_as_closely_as_there_is_memory_for() {
        assert_eq!(closer(2, u64::MAX), (2, vec![32_000, 8000]));
        assert_eq!(closer(4, u64::MAX), (4, vec![32_000, 8000, 2000]));
        assert_eq!(closer(9, u64::MAX), (8, vec![32_000, 8000, 2000]));
        let mut broken =
            Closer { photo: photo(8), decode: |_| Err(Error::value("photo", "is broken")) };
        let error = broken.at_least(u64::MAX).err();
        assert!(matches!(error, Some(Error::Value { .. })), "another error is the photo's");
    }

    #[test]
    fn a_crop_takes_no_more_pixels_than_it_needs() {
        for (times, expected) in [(0.5, 1), (1.9, 1), (2.0, 2), (7.0, 4), (f32::INFINITY, 8)] {
            let decode = |pixels: u64| {
                Ok(photo(if pixels == 8000 { 2 } else { 4 - 3 * u32::from(pixels > 8000) }))
            };
            let mut closer = Closer { photo: photo(8), decode };
            closer.come_to(times).unwrap();
            assert_eq!(closer.photo.reduction, expected, "{times}");
        }
    }
}
