//! `verify population`: the population that a pack's decisions are calibrated against.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::eval::labels::print_findings;
use super::output::{grouped, note, print, print_json, shown};
use super::walk::WalkArgs;
use super::{Context, Exit, Working, people_in};
use crate::decision::Method;
use crate::error::{Error, Result};
use crate::eval::{Checked, Related, check_labels, estimate_population};
use crate::file::{Readers, check_replaceable, replace};
use crate::pack::POPULATION;

/// The arguments of `verify population`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  verify population --people lfw/ --pack my-pack/
  verify population --people lfw/ --people families/ --people idols/ --out population.safetensors

Only means, covariances, kinds of ten or more people and score tables are written, but nobody's \
photo or embedding. You need a thousand people or more, some hundreds of them with several photos. \
Give each kind of people a folder of its own: strangers are then the other people in the same \
folder, and every folder has the same weight.

Wrong labels are listed and left out: one picture or one person under two names, and somebody \
else's photo in a person's folder.")]
pub struct PopulationArgs {
    /// A folder with one folder per person (repeatable)
    #[arg(long, value_name = "DIR", required = true)]
    people: Vec<PathBuf>,
    /// A file of related people, who are not strangers to each other, one pair per line, such as `Ann Bob parent`
    #[arg(long, value_name = "FILE")]
    related: Option<PathBuf>,
    /// The file to write [default: population.safetensors in the folder of --pack]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print one JSON object per line: each wrong label, and finally the file
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    walk: WalkArgs,
}

/// The file written, as JSON.
#[derive(Serialize)]
struct Written<'a> {
    file: &'a Path,
    sha256: String,
    people: usize,
    photos: usize,
}

/// Estimate and write the population, and print the file's hash.
///
/// # Errors
/// If there are too few people, or the file cannot be written.
pub fn run(args: &PopulationArgs, context: &Context) -> Result<Exit> {
    let in_pack = || context.pack.folder().map(|folder| folder.join(POPULATION));
    let out = args.out.clone().or_else(in_pack).ok_or_else(|| {
        Error::value("--out", "name a file, because the built-in pack has no folder to write to")
    })?;
    check_replaceable(&out)?;
    let related = args.related.as_deref().map(Related::read).transpose()?.unwrap_or_default();
    let mut folders = Vec::new();
    for folder in &args.people {
        let (mut people, _) = people_in(context, folder, &args.walk.walk())?;
        related.enter(&mut people);
        let Checked { people, findings } = check_labels(&people);
        print_findings(&findings, "left out", args.json)?;
        folders.push(people);
    }
    let count: usize = folders.iter().map(|people| people.0.len()).sum();
    note(&format!("estimating the population of {} people", grouped(count as u64)));
    let working = Working::on("estimating");
    let population = estimate_population(&folders, &Method::ALL, context.threads)?;
    drop(working);
    let bytes = population.to_bytes(&context.pack.identity())?;
    replace(&out, &bytes, Readers::Everybody)?;
    let sha256 = format!("{:x}", Sha256::digest(&bytes));
    if args.json {
        let everybody = folders.iter().flat_map(|people| &people.0);
        let photos = everybody.map(|person| person.embeddings.len()).sum();
        print_json(&Written { file: &out, sha256, people: count, photos })?;
    } else {
        print(&format!("{sha256}  {}\n", shown(&out)))?;
    }
    Ok(Exit::Success)
}
