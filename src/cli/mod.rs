//! The command line. Each command has a room: its arguments and its work in one file, what it says
//! in another. What the commands share is in `context` (profile, models, photos behind a
//! progress bar), `values` (flags) and [`output`] (printing).

mod check;
mod common;
mod completions;
mod config;
mod context;
mod decode;
mod doctor;
mod embed;
mod enroll;
mod eval;
mod exit;
mod faces;
mod from_xmp;
mod identify;
mod index;
mod intake;
mod library;
mod logging;
mod man;
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
mod review;
mod scan;
#[cfg(feature = "serve")]
mod serve;
mod sidecars;
mod tally;
#[cfg(unix)]
mod unseen;
mod values;
mod version;
mod videos;
mod walk;

use clap::{Parser, Subcommand};

pub use common::{Color, CommonArgs};
pub use config::parse;
pub use context::{Context, measurable, people_in, photos_in};
pub use exit::Exit;
pub use progress::{Progress, Working};
pub use tally::Tally;
pub use values::{MethodChoice, Prior, ThresholdArgs};
pub use videos::VideoArgs;

use crate::error::Result;

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
  verify review                       look through what a scan found, and learn from it
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
    /// Look through what a scan found, and learn from each answer
    Review(review::ReviewArgs),
    /// Gather the unknown faces of a photo library into people
    Faces(faces::FacesArgs),
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
    /// See the values of flags and where they come from: variables, the file of settings
    Config(config::ConfigArgs),
    /// Decode one photo for another verify
    #[command(hide = true)]
    Decode,
    /// Print the completions of a shell
    Completions(completions::CompletionsArgs),
    /// Print a manual page, or write all of them
    Man(man::ManArgs),
}

impl Command {
    /// How requests are logged, if they are.
    fn requests(&self) -> Option<logging::LogForm> {
        match self {
            #[cfg(feature = "serve")]
            Self::Serve(args) => args.log,
            _ => None,
        }
    }
}

/// Do what the command line asks.
///
/// # Errors
/// Whatever stops a command; [`crate::Error::Output`] where the output was closed.
pub fn run(cli: &Cli) -> Result<Exit> {
    cli.common.set_voice();
    if !matches!(cli.command, Command::Decode) {
        logging::start(cli.common.verbose, cli.command.requests())?;
    }
    // Not for those commands that must work beside a pack that cannot be used.
    let context = || Context::new(&cli.common);
    match &cli.command {
        Command::Enroll(args) => enroll::run(args, &context()?),
        Command::Check(args) => check::run(args, &context()?),
        Command::Identify(args) => identify::run(args, &context()?),
        Command::Scan(args) => scan::run(args, &context()?),
        Command::Review(args) => review::run(args, &context()?),
        Command::Faces(args) => faces::run(args, &context()?),
        Command::Embed(args) => embed::run(args, &context()?),
        Command::Plot(args) => plot::run(args, &context()?),
        Command::Sheet(args) => plot::sheet(args, &context()?),
        Command::Report(args) => report::run(args, &context()?),
        Command::Eval(args) => eval::run(args, &context()?),
        Command::Pack(args) => pack::run(args, cli.common.pack.as_deref()),
        Command::Population(args) => population::run(args, &context()?),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(args, &context()?),
        Command::People(args) => people::run(args, &context()?),
        Command::Profile(args) => profile::run(args, &context()?),
        Command::Index(args) => index::run(args, &context()?),
        Command::Doctor(args) => doctor::run(args, &context()?),
        Command::Config(args) => config::run(args, &cli.common),
        Command::Completions(args) => completions::completions(args),
        Command::Man(args) => man::run(args),
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
