//! `verify index`: what the index holds, and removing it.

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
  verify index prune                after photos were deleted or moved
  verify index prune --folders      after whole folders were deleted, if no drive is unplugged
  verify index clear                forget everything; photos are then analysed again

The index holds the faces and embeddings of every analysed photo, so that no photo is analysed \
twice. Embeddings identify people: see docs/privacy.md. The index stays on this computer, and only \
its owner can read it. If you remove it, you lose nothing but time.")]
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
    /// Show where the index is and what it contains
    Info,
    /// Drop photos whose files are gone, except those in missing folders, whose drive may only be unplugged
    Prune {
        /// Drop the photos in missing folders too
        #[arg(long)]
        folders: bool,
    },
    /// Remove the index
    Clear,
}

/// What `clear` did, as printed in JSON.
#[derive(Serialize)]
struct Cleared {
    removed: bool,
}

/// Show, prune or remove the index.
///
/// # Errors
/// If there is no place for an index, or it cannot be read or removed.
pub fn run(args: &IndexArgs, context: &Context) -> Result<Exit> {
    let place = context.index_place.as_ref().ok_or_else(|| {
        Error::value("--no-index", "this command needs an index; name one with --index FILE")
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
                    "kept {} in missing folders, because their drive may be unplugged; --folders drops these \
                    too\n",
                    count(pruned.away as usize, "name")
                );
            }
            if args.json { print_json(&pruned) } else { print(&text) }?;
        }
        Action::Clear => {
            let removed = clear(place)?;
            let what = if removed { "removed" } else { "no index found at" };
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
    let _working = Working::on("checking which files are gone");
    Index::open(place)?.0.prune(&analyses, folders)
}

fn describe(info: &Info) -> String {
    if !info.exists {
        return format!("no index yet; it will be created at {}\n", shown(&info.index));
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
