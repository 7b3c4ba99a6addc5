//! `--from-faces` and `--add-faces`: groups of `verify faces` as photos to enrol.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Context;
use crate::cli::output::{problem, shown};
use crate::cluster::{Gathered, Member};
use crate::enroll::{Candidate, Change};
use crate::error::{Error, Result};
use crate::profile::Choice;

/// Groups of faces to enrol.
#[derive(Debug, Clone, Default, Args)]
pub struct FacesArgs {
    /// Enrol a group of faces from the page or JSON of `verify faces`, such as faces.html:3; repeat it for further
    /// groups of the same person
    #[arg(long, value_name = "FILE:GROUP", value_parser = group, conflicts_with = "photos")]
    from_faces: Vec<(PathBuf, usize)>,
    /// Add the faces of such a group to the existing profile (repeatable)
    #[arg(long, value_name = "FILE:GROUP", value_parser = group, conflicts_with_all = ["photos", "from_faces"])]
    add_faces: Vec<(PathBuf, usize)>,
}

/// The faces of the chosen groups.
#[derive(Debug, Default)]
pub struct Named {
    members: Vec<Member>,
}

impl FacesArgs {
    /// Whether --from-faces is given.
    pub fn is_new(&self) -> bool {
        !self.from_faces.is_empty()
    }

    /// The faces of the chosen groups, one for each photo.
    ///
    /// # Errors
    /// If a file cannot be read, has no such group, or was made with another pack; if a new person has no
    /// name.
    pub fn named(&self, context: &Context, name: Option<&str>) -> Result<Named> {
        if self.is_new() && name.is_none() && !context.names_person() {
            return Err(Error::value("--from-faces", "give the person a name with --name"));
        }
        let mut files: HashMap<&Path, Gathered> = HashMap::new();
        let mut members: Vec<Member> = Vec::new();
        for (file, number) in self.from_faces.iter().chain(&self.add_faces) {
            if !files.contains_key(file.as_path()) {
                let gathered = Gathered::read(file)?;
                if gathered.models != context.pack.identity() {
                    let problem =
                        format!("made with the pack {}; choose it with --pack", gathered.models);
                    return Err(Error::value(file.to_string_lossy(), problem));
                }
                files.insert(file, gathered);
            }
            let Some(gathered) = files.get(file.as_path()) else { continue };
            for member in &gathered.group(*number)?.faces {
                if !members.iter().any(|known| known.photo == member.photo) {
                    members.push(member.clone());
                }
            }
        }
        Ok(Named { members })
    }
}

impl Named {
    /// The photos of the faces.
    pub fn photos(&self) -> impl Iterator<Item = PathBuf> {
        self.members.iter().map(|member| member.photo.clone())
    }

    /// Keep of each photo of the change only the chosen face. The photo counts, because a human chose it, unless
    /// the face is so poor that enrolling it does harm. A photo that has changed since is left out, with a message.
    ///
    /// # Errors
    /// [`Error::Value`] if a photo has no such face.
    pub fn choose(&self, change: &mut Change) -> Result<()> {
        for photo in std::mem::take(&mut change.add) {
            let member = self.members.iter().find(|member| member.photo == photo.path);
            let Some(member) = member.filter(|_| photo.faces.is_ok()) else {
                change.add.push(photo);
                continue;
            };
            if member.sha256 != photo.sha256 {
                problem(&format!("{}: changed since `verify faces`; left out", shown(&photo.path)));
                continue;
            }
            let photo = photo.with_face(member.number)?;
            let choice = if harms(&photo) { Choice::Auto } else { Choice::Keep };
            change.add.push(Candidate { choice, ..photo });
        }
        Ok(())
    }
}

/// Whether enrolling the photo's face does harm.
fn harms(photo: &Candidate) -> bool {
    let faces = photo.faces.iter().flatten();
    faces.flat_map(|face| &face.quality.concerns).any(|concern| concern.harms())
}

/// A file and the number of a group.
fn group(text: &str) -> std::result::Result<(PathBuf, usize), String> {
    let parts = text.rsplit_once(':').filter(|(file, _)| !file.is_empty());
    let number = |number: &str| number.parse().ok().filter(|number| *number > 0);
    parts
        .and_then(|(file, place)| Some((PathBuf::from(file), number(place)?)))
        .ok_or_else(|| "give a file and the number of a group, such as faces.html:3".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_file_and_a_number() {
        assert_eq!(group("a:b.html:3"), Ok((PathBuf::from("a:b.html"), 3)));
        for wrong in ["faces.html", "faces.html:", "faces.html:0", ":3", "faces.html:x"] {
            assert!(group(wrong).unwrap_err().contains("faces.html:3"), "{wrong}");
        }
    }
}
