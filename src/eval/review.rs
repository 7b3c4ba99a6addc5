//! What a review is worth: people hidden among all others, each learnt from one photo, and how many of their other
//! photos are recognised after some answers. Half of everybody is the library that is looked through; the rates are
//! those of the other half, which nobody is asked about.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ndarray::Array2;
use serde::Serialize;

use super::{Parts, People, Person, Scores};
use crate::decision::{Decision, Method, Population};
use crate::enroll::{Candidate, Change, Setting};
use crate::error::Result;
use crate::face::main_face;
use crate::pack::Pack;
use crate::pipeline::{AnalysedPhoto, Settings, analyse_all, in_order};
use crate::profile::{Profile, ThresholdChoice};
use crate::review::{Answer, Findings, Review};

/// The rate that is asked for.
const FAR: f64 = 1e-4;
/// Whoever is enrolled has at least so many photos.
const PHOTOS: usize = 12;
/// Photos of one person that are tried, so that those with hundreds do not decide alone.
const MOST_TRIED: usize = 20;

/// What came of a number of answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Reviewed {
    /// Answers that each person's review was given, or fewer if nothing was left to look through.
    pub answers: usize,
    /// People enrolled.
    pub people: usize,
    /// How many answers were given, in the mean.
    pub given: f64,
    /// How many of them were yes, in the mean.
    pub yes: f64,
    /// The share of the person's photos that is accepted if 1 in 10,000 of the strangers is; null if those are
    /// too few.
    pub tar: Option<f64>,
    /// The share that is accepted at the profile's own threshold for that rate.
    pub tar_asked: f64,
    /// The share of strangers that this threshold accepts.
    pub far_asked: f64,
    /// The share of the person's photos in the library that is a match by then, or was answered with yes.
    pub found: f64,
    /// The share of people of whom more answers were said to change nothing.
    pub settled: f64,
}

/// A photo of the folder.
struct Photo {
    analysed: AnalysedPhoto,
    /// Which of the faces is that of whoever the folder is called after.
    main: usize,
}

/// What came of one person after some answers.
#[derive(Default)]
struct Count {
    given: usize,
    yes: usize,
    genuine: Vec<f32>,
    impostor: Vec<f32>,
    found: f64,
    settled: bool,
}

/// The people and their photos.
struct Library<'a> {
    population: &'a Population,
    people: &'a People,
    photos: &'a HashMap<PathBuf, Photo>,
    setting: Setting<'a>,
    method: Method,
}

/// Measure reviews of everybody in `parts` with enough photos, after each of these numbers of `answers`.
///
/// # Errors
/// If photos cannot be analysed or nobody can be enrolled.
pub fn measure_review(
    parts: &Parts,
    pack: &Pack,
    settings: &Settings,
    method: Method,
    answers: &[usize],
) -> Result<Vec<Reviewed>> {
    let mut counts: Vec<Vec<Count>> = answers.iter().map(|_| Vec::new()).collect();
    for (population, people) in parts {
        let photos = analysed(people, pack, settings)?;
        let setting = Setting::of(pack, population);
        let library = Library { population, people, photos: &photos, setting, method };
        let asked = (0..people.0.len()).filter(|at| people.0[*at].photos.len() >= PHOTOS);
        let one = |(): &mut (), at: &usize| library.reviewed(*at, answers);
        in_order(
            asked,
            settings.threads,
            || Ok(()),
            one,
            |_, of_person: Result<Vec<Count>>| {
                counts.iter_mut().zip(of_person?).for_each(|(all, one)| all.push(one));
                Ok(())
            },
        )?;
    }
    Ok(answers.iter().zip(counts).map(|(answers, counts)| row(*answers, &counts)).collect())
}

/// Every photo of the people as a scan sees it.
fn analysed(people: &People, pack: &Pack, settings: &Settings) -> Result<HashMap<PathBuf, Photo>> {
    let paths: Vec<&Path> = people.0.iter().flat_map(|p| &p.photos).map(PathBuf::as_path).collect();
    let mut photos = HashMap::new();
    analyse_all(pack, settings, &paths, |path, photo| {
        let photo = photo.ok().and_then(|analysed| {
            let faces: Vec<_> = analysed.faces.iter().map(|face| face.face.clone()).collect();
            let main = main_face(&faces, analysed.width, analysed.height)?;
            Some(Photo { analysed, main })
        });
        photos.extend(photo.map(|photo| (path.to_owned(), photo)));
        Ok(())
    })?;
    Ok(photos)
}

