//! `verify plot`: a picture of the profile.

use std::path::PathBuf;

use clap::Args;

use super::output::{note, shown};
use super::{Context, Exit};
use crate::error::Result;
use crate::photo::find;
use crate::plot::{Overlay, Picture, Size, check_writable, draw};

/// The arguments of `verify plot`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify plot out.png
  verify plot out.svg --with photos/of/her/sister --with friends/
  verify plot wide.png --size 2400x1200

Each point is a face. The axes are the two directions in which the person's photos and strangers
differ most; the ellipses hold 50, 90 and 99 % of strangers. On the shaded side of the border a
face is a match on average; a face of --with that is one itself has a ring around it.")]
pub struct PlotArgs {
    /// Where to draw it: a file ending in .png or .svg
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Lay the faces of these photos over it; give it again for more folders
    #[arg(long, value_name = "DIR")]
    with: Vec<PathBuf>,
    /// Width and height in pixels
    #[arg(long, value_name = "WxH", default_value = "1600x1200")]
    size: Size,
}

/// Draw the profile.
///
/// # Errors
/// Where there is no profile, a folder of `--with` has no photo in it, or the picture cannot be
/// written. A photo that cannot be read is named and left out.
pub fn run(args: &PlotArgs, context: &Context) -> Result<Exit> {
    // Better before minutes of work than after.
    check_writable(&args.out)?;
    let profile = context.profile()?;
    let folders =
        args.with.iter().map(|folder| Ok((folder, find(folder)?))).collect::<Result<Vec<_>>>()?;
    let decision = profile.decision(&context.population()?)?;
    let mut overlays = Vec::with_capacity(folders.len());
    for (folder, paths) in folders {
        let mut photos = Vec::with_capacity(paths.len());
        context.analyse(&paths, profile.fast, |progress, _, photo| {
            match photo {
                Ok(photo) => photos.push(photo),
                Err(error) => progress.aside(|| note(&format!("left out: {error}"))),
            }
            Ok(())
        })?;
        overlays.push(Overlay::new(folder, &photos));
    }
    draw(&Picture::of(&profile, &decision, &overlays)?, &args.out, args.size)?;
    note(&format!("drawn into {}", shown(&args.out)));
    Ok(Exit::Success)
}
