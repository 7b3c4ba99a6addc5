//! What small, blurred and turned faces are worth.

use std::fmt::{self, Display};

use image::RgbImage;
use image::imageops::{FilterType, blur, resize};
use sameface::decision::{Method, Population};
use sameface::profile::{Profile, ThresholdChoice};
use tempfile::TempDir;

use crate::data::{Photo, Photos, analyse};
use crate::folder::folders;
use crate::trials::{Probes, Tally, order, score};

/// Good photos enrolled of each person, and poor ones besides.
const GOOD: usize = 7;
const POOR: usize = 3;

/// How a photo is made poor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Poor {
    /// Made smaller, by this factor.
    Smaller(f32),
    /// Blurred by a Gaussian of this many pixels; the eyes are 44 apart.
    Blurred(f32),
    /// Not made but found: turned further than this.
    Turned(f32),
}

impl Display for Poor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smaller(factor) => write!(f, "eyes {:.0} pixels apart", 44.0 * factor),
            Self::Blurred(sigma) => write!(f, "blurred by {sigma} pixels"),
            Self::Turned(angle) => write!(f, "turned by more than {angle}°"),
        }
    }
}

#[derive(Default)]
pub struct Outcome {
    pub photos: usize,
    pub found: usize,
    /// Those that are said to do harm.
    pub harmful: usize,
    pub sharpness: Vec<f32>,
    /// The scores of the poor photos by the good ones.
    pub scores: Vec<f64>,
    /// Trials after the good photos alone, and after the poor ones as well.
    pub without: Tally,
    pub with: Tally,
}

impl Outcome {
    /// The middle one of the faces' sharpness.
    pub fn typical_sharpness(&self) -> f32 {
        let mut sharpness = self.sharpness.clone();
        sharpness.sort_by(f32::total_cmp);
        sharpness[sharpness.len() / 2]
    }

    /// The share of poor photos that the good ones accept at a false accept rate of 1e-3.
    pub fn recognised(&self) -> f64 {
        let accepted = self.scores.iter().filter(|score| **score >= 3.0).count();
        accepted as f64 / self.scores.len() as f64
    }
}

fn made_poor(picture: &RgbImage, poor: Poor) -> RgbImage {
    match poor {
        Poor::Smaller(factor) => {
            let side = |pixels: u32| (pixels as f32 * factor).round() as u32;
            resize(picture, side(picture.width()), side(picture.height()), FilterType::Triangle)
        }
        Poor::Blurred(sigma) => blur(picture, sigma),
        Poor::Turned(_) => picture.clone(),
    }
}

/// Which photos of a person are made poor, and which others are enrolled; `None` for too few.
fn chosen(own: &[Photo], poor: Poor, seed: u64) -> Option<(Vec<usize>, Vec<usize>)> {
    let turned = |i: &usize| match poor {
        Poor::Turned(angle) => own[*i].main().is_some_and(|face| face.quality.yaw > angle),
        _ => true,
    };
    let order = order(own.len(), seed);
    let chosen: Vec<usize> = order.iter().copied().filter(turned).take(POOR).collect();
    let rest: Vec<usize> = order.into_iter().filter(|i| !chosen.contains(i)).collect();
    (!chosen.is_empty() && rest.len() >= GOOD + 2).then_some((chosen, rest))
}

pub fn measure(outcome: &mut Outcome, poor: Poor, population: &Population, photos: &Photos) {
    let (probes, [lfw]) = (Probes::of(population, photos), folders(["lfw"]).unwrap());
    let made = TempDir::new().unwrap();
    let mut plans = Vec::new();
    for (person, (_, own)) in photos.people.iter().enumerate() {
        let Some((chosen, rest)) = chosen(own, poor, person as u64) else { continue };
        for (place, i) in chosen.iter().enumerate() {
            let picture = image::open(lfw.join(&own[*i].path)).unwrap().into_rgb8();
            let name = format!("{person:05}-{place}.png");
            made_poor(&picture, poor).save(made.path().join(name)).unwrap();
        }
        outcome.photos += chosen.len();
        plans.push((person, rest));
    }
    let found = analyse(made.path());
    for (person, rest) in plans {
        let own = &photos.people[person].1;
        let good: Vec<Vec<f32>> =
            rest[..GOOD].iter().map(|&i| own[i].embedding().to_vec()).collect();
        let name = format!("{person:05}-");
        let is_own = |photo: &&Photo| photo.path.to_string_lossy().starts_with(&name);
        let poor: Vec<&Photo> =
            found.iter().filter(|photo| !photo.faces.is_empty()).filter(is_own).collect();
        let all = good.iter().cloned().chain(poor.iter().map(|p| p.embedding().to_vec())).collect();
        let decide = |embeddings: &Vec<Vec<f32>>| {
            nobody().decision_from(Method::DEFAULT, population, embeddings).unwrap()
        };
        let (without, with) = (decide(&good), decide(&all));
        let tried = || rest[GOOD..].iter().map(|&i| &probes.0[person][i]);
        outcome.without.add(&without, tried(), probes.others(person));
        outcome.with.add(&with, tried(), probes.others(person));
        for photo in poor {
            outcome.found += 1;
            let quality = &photo.main().unwrap().quality;
            outcome.harmful += usize::from(quality.concerns.iter().any(|concern| concern.harms()));
            outcome.sharpness.push(quality.sharpness);
            let probe = population.probe(photo.embedding());
            outcome.scores.push(score(&without, &probe));
        }
    }
}

/// A profile to which embeddings are given.
fn nobody() -> Profile {
    Profile {
        version: sameface::profile::VERSION,
        name: String::new(),
        models: String::new(),
        method: Method::DEFAULT,
        threshold: ThresholdChoice::Far(1e-3),
        photos: Vec::new(),
        negatives: Vec::new(),
        look_alikes: Vec::new(),
        strangers: None,
        calibrate: sameface::profile::Calibrate::Auto,
        born: None,
    }
}
