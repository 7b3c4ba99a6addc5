//! What a scan found of a person, looked through and answered: profile and review are changed together.

use std::sync::Arc;

use super::{People, Person};
use crate::enroll::Setting;
use crate::error::Result;
use crate::profile::Profile;
use crate::review::{Answer, Findings, Review};

impl People {
    /// What a scan found of the person with this id, as far as it is kept.
    ///
    /// # Errors
    /// As [`Self::person`] and [`Review::load`].
    pub fn review(&self, id: &str) -> Result<(Arc<Person>, Review)> {
        let person = self.person(id)?;
        let review = Review::load(&person.path, &self.identity, person.passphrase.as_ref())?;
        Ok((person, review))
    }

    /// Answer faces of a review, which are named by their ids; what follows is saved.
    ///
    /// # Errors
    /// As [`Self::review`] and [`Review::answer`], and if something cannot be written.
    pub fn answer(&self, id: &str, answers: &[(String, Answer)]) -> Result<(Arc<Person>, Review)> {
        let (person, review, ()) = self.reviewed(id, |review, profile, setting| {
            Ok(Some((review.answer(profile, setting, answers)?, ())))
        })?;
        Ok((person, review))
    }

    /// Undo the last answers: the faces that they were to, none if nothing was answered.
    ///
    /// # Errors
    /// As [`Self::review`] and [`Review::undo`], and if something cannot be written.
    pub fn undo(&self, id: &str) -> Result<(Arc<Person>, Review, Vec<String>)> {
        self.reviewed(id, |review, profile, setting| review.undo(profile, setting))
    }

    /// Keep what a scan found of a person, besides what is kept already.
    ///
    /// # Errors
    /// As [`Self::person`], and if it cannot be written.
    pub fn keep_findings(&self, id: &str, found: Findings) -> Result<()> {
        let _changing = self.changing(&self.folder.file(id)?);
        let person = self.person(id)?;
        let passphrase = person.passphrase.as_ref();
        // What cannot be used is what a scan makes anew.
        let known = Review::load(&person.path, &self.identity, passphrase);
        let mut review = known.unwrap_or_else(|_| Review::new(&self.identity));
        review.take(found);
        review.save(&person.path, passphrase)
    }

    /// Change a review and the profile with it, unless nothing comes of it.
    fn reviewed<T: Default>(
        &self,
        id: &str,
        change: impl FnOnce(&mut Review, Profile, &Setting) -> Result<Option<(Profile, T)>>,
    ) -> Result<(Arc<Person>, Review, T)> {
        let _changing = self.changing(&self.folder.file(id)?);
        let (person, mut review) = self.review(id)?;
        let Some((profile, what)) = change(&mut review, person.profile.clone(), &self.setting())?
        else {
            return Ok((person, review, T::default()));
        };
        // The profile first: an answer counts only if the profile has what follows from it.
        let person = self.save(id, profile, person.passphrase.clone())?;
        review.save(&person.path, person.passphrase.as_ref())?;
        Ok((person, review, what))
    }

    /// How people are enrolled here.
    pub(super) fn setting(&self) -> Setting<'_> {
        Setting {
            population: &self.population,
            models: self.identity.clone(),
            duplicates: self.duplicates,
        }
    }
}
