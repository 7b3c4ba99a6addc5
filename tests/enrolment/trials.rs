//! Folders made up from real photos, and how well what is learnt from them tells people apart.

use std::path::Path;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use sameface::Result;
use sameface::decision::{Decision, Method, Population, Probe};
use sameface::enroll::{Candidate, Request, enroll};
use sameface::eval::Scores;
use sameface::profile::{PhotoRecord, Profile, ThresholdChoice};

use crate::data::{Photo, Photos};

/// Genuine trials of one enrolment at most.
const MOST_GENUINE: usize = 30;

/// Enrol a folder at a false accept rate.
pub fn enrolled(population: &Population, folder: Vec<Candidate>, far: f64) -> Result<Profile> {
    let request = Request {
        name: "somebody".into(),
        method: Method::DEFAULT,
        threshold: ThresholdChoice::Far(far),
        models: String::new(),
        duplicates: sameface::pack::Pack::default_pack().unwrap().description.duplicates,
        folder: "folder".into(),
    };
    enroll(&request, population, folder)
}

/// `photos` as they come into the enrolment.
pub fn candidates<'a>(photos: impl IntoIterator<Item = &'a Photo>) -> Vec<Candidate> {
    photos.into_iter().map(Photo::candidate).collect()
}

/// The record of the photo at `path`.
pub fn record<'a>(profile: &'a Profile, path: &Path) -> &'a PhotoRecord {
    profile.photos.iter().find(|record| record.path == path).unwrap()
}

/// A shuffled order of `count`, the same for the same seed.
pub fn order(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    order
}

/// Everybody's main faces as the decision looks at them.
pub struct Probes(pub Vec<Vec<Probe>>);

impl Probes {
    pub fn of(population: &Population, photos: &Photos) -> Self {
        let probe = |photo: &Photo| population.probe(photo.embedding());
        Self(photos.people.iter().map(|(_, photos)| photos.iter().map(probe).collect()).collect())
    }

    /// Every photo of everybody but `person`.
    pub fn others(&self, person: usize) -> impl Iterator<Item = &Probe> {
        self.0.iter().enumerate().filter(move |(i, _)| *i != person).flat_map(|(_, p)| p)
    }
}

/// Scores of genuine and impostor trials of several enrolments.
#[derive(Default)]
pub struct Tally {
    pub genuine: Vec<f32>,
    pub impostor: Vec<f32>,
}

impl Tally {
    /// Try the `own` photos, at most 30 of them, and all `others`.
    pub fn add<'a>(
        &mut self,
        decision: &Decision,
        own: impl Iterator<Item = &'a Probe>,
        others: impl Iterator<Item = &'a Probe>,
    ) {
        let score = |probe: &Probe| score(decision, probe) as f32;
        self.genuine.extend(own.take(MOST_GENUINE).map(score));
        self.impostor.extend(others.map(score));
    }

    /// Nobody was enrolled, so nothing is accepted.
    pub fn add_refused(&mut self, own: usize, others: usize) {
        self.genuine.extend(vec![f32::NEG_INFINITY; own.min(MOST_GENUINE)]);
        self.impostor.extend(vec![f32::NEG_INFINITY; others]);
    }

    pub fn scores(&self) -> Scores {
        Scores::new(&self.genuine, &self.impostor)
    }

    /// "TAR at the measured FAR, and FAR and TAR at the threshold set for it".
    pub fn rates(&self, far: f64) -> String {
        let (scores, set) = (self.scores(), -far.log10());
        let measured = scores.tar_at(far).unwrap_or(f64::NAN);
        format!("{measured:.4} | {:.4} | {:.1e}", scores.tar(set), scores.far(set))
    }
}

/// As [`Decision::score`], of a face looked at before.
pub fn score(decision: &Decision, probe: &Probe) -> f64 {
    let score = decision.calibration.score(decision.scorer.raw_score(probe));
    decision.look_alikes.limit(probe.diagonal.view(), score, decision.threshold)
}
