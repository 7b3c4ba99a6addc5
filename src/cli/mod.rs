//! The command line. Each command has its module: arguments and work in one file, its text in another. The
//! commands share `context` (profile, models, photos with a progress bar), `values` (flags) and [`output`]
//! (printing).

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

/// Learns one person's face from a folder of photos, and says whether that person is in another photo.
#[derive(Debug, Parser)]
#[command(
    name = "verify",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:
  verify enroll photos/of/anna        enrol Anna from a folder of photos
  verify check party.jpg              is she in this photo?
  verify check album/                 in which of these photos is she?
  verify check clip.mp4               when is she in this video?
  verify scan ~/Pictures              find her in all your photos
  verify review                       confirm or reject doubtful faces of a scan
  verify identify party.jpg           which of the enrolled people are in this photo?
  verify plot anna.png                draw the profile among strangers
  verify serve                        do all of this on a web page

Everything stays on this computer. `verify COMMAND --help` explains a command."
)]
pub struct Cli {
    /// The flags that all commands have.
    #[command(flatten)]
    pub common: CommonArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Enrol a person from photos, or change the profile
    Enroll(enroll::EnrollArgs),
    /// Say whether the person is in photos
    Check(check::CheckArgs),
    /// Say which enrolled person, if any, each face in photos is
    Identify(identify::IdentifyArgs),
    /// Find the person in a photo library of any size
    Scan(scan::ScanArgs),
    /// Confirm or reject faces that a scan found, and learn from each answer
    Review(review::ReviewArgs),
    /// Group the unknown faces of a photo library by person
    Faces(faces::FacesArgs),
    /// Write the embeddings of photos for other programs
    Embed(embed::EmbedArgs),
    /// Draw the person's photos among strangers, as PNG, SVG or a web page
    Plot(plot::PlotArgs),
    /// Draw all faces side by side, sorted by score
    Sheet(plot::SheetArgs),
    /// Write a page that says how reliable the profile is
    Report(report::ReportArgs),
    /// Measure how accurate the decisions are
    Eval(eval::EvalArgs),
    /// List, show or check packs of models
    Pack(pack::PackArgs),
    /// Estimate the population that decisions are calibrated against (for makers of packs)
    Population(population::PopulationArgs),
    /// Serve a web page for enrolling and checking, and an HTTP API for other programs
    #[cfg(feature = "serve")]
    Serve(serve::ServeArgs),
    /// List, rename or remove enrolled people, or keep two who look alike apart
    People(people::PeopleArgs),
    /// Show, export, encrypt or delete a profile
    Profile(profile::ProfileArgs),
    /// Show, prune or remove the index of analysed photos
    Index(index::IndexArgs),
    /// Check whether everything works, and how to fix what does not
    Doctor(doctor::DoctorArgs),
    /// Show the values of flags and where they come from: the command line, variables, the settings file
    Config(config::ConfigArgs),
    /// Decode one photo for another verify process
    #[command(hide = true)]
    Decode,
    /// Print shell completions
    Completions(completions::CompletionsArgs),
    /// Print a manual page, or write all of them
    Man(man::ManArgs),
}

impl Command {
    /// The form of the request log, if one is wanted.
    fn requests(&self) -> Option<logging::LogForm> {
        match self {
            #[cfg(feature = "serve")]
            Self::Serve(args) => args.log,
            _ => None,
        }
    }
}

/// Run the command.
///
/// # Errors
/// The error that stopped the command; [`crate::Error::Output`] if the output was closed.
pub fn run(cli: &Cli) -> Result<Exit> {
    cli.common.set_voice();
    if !matches!(cli.command, Command::Decode) {
        logging::start(cli.common.verbose, cli.command.requests())?;
    }
    // Commands that must work with an invalid pack do not use it.
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
