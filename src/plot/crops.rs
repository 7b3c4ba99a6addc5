//! The faces themselves, cut out of the photos again: a profile keeps none.

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

/// The size of a face relative to what the embedder sees: hair and chin belong to it for people.
const SCALE: f64 = 0.66;

/// Up to this many faces are drawn large, and up to that many at a middling size.
const FACES: [usize; 2] = [200, 1500];

/// The side in pixels that is enough for each of so many faces in one picture; more would only fill
/// the memory.
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
    /// The number of the group and that in it.
    faces: Vec<((usize, usize), Face)>,
}

/// Cut every face of `scene` out of its photo, upright, `side` pixels square, on `threads` threads;
/// `step` is told of every photo. Returns how many faces are without: their photo is gone or is
/// another one now.
///
/// # Errors
/// None of a photo's own.
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

/// Cut `faces` out of the `pixels` that they were found in, upright, `side` pixels square. A face
/// whose landmarks coincide has none.
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

/// Cut one face out of the photo at `path`, if that has this SHA-256 still.
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

/// The crops of one photo's faces. A decoder that breaks on it has broken on it before.
fn crops(photo: &Photo, template: &CropTemplate) -> Vec<Option<RgbImage>> {
    let limits = Limits::default();
    let read = || {
        let file = load(&photo.path, &limits).ok()?;
        // Another photo of that name has other faces.
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
    // Pixels are counted from the middle of the first one.
    let moved = |v: f32| (v + 0.5) * factor - 0.5;
    let landmarks = template.landmarks.map(|p| Point { x: moved(p.x), y: moved(p.y) });
    CropTemplate { size: side, landmarks, ..template.clone() }
}
