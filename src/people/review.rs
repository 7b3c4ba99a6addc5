//! Reviewing a scan's findings: profile and review are changed together.

use std::sync::Arc;

use super::{People, Person};
use crate::enroll::Setting;
use crate::error::Result;
use crate::profile::Profile;
use crate::review::{Answer, Findings, Review};

impl People {
    /// The kept findings about the person with this id.
    ///
    /// # Errors
    /// As [`Self::person`] and [`Review::load`].
    pub fn review(&self, id: &str) -> Result<(Arc<Person>, Review)> {
        let person = self.person(id)?;
        let review = Review::load(&person.path, &self.identity, person.passphrase.as_ref())?;
        Ok((person, review))
    }

    /// Answer faces of a review, named by their ids, and save the resulting profile and review.
    ///
    /// # Errors
    /// As [`Self::review`] and [`Review::answer`], and if something cannot be written.
    pub fn answer(&self, id: &str, answers: &[(String, Answer)]) -> Result<(Arc<Person>, Review)> {
        let (person, review, ()) = self.reviewed(id, |review, profile, setting| {
            Ok(Some((review.answer(profile, setting, answers)?, ())))
        })?;
        Ok((person, review))
    }

    /// Undo the last answers; returns their faces, none if nothing was answered.
    ///
    /// # Errors
    /// As [`Self::review`] and [`Review::undo`], and if something cannot be written.
    pub fn undo(&self, id: &str) -> Result<(Arc<Person>, Review, Vec<String>)> {
        self.reviewed(id, |review, profile, setting| review.undo(profile, setting))
    }

    /// Add a scan's findings about a person to those kept already.
    ///
    /// # Errors
    /// As [`Self::person`], and if it cannot be written.
    pub fn keep_findings(&self, id: &str, found: Findings) -> Result<()> {
        let _changing = self.changing(&self.folder.file(id)?);
        let person = self.person(id)?;
        let passphrase = person.passphrase.as_ref();
        // Unusable findings are replaced by those of the scan.
        let known = Review::load(&person.path, &self.identity, passphrase);
        let mut review = known.unwrap_or_else(|_| Review::new(&self.identity));
        review.take(found);
        review.save(&person.path, passphrase)
    }

    /// Change a review and its profile, unless nothing changes.
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
        // The profile first, because an answer counts only if the profile has its effect.
        let person = self.save(id, profile, person.passphrase.clone())?;
        review.save(&person.path, person.passphrase.as_ref())?;
        Ok((person, review, what))
    }

    /// The pack's data that enrolment needs.
    pub(super) fn setting(&self) -> Setting<'_> {
        Setting {
            population: &self.population,
            models: self.identity.clone(),
            duplicates: self.duplicates,
        }
    }
}
