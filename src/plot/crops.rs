//! Crops of faces for pictures, cut out of the photos again, because a profile keeps no pictures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::RgbImage;

use super::scene::Scene;
use crate::error::Result;
use crate::face::{CropTemplate, Face, Point, View, crop};
use crate::panics::caught;
use crate::photo::{Limits, load};
use crate::pipeline::in_order;

/// The size of a face relative to the embedder's crop, so that hair and chin are visible.
const SCALE: f64 = 0.66;

/// Up to the first number, faces are drawn large, and up to the second at a medium size.
const FACES: [usize; 2] = [200, 1500];

/// The side of a face in one picture in pixels, depending on the number of faces; more would only use memory.
#[must_use]
pub fn crop_side(faces: usize) -> u32 {
    match faces {
        _ if faces <= FACES[0] => 200,
        _ if faces <= FACES[1] => 96,
        _ => 56,
    }
}

/// The faces to be cut out of one photo.
struct Photo {
    path: PathBuf,
    sha256: String,
    /// Each face with the index of its group and its index in the group.
    faces: Vec<((usize, usize), Face)>,
}

/// Cut every face of `scene` out of its photo, upright, `side` pixels square, on `threads` threads; `step` is called
/// after each photo. Returns how many faces have no crop, because their photo is gone or has changed.
///
/// # Errors
/// Only errors of starting the work; errors of single photos are counted.
pub fn cut_out(
    scene: &mut Scene,
    template: &CropTemplate,
    side: u32,
    threads: usize,
    mut step: impl FnMut(),
) -> Result<usize> {
    let template = scaled(template, side);
    let photos = photos(scene);
    let mut missing = 0;
    in_order(
        &photos,
        threads,
        || Ok(()),
        |(), photo| crops(photo, &template),
        |photo, crops| {
            for (((group, face), _), crop) in photo.faces.iter().zip(crops) {
                missing += usize::from(crop.is_none());
                scene.groups[*group].faces[*face].crop = crop.map(Arc::new);
            }
            step();
            Ok(())
        },
    )?;
    Ok(missing)
}

/// How many photos [`cut_out`] reads.
#[must_use]
pub fn photo_count(scene: &Scene) -> usize {
    photos(scene).len()
}

fn photos(scene: &Scene) -> Vec<Photo> {
    let mut photos: BTreeMap<(PathBuf, String), Vec<_>> = BTreeMap::new();
    for (g, group) in scene.groups.iter().enumerate() {
        for (i, face) in group.faces.iter().enumerate().filter(|(_, face)| !face.sent) {
            let photo = (face.path.clone(), face.sha256.clone());
            photos.entry(photo).or_default().push(((g, i), face.face.clone()));
        }
    }
    photos.into_iter().map(|((path, sha256), faces)| Photo { path, sha256, faces }).collect()
}

/// Cut `faces` out of the `pixels` in which they were found, upright, `side` pixels square; `None` for a face whose
/// landmarks coincide.
#[must_use]
pub fn portraits(
    pixels: &RgbImage,
    faces: &[&Face],
    template: &CropTemplate,
    side: u32,
) -> Vec<Option<RgbImage>> {
    let template = scaled(template, side);
    let view = View { scale: SCALE, mirrored: false };
    faces.iter().map(|face| crop(pixels, face, &template, view).ok()).collect()
}

/// Cut one face out of the photo at `path`, if its SHA-256 is still this one.
#[must_use]
pub fn portrait(
    path: &Path,
    sha256: &str,
    face: &Face,
    template: &CropTemplate,
    side: u32,
) -> Option<RgbImage> {
    let (path, sha256) = (path.to_owned(), sha256.to_owned());
    let photo = Photo { path, sha256, faces: vec![((0, 0), face.clone())] };
    crops(&photo, &scaled(template, side)).pop().flatten()
}

/// The crops of one photo's faces; none if a decoder panics.
fn crops(photo: &Photo, template: &CropTemplate) -> Vec<Option<RgbImage>> {
    let limits = Limits::default();
    let read = || {
        let file = load(&photo.path, &limits).ok()?;
        // A changed photo has other faces.
        (file.sha256 == photo.sha256).then(|| file.decode(&limits).ok()).flatten()
    };
    let read = caught(read).flatten();
    let view = View { scale: SCALE, mirrored: false };
    let cut = |(_, face): &((usize, usize), Face)| {
        crop(&read.as_ref()?.pixels, face, template, view).ok()
    };
    photo.faces.iter().map(cut).collect()
}

/// `template` for crops of another size.
fn scaled(template: &CropTemplate, side: u32) -> CropTemplate {
    let factor = side as f32 / template.size as f32;
    // Coordinates are relative to the middle of the first pixel.
    let moved = |v: f32| (v + 0.5) * factor - 0.5;
    let landmarks = template.landmarks.map(|p| Point { x: moved(p.x), y: moved(p.y) });
    CropTemplate { size: side, landmarks, ..template.clone() }
}
