//! Measures how much answers in a review help, over a folder of people.

use std::path::Path;

use super::EvalArgs;
use super::folders::method;
use super::people::parts;
use crate::cli::output::{print, print_json};
use crate::cli::{Context, Working};
use crate::error::Result;
use crate::eval::{Reviewed, measure_review};
use crate::pack::Purpose;

/// The heading over the rows.
const HEADER: &str = "\
Each person is enrolled with one photo and searched for among all others. TAR is measured on photos outside the review.
answers  people  given    yes   TAR at FAR 1e-4   TAR, FAR, set for 1e-4      found   settled
";

/// Measure and print a row for each number of answers.
pub(super) fn run(args: &EvalArgs, folder: &Path, context: &Context) -> Result<()> {
    let (parts, _) = parts(args, folder, context)?;
    let working = Working::on("measuring");
    let settings = context.settings(Purpose::Checking);
    let mut answers = args.answers.clone();
    answers.sort_unstable();
    let method = method(args);
    let rows = measure_review(&parts, &context.pack, &settings, method, &answers)?;
    drop(working);
    if args.json {
        return rows.iter().try_for_each(print_json);
    }
    print(HEADER)?;
    rows.iter().try_for_each(|row| print(&line(row)))
}

fn line(row: &Reviewed) -> String {
    let Reviewed { answers, people, given, yes, tar_asked, far_asked, found, settled, .. } = row;
    let tar = row.tar.map_or_else(|| "-".to_owned(), |tar| format!("{tar:.4}"));
    format!(
        "{answers:>7} {people:>7} {given:>6.1} {yes:>6.1} {tar:>17} {tar_asked:>12.4} {far_asked:>9.1e} {:>9.1} % {:>6.0} %\n",
        100.0 * found,
        100.0 * settled
    )
}
