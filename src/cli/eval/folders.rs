//! One method over several folders of people, each by itself: strangers of the person's own kind.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::people::checked_people;
use super::{EvalArgs, text};
use crate::cli::Context;
use crate::cli::output::{grouped, note, print, print_json, printable};
use crate::decision::Method;
use crate::error::{Error, Result};
use crate::eval::{Plan, Row, measure};
use crate::plot::folder_name;

/// Enrolments of a row at least: a folder of four people says little if each is enrolled once.
const ENROLMENTS: usize = 200;

/// A row of one of the folders.
#[derive(Serialize)]
struct Within<'a> {
    folder: &'a Path,
    /// Photos with a face in the folder.
    photos: usize,
    #[serde(flatten)]
    row: &'a Row,
}

/// Measure each of `folders` with the population that comes with the models, and print a row for
/// each number of photos.
pub(super) fn run(args: &EvalArgs, folders: &[PathBuf], context: &Context) -> Result<()> {
    if args.refit.is_some() || args.stress || args.plot.is_some() {
        let problem = "give one folder alone with --refit, --stress or --plot";
        return Err(Error::value("--people", problem));
    }
    let population = context.population()?;
    let named = args.method.and_then(|choice| choice.named());
    let plan = Plan {
        methods: vec![named.unwrap_or(Method::DEFAULT)],
        enrolled: args.enrolled.iter().map(|n| n.get()).collect(),
        enrolments: ENROLMENTS,
        threads: context.threads,
    };
    let mut table = String::from(text::HEADER_WITHIN);
    let mut spreads = String::from(text::SPREAD_HEADER);
    for folder in folders {
        let people = checked_people(args, folder, context)?;
        note(&format!("trying {} people", grouped(people.0.len() as u64)));
        let photos = people.0.iter().map(|person| person.embeddings.len()).sum();
        let name = printable(&folder_name(folder));
        measure(&vec![(population.clone(), people)], &plan, |row, _| {
            spreads += &text::spread(&name, &row);
            table += &text::row_within(&name, photos, &row);
            if args.json { print_json(&Within { folder, photos, row: &row }) } else { Ok(()) }
        })?;
    }
    if args.json { Ok(()) } else { print(&(table + &spreads)) }
}
