//! `verify population`: the population that a pack's decisions are calibrated against.

use std::path::PathBuf;

use clap::Args;
use sha2::{Digest, Sha256};

use super::output::{grouped, note, print, shown};
use super::{Context, Exit, people_in};
use crate::error::Result;
use crate::eval::estimate_population;
use crate::file::{Readers, check_replaceable, replace};

/// The arguments of `verify population`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  verify population --people lfw/ --out models/population.safetensors

Only means, covariances and score tables are written, nobody's photo or embedding. It takes a
thousand people or more, some hundreds of them with several photos.")]
pub struct PopulationArgs {
    /// A folder of people, each in a folder of their own
    #[arg(long, value_name = "DIR")]
    people: PathBuf,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Estimate, write, and say the file's hash.
///
/// # Errors
/// Where there are too few people, or the file cannot be written.
pub fn run(args: &PopulationArgs, context: &Context) -> Result<Exit> {
    check_replaceable(&args.out)?;
    let people = people_in(context, &args.people)?;
    note(&format!("estimating the population of {} people", grouped(people.0.len() as u64)));
    let population = estimate_population(&people, context.threads, |_, _| ())?;
    let bytes = population.to_bytes()?;
    replace(&args.out, &bytes, Readers::Everybody)?;
    print(&format!("{:x}  {}\n", Sha256::digest(&bytes), shown(&args.out)))?;
    Ok(Exit::Success)
}
