//! Measures one method over several folders of people, each separately: strangers are then of the person's own kind.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::people::checked_people;
use super::{EvalArgs, identification, text};
use crate::cli::output::{grouped, note, print, print_json, printable, problem};
use crate::cli::{Context, Working};
use crate::decision::{Method, Population};
use crate::error::{Error, Result};
use crate::eval::{
    Attempts, Kin, People, Plan, Row, TestCrew, check_labels, estimate_population, measure,
    measure_relatives,
};
use crate::plot::folder_name;

/// The fewest enrolments in a row, because a folder of four people says little if each is enrolled once.
const ENROLMENTS: usize = 200;

/// A row for one folder.
#[derive(Serialize)]
struct Within<'a> {
    folder: &'a Path,
    /// Photos with a face in the folder.
    photos: usize,
    /// Whether the threshold was learned from local strangers.
    strangers: bool,
    #[serde(flatten)]
    row: &'a Row,
}

/// A row for relatives in one folder.
#[derive(Serialize)]
struct Relatives<'a> {
    folder: &'a Path,
    #[serde(flatten)]
    kin: &'a Kin,
}

/// The people of one folder.
pub(super) struct Folder<'a> {
    pub path: &'a Path,
    pub people: People,
    pub attempts: Attempts,
}

/// Measure each of `folders` and print a row for each number of photos.
pub(super) fn run(args: &EvalArgs, folders: &[PathBuf], context: &Context) -> Result<()> {
    if args.refit.is_some() || args.stress || args.plot.is_some() || args.out.is_some() {
        let problem = "give only one folder with --refit, --stress, --plot or --out";
        return Err(Error::value("--people", problem));
    }
    if args.group.is_some() {
        let problem = "give only one folder with --group";
        return Err(Error::value("--people", problem));
    }
    let read = read(args, folders, context)?;
    let mut tables = Tables::new(args);
    for at in 0..read.len() {
        let Folder { path, people, .. } = &read[at];
        let population = population(args, &read, at, context)?;
        note(&format!("trying {} people of {}", grouped(people.0.len() as u64), path.display()));
        measure_folder(args, &read[at], &population, context, &mut tables)?;
    }
    tables.print()
}

/// Measure identification over the people of each of `folders`.
pub(super) fn run_galleries(args: &EvalArgs, folders: &[PathBuf], context: &Context) -> Result<()> {
    identification::run(args, &read(args, folders, context)?, context)
}

/// The people of all `folders`.
fn read<'a>(args: &EvalArgs, folders: &'a [PathBuf], context: &Context) -> Result<Vec<Folder<'a>>> {
    let read = |path| {
        let (people, attempts) = checked_people(args, path, context)?;
        Ok(Folder { path, people, attempts })
    };
    folders.iter().map(|path: &PathBuf| read(path.as_path())).collect()
}

/// The method to measure.
pub(super) fn method(args: &EvalArgs) -> Method {
    args.method.and_then(|choice| choice.named()).unwrap_or(Method::DEFAULT)
}

/// The population for the folder at `at`: the built-in one, or one estimated from all other folders.
pub(super) fn population(
    args: &EvalArgs,
    folders: &[Folder],
    at: usize,
    context: &Context,
) -> Result<Population> {
    if !args.leave_out {
        return context.population();
    }
    note(&format!("estimating a population without {}", folders[at].path.display()));
    let others = folders.iter().enumerate().filter(|(other, _)| *other != at);
    let others: Vec<People> =
        others.map(|(_, folder)| check_labels(&folder.people).people).collect();
    let _working = Working::on("estimating");
    estimate_population(&others, &[method(args)], context.threads)
}

/// Measure all rows of one folder.
fn measure_folder(
    args: &EvalArgs,
    folder: &Folder,
    population: &Population,
    context: &Context,
    tables: &mut Tables,
) -> Result<()> {
    let parts = vec![(population.clone(), folder.people.clone())];
    let _working = Working::on("measuring");
    for at_hand in [false, true].into_iter().take(1 + usize::from(args.strangers)) {
        let plan = Plan {
            methods: vec![method(args)],
            enrolled: args.enrolled.iter().map(|n| n.get()).collect(),
            enrolments: ENROLMENTS,
            at_hand,
            crew: TestCrew { attempts: folder.attempts.clone(), ..TestCrew::default() },
            threads: context.threads,
        };
        let measured = measure(&parts, &plan, |row, _| tables.add(folder, at_hand, &row));
        // The next folder may have people with enough photos.
        if let Err(error @ Error::Value { .. }) = measured {
            problem(&format!("{}: {error}", folder.path.display()));
        } else {
            measured?;
        }
    }
    if args.related.is_some() {
        for enrolled in &args.enrolled {
            let (method, threads) = (method(args), context.threads);
            let n = enrolled.get();
            for kin in measure_relatives(&folder.people, population, method, n, threads)? {
                tables.add_kin(folder, &kin)?;
            }
        }
    }
    Ok(())
}

/// The output: JSON is printed at once, tables at the end.
struct Tables {
    json: bool,
    rates: String,
    at_hand: String,
    spreads: String,
    relatives: String,
}

impl Tables {
    fn new(args: &EvalArgs) -> Self {
        Self {
            json: args.json,
            rates: text::HEADER_WITHIN.into(),
            at_hand: String::new(),
            spreads: text::SPREAD_HEADER.into(),
            relatives: String::new(),
        }
    }

    fn add(&mut self, folder: &Folder, at_hand: bool, row: &Row) -> Result<()> {
        let photos = folder.people.0.iter().map(|person| person.embeddings.len()).sum();
        let name = printable(&folder_name(folder.path));
        if at_hand {
            if self.at_hand.is_empty() {
                self.at_hand = text::HEADER_AT_HAND.into();
            }
            self.at_hand += &text::row_within(&name, photos, row);
        } else {
            self.rates += &text::row_within(&name, photos, row);
            self.spreads += &text::spread(&name, row);
        }
        if self.json {
            return print_json(&Within { folder: folder.path, photos, strangers: at_hand, row });
        }
        Ok(())
    }

    fn add_kin(&mut self, folder: &Folder, kin: &Kin) -> Result<()> {
        if self.relatives.is_empty() {
            self.relatives = text::HEADER_RELATIVES.into();
        }
        self.relatives += &text::relatives(&printable(&folder_name(folder.path)), kin);
        if self.json { print_json(&Relatives { folder: folder.path, kin }) } else { Ok(()) }
    }

    fn print(self) -> Result<()> {
        if self.json {
            return Ok(());
        }
        print(&(self.rates + &self.at_hand + &self.relatives + &self.spreads))
    }
}
