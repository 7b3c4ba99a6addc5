//! Every method over a folder of people.

use std::num::NonZero;
use std::path::Path;

use super::{EvalArgs, text};
use crate::cli::output::{grouped, note, print, print_json};
use crate::cli::{Context, people_in};
use crate::decision::Method;
use crate::error::Result;
use crate::eval::{Plan, measure, refitted_parts};

/// Measure the methods and print a row for each.
pub(super) fn run(args: &EvalArgs, folder: &Path, context: &Context) -> Result<()> {
    let population = context.population()?;
    let people = people_in(context, folder)?;
    let named = args.method.and_then(|choice| choice.named());
    let plan = Plan {
        methods: named.map_or_else(|| Method::ALL.to_vec(), |method| vec![method]),
        enrolled: args.enrolled.iter().map(|n| n.get()).collect(),
        threads: context.threads,
    };
    note(&format!("trying {} people", grouped(people.0.len() as u64)));
    let parts = match args.refit.map(NonZero::get) {
        None => vec![(population, people)],
        Some(parts) => refitted_parts(&people, parts, context.threads, |done, all| {
            note(&format!("estimating population {} of {all}", done + 1));
        })?,
    };
    if !args.json {
        print(text::HEADER)?;
    }
    measure(&parts, &plan, |row| if args.json { print_json(&row) } else { print(&text::row(&row)) })
}
