//! The faces that a picture or a page shows, from the profile and from folders.

use std::path::PathBuf;

use crate::cli::intake::note_passed;
use crate::cli::output::{count, note, problem};
use crate::cli::{Context, Progress};
use crate::decision::Decision;
use crate::error::{Front, Result};
use crate::pack::Purpose;
use crate::photo::{Passed, Walk, find_counting};
use crate::plot::{Overlay, Scene, cut_out, photo_count};
use crate::profile::Profile;

/// What a picture or a page shows.
pub struct Gathered {
    /// The profile.
    pub profile: Profile,
    /// Its decision.
    pub decision: Decision,
    /// The faces.
    pub scene: Scene,
}

/// The side of a face's crop in pixels, depending on the number of faces.
pub type Side = fn(usize) -> u32;

/// The profile's photos, and the faces in the folders `with` except for what `leave` excludes. If a size is given,
/// the faces are cut out of their photos. Photos that cannot be read are left out, with a message.
///
/// # Errors
/// If there is no profile, or a folder has no photo in it.
pub fn gather(
    context: &Context,
    (with, leave): (&[PathBuf], &Walk),
    crops: Option<Side>,
) -> Result<Gathered> {
    let profile = context.profile()?;
    let mut passed = Passed::default();
    let found = with.iter().map(|folder| Ok((folder, find_counting(folder, leave, &mut passed)?)));
    let folders = found.collect::<Result<Vec<_>>>()?;
    let decision = profile.decision(&context.population()?)?;
    let mut overlays = Vec::with_capacity(folders.len());
    for (folder, paths) in folders {
        let mut photos = Vec::with_capacity(paths.len());
        context.analyse(&paths, Purpose::Checking, |progress, _, photo| {
            match photo {
                Ok(photo) => photos.push(photo),
                Err(error) => {
                    progress.aside(|| problem(&format!("left out: {}", error.told(Front::Command))))
                }
            }
            Ok(())
        })?;
        overlays.push(Overlay::new(folder, photos));
    }
    note_passed(&passed);
    let mut scene = Scene::of(&profile, &decision, &overlays)?;
    if let Some(side) = crops {
        let side = side(scene.faces().count());
        let progress = Progress::new(photo_count(&scene));
        let (template, threads) = (&context.pack.description.crop, context.threads);
        let missing = cut_out(&mut scene, template, side, threads, || progress.step())?;
        drop(progress);
        if missing > 0 {
            let faces = count(missing, "face");
            note(&format!("{faces} cannot be shown, because the photo is gone or has changed"));
        }
    }
    Ok(Gathered { profile, decision, scene })
}
