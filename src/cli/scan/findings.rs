//! The faces that a scan keeps for `verify review`: those that are, or may be, of the people searched for.

use std::collections::HashMap;

use super::super::output::{note, problem};
use super::super::{Context, Tally};
use super::ScanArgs;
use crate::error::{Front, Result};
use crate::identify::{Gallery, Identified};
use crate::pipeline::{AnalysedFace, AnalysedPhoto};
use crate::review::Findings;

/// Keep the findings about the person. An error is printed, since the photos are already listed.
pub(super) fn keep(args: &ScanArgs, context: &Context, found: Findings) {
    told(args, || match context.folder.id_of_file(context.profile_path()?) {
        Some(id) => context.people()?.keep_findings(&id, found),
        None => Ok(()),
    });
}

/// Point to `verify review`, if there are uncertain faces.
pub(super) fn hint(args: &ScanArgs, tally: &Tally) {
    if tally.uncertain() > 0 && !args.no_review && !args.dry_run {
        note("review the uncertain faces with `verify review`, which learns from your answers");
    }
}

fn told(args: &ScanArgs, keep: impl FnOnce() -> Result<()>) {
    if !args.no_review && !args.dry_run {
        keep().unwrap_or_else(|error| problem(&error.told(Front::Command)));
    }
}

/// The findings about everybody.
#[derive(Default)]
pub(super) struct OfEverybody {
    found: HashMap<String, Findings>,
}

impl OfEverybody {
    /// Add the faces of a photo, each for the people whom it is most like.
    pub fn add(&mut self, gallery: &Gallery, photo: &AnalysedPhoto, said: &Identified) {
        for member in &gallery.members {
            // Faces whose embedding is not finite are left out of the result, so faces are matched by their place.
            let score = |face: &AnalysedFace| {
                let named = said.faces.iter().find(|named| named.face == face.face)?;
                let ranked = named.ranking.iter().find(|ranked| ranked.person == member.id)?;
                Some(ranked.score)
            };
            let scores: Vec<f64> =
                photo.faces.iter().map(|face| score(face).unwrap_or(f64::NAN)).collect();
            if scores.iter().any(|score| !score.is_nan()) {
                let found = self.found.entry(member.id.clone()).or_default();
                found.add(member.decision.threshold, photo, &scores);
            }
        }
    }

    /// Keep it.
    pub fn keep(self, args: &ScanArgs, context: &Context) {
        told(args, || {
            let people = context.people()?;
            self.found.into_iter().try_for_each(|(id, found)| people.keep_findings(&id, found))
        });
    }
}
