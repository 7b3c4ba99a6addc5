//! `verify eval`: how accurate a profile is on photos that one has, or how accurate the methods
//! are over a folder of people; as text, as JSON, and as a figure.

mod figures;
mod folders;
mod identification;
pub(super) mod labels;
mod measures;
mod pairs;
mod people;
mod person;
mod review;
mod stress;
mod tables;
mod text;

use std::num::NonZero;
use std::path::PathBuf;

use clap::Args;

use super::output::{note, shown};
use super::values;
use super::walk::WalkArgs;
use super::{Context, Exit, MethodChoice};
use crate::error::Result;
use crate::page;
use crate::plot::{Size, check_writable, draw};

/// The arguments of `verify eval`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify eval --positives anna/new --negatives others/     the profile on photos it has not seen
  verify eval --positives anna/ --negatives others/ --folds 5
  verify eval --positives anna/new --negatives others/ --plot anna.svg
  verify eval --people lfw/ --enrolled 1,3,5,10,20         every method over a folder of people
  verify eval --people lfw/ --refit 2                      the same, the population refitted without them
  verify eval --people lfw/ --enrolled 5 --plot methods.png
  verify eval --people actors/ --people idols/             strangers of the person's own kind
  verify eval --people lfw/ --people idols/ --leave-out --strangers      kinds nobody knew before
  verify eval --people lfw/ --gallery 1,10,100,1000        who is taken for whom, if so many are enrolled
  verify eval --people lfw/ --refit 2 --answers 0,5,10,20    what answers in a review are worth
  verify eval --people lfw/ --stress --sample 50           what blur, masks, prints, doubles do
  verify eval --people lfw/ --group sex.csv --out lfw.html       rates by group, figures on a page
  verify eval --pairs pairs.txt --people lfw/ --refit 2    LFW's protocol, nobody known before

A folder of people holds one folder of photos for each of them. Each is enrolled in turn, and the
photos of all others are impostors. The people that the built-in population was estimated from
are known to it: measure on others, or use --refit. With several folders of people, strangers are
those of the person's own folder, and the population is the built-in one.

