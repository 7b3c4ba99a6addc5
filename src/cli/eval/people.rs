//! Measures the methods over a folder of people.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::path::Path;

use super::figures::Figures;
use super::labels::print_findings;
use super::{EvalArgs, measures, tables, text};
use crate::cli::output::{count, grouped, note, print, print_json, printable, shown};
use crate::cli::{Context, Working, measurable, people_in};
use crate::decision::Method;
use crate::error::{Error, Result};
use crate::eval::{
    Attempts, Grouping, Parts, People, Plan, Related, Row, Scores, TestCrew, check_labels, measure,
    refitted_parts,
};

/// Measure the methods, print a row for each, and return the figures for the fewest enrolled photos.
pub(super) fn run(args: &EvalArgs, folder: &Path, context: &Context) -> Result<Option<Figures>> {
    let named = args.method.and_then(|choice| choice.named());
    // Check before minutes of work instead of after.
    let groupings = groupings(args, &names_in(folder)?)?;
    let (parts, attempts) = parts(args, folder, context)?;
    let all = || parts.first().map(|(population, _)| measurable(Method::ALL, population));
    let plan = Plan {
        methods: named.map_or_else(|| all().unwrap_or_default(), |method| vec![method]),
        enrolled: args.enrolled.iter().map(|n| n.get()).collect(),
        enrolments: 0,
        at_hand: false,
        crew: TestCrew { attempts, groupings },
        threads: context.threads,
    };
    let fewest = plan.enrolled.iter().copied().min().unwrap_or_default();
    let mut said = Said::new(args, fewest);
    if !args.json {
        print(text::HEADER)?;
    }
    let working = Working::on("measuring");
    measure(&parts, &plan, |row, scores| {
        working.aside(|| if args.json { print_json(&row) } else { print(&text::row(&row)) })?;
        said.add(row, scores);
        Ok(())
    })?;
    drop(working);
    if !args.json {
        print(&(said.spreads + &said.measures + &said.once + measures::TERMS))?;
    }
    Ok(said.figures)
}

/// The text after the rows, and the figures.
struct Said {
    fewest: usize,
    draws: bool,
    spreads: String,
    /// The table of standard measures.
    measures: String,
    /// Failures, groups and zoo of the first row.
    once: String,
    figures: Option<Figures>,
}

impl Said {
    fn new(args: &EvalArgs, fewest: usize) -> Self {
        Self {
            fewest,
            draws: args.plot.is_some() || args.out.is_some(),
            spreads: text::SPREAD_HEADER.into(),
            measures: measures::HEADER.into(),
            once: String::new(),
            figures: None,
        }
    }

    fn add(&mut self, mut row: Row, scores: &Scores) {
        self.spreads += &text::spread(row.method.name(), &row);
        let Some(measures) = row.measures.take() else { return };
        self.measures += &measures::row(&row, &measures);
        let photos = count(row.enrolled, "enrolled photo");
        let of = format!("{} with {photos}", row.method);
        if self.once.is_empty() {
            let groups = measures.groups.iter().map(|by| measures::groups(by, &of));
            let zoo = measures.zoo.as_ref().map(|zoo| measures::zoo(zoo, &of));
            self.once = format!("\n{}", measures::failures(&measures.failures))
                + &groups.collect::<String>()
                + &zoo.unwrap_or_default();
        }
        if !self.draws {
            return;
        }
        let figures = self.figures.get_or_insert_with(|| {
            Figures::new("each person is enrolled in turn; all others are strangers".to_owned())
        });
        if row.enrolled == self.fewest {
            figures.title = format!("{} people with {photos} each", grouped(row.people as u64));
            figures.add(of, measures, scores, row.method);
        } else {
            figures.add_row(of, measures);
        }
    }
}

/// The names of the people in `folder`, whether or not their photos show a face.
fn names_in(folder: &Path) -> Result<BTreeSet<String>> {
    let entries = std::fs::read_dir(folder).map_err(|e| Error::read(folder, e))?;
    let name = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    Ok(entries.flatten().map(name).collect())
}

/// The groups of --group for the people with these names.
pub(super) fn groupings(args: &EvalArgs, names: &BTreeSet<String>) -> Result<Vec<Grouping>> {
    let Some(file) = &args.group else { return Ok(Vec::new()) };
    let groupings = tables::groupings(file, |name| names.contains(name))?;
    let labelled: BTreeSet<&String> = groupings.iter().flat_map(|by| by.labels.keys()).collect();
    let nobody = labelled.into_iter().filter(|name| !names.contains(*name));
    let nobody: Vec<String> = nobody.map(|name| printable(name)).collect();
    if !nobody.is_empty() {
        let first = nobody.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
        let number = grouped(nobody.len() as u64);
        note(&format!(
            "{}: {number} of its names are not among these people: {first}",
            shown(file)
        ));
    }
    Ok(groupings)
}

/// The people below `folder`, with the populations to try them on.
pub(super) fn parts(
    args: &EvalArgs,
    folder: &Path,
    context: &Context,
) -> Result<(Parts, Attempts)> {
    let population = context.population()?;
    let (people, attempts) = checked_people(args, folder, context)?;
    note(&format!("trying {} people", grouped(people.0.len() as u64)));
    let parts = match args.refit.map(NonZero::get) {
        None => vec![(population, people)],
        Some(parts) => {
            let named = args.method.and_then(|choice| choice.named());
            // Enrolment, which --stress tries, uses the default method.
            let wanted =
                |method: &Method| *method == Method::DEFAULT || named.is_none_or(|n| n == *method);
            let methods: Vec<_> = Method::ALL.into_iter().filter(wanted).collect();
            let working = Working::on("estimating");
            refitted_parts(&people, parts, &methods, context.threads, |done, all| {
                working.aside(|| note(&format!("estimating population {} of {all}", done + 1)));
            })?
        }
    };
    Ok((parts, attempts))
}

/// The people below `folder`, and how many of their photos show no face. Wrong labels are printed, and left out with
/// --clean.
///
/// # Errors
/// As [`people_in`], or if fewer than two people are left.
pub(super) fn checked_people(
    args: &EvalArgs,
    folder: &Path,
    context: &Context,
) -> Result<(People, Attempts)> {
    let (mut people, attempts) = people_in(context, folder, &args.walk.walk())?;
    let related = args.related.as_deref().map(Related::read).transpose()?.unwrap_or_default();
    related.enter(&mut people);
    let checked = check_labels(&people);
    let done = match (args.clean, args.refit) {
        (true, _) => "left out",
        (false, Some(_)) => {
            "left out of populations but not of the trials (--clean leaves them out of both)"
        }
        (false, None) => "which the trials include (--clean leaves them out)",
    };
    print_findings(&checked.findings, done, args.json)?;
    if !args.clean {
        return Ok((people, attempts));
    }
    if checked.people.0.len() < 2 {
        let problem = format!("only one person is left of {}; omit the flag", shown(folder));
        return Err(Error::value("--clean", problem));
    }
    Ok((checked.people, attempts))
}
