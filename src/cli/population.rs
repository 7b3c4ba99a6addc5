//! `verify population`: the population that a pack's decisions are calibrated against.

use std::path::PathBuf;

use clap::Args;
use sha2::{Digest, Sha256};

use super::output::{grouped, note, print, shown};
use super::{Context, Exit, people_in};
use crate::error::{Error, Result};
use crate::eval::estimate_population;
use crate::file::{Readers, check_replaceable, replace};
use crate::pack::POPULATION;

/// The arguments of `verify population`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  verify population --people lfw/ --pack my-pack/
  verify population --people lfw/ --out population.safetensors

Only means, covariances and score tables are written, nobody's photo or embedding. It takes a
thousand people or more, some hundreds of them with several photos.")]
pub struct PopulationArgs {
    /// A folder of people, each in a folder of their own
    #[arg(long, value_name = "DIR")]
    people: PathBuf,
    /// The file to write [default: population.safetensors in the folder of --pack]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Estimate, write, and say the file's hash.
///
/// # Errors
/// Where there are too few people, or the file cannot be written.
pub fn run(args: &PopulationArgs, context: &Context) -> Result<Exit> {
    let in_pack = || context.pack.folder().map(|folder| folder.join(POPULATION));
    let out = args.out.clone().or_else(in_pack).ok_or_else(|| {
        Error::value("--out", "name a file, for the built-in pack has no folder to write to")
    })?;
    check_replaceable(&out)?;
    let people = people_in(context, &args.people)?;
    note(&format!("estimating the population of {} people", grouped(people.0.len() as u64)));
    let population = estimate_population(&people, context.threads, |_, _| ())?;
    let bytes = population.to_bytes(&context.pack.identity())?;
    replace(&out, &bytes, Readers::Everybody)?;
    print(&format!("{:x}  {}\n", Sha256::digest(&bytes), shown(&out)))?;
    Ok(Exit::Success)
}
