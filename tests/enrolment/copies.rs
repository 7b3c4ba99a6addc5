//! Copies of a photo: re-encoded, resized, cropped, mirrored.

use std::path::Path;

use image::DynamicImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use sameface::decision::Population;
use sameface::profile::Status;
use tempfile::TempDir;

use crate::data::{Photo, Photos, analyse};
use crate::folder::folders;
use crate::trials::{Probes, candidates, enrolled, order, score};

/// What is made of a photo.
pub const COPIES: [&str; 9] = [
    "re-encoded at quality 75",
    "re-encoded at quality 40",
    "at 0.7 of the size",
    "at half the size",
    "enlarged by half",
    "cropped by 5 % a side",
    "mirrored",
    "made grey",
    "at half the size and quality 50",
];
/// Photos enrolled besides the copies.
const PHOTOS: usize = 5;
/// The most people of one half.
const MOST_PEOPLE: usize = 40;

#[derive(Default)]
pub struct Outcome {
    /// Copies made and dropped, a pair for each of [`COPIES`].
    pub dropped: [(usize, usize); COPIES.len()],
    /// Photos that are no copies, and those of them that were dropped.
    pub others: (usize, usize),
    /// By how much the scores of the person's other photos change with the copies in the folder.
    pub changes: Vec<f64>,
}

fn copy(photo: &DynamicImage, kind: usize, path: &Path) {
    let (width, height) = (photo.width(), photo.height());
    let scaled = |factor: f32| {
        let side = |pixels: u32| (pixels as f32 * factor) as u32;
        photo.resize_exact(side(width), side(height), FilterType::CatmullRom)
    };
    let (picture, quality) = match kind {
        0 => (photo.clone(), 75),
        1 => (photo.clone(), 40),
        2 => (scaled(0.7), 90),
        3 => (scaled(0.5), 90),
        4 => (scaled(1.5), 90),
        5 => (photo.crop_imm(width / 20, height / 20, width * 9 / 10, height * 9 / 10), 90),
        6 => (photo.fliph(), 90),
        7 => (photo.grayscale(), 90),
        _ => (scaled(0.5), 50),
    };
    let file = std::fs::File::create(path).unwrap();
    JpegEncoder::new_with_quality(file, quality).encode_image(&picture.to_rgb8()).unwrap();
}

pub fn measure(outcome: &mut Outcome, population: &Population, photos: &Photos) {
    let (probes, [lfw]) = (Probes::of(population, photos), folders(["lfw"]).unwrap());
    let several = |i: &usize| photos.people[*i].1.len() >= PHOTOS + 3;
    let people: Vec<usize> = (0..photos.people.len()).filter(several).take(MOST_PEOPLE).collect();
    for person in people {
        let own = &photos.people[person].1;
        let order = order(own.len(), person as u64);
        let chosen: Vec<&Photo> = order[..PHOTOS].iter().map(|&i| &own[i]).collect();
        let made = TempDir::new().unwrap();
        let picture = image::open(lfw.join(&chosen[0].path)).unwrap();
        for kind in 0..COPIES.len() {
            copy(&picture, kind, &made.path().join(format!("{kind}.jpg")));
        }
        let copies = analyse(made.path());
        let all = chosen.iter().copied().chain(&copies);
        let [without, with] = [candidates(chosen.iter().copied()), candidates(all)]
            .map(|folder| enrolled(population, folder, 1e-3));
        // Folders that show nobody in particular are none of this measurement's.
        let (Ok(without), Ok(with)) = (without, with) else { continue };
        let is_copy = |at: usize| matches!(with.photos[at].status, Status::Duplicate { .. });
        for at in 0..PHOTOS {
            outcome.others.0 += 1;
            outcome.others.1 += usize::from(is_copy(at));
        }
        for (place, copy) in copies.iter().enumerate() {
            let kind: usize = copy.path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
            outcome.dropped[kind].0 += 1;
            outcome.dropped[kind].1 += usize::from(is_copy(PHOTOS + place));
        }
        let [without, with] = [without, with].map(|p| p.decision(population).unwrap());
        let change = |i: &usize| {
            let probe = &probes.0[person][*i];
            score(&with, probe) - score(&without, probe)
        };
        outcome.changes.extend(order[PHOTOS..].iter().map(change));
    }
}