Labels that cannot be right (one picture or one person under two names, somebody else's photo) are
listed. No population is estimated from them; the trials hold them all the same, but with --clean.

The figure of --plot has the rates at every threshold (ROC and DET) and the evidence of both kinds
of photos with the threshold drawn in; with --people a curve a method, after the smallest number of
photos of --enrolled, at the threshold for 1 stranger in 10,000.")]
pub struct EvalArgs {
    /// Photos of the person
    #[arg(long, value_name = "DIR", requires = "negatives", required_unless_present_any = ["people", "pairs"])]
    positives: Vec<PathBuf>,
    /// Photos of other people
    #[arg(long, value_name = "DIR", requires = "positives")]
    negatives: Vec<PathBuf>,
    /// Enrol on the positives themselves, K times without a part of them, which is then tried
    #[arg(long, value_name = "K", value_parser = values::parts, requires = "positives")]
    folds: Option<NonZero<usize>>,
    /// A folder of people, each in a folder of their own; of several, each is measured by itself
    #[arg(long, value_name = "DIR", conflicts_with_all = ["positives", "negatives", "folds"])]
    people: Vec<PathBuf>,
    /// Pairs of photos: LFW's pairs.txt with its photos below --people or beside the file, or lines of two photos
    /// and 1 (one person) or 0, such as `a/1.jpg,b/2.jpg,0`. One is enrolled, the other checked
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = [
            "positives", "negatives", "folds", "enrolled", "leave_out", "strangers", "gallery", "answers",
            "stress",
        ]
    )]
    pairs: Option<PathBuf>,
    /// Measure each group of people too: a table of a person and a label in each line, such as `Ann,female`; of
    /// several columns, each is one way to sort them
    #[arg(long, value_name = "CSV", conflicts_with_all = ["positives", "stress", "gallery", "answers"])]
    group: Option<PathBuf>,
    /// Numbers of photos to enrol
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        default_value = "1,3,5,10,20",
        value_parser = values::photos
    )]
    enrolled: Vec<NonZero<usize>>,
    /// Estimate the population anew, K times without a part of the people, who are then tried
    #[arg(long, value_name = "K", value_parser = values::parts, requires = "people")]
    refit: Option<NonZero<usize>>,
    /// With several folders of people: measure each on a population estimated from the others alone
    #[arg(long, requires = "people", conflicts_with = "refit")]
    leave_out: bool,
    /// Measure too what `enroll --strangers` does: half of the others' photos, and of the person's, are
    /// learnt from without a label, and the rest are tried
    #[arg(long, requires = "people")]
    strangers: bool,
    /// Measure instead who is taken for whom if so many of the people are enrolled at once, by the method of
    /// --method or the default one
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        value_parser = values::photos,
        requires = "people",
        conflicts_with_all = ["stress", "plot", "refit", "strangers"]
    )]
    gallery: Vec<NonZero<usize>>,
    /// Measure instead what a review is worth: each person with twelve photos is learnt from one, looked
    /// for among all others, and so many faces are answered
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        requires = "people",
        conflicts_with_all = ["stress", "plot", "gallery", "strangers", "enrolled"]
    )]
    answers: Vec<usize>,
    /// Pairs of people who are related, a line each, such as `Ann Bob parent`: they are no strangers,
    /// and have a table of their own
    #[arg(long, value_name = "FILE", requires = "people")]
    related: Option<PathBuf>,
    /// Leave labels that cannot be right out of the trials too, not only out of what is estimated
    #[arg(long, requires = "people")]
    clean: bool,
    /// Measure instead what harms the decision: poor, covered and copied photos, swapped faces, the
    /// most alike strangers, a wrong photo among those enrolled
    #[arg(long, requires = "people", conflicts_with_all = ["enrolled", "plot"])]
    stress: bool,
    /// The most people that --stress enrols [default: all with six photos]
    #[arg(long, value_name = "N", value_parser = values::photos, requires = "stress")]
    sample: Option<NonZero<usize>>,
    /// One method alone [default: with one --people all, with more or --stress centroid, otherwise the
    /// profile's]
    #[arg(long, value_enum)]
    method: Option<MethodChoice>,
    /// Draw ROC, DET and histograms too: a file ending in .png or .svg
    #[arg(long, value_name = "OUT")]
    plot: Option<PathBuf>,
    /// Width and height of the figure in pixels
    #[arg(long, value_name = "WxH", default_value = "1600x1400", requires = "plot")]
    size: Size,
    /// Write all figures and tables as one page too: a file ending in .html
    #[arg(long, value_name = "OUT", conflicts_with_all = ["positives", "stress", "gallery", "answers"])]
    out: Option<PathBuf>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    walk: WalkArgs,
}

/// Measure and print.
///
/// # Errors
/// Where photos or a profile are missing, a method cannot be fitted, or the figure cannot be written.
pub fn run(args: &EvalArgs, context: &Context) -> Result<Exit> {
    // Better before minutes of work than after.
    if let Some(out) = &args.plot {
        check_writable(out)?;
    }
    if let Some(out) = &args.out {
        page::check_writable(out)?;
    }
    if let Some(file) = &args.pairs {
        pairs::run(args, file, context)?.write(args)?;
        return Ok(Exit::Success);
    }
    let figure = match args.people.as_slice() {
        [] => Some(person::run(args, context)?),
        folders if !args.gallery.is_empty() => {
            folders::run_galleries(args, folders, context)?;
            None
        }
        [folder] if !args.answers.is_empty() => {
            review::run(args, folder, context)?;
            None
        }
        [folder] if args.stress => {
            stress::run(args, folder, context)?;
            None
        }
        [folder] => {
            if let Some(figures) = people::run(args, folder, context)? {
                figures.write(args)?;
            }
            None
        }
        folders => {
            folders::run(args, folders, context)?;
            None
        }
    };
    if let (Some(out), Some(figure)) = (&args.plot, figure) {
        draw(&figure, out, args.size)?;
        note(&format!("drawn into {}", shown(out)));
    }
    Ok(Exit::Success)
}
