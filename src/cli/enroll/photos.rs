//! The photos in the arguments of `verify enroll`, before and after they are analysed.

use std::path::PathBuf;

use super::super::Context;
use super::super::from_xmp::{NamedPhotos, Said};
use super::super::intake::is_piped;
use super::super::photos_in;
use super::faces::Named;
use super::{EnrollArgs, folder_name};
use crate::enroll::{Candidate, Change, SetBy, embeddings_of_others};
use crate::error::Result;
use crate::photo::{Passed, Source};

/// The photos in the arguments: their sources, or their faces once analysed.
pub(super) struct Photos<T> {
    pub person: Vec<T>,
    strangers: Vec<T>,
    negatives: Vec<T>,
    look_alikes: Vec<(String, Vec<T>)>,
}

impl Photos<Source> {
    /// All photos, found before any is analysed. `passed` counts the files that are not photos.
    pub fn find(args: &EnrollArgs, passed: &mut Passed) -> Result<Self> {
        let leave = args.list.walk.walk();
        let mut found = |paths: &[PathBuf]| -> Result<Vec<Source>> {
            Ok(photos_in(paths, &leave, passed)?.into_iter().map(Source::File).collect())
        };
        let mut of_look_alike =
            |path: &PathBuf| Ok((folder_name(path), found(std::slice::from_ref(path))?));
        let look_alikes = args.not_this_person.iter().map(&mut of_look_alike);
        let look_alikes = look_alikes.collect::<Result<_>>()?;
        let (strangers, negatives) = (found(&args.strangers)?, found(&args.negatives)?);
        Ok(Self { person: args.of_person(passed)?, strangers, negatives, look_alikes })
    }

    /// `change` with the name of the photo on standard input instead of `-`.
    pub fn called(&self, mut change: Change) -> Change {
        let piped = self.person.iter().find(|photo| matches!(photo, Source::Piped { .. }));
        if let Some(piped) = piped {
            let named = change.faces.iter_mut().filter(|(photo, _)| is_piped(photo));
            named.for_each(|(photo, _)| *photo = piped.name().to_owned());
        }
        change
    }

    pub fn analysed(
        self,
        context: &Context,
        named: Option<NamedPhotos>,
    ) -> Result<(Photos<Candidate>, Option<Said>)> {
        let look_alikes = self.look_alikes.into_iter();
        let look_alikes = look_alikes.map(|(name, photos)| Ok((name, context.candidates(photos)?)));
        let piped = self.person.iter().find(|photo| matches!(photo, Source::Piped { .. }));
        let piped = piped.map(|photo| photo.name().to_owned());
        let (person, said) = match named {
            None => (context.candidates(self.person)?, None),
            Some(named) => {
                let person = named.analysed(context, self.person)?.into_iter().next();
                person.map_or_else(Default::default, |own| {
                    let said = own.said();
                    (own.photos, Some(said))
                })
            }
        };
        // A photo from standard input has a name that is not a file's.
        let sent =
            |photo: Candidate| Candidate { sent: Some(&photo.path) == piped.as_ref(), ..photo };
        let photos = Photos {
            person: person.into_iter().map(sent).collect(),
            negatives: context.candidates(self.negatives)?,
            look_alikes: look_alikes.collect::<Result<_>>()?,
            strangers: context.candidates(self.strangers)?,
        };
        Ok((photos, said))
    }
}

impl Photos<Candidate> {
    /// `change` with the analysed photos.
    pub fn into_change(self, change: Change, faces: &Named) -> Result<Change> {
        let strangers = embeddings_of_others(&self.strangers).concat();
        let given = (!self.strangers.is_empty()).then_some(SetBy::Faces(strangers));
        let mut change = Change {
            set_by: given.or(change.set_by),
            negatives: embeddings_of_others(&self.negatives),
            add: self.person,
            keep_apart: self.look_alikes,
            ..change
        };
        faces.choose(&mut change)?;
        Ok(change)
    }
}
