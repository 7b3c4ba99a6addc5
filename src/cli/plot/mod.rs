//! `verify plot` and `verify sheet`: pictures of the profile.

mod gather;
mod sheet;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

pub use sheet::{SheetArgs, run as sheet};

pub(super) use gather::{Gathered, Side, gather};

use super::output::{note, shown};
use super::walk::WalkArgs;
use super::{Context, Exit, Working};
use crate::error::Result;
use crate::page;
use crate::plot::{Picture, Size, View, check_writable, crop_side, draw};

/// How faces are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProjectionChoice {
    /// By the two directions in which the person and strangers differ most
    Pca,
    /// By t-SNE: similar faces lie together; distances between groups mean little
    Tsne,
    /// By score from left to right; the threshold is a vertical line
    Score,
}

impl ProjectionChoice {
    /// The library's view.
    #[must_use]
    pub fn view(self) -> View {
        match self {
            Self::Pca => View::Pca,
            Self::Tsne => View::Tsne,
            Self::Score => View::Score,
        }
    }
}

/// The arguments of `verify plot`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify plot out.png
  verify plot out.html                     a page with zoom and a slider for the threshold
  verify plot out.svg --with photos/of/her/sister --with friends/
  verify plot faces.png --thumbnails --size 2400x1800
  verify plot score.png --projection score --with friends/

Each point is a face. The shaded ellipses hold 50, 90 and 99 % of strangers. On average, a face on \
the shaded side of the border is a match; a face of --with that matches has a ring around it. A \
photo that was set aside is drawn as an outline, with its name and the reason; a line joins each \
copy to its original. A page contains the faces themselves unless --no-thumbnails is given; it \
loads nothing from elsewhere.")]
pub struct PlotArgs {
    /// The file to write, ending in .png, .svg or .html
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Also show the faces in these photos (repeatable)
    #[arg(long, value_name = "DIR")]
    with: Vec<PathBuf>,
    /// How faces are arranged
    #[arg(long, value_enum, default_value = "pca")]
    projection: ProjectionChoice,
    /// Draw the faces themselves instead of points
    #[arg(long)]
    thumbnails: bool,
    /// Leave the faces out of a page
    #[arg(long, conflicts_with = "thumbnails")]
    no_thumbnails: bool,
    /// Width and height in pixels
    #[arg(long, value_name = "WxH", default_value = "1600x1200")]
    size: Size,
    #[command(flatten)]
    walk: WalkArgs,
}

/// Draw the profile.
///
/// # Errors
/// If there is no profile, a folder of `--with` has no photo in it, or the picture cannot be written. A
/// photo that cannot be read is left out, with a message.
pub fn run(args: &PlotArgs, context: &Context) -> Result<Exit> {
    let is_page = page::is_page(&args.out);
    // Check before minutes of work.
    if is_page {
        page::check_writable(&args.out)?;
    } else {
        check_writable(&args.out)?;
    }
    let crops: Option<Side> = match (is_page, args.thumbnails) {
        (true, _) => (!args.no_thumbnails).then_some(page::crop_side),
        (false, true) => Some(crop_side),
        (false, false) => None,
    };
    let Gathered { scene, decision, .. } = gather(context, (&args.with, &args.walk.walk()), crops)?;
    let view = args.projection.view();
    let working = Working::on(if view == View::Tsne { "computing t-SNE" } else { "drawing" });
    if is_page {
        page::plot(&scene, &decision, view, &args.out)?;
    } else {
        draw(&Picture::of(&scene, &decision, view)?, &args.out, args.size)?;
    }
    drop(working);
    note(&format!("wrote {}", shown(&args.out)));
    Ok(Exit::Success)
}
