//! `verify sheet`: all faces side by side, sorted by score.

use std::path::PathBuf;

use clap::Args;

use super::gather::{Gathered, gather};
use crate::cli::output::{note, shown};
use crate::cli::walk::WalkArgs;
use crate::cli::{Context, Exit, Working};
use crate::error::Result;
use crate::plot::{Sheet, Size, check_writable, crop_side, draw};

/// The arguments of `verify sheet`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify sheet sheet.png
  verify sheet sheet.png --with friends/ --size 2400x3200

Shows the faces of the profile's photos and of --with, from the highest score to the lowest. The \
line is the threshold: all faces above it match. If there are more faces than fit, those farthest \
from the threshold are left out.")]
pub struct SheetArgs {
    /// The file to write, ending in .png or .svg
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Also show the faces in these photos (repeatable)
    #[arg(long, value_name = "DIR")]
    with: Vec<PathBuf>,
    /// Width and height in pixels
    #[arg(long, value_name = "WxH", default_value = "1600x2000")]
    size: Size,
    #[command(flatten)]
    walk: WalkArgs,
}

/// Draw the sheet.
///
/// # Errors
/// If there is no profile, a folder of `--with` has no photo in it, or the picture cannot be written.
pub fn run(args: &SheetArgs, context: &Context) -> Result<Exit> {
    check_writable(&args.out)?;
    let Gathered { scene, .. } = gather(context, (&args.with, &args.walk.walk()), Some(crop_side))?;
    let working = Working::on("drawing");
    draw(&Sheet::of(&scene), &args.out, args.size)?;
    drop(working);
    note(&format!("wrote {}", shown(&args.out)));
    Ok(Exit::Success)
}