impl Library<'_> {
    /// The review of one person.
    fn reviewed(&self, at: usize, answers: &[usize]) -> Result<Vec<Count>> {
        let person = &self.people.0[at];
        let first = self.photos.get(&person.photos[0]);
        let Some(first) = first else { return Ok(Vec::new()) };
        let candidate = Candidate::new(&person.photos[0], Ok(first.analysed.clone()));
        let own = Candidate {
            faces: candidate.faces.map(|mut faces| vec![faces.swap_remove(first.main)]),
            ..candidate
        };
        let change = Change {
            method: Some(self.method),
            threshold: ThresholdChoice::of_far(FAR).ok(),
            add: vec![own],
            ..Change::default()
        };
        let mut profile = change.apply(None, &self.setting)?;
        let mut review = self.scanned(person, &profile)?;
        let (mut given, mut yes) = (0, 0);
        let mut counts = Vec::new();
        for number in answers {
            while given < *number {
                let decision = profile.decision(self.population)?;
                let list = review.list(&profile, &decision);
                let Some(face) = list.faces.first().filter(|face| !face.unsure) else { break };
                let said = self.said(person, &face.photo, face.number);
                profile = review.answer(profile, &self.setting, &[(face.face.clone(), said)])?;
                given += 1;
                yes += usize::from(said == Answer::Yes);
            }
            counts.push(Count { given, yes, ..self.count(person, &profile, &review)? });
        }
        Ok(counts)
    }

    /// What a scan of the library finds.
    fn scanned(&self, person: &Person, profile: &Profile) -> Result<Review> {
        let decision = profile.decision(self.population)?;
        let mut findings = Findings::default();
        for path in self.of_library(person) {
            if let Some(photo) = self.photos.get(&path) {
                let faces = photo.analysed.faces.iter().map(|face| &face.embedding[..]);
                let evidence = evidences(&decision, &faces.collect::<Vec<_>>());
                findings.add(decision.threshold, &photo.analysed, &evidence);
            }
        }
        let mut review = Review::new(&profile.models);
        review.take(findings);
        Ok(review)
    }

    /// What is said of a face: by its folder's name, of the main face of a photo.
    fn said(&self, person: &Person, path: &Path, number: usize) -> Answer {
        let own = person.photos.iter().find(|own| absolute(own) == path);
        let photo = own.and_then(|own| self.photos.get(own));
        let is_main = photo.is_some_and(|photo| {
            let faces = &photo.analysed.faces;
            let left = faces[photo.main].face.bounds.x;
            faces.iter().filter(|face| face.face.bounds.x < left).count() + 1 == number
        });
        if is_main { Answer::Yes } else { Answer::No }
    }

    /// The photos of the library: every other one of the person's, and those of every other stranger.
    fn of_library(&self, person: &Person) -> Vec<PathBuf> {
        let own = person.photos.iter().skip(1).step_by(2);
        let (others, _) = self.strangers(person);
        own.chain(others.into_iter().flat_map(|other| &other.photos)).cloned().collect()
    }

    /// The strangers of the library, and the others.
    fn strangers(&self, person: &Person) -> (Vec<&Person>, Vec<&Person>) {
        let strangers = self.people.0.iter().filter(|other| person.is_stranger(other)).enumerate();
        let (known, tried): (Vec<_>, Vec<_>) = strangers.partition(|(at, _)| at % 2 == 0);
        let people = |of: Vec<(usize, _)>| of.into_iter().map(|(_, person)| person).collect();
        (people(known), people(tried))
    }

    fn count(&self, person: &Person, profile: &Profile, review: &Review) -> Result<Count> {
        let decision = profile.decision(self.population)?;
        let scores = |faces: Vec<&[f32]>| -> Vec<f32> {
            evidences(&decision, &faces).into_iter().map(|evidence| evidence as f32).collect()
        };
        let own = person.embeddings.iter().skip(2).step_by(2).take(MOST_TRIED);
        let (_, tried) = self.strangers(person);
        let strangers = tried.iter().flat_map(|other| &other.embeddings).map(Vec::as_slice);
        let known: HashSet<PathBuf> =
            profile.photos.iter().skip(1).map(|record| absolute(&record.path)).collect();
        let of_library: Vec<usize> = (1..person.photos.len()).step_by(2).collect();
        let is_found = |at: &&usize| {
            known.contains(&absolute(&person.photos[**at]))
                || decision.evidence(&person.embeddings[**at]) >= decision.threshold
        };
        let found = of_library.iter().filter(is_found).count();
        Ok(Count {
            genuine: scores(own.map(Vec::as_slice).collect()),
            impostor: scores(strangers.collect()),
            found: found as f64 / of_library.len().max(1) as f64,
            settled: review.list(profile, &decision).settled,
            ..Count::default()
        })
    }
}

/// The evidence of faces.
fn evidences(decision: &Decision, faces: &[&[f32]]) -> Vec<f64> {
    let dimensions = decision.population.mean.len();
    let rows = Array2::from_shape_fn((faces.len(), dimensions), |(face, at)| faces[face][at]);
    decision.evidences(rows.view())
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// What all people came to after so many answers.
fn row(answers: usize, counts: &[Count]) -> Reviewed {
    let threshold = crate::decision::threshold_for(FAR);
    let all = |of: fn(&Count) -> &Vec<f32>| counts.iter().flat_map(of).copied().collect::<Vec<_>>();
    let scores = Scores::new(&all(|count| &count.genuine), &all(|count| &count.impostor));
    let mean =
        |of: fn(&Count) -> f64| counts.iter().map(of).sum::<f64>() / counts.len().max(1) as f64;
    Reviewed {
        answers,
        people: counts.len(),
        given: mean(|count| count.given as f64),
        yes: mean(|count| count.yes as f64),
        tar: scores.tar_at(FAR),
        tar_asked: scores.tar(threshold),
        far_asked: scores.far(threshold),
        found: mean(|count| count.found),
        settled: mean(|count| f64::from(u8::from(count.settled))),
    }
}
