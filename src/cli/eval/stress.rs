//! Measures what harms a decision, over a folder of people.

use std::fmt::Write as _;
use std::num::NonZero;
use std::path::Path;

use super::EvalArgs;
use super::people::parts;
use crate::cli::output::{print, print_json};
use crate::cli::{Context, Progress};
use crate::decision::Method;
use crate::error::Result;
use crate::eval::stress::{Changed, Kind, LookAlike, Plan, Row, Slipped, stress};
use crate::pack::Purpose;

/// The seed of all random choices: the same folder gives the same tables.
const SEED: u64 = 1;

/// Measure and print the tables.
pub(super) fn run(args: &EvalArgs, folder: &Path, context: &Context) -> Result<()> {
    let (parts, _) = parts(args, folder, context)?;
    let named = args.method.and_then(|choice| choice.named());
    let plan = Plan {
        method: named.unwrap_or(Method::DEFAULT),
        people: args.sample.map_or(usize::MAX, NonZero::get),
        seed: SEED,
    };
    let mut bar = None;
    let mut text = Text::default();
    let settings = context.settings(Purpose::Checking);
    stress(
        &parts,
        &context.pack,
        &settings,
        &plan,
        |_, all| bar.get_or_insert_with(|| Progress::new(all)).step(),
        |row| if args.json { print_json(&row) } else { print(&text.row(&row)) },
    )
}

/// The tables as text, each with a heading.
#[derive(Default)]
struct Text {
    heading: &'static str,
}

impl Text {
    fn row(&mut self, row: &Row) -> String {
        let (heading, line) = match row {
            Row::Changed(changed) => (heading_of(changed.kind), changed_line(changed)),
            Row::LookAlike(found) => (LOOK_ALIKES, look_alike_line(found)),
            Row::Slipped(slipped) => (SLIPPED, slipped_line(slipped)),
        };
        let mut text = String::new();
        if heading != self.heading {
            let gap = if self.heading.is_empty() { "" } else { "\n" };
            let _ = write!(text, "{gap}{heading}");
            self.heading = heading;
        }
        text + &line
    }
}

const LOOK_ALIKES: &str = "\
The stranger most like each enrolled person
people  photos each  accepted     score: median   90 %    most
";
const SLIPPED: &str = "\
One photo of a stranger among the person's own: rates without it > with it
own  stranger    people    kept  accepted: stranger           others               person
";

fn heading_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Distorted => {
            "\
The person's other photos, made worse: a higher share accepted is better
change              strength                        photos  no face  accepted     score
"
        }
        Kind::Copy => {
            "\
Copies of the person's photos: a lower share accepted would be better, but nothing guards against copies. IAPMR is
the impostor attack presentation match rate, the share of imitations that are accepted, with its 95 % interval
change              strength                        photos  no face  accepted     score  IAPMR
"
        }
        Kind::Swap => {
            "\
Two faces in one
change                           strength           photos  no face  accepted     score  IAPMR
"
        }
    }
}

fn changed_line(row: &Changed) -> String {
    let what = match row.kind {
        Kind::Swap => format!("{:<32} {:<18}", row.change, row.strength),
        _ => format!("{:<19} {:<31}", row.change, row.strength),
    };
    let score = row.score.map_or_else(|| "-".to_owned(), |mean| format!("{mean:.2}"));
    let [no_face, accepted] = [row.no_face, row.accepted].map(percent);
    let iapmr = row.iapmr.map_or_else(String::new, |iapmr| {
        let [value, low, high] = [iapmr.value, iapmr.low, iapmr.high].map(|share| 100.0 * share);
        format!("  {value:.1} % [{low:.1}, {high:.1}]")
    });
    format!("{what} {:>6}  {no_face:>7}  {accepted:>8}  {score:>8}{iapmr}\n", row.photos)
}

fn look_alike_line(row: &LookAlike) -> String {
    let LookAlike { people, strangers, median, ninth, most, .. } = row;
    let accepted = percent(row.accepted);
    format!(
        "{people:>6}  {strangers:>11}  {accepted:>8}  {median:>16.2}  {ninth:>5.2}  {most:>6.2}\n"
    )
}

fn slipped_line(row: &Slipped) -> String {
    let who = if row.most_alike { "most alike" } else { "random" };
    let pair = |[without, with]: [f64; 2]| format!("{} > {}", percent(without), percent(with));
    let others = row.others.map(|rate| format!("{rate:.1e}")).join(" > ");
    format!(
        "{:>3}  {who:<10}  {:>6}  {:>6}  {:>18}  {others:>15}  {:>19}\n",
        row.own,
        row.people,
        percent(row.kept),
        pair(row.stranger),
        pair(row.genuine)
    )
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
