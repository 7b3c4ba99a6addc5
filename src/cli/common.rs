//! The flags that every command has.

use std::num::NonZero;
use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use super::output::be_quiet;
use super::values;
use crate::error::Result;
use crate::index::Place;
use crate::model::Device;
use crate::pack::Pack;
use crate::people::Folder;

/// Flags of every command. `config` reads the variables, so that a flag on the command line takes precedence.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct CommonArgs {
    /// Use this profile file instead of an enrolled person's
    #[arg(long, global = true, value_name = "PATH", env = "VERIFY_PROFILE")]
    pub profile: Option<PathBuf>,
    /// The person, by name [default: the one enrolled last]
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "profile")]
    pub person: Option<String>,
    // `eval` and `population` have a --people of their own instead of this one.
    /// The folder with the people's profiles, instead of the one in the user's data folder
    #[arg(long, global = true, value_name = "DIR", env = "VERIFY_PEOPLE")]
    pub people: Option<PathBuf>,
    /// How many photos to analyse at a time [default: one per core]
    #[arg(long, global = true, value_name = "N", value_parser = values::threads)]
    pub threads: Option<NonZero<usize>>,
    /// The index file, instead of the one in the user's cache folder
    #[arg(long, global = true, value_name = "FILE", env = "VERIFY_INDEX")]
    pub index: Option<PathBuf>,
    /// Neither read the index nor add photos to it
    #[arg(long, global = true, conflicts_with = "index")]
    pub no_index: bool,
    /// Read the passphrase of encrypted profiles from this file instead of asking for it; every profile that is
    /// saved is then encrypted with it
    #[arg(long, global = true, value_name = "FILE", env = "VERIFY_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// The pack of models: a name that `verify pack list` shows, or a folder [default: the built-in pack]
    #[arg(long, global = true, value_name = "NAME|DIR", env = "VERIFY_PACK")]
    pub pack: Option<String>,
    /// The device that runs the networks [default: auto, the processor]
    #[arg(long, global = true, value_name = "DEVICE", value_parser = values::device(), env = "VERIFY_DEVICE")]
    pub device: Option<Device>,
    /// The settings file, which gives values to flags that are not on the command line, instead of the one in the
    /// user's settings folder; `none` reads no file
    #[arg(long, global = true, value_name = "FILE", env = "VERIFY_CONFIG")]
    pub config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long, global = true, conflicts_with = "config")]
    pub no_config: bool,
    /// Print nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Log to standard error what is opened, found and skipped, and how long each step took; -vv logs each photo
    /// with its path
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// When to use colours [default: auto]
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    pub color: Option<Color>,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On terminals, unless $NO_COLOR is set
    Auto,
    /// Also in files and pipes
    Always,
    /// Nowhere
    Never,
}

impl CommonArgs {
    /// Set how much the program prints, and whether in colours.
    pub(super) fn set_voice(&self) {
        if self.quiet {
            be_quiet();
        }
        match self.color {
            Some(Color::Always) => anstream::ColorChoice::Always.write_global(),
            Some(Color::Never) => anstream::ColorChoice::Never.write_global(),
            Some(Color::Auto) | None => {}
        }
    }

    /// Where the people's profiles are.
    pub(super) fn folder(&self) -> Folder {
        match (&self.people, &self.profile) {
            (Some(people), Some(profile)) => Folder::at(people.clone()).with(profile.clone()),
            (Some(people), None) => Folder::at(people.clone()),
            (None, Some(profile)) => Folder::beside(profile.clone()),
            (None, None) => Folder::of_user(),
        }
    }

    /// The pack in use.
    pub(super) fn pack(&self) -> Result<Pack> {
        self.pack.as_deref().map_or_else(Pack::default_pack, Pack::named)
    }

    /// Where the index is; `None` with --no-index.
    pub(super) fn index_place(&self) -> Option<Place> {
        match self.index.clone() {
            _ if self.no_index => None,
            Some(path) => Some(Place::named(path)),
            None => Place::of_user(),
        }
    }
}
