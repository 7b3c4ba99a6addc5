//! Pictures made of portraits, and where the faces are in them.

use std::path::PathBuf;

use image::RgbImage;
use image::imageops::{
    FilterType, crop_imm, flip_horizontal, replace, resize, rotate90, rotate180, rotate270,
};
use sameface::face::{Face, FaceBox, Point};
use sameface::model::Embedding;

/// A photo of one person, and the face that is found in it.
pub struct Portrait {
    pub path: PathBuf,
    pub pixels: RgbImage,
    pub face: Face,
    pub embedding: Embedding,
}

/// The face with every point moved.
fn moved(face: &Face, to: impl Fn(f32, f32) -> (f32, f32)) -> Face {
    let b = face.bounds;
    let (p, q) = (to(b.x, b.y), to(b.x + b.width, b.y + b.height));
    let bounds = FaceBox {
        x: p.0.min(q.0),
        y: p.1.min(q.1),
        width: (p.0 - q.0).abs(),
        height: (p.1 - q.1).abs(),
    };
    let landmarks = face.landmarks.map(|p| {
        let (x, y) = to(p.x, p.y);
        Point { x, y }
    });
    Face { bounds, landmarks, confidence: face.confidence }
}

pub fn turned(portrait: &Portrait, degrees: u32) -> (RgbImage, Vec<Face>) {
    let Portrait { pixels, face, .. } = portrait;
    let (right, bottom) = (pixels.width() as f32 - 1.0, pixels.height() as f32 - 1.0);
    match degrees {
        90 => (rotate90(pixels), vec![moved(face, |x, y| (bottom - y, x))]),
        180 => (rotate180(pixels), vec![moved(face, |x, y| (right - x, bottom - y))]),
        _ => (rotate270(pixels), vec![moved(face, |x, y| (y, right - x))]),
    }
}

pub fn mirrored(portrait: &Portrait) -> (RgbImage, Vec<Face>) {
    let right = portrait.pixels.width() as f32 - 1.0;
    (flip_horizontal(&portrait.pixels), vec![moved(&portrait.face, |x, y| (right - x, y))])
}

pub fn scaled(portrait: &Portrait, percent: u32) -> (RgbImage, Vec<Face>) {
    let (width, height) = portrait.pixels.dimensions();
    let size = ((width * percent).div_ceil(100), (height * percent).div_ceil(100));
    let factor = percent as f32 / 100.0;
    let pixels = resize(&portrait.pixels, size.0, size.1, FilterType::Triangle);
    (pixels, vec![moved(&portrait.face, |x, y| (factor * x, factor * y))])
}

/// What is inside the face's box by a share of its sides, 1,200 pixels high.
pub fn cut_to(portrait: &Portrait, inside: f32) -> (RgbImage, Vec<Face>) {
    let Portrait { pixels, face, .. } = portrait;
    let b = face.bounds;
    let (left, top) = ((b.x + inside * b.width).max(0.0), (b.y + inside * b.height).max(0.0));
    let (width, height) = ((1.0 - 2.0 * inside) * b.width, (1.0 - 2.0 * inside) * b.height);
    let cut = crop_imm(pixels, left as u32, top as u32, width as u32, height as u32).to_image();
    let factor = 1200.0 / cut.height() as f32;
    let wide = (cut.width() as f32 * factor).round() as u32;
    let (left, top) = (left.floor(), top.floor());
    let expected = moved(face, |x, y| (factor * (x - left), factor * (y - top)));
    (resize(&cut, wide, 1200, FilterType::CatmullRom), vec![expected])
}

/// Scenes side by side, as a background of any size.
pub fn background(scenes: &[RgbImage], (width, height): (u32, u32)) -> RgbImage {
    let mut whole = RgbImage::new(width, height);
    let side = 1000;
    for (number, (left, top)) in (0..height.div_ceil(side))
        .flat_map(|row| (0..width.div_ceil(side)).map(move |column| (side * column, side * row)))
        .enumerate()
    {
        let scene = &scenes[number % scenes.len()];
        let scene = resize(scene, side, side, FilterType::Triangle);
        replace(&mut whole, &scene, i64::from(left), i64::from(top));
    }
    whole
}

/// The part of a portrait around the face, with the face's box `height` pixels high.
fn head(portrait: &Portrait, height: f32) -> (RgbImage, Face) {
    let Portrait { pixels, face, .. } = portrait;
    let b = face.bounds;
    let (left, top) =
        ((b.x - 0.5 * b.width).max(0.0) as u32, (b.y - 0.5 * b.height).max(0.0) as u32);
    let cut = crop_imm(pixels, left, top, 2 * b.width as u32, 2 * b.height as u32).to_image();
    let factor = height / b.height;
    let scaled = |side: u32| ((side as f32 * factor).round() as u32).max(1);
    let small = resize(&cut, scaled(cut.width()), scaled(cut.height()), FilterType::Triangle);
    (small, moved(face, |x, y| (factor * (x - left as f32), factor * (y - top as f32))))
}

/// The background with a face of this height at each of these places, which are relative to its size.
pub fn placed(
    portrait: &Portrait,
    background: &RgbImage,
    height: f32,
    places: &[(f32, f32)],
) -> (RgbImage, Vec<Face>) {
    let mut whole = background.clone();
    let (head, face) = head(portrait, height);
    let mut faces = Vec::new();
    for (x, y) in places {
        let left = (x * whole.width() as f32) as u32;
        let top = (y * whole.height() as f32) as u32;
        replace(&mut whole, &head, i64::from(left), i64::from(top));
        faces.push(moved(&face, |x, y| (x + left as f32, y + top as f32)));
    }
    (whole, faces)
}
