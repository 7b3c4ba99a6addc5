//! The command line. Each command has a room: its arguments and its work in one file, what it says
//! in another. What the commands share is in `context` (profile, models, photos behind a
//! progress bar), `values` (flags) and [`output`] (printing).

mod check;
mod completions;
mod context;
mod decode;
mod doctor;
mod embed;
mod enroll;
mod eval;
mod exit;
mod identify;
mod index;
mod intake;
mod library;
pub mod output;
mod pack;
pub mod panics;
mod passphrase;
mod people;
mod plot;
mod population;
mod profile;
mod progress;
mod report;
mod scan;
#[cfg(feature = "serve")]
mod serve;
mod tally;
#[cfg(unix)]
mod unseen;
mod values;
mod videos;

use std::num::NonZero;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use context::{Context, measurable, people_in, photos_in};
pub use exit::Exit;
pub use progress::Progress;
pub use tally::Tally;
pub use values::{MethodChoice, Prior, ThresholdArgs};
pub use videos::VideoArgs;

use crate::error::Result;
use crate::index::Place;
use crate::model::Device;
use crate::pack::Pack;
use crate::people::Folder;

/// Learns one person's face from a folder of photos, and says whether that person is in another.
#[derive(Debug, Parser)]
#[command(
    name = "verify",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:
  verify enroll photos/of/anna        learn Anna from a folder of photos
  verify check party.jpg              is she in this one?
  verify check album/                 in which of these?
  verify check clip.mp4               when is she in this video?
  verify scan ~/Pictures              where is she in all my photos?
  verify identify party.jpg           who of all who are enrolled is in this one?
  verify plot anna.png                a picture of what was learnt
  verify serve                        all of this on a page

Everything stays on this computer. `verify COMMAND --help` says more about a command."
)]
pub struct Cli {
    /// What all commands share.
    #[command(flatten)]
    pub common: CommonArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
pub struct CommonArgs {
    /// A profile's file, instead of a person's
    #[arg(long, global = true, value_name = "PATH", help_heading = "Everywhere")]
    pub profile: Option<PathBuf>,
    /// The person who is meant, by name [default: who was enrolled last]
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        conflicts_with = "profile",
        help_heading = "Everywhere"
    )]
    pub person: Option<String>,
    // `eval` and `population` have a --people of their own, which takes the place of this one there.
    /// The folder of the people's profiles, instead of the one in the user's data folder
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    pub people: Option<PathBuf>,
    /// Photos worked on at a time [default: one for each core]
    #[arg(long, global = true, value_name = "N", value_parser = values::threads, help_heading = "Everywhere")]
    pub threads: Option<NonZero<usize>>,
    /// The index's file, in place of the one in the user's cache folder (or of $VERIFY_INDEX)
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub index: Option<PathBuf>,
    /// Neither look photos up in the index nor add them to it
    #[arg(long, global = true, conflicts_with = "index", help_heading = "Everywhere")]
    pub no_index: bool,
    /// A file with the passphrase of encrypted profiles, in place of being asked (or $VERIFY_KEY_FILE);
    /// whatever profile is saved is then encrypted with it
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub key_file: Option<PathBuf>,
    /// The pack of models: a name that `verify pack list` shows, or a folder (or $VERIFY_PACK)
    /// [default: the one built in]
    #[arg(long, global = true, value_name = "NAME|DIR", help_heading = "Everywhere")]
    pub pack: Option<String>,
    /// What runs the networks [default: auto, the fastest that ONNX Runtime offers, or $VERIFY_DEVICE]
    #[arg(long, global = true, value_name = "DEVICE", value_parser = values::device(), help_heading = "Everywhere")]
    pub device: Option<Device>,
}

impl CommonArgs {
    /// Where the people's profiles are.
    fn folder(&self) -> Folder {
        match (&self.people, &self.profile) {
            (Some(people), Some(profile)) => Folder::at(people.clone()).with(profile.clone()),
            (Some(people), None) => Folder::at(people.clone()),
            (None, Some(profile)) => Folder::beside(profile.clone()),
            (None, None) => Folder::of_user(),
        }
    }

