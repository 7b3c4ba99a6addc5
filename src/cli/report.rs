//! `verify report`: a page that says how reliable the profile is.

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
  verify report report.html --no-thumbnails     leave the faces out
  verify report report.html --json | jq .reject

The report is one page that loads nothing from elsewhere: the photos and their quality, which were \
set aside and why, the scores of these photos and of strangers, the expected error rates, and the \
least certain photos. Each photo's score comes from a profile made from the other photos.")]
pub struct ReportArgs {
    /// The file to write, ending in .html
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Leave the faces out
    #[arg(long)]
    no_thumbnails: bool,
    /// Also print the expected error rates as one JSON object
    #[arg(long)]
    json: bool,
}

/// Write the report.
///
/// # Errors
/// If there is no profile, or the page cannot be written.
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
    note(&format!("wrote {}", shown(&args.out)));
    Ok(Exit::Success)
}
