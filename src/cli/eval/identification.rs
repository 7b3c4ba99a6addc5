//! Measures identification with galleries of several sizes over folders of people.

use std::path::Path;

use serde::Serialize;

use super::folders::{Folder, method, population};
use super::{EvalArgs, text};
use crate::cli::output::{print, print_json, printable, problem};
use crate::cli::{Context, Working};
use crate::error::{Error, Result};
use crate::eval::{Identification, measure_identification};
use crate::plot::folder_name;

/// A row for one folder.
#[derive(Serialize)]
struct Within<'a> {
    folder: &'a Path,
    #[serde(flatten)]
    measured: &'a Identification,
}

/// Measure galleries over the people of each folder and print a row for each size and number of photos.
pub(super) fn run(args: &EvalArgs, folders: &[Folder], context: &Context) -> Result<()> {
    if !args.json {
        print(text::HEADER_GALLERIES)?;
    }
    for (at, folder) in folders.iter().enumerate() {
        let population = population(args, folders, at, context)?;
        for enrolled in &args.enrolled {
            for size in &args.gallery {
                let (size, method) = ((size.get(), enrolled.get()), method(args));
                let people = &folder.people;
                let working = Working::on("measuring");
                let measured =
                    measure_identification(people, &population, method, size, context.threads);
                drop(working);
                match measured {
                    Ok(measured) => said(args, folder.path, &measured)?,
                    Err(error @ Error::Value { .. }) => {
                        problem(&format!("{}: {error}", folder.path.display()));
                    }
                    Err(error) => return Err(error),
                }
            }
        }
    }
    Ok(())
}

fn said(args: &EvalArgs, folder: &Path, measured: &Identification) -> Result<()> {
    if args.json {
        return print_json(&Within { folder, measured });
    }
    print(&text::gallery(&printable(&folder_name(folder)), measured))
}