    /// The pack that is asked for, if one is.
    fn pack_name(&self) -> Option<String> {
        let of_environment = || std::env::var("VERIFY_PACK").ok().filter(|name| !name.is_empty());
        self.pack.clone().or_else(of_environment)
    }

    /// The pack in use.
    fn pack(&self) -> Result<Pack> {
        self.pack_name().map_or_else(Pack::default_pack, |name| Pack::named(&name))
    }

    /// Where the index is, if one is wanted.
    fn index_place(&self) -> Option<Place> {
        match self.index.clone().or_else(|| path_in("VERIFY_INDEX")) {
            _ if self.no_index => None,
            Some(path) => Some(Place::named(path)),
            None => Place::of_user(),
        }
    }

    /// The file with the passphrase, if one is named.
    fn key_file(&self) -> Option<PathBuf> {
        self.key_file.clone().or_else(|| path_in("VERIFY_KEY_FILE"))
    }
}

/// The path that a variable of the environment holds.
fn path_in(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|name| !name.is_empty()).map(PathBuf::from)
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Learn a person from photos, or change what was learnt
    Enroll(enroll::EnrollArgs),
    /// Say of photos whether the person is in them
    Check(check::CheckArgs),
    /// Say of each face in photos who of the enrolled people it is
    Identify(identify::IdentifyArgs),
    /// Find the person in a photo library of any size
    Scan(scan::ScanArgs),
    /// Write the embeddings of photos for other programs
    Embed(embed::EmbedArgs),
    /// Draw the person's photos among strangers, as PNG, SVG or a page
    Plot(plot::PlotArgs),
    /// Draw all faces side by side, sorted by score
    Sheet(plot::SheetArgs),
    /// Write a page that says whether to trust what was learnt
    Report(report::ReportArgs),
    /// Measure how accurate the decisions are
    Eval(eval::EvalArgs),
    /// See the packs of models, and check one
    Pack(pack::PackArgs),
    /// Estimate the population that decisions are calibrated against (for makers of packs)
    Population(population::PopulationArgs),
    /// Open a page to enrol and check on, and answer other programs over HTTP
    #[cfg(feature = "serve")]
    Serve(serve::ServeArgs),
    /// See who is enrolled, rename or remove somebody, tell two who look alike apart
    People(people::PeopleArgs),
    /// See what is kept of the person, take it along, or delete it
    Profile(profile::ProfileArgs),
    /// See what is kept of photos that were looked at, and remove it
    Index(index::IndexArgs),
    /// See whether everything works, and what to do where it does not
    Doctor(doctor::DoctorArgs),
    /// Decode one photo for another verify
    #[command(hide = true)]
    Decode,
    /// Print the completions of a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual page
    Man(completions::ManArgs),
}

/// Do what the command line asks.
///
/// # Errors
/// Whatever stops a command; [`crate::Error::Output`] where the output was closed.
pub fn run(cli: &Cli) -> Result<Exit> {
    // Not for those commands that must work beside a pack that cannot be used.
    let context = || Context::new(&cli.common);
    match &cli.command {
        Command::Enroll(args) => enroll::run(args, &context()?),
        Command::Check(args) => check::run(args, &context()?),
        Command::Identify(args) => identify::run(args, &context()?),
        Command::Scan(args) => scan::run(args, &context()?),
        Command::Embed(args) => embed::run(args, &context()?),
        Command::Plot(args) => plot::run(args, &context()?),
        Command::Sheet(args) => plot::sheet(args, &context()?),
        Command::Report(args) => report::run(args, &context()?),
        Command::Eval(args) => eval::run(args, &context()?),
        Command::Pack(args) => pack::run(args, cli.common.pack_name().as_deref()),
        Command::Population(args) => population::run(args, &context()?),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(args, &context()?),
        Command::People(args) => people::run(args, &context()?),
        Command::Profile(args) => profile::run(args, &context()?),
        Command::Index(args) => index::run(args, &context()?),
        Command::Doctor(args) => doctor::run(args, &context()?),
        Command::Completions(args) => completions::completions(args),
        Command::Man(args) => completions::man(args),
        Command::Decode => decode::run(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
