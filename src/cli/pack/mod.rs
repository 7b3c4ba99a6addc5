//! `verify pack`: lists packs of models, shows one, and checks whether it works.

mod examine;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

pub(super) use examine::{loaded, opened};

use super::Exit;
use super::output::{count, print, print_json, printable, shown};
use crate::error::{Front, Result};
use crate::pack::{Description, Pack, list};

/// The arguments of `verify pack`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify pack list                      the packs that --pack can name
  verify pack show                      describe the pack in use
  verify pack show my-pack/
  verify pack check my-pack/            does it load, and give the results that its author got?
  verify check --pack my-pack/ a.jpg    use it; VERIFY_PACK=my-pack/ does the same

A pack is a folder with pack.json and the models that it describes: see docs/packs.md.
Exit status: 0 success, 2 the pack cannot be used.")]
pub struct PackArgs {
    #[command(subcommand)]
    action: Action,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the packs that --pack can name
    List,
    /// Show a pack's description
    Show {
        /// The pack's folder or name [default: the pack in use]
        #[arg(value_name = "DIR")]
        pack: Option<String>,
    },
    /// Load and run a pack's models, and compare them with its description
    Check {
        /// The pack's folder or name [default: the pack in use]
        #[arg(value_name = "DIR")]
        pack: Option<String>,
    },
}

/// A pack in a list.
#[derive(Serialize)]
struct Line {
    /// Its name, if it can be opened.
    name: Option<String>,
    identity: Option<String>,
    /// Null for the built-in pack.
    folder: Option<PathBuf>,
    dimensions: Option<usize>,
    error: Option<String>,
}

/// A pack in full.
#[derive(Serialize)]
struct Shown<'a> {
    identity: String,
    folder: Option<PathBuf>,
    population: bool,
    #[serde(flatten)]
    description: &'a Description,
}

/// List, show or check; `in_use` is the pack that --pack names.
///
/// # Errors
/// If the pack cannot be opened, or the output cannot be written.
pub fn run(args: &PackArgs, in_use: Option<&str>) -> Result<Exit> {
    let open = |named: &Option<String>| {
        let name = named.as_deref().or(in_use);
        name.map_or_else(Pack::default_pack, Pack::named)
    };
    match &args.action {
        Action::List => print_list(args.json)?,
        Action::Show { pack } => print_pack(&open(pack)?, args.json)?,
        Action::Check { pack } => return examine::run(&open(pack)?, args.json),
    }
    Ok(Exit::Success)
}

fn print_list(json: bool) -> Result<()> {
    let lines = list().into_iter().map(|listed| {
        let (pack, error) = match listed.pack {
            Ok(pack) => (Some(pack), None),
            Err(error) => (None, Some(error.told(Front::Command))),
        };
        Line {
            name: pack.as_ref().map(|pack| pack.name().to_owned()),
            identity: pack.as_ref().map(Pack::identity),
            dimensions: pack.as_ref().map(Pack::dimensions),
            folder: listed.folder,
            error,
        }
    });
    let lines: Vec<Line> = lines.collect();
    if json { print_json(&lines) } else { print(&lines.iter().map(text).collect::<String>()) }
}

fn text(line: &Line) -> String {
    let place = line.folder.as_deref().map_or_else(|| "built in".to_owned(), shown);
    match (&line.name, &line.error) {
        (Some(name), _) => {
            let dimensions = line.dimensions.unwrap_or_default();
            format!("{name:<20} {dimensions:>4} dimensions  {place}\n")
        }
        (None, error) => format!("{}\n", printable(error.as_deref().unwrap_or_default())),
    }
}

fn print_pack(pack: &Pack, json: bool) -> Result<()> {
    let described = &pack.description;
    let population = pack.population()?.is_some();
    if json {
        return print_json(&Shown {
            identity: pack.identity(),
            folder: pack.folder().map(PathBuf::from),
            population,
            description: described,
        });
    }
    let files: Vec<&str> = described.files().iter().map(|file| file.file.as_str()).collect();
    let views = &described.views;
    let has = |there: bool| if there { "yes" } else { "none yet" };
    print(&format!(
        "{}\nPlace       {}\nLicence     {}\nModels      {}\nCrop        {size} × {size} pixels\n\
         Embedding   {} numbers, {} a face to enrol, {} to check\nPopulation  {}\nGolden      {}\n",
        pack.identity(),
        printable(&pack.place()),
        printable(&described.licence),
        printable(&files.join(", ")),
        pack.dimensions(),
        count(views.enrolling.len(), "view"),
        count(views.checking.len(), "view"),
        has(population),
        has(described.golden.is_some()),
        size = described.crop.size,
    ))
}
