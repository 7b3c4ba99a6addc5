//! `verify eval`: measures how accurate a profile is on given photos, or how accurate the methods are over a folder
//! of people; as text, JSON, a figure or a page.

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
  verify eval --positives anna/new --negatives others/     test the profile on new photos
  verify eval --positives anna/ --negatives others/ --folds 5
  verify eval --positives anna/new --negatives others/ --plot anna.svg
  verify eval --people lfw/ --enrolled 1,3,5,10,20         every method over a folder of people
  verify eval --people lfw/ --refit 2                      the same, with a population of others
  verify eval --people lfw/ --enrolled 5 --plot methods.png
  verify eval --people actors/ --people idols/             strangers of the person's own kind
  verify eval --people lfw/ --people idols/ --leave-out --strangers   kinds new to the population
  verify eval --people lfw/ --gallery 1,10,100,1000        how often faces get a wrong name
  verify eval --people lfw/ --refit 2 --answers 0,5,10,20  how much answers in a review help
  verify eval --people lfw/ --stress --sample 50           the effect of blur, masks and copies
  verify eval --people lfw/ --group sex.csv --out lfw.html   rates by group, figures on a page
  verify eval --pairs pairs.txt --people lfw/ --refit 2    LFW's protocol, population of others

A folder of people holds one folder of photos per person. Each person is enrolled in turn, and the \
photos of all others are impostors. Results for people from whom the built-in population was \
estimated are too good: measure on other people, or use --refit. With several folders of people, \
strangers are the others in the same folder, and the population is the built-in one.

Wrong labels (one picture or one person under two names, somebody else's photo) are listed. No \
population is estimated from them. The trials include them, unless you give --clean.

The figure of --plot shows the rates at every threshold (ROC and DET), and the scores of both \
kinds of photos with the threshold. With --people it has one curve per method, for the smallest \
number of photos of --enrolled, and the threshold for 1 stranger in 10,000.")]
pub struct EvalArgs {
    /// Photos of the person
    #[arg(long, value_name = "DIR", requires = "negatives", required_unless_present_any = ["people", "pairs"])]
    positives: Vec<PathBuf>,
    /// Photos of other people
    #[arg(long, value_name = "DIR", requires = "positives")]
    negatives: Vec<PathBuf>,
    /// Enrol from the positives themselves, K times, each time without one part of them, which is then tested
    #[arg(long, value_name = "K", value_parser = values::parts, requires = "positives")]
    folds: Option<NonZero<usize>>,
    /// A folder with one folder per person (repeatable); several are measured separately
    #[arg(long, value_name = "DIR", conflicts_with_all = ["positives", "negatives", "folds"])]
    people: Vec<PathBuf>,
    /// A file of pairs of photos, of which the first is enrolled and the second checked: LFW's pairs.txt with its
    /// photos below --people or beside the file, or lines of two photos and 1 (one person) or 0 (two people), such
    /// as `a/1.jpg,b/2.jpg,0`
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = [
            "positives", "negatives", "folds", "enrolled", "leave_out", "strangers", "gallery", "answers",
            "stress",
        ]
    )]
    pairs: Option<PathBuf>,
    /// Also measure each group of people: a table with a person and a label in each line, such as `Ann,female`;
    /// each further column groups the people in another way
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
    /// Estimate the population K times, each time without one part of the people, who are then tested
    #[arg(long, value_name = "K", value_parser = values::parts, requires = "people")]
    refit: Option<NonZero<usize>>,
    /// With several folders of people: measure each on a population estimated from the others alone
    #[arg(long, requires = "people", conflicts_with = "refit")]
    leave_out: bool,
    /// Also measure the effect of `enroll --strangers`: the threshold is learned from half of the others' photos
    /// and half of the person's, without labels, and the rest are tested
    #[arg(long, requires = "people")]
    strangers: bool,
    /// Measure identification instead: how often people are confused or missed if N people are enrolled at once,
    /// with the method of --method or the default one
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        value_parser = values::photos,
        requires = "people",
        conflicts_with_all = ["stress", "plot", "refit", "strangers"]
    )]
    gallery: Vec<NonZero<usize>>,
    /// Measure how much a review helps instead: each person with at least twelve photos is enrolled with one and
    /// searched for among all others, and N faces are answered
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        requires = "people",
        conflicts_with_all = ["stress", "plot", "gallery", "strangers", "enrolled"]
    )]
    answers: Vec<usize>,
    /// A file of related people, who do not count as strangers to each other and get a separate table, one pair per
    /// line, such as `Ann Bob parent`
    #[arg(long, value_name = "FILE", requires = "people")]
    related: Option<PathBuf>,
    /// Leave wrong labels out of the trials too, not only out of populations
    #[arg(long, requires = "people")]
    clean: bool,
    /// Measure what harms the decision instead: poor, covered and copied photos, swapped faces, the most similar
    /// strangers, a stranger's photo among the enrolled ones
    #[arg(long, requires = "people", conflicts_with_all = ["enrolled", "plot"])]
    stress: bool,
    /// The largest number of people that --stress enrols [default: all with at least six photos]
    #[arg(long, value_name = "N", value_parser = values::photos, requires = "stress")]
    sample: Option<NonZero<usize>>,
    /// Measure only this method [default: all with one --people; centroid with several or with --stress; otherwise
    /// the profile's]
    #[arg(long, value_enum)]
    method: Option<MethodChoice>,
    /// Also draw ROC, DET and histograms: a file ending in .png or .svg
    #[arg(long, value_name = "OUT")]
    plot: Option<PathBuf>,
    /// Width and height of the figure in pixels
    #[arg(long, value_name = "WxH", default_value = "1600x1400", requires = "plot")]
    size: Size,
    /// Also write all figures and tables as one page: a file ending in .html
    #[arg(long, value_name = "OUT", conflicts_with_all = ["positives", "stress", "gallery", "answers"])]
    out: Option<PathBuf>,
    /// Print one JSON object per line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    walk: WalkArgs,
}

/// Measure and print.
///
/// # Errors
/// If photos or the profile are missing, a method cannot be fitted, or a file cannot be written.
pub fn run(args: &EvalArgs, context: &Context) -> Result<Exit> {
    // Check before minutes of work instead of after.
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
        note(&format!("wrote {}", shown(out)));
    }
    Ok(Exit::Success)
}
