//! Answering and undoing answers. Each is a change of the profile: "yes" adds a photo, "no" keeps a look-alike
//! apart.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Answer, Answered, Finding, Review};
use crate::decision::{Centroid, Population};
use crate::enroll::{Candidate, Change, Setting};
use crate::error::{Error, Result};
use crate::profile::Profile;

/// From this score a face is that of a look-alike who is kept apart already: one stranger in ten thousand is as
/// alike.
const SAME_PERSON: f64 = 4.0;

/// The last answer to each face.
type Standing<'a> = BTreeMap<&'a str, &'a Answered>;

impl Review {
    /// The profile after `answers` to faces, named by their ids. These answers are undone together.
    ///
    /// # Errors
    /// [`Error::Value`] if there is no such face, or two faces of one photo are answered with yes; as
    /// [`Change::apply`]. Nothing is changed then.
    pub fn answer(
        &mut self,
        profile: Profile,
        setting: &Setting,
        answers: &[(String, Answer)],
    ) -> Result<Profile> {
        let step = self.answers.last().map_or(1, |last| last.step + 1);
        let mut new = self.answers.clone();
        for (face, answer) in answers {
            let finding = self.finding(face)?;
            let apart = match answer {
                Answer::No => Some(self.group(&new, finding, setting.population)),
                Answer::Yes | Answer::Unsure => None,
            };
            new.push(Answered { face: face.clone(), answer: *answer, apart, step });
        }
        self.check(&profile, &new)?;
        self.go_to(profile, setting, new)
    }

    /// The profile without the last answers, and their faces; `None` if nothing was answered.
    ///
    /// # Errors
    /// As [`Change::apply`]. Nothing is changed then.
    pub fn undo(
        &mut self,
        profile: Profile,
        setting: &Setting,
    ) -> Result<Option<(Profile, Vec<String>)>> {
        let Some(step) = self.answers.last().map(|last| last.step) else { return Ok(None) };
        let (undone, left): (Vec<_>, Vec<_>) =
            self.answers.iter().cloned().partition(|answered| answered.step == step);
        let profile = self.go_to(profile, setting, left)?;
        Ok(Some((profile, undone.into_iter().map(|answered| answered.face).collect())))
    }

    /// How many steps can be undone.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.answers.iter().map(|answered| answered.step).collect::<BTreeSet<_>>().len()
    }

    /// The answer to a face that is still in effect in the profile.
    pub(super) fn answer_to(&self, profile: &Profile, finding: &Finding) -> Option<Answer> {
        let id = finding.id();
        let last = self.answers.iter().rev().find(|answered| answered.face == id)?;
        holds(profile, finding, last).then_some(last.answer)
    }

    /// Check that no two faces of one photo are answered with yes.
    fn check(&self, profile: &Profile, answers: &[Answered]) -> Result<()> {
        let mut photos = BTreeSet::new();
        for (id, answered) in standing(answers).into_iter().filter(|(_, a)| a.answer == Answer::Yes)
        {
            let finding = self.finding(id)?;
            let old = self.answers.contains(answered);
            if !photos.insert(finding.sha256.as_str()) {
                let problem = "another face of this photo was answered with yes; undo that first";
                return Err(Error::value(id, problem));
            }
            if !old
                && Self::is_enrolled(profile, finding)
                && self.answer_to(profile, finding) != Some(Answer::Yes)
            {
                return Err(Error::value(id, "this photo is enrolled already"));
            }
        }
        Ok(())
    }

    /// The look-alike's name for a face answered with no: a known look-alike's, if the face is alike, otherwise a new
    /// name.
    fn group(&self, answers: &[Answered], finding: &Finding, population: &Population) -> String {
        let (standing, findings) = (standing(answers), self.by_id());
        let likeness = |name: &str| {
            let members = members(&findings, &standing, name);
            let embeddings: Vec<_> = members.iter().map(|f| f.face.embedding.clone()).collect();
            let raw = Centroid::fit(&embeddings).raw_score(&finding.face.embedding);
            population.likeness(embeddings.len()).score(raw)
        };
        let known: BTreeSet<&str> = standing.values().filter_map(|a| a.apart.as_deref()).collect();
        let closest = known
            .into_iter()
            .map(|name| (likeness(name), name))
            .max_by(|(a, _), (b, _)| a.total_cmp(b));
        match closest {
            Some((score, name)) if score >= SAME_PERSON => name.to_owned(),
            _ => {
                let file = finding.photo.file_name().unwrap_or_default().to_string_lossy();
                format!("{file} ({})", finding.id())
            }
        }
    }

    /// The faces by their ids.
    fn by_id(&self) -> HashMap<String, &Finding> {
        self.findings.iter().map(|finding| (finding.id(), finding)).collect()
    }

    /// Change the profile and the review from the current answers to `answers`.
    fn go_to(
        &mut self,
        profile: Profile,
        setting: &Setting,
        answers: Vec<Answered>,
    ) -> Result<Profile> {
        let change = self.change(&profile, &answers);
        let changed = change.apply(Some(profile), setting)?;
        self.answers = answers;
        Ok(changed)
    }

    /// The change of the profile from the current answers to `answers`.
    fn change(&self, profile: &Profile, answers: &[Answered]) -> Change {
        let (old, new) = (standing(&self.answers), standing(answers));
        let is_yes = |standing: &Standing, id: &str| {
            standing.get(id).is_some_and(|answered| answered.answer == Answer::Yes)
        };
        let mut change = Change { folder: profile.name.clone().into(), ..Change::default() };
        let findings = self.by_id();
        let answered: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        for id in answered {
            let Some(finding) = findings.get(id) else { continue };
            match (is_yes(&old, id), is_yes(&new, id)) {
                (false, true) => change.add.push(finding.candidate()),
                (true, false) => {
                    let own = profile.photos.iter().find(|r| r.sha256 == finding.sha256);
                    change.remove.extend(own.map(|record| record.path.clone()));
                }
                _ => {}
            }
        }
        let named = |standing: &Standing| -> BTreeSet<String> {
            standing.values().filter_map(|answered| answered.apart.clone()).collect()
        };
        for name in named(&old).union(&named(&new)) {
            let (before, now) = (members(&findings, &old, name), members(&findings, &new, name));
            if before == now {
                continue;
            }
            if !now.is_empty() {
                let photos: Vec<Candidate> = now.into_iter().map(Finding::candidate).collect();
                change.keep_apart.push((name.clone(), photos));
            } else if profile.look_alikes.iter().any(|other| other.name == *name) {
                change.forget.push(name.clone());
            }
        }
        change
    }
}

/// The answer that counts for each face: the last one.
fn standing(answers: &[Answered]) -> Standing<'_> {
    answers.iter().map(|answered| (answered.face.as_str(), answered)).collect()
}

/// The faces of the look-alike with this name.
fn members<'a>(
    findings: &HashMap<String, &'a Finding>,
    standing: &Standing,
    name: &str,
) -> Vec<&'a Finding> {
    let named = standing.iter().filter(|(_, answered)| answered.apart.as_deref() == Some(name));
    named.filter_map(|(id, _)| findings.get(*id).copied()).collect()
}

/// Whether an answer is still in effect in the profile: the user may have removed the photo, or enrolled the person
/// again.
fn holds(profile: &Profile, finding: &Finding, answered: &Answered) -> bool {
    match (answered.answer, &answered.apart) {
        (Answer::Yes, _) => Review::is_enrolled(profile, finding),
        (Answer::No, Some(name)) => profile.look_alikes.iter().any(|other| other.name == *name),
        (Answer::No, None) => false,
        (Answer::Unsure, _) => true,
    }
}
