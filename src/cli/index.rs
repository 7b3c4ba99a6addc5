//! `verify index`: what is kept of photos that were looked at, and how it goes away.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{count, grouped, print, print_json, shown};
use super::{Context, Exit, Working};
use crate::error::{Error, Result};
use crate::index::{Folders, Index, Info, Place, Pruned, clear, info};
use crate::model::Provider;
use crate::pack::Purpose;
use crate::pipeline::{Settings, analysis_identity};

/// The arguments of `verify index`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify index info
  verify index prune      after photos were deleted or moved
  verify index prune --folders      after whole folders were, and no drive is unplugged
  verify index clear      forget everything; photos are looked at anew

The index holds the faces and embeddings of every photo that was looked at, so that none is
worked on twice. Embeddings identify people: see docs/privacy.md. It stays on this computer, is
readable by its owner alone, and nothing is lost with it but time.")]
pub struct IndexArgs {
    #[command(subcommand)]
    action: Action,
    /// Print one JSON object
    #[arg(long, global = true)]
    json: bool,
}

/// What to do with it.
#[derive(Debug, Subcommand)]
enum Action {
    /// Say where it is and what it holds
    Info,
    /// Drop photos whose files are gone, except those of folders that are not there: the drive may only be
    /// unplugged
    Prune {
        /// Drop the photos of folders that are not there, too
        #[arg(long)]
        folders: bool,
    },
    /// Remove it
    Clear,
}

/// What `clear` did, as it is printed in JSON.
#[derive(Serialize)]
struct Cleared {
    removed: bool,
}

/// Look at the index, tidy it up, or remove it.
///
/// # Errors
/// Where there can be none, or it cannot be read or removed.
pub fn run(args: &IndexArgs, context: &Context) -> Result<Exit> {
    let place = context.index_place.as_ref().ok_or_else(|| {
        Error::value("--no-index", "there is no index to speak of; name one with --index FILE")
    })?;
    match args.action {
        Action::Info => {
            let info = info(place)?;
            if args.json { print_json(&info) } else { print(&describe(&info)) }?;
        }
        Action::Prune { folders } => {
            let folders = if folders { Folders::AreGone } else { Folders::MayComeBack };
            let pruned = prune(place, context, folders)?;
            let mut text = format!(
                "dropped {} of files that are gone, and {} with their faces\n",
                count(pruned.files as usize, "name"),
                count(pruned.photos as usize, "photo")
            );
            if pruned.away > 0 {
                text += &format!(
                    "kept {} of folders that are not there, since their drive may be unplugged; \
                     --folders drops these too\n",
                    count(pruned.away as usize, "name")
                );
            }
            if args.json { print_json(&pruned) } else { print(&text) }?;
        }
        Action::Clear => {
            let removed = clear(place)?;
            let what = if removed { "removed" } else { "there was no index at" };
            let text = format!("{what} {}\n", shown(&place.path));
            if args.json { print_json(&Cleared { removed }) } else { print(&text) }?;
        }
    }
    Ok(Exit::Success)
}

fn prune(place: &Place, context: &Context, folders: Folders) -> Result<Pruned> {
    if !place.path.exists() {
        return Ok(Pruned::default());
    }
    let purposes = [Purpose::Checking, Purpose::Enrolling];
    let ways = purposes.map(|purpose| Settings { purpose, ..Settings::default() });
    let of = |provider| ways.each_ref().map(|way| analysis_identity(&context.pack, way, provider));
    let analyses: Vec<String> = Provider::ALL.into_iter().flat_map(of).collect();
    let _working = Working::on("looking which files are gone");
    Index::open(place)?.0.prune(&analyses, folders)
}

fn describe(info: &Info) -> String {
    if !info.exists {
        return format!("no index yet; it will be {}\n", shown(&info.index));
    }
    format!(
        "{}\n{} with {}, in {}; {} MB\n",
        shown(&info.index),
        count(info.photos as usize, "photo"),
        count(info.faces as usize, "face"),
        count(info.files as usize, "file"),
        grouped(info.bytes.div_ceil(1_000_000)),
    )
}
