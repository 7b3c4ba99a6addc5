//! Changes photos of the enrolled people and analyses them like any photo.

use image::RgbImage;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;

use super::change::CHANGES;
use super::swap::swapped;
use super::{Enrolled, Kind, Plan, share};
use crate::error::{Error, Result};
use crate::eval::{Estimate, Parts};
use crate::face::{Face, main_face};
use crate::model::Runtime;
use crate::pack::Pack;
use crate::photo::{Photo, read};
use crate::pipeline::{AnalysedPhoto, Analyser, Settings, in_order};

/// The swaps: the change and its strength in words, whether the person's face goes onto a stranger, and the share
/// blended.
const SWAPS: [(&str, &str, bool, f32); 4] = [
    ("the person's face on a stranger", "half blended", true, 0.5),
    ("the person's face on a stranger", "whole", true, 1.0),
    ("a stranger's face on the person", "half blended", false, 0.5),
    ("a stranger's face on the person", "whole", false, 1.0),
];

/// The results for photos that were changed in one way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// The kind of change.
    pub kind: Kind,
    /// The change, in words.
    pub change: &'static str,
    /// Its strength, in words.
    pub strength: &'static str,
    /// Photos tried.
    pub photos: usize,
    /// The share of photos in which no face was detected.
    pub no_face: f64,
    /// The share of photos that were accepted.
    pub accepted: f64,
    /// The mean score of photos with a face; null if there are none.
    #[serde(rename = "evidence")]
    pub score: Option<f64>,
    /// The share of imitations of the person that are accepted, with its 95 % interval: the impostor attack
    /// presentation match rate (ISO/IEC 30107-3). One without a face is an attack that fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iapmr: Option<Estimate>,
}

/// A photo to try, and one of a stranger.
struct Job<'a> {
    enrolled: &'a Enrolled<'a>,
    photo: &'a std::path::Path,
    stranger: &'a std::path::Path,
    seed: u64,
}

/// A photo's pixels and its main face.
struct Shown {
    pixels: RgbImage,
    face: Face,
}

pub(super) fn run(
    parts: &Parts,
    enrolled: &[Enrolled],
    pack: &Pack,
    settings: &Settings,
    plan: &Plan,
    mut progress: impl FnMut(usize, usize),
) -> Result<Vec<Changed>> {
    let jobs = jobs(parts, enrolled, plan);
    let mut found: Vec<Vec<Option<f64>>> = vec![Vec::new(); CHANGES.len() + SWAPS.len()];
    let mut done = 0;
    in_order(
        &jobs,
        settings.threads,
        || Analyser::load(&Runtime::get()?, pack, settings),
        |analyser, job| scores(analyser, job, settings),
        |_, scores| {
            done += 1;
            progress(done, jobs.len());
            for (found, score) in found.iter_mut().zip(scores?) {
                found.push(score);
            }
            Ok(())
        },
    )?;
    let threshold = super::threshold_for(super::FAR);
    let changes = CHANGES
        .iter()
        .map(|(kind, change, strength, _)| (*kind, *change, *strength, *kind == Kind::Copy));
    // The person's face on a stranger is an imitation of the person; a stranger's face on the person is not.
    let swaps = SWAPS.iter().map(|(change, strength, onto_stranger, _)| {
        (Kind::Swap, *change, *strength, *onto_stranger)
    });
    let rows = changes.chain(swaps).zip(&found);
    Ok(rows.map(|(what, found)| row(what, found, threshold)).collect())
}

fn row(
    (kind, change, strength, imitates): (Kind, &'static str, &'static str, bool),
    found: &[Option<f64>],
    threshold: f64,
) -> Changed {
    let faces: Vec<f64> = found.iter().copied().flatten().collect();
    let accepted = faces.iter().filter(|score| **score >= threshold).count();
    Changed {
        kind,
        change,
        strength,
        photos: found.len(),
        no_face: share(found.len() - faces.len(), found.len()),
        accepted: share(accepted, found.len()),
        score: (!faces.is_empty()).then(|| faces.iter().sum::<f64>() / faces.len() as f64),
        iapmr: (imitates && !found.is_empty()).then(|| Estimate::of_share(accepted, found.len())),
    }
}

