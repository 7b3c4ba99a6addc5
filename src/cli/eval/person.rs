//! Measures one person's decision on photos of that person and of others.

use std::num::NonZero;
use std::path::PathBuf;

use super::{EvalArgs, text};
use crate::cli::intake::note_passed;
use crate::cli::output::{count, grouped, print, print_json};
use crate::cli::{Context, photos_in};
use crate::decision::{Decision, Method, Population};
use crate::enroll::{Candidate, Request, enroll};
use crate::error::{Error, Result};
use crate::eval::{Scores, evaluate};
use crate::photo::Passed;
use crate::plot::{Curve, Histogram, RatesFigure, folder_name};
use crate::profile::{Profile, ThresholdChoice};

/// The false accept rate that `--folds` enrols for.
const FAR: f64 = 1e-4;

/// Measure the saved profile, or with `--folds` enrolments from parts of the positives. Print the results and return
/// the figure.
pub(super) fn run(args: &EvalArgs, context: &Context) -> Result<RatesFigure> {
    let population = context.population()?;
    let named = args.method.and_then(|choice| choice.named());
    let (leave, mut passed) = (args.walk.walk(), Passed::default());
    let positives = photos_in(&args.positives, &leave, &mut passed)?;
    let negatives = photos_in(&args.negatives, &leave, &mut passed)?;
    note_passed(&passed);
    let profile = if args.folds.is_none() { Some(context.profile()?) } else { None };
    let method = named.or(profile.as_ref().map(|p| p.method)).unwrap_or(Method::DEFAULT);
    let saved = profile.as_ref().map(|p| p.decision_by(method, &population)).transpose()?;
    let positives = context.candidates(&positives)?;
    let negatives = context.candidates(&negatives)?;
    let (genuine, impostor, threshold) = match saved {
        Some(decision) => {
            let score = |photos: &[Candidate]| scores(photos.iter(), &decision);
            (score(&positives), score(&negatives), decision.threshold)
        }
        None => {
            let folds = args.folds.map_or(1, NonZero::get);
            let fold = Folds { context, population: &population, method, folds };
            fold.scores(&args.positives[0], &positives, &negatives)?
        }
    };
    let measured = evaluate(&genuine, &impostor, threshold);
    if args.json { print_json(&measured) } else { print(&text::evaluation(&measured)) }?;
    let name = profile.map_or_else(|| folder_name(&args.positives[0]), |profile| profile.name);
    let scores = Scores::new(&genuine, &impostor);
    let curve = Curve::of(method, &scores, threshold);
    let histogram = Histogram::of(&scores, threshold);
    let title = format!("{name} and others");
    let photos = count(genuine.len(), "photo");
    let trials = format!("{photos} of the person, {} of others", grouped(impostor.len() as u64));
    Ok(RatesFigure::new(&title, &trials, vec![curve], histogram, threshold))
}

/// Enrolments from all but one part of the photos.
struct Folds<'a> {
    context: &'a Context,
    population: &'a Population,
    method: Method,
    folds: usize,
}

impl Folds<'_> {
    /// The scores of all photos, and the threshold. A positive is scored by the enrolment that left it out, a
    /// negative by one of the enrolments.
    fn scores(
        &self,
        folder: &std::path::Path,
        positives: &[Candidate],
        negatives: &[Candidate],
    ) -> Result<(Vec<f32>, Vec<f32>, f64)> {
        if positives.len() < 2 * self.folds {
            let problem = format!("{} parts need at least twice as many photos", self.folds);
            return Err(Error::value("--folds", problem));
        }
        let (mut genuine, mut impostor, mut threshold) = (Vec::new(), Vec::new(), 0.0);
        for fold in 0..self.folds {
            let decision = self.without(fold, folder.to_owned(), positives)?;
            genuine.extend(scores(self.part(positives, fold), &decision));
            impostor.extend(scores(self.part(negatives, fold), &decision));
            threshold = decision.threshold;
        }
        Ok((genuine, impostor, threshold))
    }

    fn part<'p>(
        &self,
        photos: &'p [Candidate],
        fold: usize,
    ) -> impl Iterator<Item = &'p Candidate> {
        photos.iter().skip(fold).step_by(self.folds)
    }

    /// The decision of an enrolment from all but one part of the photos.
    fn without(&self, fold: usize, folder: PathBuf, photos: &[Candidate]) -> Result<Decision> {
        let others = photos.iter().enumerate().filter(|(i, _)| i % self.folds != fold);
        let request = Request {
            name: String::new(),
            method: self.method,
            threshold: ThresholdChoice::Far(FAR),
            models: self.context.pack.identity(),
            duplicates: self.context.pack.description.duplicates,
            folder,
        };
        let photos = others.map(|(_, photo)| photo.clone()).collect();
        let profile: Profile = enroll(&request, self.population, photos)?;
        profile.decision(self.population)
    }
}

/// The score of each photo's best face; minus infinity if there is no face.
fn scores<'a>(photos: impl Iterator<Item = &'a Candidate>, decision: &Decision) -> Vec<f32> {
    let best = |photo: &Candidate| {
        let faces = photo.faces.as_ref().map_or(&[][..], Vec::as_slice);
        let scores = faces.iter().map(|face| decision.score(&face.embedding) as f32);
        scores.fold(f32::NEG_INFINITY, f32::max)
    };
    photos.map(best).collect()
}
