//! `--xmp` of `verify scan` and `verify identify`: writes names into XMP sidecars.

use std::path::Path;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::output::{grouped, note, printable, problem, shown};
use crate::check::CheckReport;
use crate::error::{Error, Front, Result};
use crate::identify::Identified;
use crate::xmp::{Kept, Named, Naming, Outcome, Sidecar, write};

/// The most messages that are kept for the end.
const MOST_MESSAGES: usize = 1_000;

/// Whether sidecars are written, and how they are named.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "XMP")]
pub struct XmpArgs {
    /// Write the names and the places of their faces into XMP sidecars beside the photos, for other programs; what a
    /// sidecar already contains stays, and no photo is changed
    #[arg(long, group = "into")]
    pub xmp: bool,
    /// The name of the sidecar of photo.jpg
    #[arg(long, value_enum, value_name = "HABIT", default_value_t, requires = "xmp")]
    xmp_name: Habit,
}

/// How a sidecar is named, for the example photo.jpg.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Habit {
    /// As digiKam, darktable, Immich and PhotoPrism do
    #[default]
    #[value(name = "photo.jpg.xmp")]
    Whole,
    /// As Adobe's programs do
    #[value(name = "photo.xmp")]
    Stem,
}

/// The result of writing a photo's sidecar.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Written {
    /// It has the names.
    Done(Sidecar),
    /// It was not changed.
    Failed {
        /// The word for this in JSON.
        outcome: &'static str,
        /// Why.
        error: String,
    },
}

/// A line of JSON with the result of writing the sidecar.
#[derive(Serialize)]
pub struct WithSidecar<'a, T> {
    #[serde(flatten)]
    pub line: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xmp: Option<&'a Written>,
}

/// Writes sidecars, and counts them.
#[derive(Debug)]
pub struct Sidecars {
    naming: Option<Naming>,
    dry: bool,
    written: u64,
    unchanged: u64,
    failed: u64,
    messages: Vec<String>,
}

impl Written {
    /// A line for a sidecar that would be written.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Done(Sidecar { outcome: Outcome::WouldWrite, path, added, .. }) => {
                let names = printable(&added.join(", "));
                vec![format!("would be written to {}: {names}", shown(path))]
            }
            _ => Vec::new(),
        }
    }
}

impl Sidecars {
    /// For a command with these flags; if `dry`, nothing is written.
    pub fn of(args: &XmpArgs, dry: bool) -> Self {
        let naming = match args.xmp_name {
            Habit::Whole => Naming::Whole,
            Habit::Stem => Naming::Stem,
        };
        let naming = args.xmp.then_some(naming);
        Self { naming, dry, written: 0, unchanged: 0, failed: 0, messages: Vec::new() }
    }

    /// Write the sidecar of a photo of this size in which the person called `name` was found.
    pub fn of_person(
        &mut self,
        report: &CheckReport,
        name: &str,
        size: Option<(u32, u32)>,
    ) -> Option<Written> {
        let best = report.faces.first()?;
        let named = Named { name: name.to_owned(), bounds: best.face.bounds };
        self.write(&report.photo, size?, &[named])
    }

    /// Write the sidecar of a photo of this size with everybody found in it.
    pub fn of_people(&mut self, found: &Identified, size: Option<(u32, u32)>) -> Option<Written> {
        let known = found.faces.iter().filter(|face| face.person.is_some());
        let named = known.map(|face| Named { name: face.name.clone(), bounds: face.face.bounds });
        let named: Vec<Named> = named.collect();
        if named.is_empty() {
            return None;
        }
        self.write(&found.photo, size?, &named)
    }

    fn write(&mut self, photo: &Path, size: (u32, u32), named: &[Named]) -> Option<Written> {
        let sidecar = match write(photo, size, named, self.naming?, self.dry) {
            Ok(sidecar) => sidecar,
            Err(error) => {
                let error = error.told(Front::Command);
                self.failed += 1;
                self.keep(error.clone());
                return Some(Written::Failed { outcome: "failed", error });
            }
        };
        match sidecar.outcome {
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Written | Outcome::WouldWrite => self.written += 1,
        }
        for Kept { name, called } in &sidecar.kept {
            let (path, name) = (shown(&sidecar.path), printable(name));
            self.keep(match called {
                Some(called) => {
                    format!(
                        "{path}: the face of {name} is called {} there; left unchanged",
                        printable(called)
                    )
                }
                None => format!("{path}: another face is called {name} there; left unchanged"),
            });
        }
        Some(Written::Done(sidecar))
    }

    fn keep(&mut self, message: String) {
        if self.messages.len() < MOST_MESSAGES {
            self.messages.push(message);
        }
    }

    /// Whether every sidecar could be written.
    pub fn all_done(&self) -> bool {
        self.failed == 0
    }

    /// Whether there was nothing to do.
    pub fn is_idle(&self) -> bool {
        self.written + self.unchanged + self.failed == 0
    }

    /// Print how many sidecars were written, and the errors of others.
    pub fn note(&self) {
        if self.naming.is_none() {
            return;
        }
        self.messages.iter().for_each(|message| problem(message));
        let written = if self.dry { "would be written" } else { "written" };
        let counts =
            [(self.written, written), (self.unchanged, "unchanged"), (self.failed, "failed")];
        let counts = counts.iter().filter(|(count, word)| *count > 0 || *word == written);
        let counts: Vec<String> =
            counts.map(|(count, word)| format!("{} {word}", grouped(*count))).collect();
        note(&format!("XMP sidecars: {}", counts.join(", ")));
    }
}

/// Refuse a photo on standard input, which has no place for a sidecar.
///
/// # Errors
/// [`Error::Value`].
pub fn check_not_piped(args: &XmpArgs, roots: &[std::path::PathBuf]) -> Result<()> {
    if args.xmp && roots.iter().any(|root| super::intake::is_piped(root)) {
        let problem = "standard input has no place for a sidecar; save it as a file first";
        return Err(Error::value("-", problem));
    }
    Ok(())
}