/// Every photo to try, with a stranger's photo of the same part.
fn jobs<'a>(parts: &'a Parts, enrolled: &'a [Enrolled], plan: &Plan) -> Vec<Job<'a>> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(plan.seed);
    let mut jobs = Vec::new();
    for one in enrolled {
        let people = &parts[one.part].1.0;
        for &tried in &one.tried {
            let other = (one.number + random.random_range(1..people.len())) % people.len();
            let stranger = &people[other].photos[0];
            let (photo, seed) = (&one.person.photos[tried], random.random());
            jobs.push(Job { enrolled: one, photo, stranger, seed });
        }
    }
    jobs
}

/// The score after each change and swap; `None` if no face is detected.
fn scores(analyser: &mut Analyser, job: &Job, settings: &Settings) -> Result<Vec<Option<f64>>> {
    let person = shown(analyser, job.photo, settings)?;
    let stranger = shown(analyser, job.stranger, settings)?;
    let mut pictures = Vec::with_capacity(CHANGES.len() + SWAPS.len());
    for (number, (.., change)) in CHANGES.iter().enumerate() {
        let seed = job.seed.wrapping_add(number as u64);
        let random = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
        pictures.push(change.apply(&person.pixels, &person.face, random)?);
    }
    let pair = |shown: &Shown| (shown.pixels.clone(), shown.face.clone());
    let (person, stranger) = (pair(&person), pair(&stranger));
    for (.., onto_stranger, cover) in SWAPS {
        let (onto, from) = if onto_stranger { (&stranger, &person) } else { (&person, &stranger) };
        let swapped = swapped((&onto.0, &onto.1), (&from.0, &from.1), cover);
        pictures.push(swapped.unwrap_or_else(|| onto.0.clone()));
    }
    let photos = looked_at(analyser, pictures)?;
    let best = |photo: AnalysedPhoto| {
        let faces = photo.faces.iter();
        let scores = faces.map(|face| job.enrolled.decision.score(&face.embedding));
        scores.max_by(f64::total_cmp)
    };
    Ok(photos.into_iter().map(best).collect())
}

/// The photo at `path` with its main face.
fn shown(analyser: &mut Analyser, path: &std::path::Path, settings: &Settings) -> Result<Shown> {
    let pixels = read(path, &settings.limits)?.pixels;
    let mut photos = looked_at(analyser, vec![pixels.clone()])?;
    let faces = photos.pop().map_or_else(Vec::new, |photo| photo.faces);
    let mut faces: Vec<Face> = faces.into_iter().map(|found| found.face).collect();
    let main = main_face(&faces, pixels.width(), pixels.height()).ok_or_else(|| {
        Error::value("--people", format!("{}: no longer shows a face", path.display()))
    })?;
    Ok(Shown { pixels, face: faces.swap_remove(main) })
}

/// The analysed pictures.
fn looked_at(analyser: &mut Analyser, pictures: Vec<RgbImage>) -> Result<Vec<AnalysedPhoto>> {
    let mut cropped = Vec::with_capacity(pictures.len());
    for pixels in pictures {
        let (width, height) = pixels.dimensions();
        let (path, sha256) = Default::default();
        let photo =
            Photo { path, sha256, width, height, pixels, reduction: 1, missing: None, taken: None };
        // The pixels have their full size, so they are never asked for again.
        cropped.push(analyser.crop(photo, |_| Err(Error::value("photo", "is whole")))?);
    }
    analyser.embed(cropped).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_without_a_face_counts_as_not_accepted() {
        let print = (Kind::Copy, "print", "", true);
        let row = row(print, &[None, Some(5.0), Some(3.0), Some(4.0)], 4.0);
        assert_eq!((row.photos, row.no_face, row.accepted), (4, 0.25, 0.5));
        assert_eq!(row.score, Some(4.0));
        assert_eq!(serde_json::to_value(&row).unwrap()["evidence"], 4.0);
        assert_eq!(row.iapmr, Some(Estimate::of_share(2, 4)));
        let blur = super::row((Kind::Distorted, "", "", false), &[None], 4.0);
        assert_eq!((blur.score, blur.iapmr), (None, None));
    }
}
