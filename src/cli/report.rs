//! `verify report`: a page that says whether to trust what was learnt.

use std::path::PathBuf;

use clap::Args;

use super::output::{note, print_json, shown};
use super::plot::{Gathered, Side, gather};
use super::{Context, Exit, Working};
use crate::error::Result;
use crate::page::{self, Expected};
use crate::photo::Walk;

/// The arguments of `verify report`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify report report.html
  verify report report.html --no-thumbnails     without anybody's face in it
  verify report report.html --json | jq .reject

One page that loads nothing: who is enrolled, from how many photos and how good they are, what was
set aside and why, the scores of these photos and of strangers, how often it is expected to err, the
least certain photos. Each photo is judged by the others.")]
pub struct ReportArgs {
    /// Where to write it: a file ending in .html
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Keep the faces out of it
    #[arg(long)]
    no_thumbnails: bool,
    /// Print the expected rates as one JSON object too
    #[arg(long)]
    json: bool,
}

/// Write the report.
///
/// # Errors
/// Where there is no profile, or the page cannot be written.
pub fn run(args: &ReportArgs, context: &Context) -> Result<Exit> {
    page::check_writable(&args.out)?;
    let crops: Option<Side> = (!args.no_thumbnails).then_some(page::crop_side);
    let Gathered { profile, decision, scene } = gather(context, (&[], &Walk::default()), crops)?;
    let working = Working::on("writing the report");
    let expected = Expected::of(&scene, &profile, &decision);
    page::report(&profile, &scene, &decision, &expected, &args.out)?;
    drop(working);
    if args.json {
        print_json(&expected)?;
    }
    note(&format!("written to {}", shown(&args.out)));
    Ok(Exit::Success)
}
