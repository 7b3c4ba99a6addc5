//! Measures pairs of photos: the first is enrolled, the second checked.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use super::figures::Figures;
use super::folders::method;
use super::tables::{Pairs, pairs};
use super::{EvalArgs, measures, people};
use crate::cli::output::{count, grouped, note, print, print_json, shown};
use crate::cli::{Context, Progress, Working};
use crate::decision::Population;
use crate::error::{Error, Result};
use crate::eval::{MainFaces, Pair, People, TestCrew, estimate_population, measure_pairs};
use crate::pack::Purpose;

/// Measure the pairs of `file`, print the results and return the figures.
pub(super) fn run(args: &EvalArgs, file: &Path, context: &Context) -> Result<Figures> {
    let folder = match args.people.as_slice() {
        [] => None,
        [folder] => Some(folder.as_path()),
        _ => return Err(Error::value("--people", "give only one folder with --pairs")),
    };
    let Pairs { pairs, folds } = pairs(file, folder)?;
    let names = pairs.iter().flat_map(|pair| &pair.people).cloned().collect();
    let groupings = people::groupings(args, &names)?;
    let populations = populations(args, (&pairs, folds), context)?;
    let faces = faces(&pairs, context)?;
    let working = Working::on("measuring");
    let crew = TestCrew { groupings, ..TestCrew::default() };
    let method = method(args);
    let (row, scores) =
        measure_pairs(&pairs, &faces, &populations, method, &crew, context.threads)?;
    drop(working);
    if args.json {
        print_json(&row)?;
    } else {
        print(&measures::pairs(&row))?;
        for by in &row.measures.groups {
            print(&measures::groups(by, "by the enrolled person"))?;
        }
        print(measures::TERMS)?;
    }
    let title = format!("{} of {}", count(row.pairs, "pair"), shown(file));
    let mut figures = Figures::new("one photo enrolled, the other checked".to_owned());
    (figures.title, figures.accuracy) = (title, row.accuracy);
    figures.add(method.name().to_owned(), row.measures, &scores, method);
    Ok(figures)
}

/// The populations that the folds take in turn: the built-in one, or with --refit the given number of populations,
/// each estimated from the people who are in none of the pairs tried on it.
fn populations(
    args: &EvalArgs,
    (pairs, folds): (&[Pair], usize),
    context: &Context,
) -> Result<Vec<Population>> {
    let (Some(parts), [folder]) = (args.refit.map(NonZero::get), args.people.as_slice()) else {
        note(
            "the built-in population may be estimated from these people; --refit K with --people DIR leaves them out",
        );
        return Ok(vec![context.population()?]);
    };
    let parts = parts.min(folds);
    let (people, _) = people::checked_people(args, folder, context)?;
    let mut populations = Vec::new();
    for part in 0..parts {
        let tried: BTreeSet<&String> =
            pairs.iter().filter(|pair| pair.fold % parts == part).flat_map(|p| &p.people).collect();
        let left = people.0.iter().filter(|person| !tried.contains(&person.name));
        let others = crate::eval::check_labels(&People(left.cloned().collect())).people;
        let number = grouped(others.0.len() as u64);
        note(&format!("estimating population {} of {parts} from {number} others", part + 1));
        let _working = Working::on("estimating");
        let population = estimate_population(&[others], &[method(args)], context.threads);
        populations.push(population.map_err(|error| {
            let problem =
                format!("too few people are in none of the pairs ({error}); omit the flag");
            Error::value("--refit", problem)
        })?);
    }
    Ok(populations)
}

/// The main faces of all photos.
fn faces(pairs: &[Pair], context: &Context) -> Result<MainFaces> {
    let photos: BTreeSet<&PathBuf> = pairs.iter().flat_map(|pair| &pair.photos).collect();
    let photos: Vec<PathBuf> = photos.into_iter().cloned().collect();
    let progress = std::cell::OnceCell::new();
    let settings = context.settings(Purpose::Checking);
    MainFaces::of(&photos, &context.pack, &settings, |all| {
        progress.get_or_init(|| Progress::new(all)).step();
    })
}
