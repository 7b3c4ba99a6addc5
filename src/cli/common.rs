//! The flags of every command, and what they come to.

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

/// Flags of every command. Variables are read by `config`, which lets a flag count before them.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct CommonArgs {
    /// A profile's file, instead of a person's
    #[arg(long, global = true, value_name = "PATH", env = "VERIFY_PROFILE")]
    pub profile: Option<PathBuf>,
    /// The person who is meant, by name [default: who was enrolled last]
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "profile")]
    pub person: Option<String>,
    // `eval` and `population` have a --people of their own, which takes the place of this one there.
    /// The folder of the people's profiles, instead of the one in the user's data folder
    #[arg(long, global = true, value_name = "DIR", env = "VERIFY_PEOPLE")]
    pub people: Option<PathBuf>,
    /// Photos worked on at a time [default: one for each core]
    #[arg(long, global = true, value_name = "N", value_parser = values::threads)]
    pub threads: Option<NonZero<usize>>,
    /// The index's file, instead of the one in the user's cache folder
    #[arg(long, global = true, value_name = "FILE", env = "VERIFY_INDEX")]
    pub index: Option<PathBuf>,
    /// Neither look photos up in the index nor add them to it
    #[arg(long, global = true, conflicts_with = "index")]
    pub no_index: bool,
    /// A file with the passphrase of encrypted profiles, instead of being asked; whatever profile is saved
    /// is then encrypted with it
    #[arg(long, global = true, value_name = "FILE", env = "VERIFY_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// The pack of models: a name that `verify pack list` shows, or a folder [default: the one built in]
    #[arg(long, global = true, value_name = "NAME|DIR", env = "VERIFY_PACK")]
    pub pack: Option<String>,
    /// What runs the networks [default: auto, the fastest that ONNX Runtime offers]
    #[arg(long, global = true, value_name = "DEVICE", value_parser = values::device(), env = "VERIFY_DEVICE")]
    pub device: Option<Device>,
    /// The file with the values of flags that are not given, instead of the one in the user's folder of
    /// settings; `none` reads no file
    #[arg(long, global = true, value_name = "FILE", env = "VERIFY_CONFIG")]
    pub config: Option<PathBuf>,
    /// Read no such file
    #[arg(long, global = true, conflicts_with = "config")]
    pub no_config: bool,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say on standard error what is opened, found and skipped, and how long each step took; given twice, also
    /// of each photo, with its path
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Whether to use colours [default: auto, on terminals unless $NO_COLOR is set]
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
    /// Let the program say as much, in the colours, as is asked for.
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

    /// Where the index is, if one is wanted.
    pub(super) fn index_place(&self) -> Option<Place> {
        match self.index.clone() {
            _ if self.no_index => None,
            Some(path) => Some(Place::named(path)),
            None => Place::of_user(),
        }
    }
}
