//! Measures how much a review helps: each person is enrolled with one photo and searched for among all
//! others, and this measures how many of their other photos match after some answers. One half of the photos
//! is the library that is scanned and reviewed; the rates are measured on the other half.

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

/// The false accept rate that the threshold is set for.
const FAR: f64 = 1e-4;
/// The fewest photos of a person who is enrolled.
const PHOTOS: usize = 12;
/// The most photos tried of one person, so that people with hundreds do not dominate.
const MOST_TRIED: usize = 20;

/// The results after a number of answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Reviewed {
    /// The most answers given in each person's review; fewer if no face was left to review.
    pub answers: usize,
    /// People enrolled.
    pub people: usize,
    /// The mean number of answers given.
    pub given: f64,
    /// The mean number of answers that were yes.
    pub yes: f64,
    /// The share of the person's photos accepted at the threshold that accepts 1 in 10,000 strangers; null if there
    /// are too few strangers.
    pub tar: Option<f64>,
    /// The share accepted at the profile's own threshold for that rate.
    pub tar_asked: f64,
    /// The share of strangers that this threshold accepts.
    pub far_asked: f64,
    /// The share of the person's photos in the library that match by then or were answered with yes.
    pub found: f64,
    /// The share of people for whom the review says that more answers change nothing.
    pub settled: f64,
}

/// An analysed photo of a person's folder.
struct Photo {
    analysed: AnalysedPhoto,
    /// Which of the faces belongs to the person whose folder it is.
    main: usize,
}

/// One person's results after a number of answers.
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

/// Measure the reviews of everybody in `parts` with enough photos, after each number in `answers`.
///
/// # Errors
/// If photos cannot be analysed or a person cannot be enrolled.
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

    /// The review with the findings of a scan of the library.
    fn scanned(&self, person: &Person, profile: &Profile) -> Result<Review> {
        let decision = profile.decision(self.population)?;
        let mut findings = Findings::default();
        for path in self.of_library(person) {
            if let Some(photo) = self.photos.get(&path) {
                let faces = photo.analysed.faces.iter().map(|face| &face.embedding[..]);
                let scores = scores(&decision, &faces.collect::<Vec<_>>());
                findings.add(decision.threshold, &photo.analysed, &scores);
            }
        }
        let mut review = Review::new(&profile.models);
        review.take(findings);
        Ok(review)
    }

    /// The answer for a face: yes if it is the main face of one of the person's photos.
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

    /// The photos of the library: every second one of the person's, and all photos of every second stranger.
    fn of_library(&self, person: &Person) -> Vec<PathBuf> {
        let own = person.photos.iter().skip(1).step_by(2);
        let (others, _) = self.strangers(person);
        own.chain(others.into_iter().flat_map(|other| &other.photos)).cloned().collect()
    }

    /// The strangers in the library, and the strangers who are tried.
    fn strangers(&self, person: &Person) -> (Vec<&Person>, Vec<&Person>) {
        let strangers = self.people.0.iter().filter(|other| person.is_stranger(other)).enumerate();
        let (known, tried): (Vec<_>, Vec<_>) = strangers.partition(|(at, _)| at % 2 == 0);
        let people = |of: Vec<(usize, _)>| of.into_iter().map(|(_, person)| person).collect();
        (people(known), people(tried))
    }

    fn count(&self, person: &Person, profile: &Profile, review: &Review) -> Result<Count> {
        let decision = profile.decision(self.population)?;
        let scored = |faces: Vec<&[f32]>| -> Vec<f32> {
            scores(&decision, &faces).into_iter().map(|score| score as f32).collect()
        };
        let own = person.embeddings.iter().skip(2).step_by(2).take(MOST_TRIED);
        let (_, tried) = self.strangers(person);
        let strangers = tried.iter().flat_map(|other| &other.embeddings).map(Vec::as_slice);
        let known: HashSet<PathBuf> =
            profile.photos.iter().skip(1).map(|record| absolute(&record.path)).collect();
        let of_library: Vec<usize> = (1..person.photos.len()).step_by(2).collect();
        let is_found = |at: &&usize| {
            known.contains(&absolute(&person.photos[**at]))
                || decision.score(&person.embeddings[**at]) >= decision.threshold
        };
        let found = of_library.iter().filter(is_found).count();
        Ok(Count {
            genuine: scored(own.map(Vec::as_slice).collect()),
            impostor: scored(strangers.collect()),
            found: found as f64 / of_library.len().max(1) as f64,
            settled: review.list(profile, &decision).settled,
            ..Count::default()
        })
    }
}

/// The scores of faces.
fn scores(decision: &Decision, faces: &[&[f32]]) -> Vec<f64> {
    let dimensions = decision.population.mean.len();
    let rows = Array2::from_shape_fn((faces.len(), dimensions), |(face, at)| faces[face][at]);
    decision.scores(rows.view())
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The row for all people after this number of answers.
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
