//! Every method over a folder of people.

use std::num::NonZero;
use std::path::Path;

use super::labels::print_findings;
use super::{EvalArgs, text};
use crate::cli::output::{count, grouped, note, print, print_json, shown};
use crate::cli::{Context, Working, measurable, people_in};
use crate::decision::{Method, threshold_for};
use crate::error::{Error, Result};
use crate::eval::{
    Parts, People, Plan, Related, Row, Scores, check_labels, measure, refitted_parts,
};
use crate::plot::{Curve, Histogram, RatesFigure};

/// The false accept rate whose threshold the figure shows: that of an enrolment without flags.
const FAR: f64 = 1e-4;

/// Measure the methods and print a row for each; the figure of those after the fewest photos.
pub(super) fn run(
    args: &EvalArgs,
    folder: &Path,
    context: &Context,
) -> Result<Option<RatesFigure>> {
    let named = args.method.and_then(|choice| choice.named());
    let parts = parts(args, folder, context)?;
    let all = || parts.first().map(|(population, _)| measurable(Method::ALL, population));
    let plan = Plan {
        methods: named.map_or_else(|| all().unwrap_or_default(), |method| vec![method]),
        enrolled: args.enrolled.iter().map(|n| n.get()).collect(),
        enrolments: 0,
        at_hand: false,
        threads: context.threads,
    };
    let fewest = plan.enrolled.iter().copied().min().unwrap_or_default();
    let mut drawn = Drawn::default();
    if !args.json {
        print(text::HEADER)?;
    }
    let mut spreads = String::from(text::SPREAD_HEADER);
    let working = Working::on("measuring");
    measure(&parts, &plan, |row, scores| {
        if args.plot.is_some() && row.enrolled == fewest {
            drawn.add(&row, scores);
        }
        spreads += &text::spread(row.method.name(), &row);
        working.aside(|| if args.json { print_json(&row) } else { print(&text::row(&row)) })
    })?;
    drop(working);
    if !args.json {
        print(&spreads)?;
    }
    Ok(drawn.figure())
}

/// The people below `folder`, with populations to be tried on.
pub(super) fn parts(args: &EvalArgs, folder: &Path, context: &Context) -> Result<Parts> {
    let population = context.population()?;
    let people = checked_people(args, folder, context)?;
    note(&format!("trying {} people", grouped(people.0.len() as u64)));
    match args.refit.map(NonZero::get) {
        None => Ok(vec![(population, people)]),
        Some(parts) => {
            let named = args.method.and_then(|choice| choice.named());
            // Enrolment, which --stress tries, goes by the default method.
            let wanted =
                |method: &Method| *method == Method::DEFAULT || named.is_none_or(|n| n == *method);
            let methods: Vec<_> = Method::ALL.into_iter().filter(wanted).collect();
            let working = Working::on("estimating");
            refitted_parts(&people, parts, &methods, context.threads, |done, all| {
                working.aside(|| note(&format!("estimating population {} of {all}", done + 1)));
            })
        }
    }
}

/// The people below `folder`, whose labels that cannot be right are printed, and left out if asked for.
///
/// # Errors
/// As [`people_in`]; if nobody is left to be a stranger.
pub(super) fn checked_people(args: &EvalArgs, folder: &Path, context: &Context) -> Result<People> {
    let mut people = people_in(context, folder, &args.walk.walk())?;
    let related = args.related.as_deref().map(Related::read).transpose()?.unwrap_or_default();
    related.enter(&mut people);
    let checked = check_labels(&people);
    let done = match (args.clean, args.refit) {
        (true, _) => "left out",
        (false, Some(_)) => "left out of what is estimated, not of the trials (--clean)",
        (false, None) => "but tried all the same (--clean leaves them out)",
    };
    print_findings(&checked.findings, done, args.json)?;
    if !args.clean {
        return Ok(people);
    }
    if checked.people.0.len() < 2 {
        let problem = format!("one person is left of {}; try without it", shown(folder));
        return Err(Error::value("--clean", problem));
    }
    Ok(checked.people)
}

/// What the figure needs of the rows that are in it: far less than all their scores.
#[derive(Default)]
struct Drawn {
    title: String,
    trials: String,
    curves: Vec<Curve>,
    histogram: Option<Histogram>,
}

impl Drawn {
    fn add(&mut self, row: &Row, scores: &Scores) {
        let threshold = threshold_for(FAR);
        let photos = count(row.enrolled, "enrolled photo");
        self.title = format!("{} people after {photos} each", grouped(row.people as u64));
        let [genuine, impostor] = [row.genuine, row.impostor].map(|n| grouped(n as u64));
        self.trials = format!("{genuine} genuine and {impostor} impostor trials");
        self.curves.push(Curve::of(row.method, scores, threshold));
        self.histogram.get_or_insert_with(|| Histogram::of(scores, threshold));
    }

    fn figure(self) -> Option<RatesFigure> {
        let threshold = threshold_for(FAR);
        let histogram = self.histogram?;
        Some(RatesFigure::new(&self.title, &self.trials, self.curves, histogram, threshold))
    }
}
