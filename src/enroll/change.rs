//! [`Change`], by which commands, the server and Python enrol a person or change a profile. There is no other
//! way.

use std::path::PathBuf;

use super::{Candidate, Request, enroll, learn_strangers, look_alike, records};
use crate::decision::{Method, Population, Strangers};
use crate::error::{Error, Result};
use crate::pack::{DuplicateLimits, Pack};
use crate::profile::{Calibrate, Choice, LookAlike, PhotoRecord, Profile, ThresholdChoice};
use crate::words::same_name;

/// The default false accept rate.
const DEFAULT_FAR: f64 = 1e-4;
/// The name of a person who is given none.
pub const NAMELESS: &str = "the person";

/// A change of a person's profile, new or existing. Fields that are left out stay as they are, or have their
/// defaults.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The name.
    pub name: Option<String>,
    /// The decision method.
    pub method: Option<Method>,
    /// How the threshold is chosen.
    pub threshold: Option<ThresholdChoice>,
    /// Which local strangers set the threshold besides the population.
    pub set_by: Option<SetBy>,
    /// The year in which the person was born.
    pub born: Option<u16>,
    /// Photos of the person to add; a photo with the path of an enrolled one replaces it.
    pub add: Vec<Candidate>,
    /// Which face of a photo in `add` is the person's, counted from the left from 1; the photo is named by its path
    /// or, if unique, its file name.
    pub faces: Vec<(PathBuf, usize)>,
    /// Photos to be removed, each named by its path or, if unique, its file name.
    pub remove: Vec<PathBuf>,
    /// A human's choices about photos, which are named in the same way.
    pub choices: Vec<(PathBuf, Choice)>,
    /// Photos of look-alikes, by name; a known name is replaced.
    pub keep_apart: Vec<(String, Vec<Candidate>)>,
    /// Names of look-alikes who need not be kept apart any more.
    pub forget: Vec<String>,
    /// Embeddings of other people, for methods that use them; they are added to the known ones.
    pub negatives: Vec<Vec<f32>>,
    /// The photos' folder, to be named in errors.
    pub folder: PathBuf,
}

/// Which local strangers set a threshold besides the population.
#[derive(Debug, Clone)]
pub enum SetBy {
    /// Those in photos that are analysed from now on.
    Seen,
    /// The strangers among these faces only: embeddings, one after another. The person may be among
    /// them.
    Faces(Vec<f32>),
    /// Nothing.
    Nothing,
}

/// The pack's data that enrolment needs.
#[derive(Debug, Clone)]
pub struct Setting<'a> {
    /// The population.
    pub population: &'a Population,
    /// The identity of the pack.
    pub models: String,
    /// When two photos count as copies, with this pack.
    pub duplicates: DuplicateLimits,
}

impl<'a> Setting<'a> {
    /// For `pack`, whose population this is.
    #[must_use]
    pub fn of(pack: &Pack, population: &'a Population) -> Self {
        let duplicates = pack.description.duplicates;
        Self { population, models: pack.identity(), duplicates }
    }
}

impl Change {
    /// The profile after the change, of a new person or of the `old` profile. Enrolment runs again only if the
    /// photos change.
    ///
    /// # Errors
    /// [`Error::NoFaces`], [`Error::TwoPeople`] or [`Error::NoMajority`] if the photos, or those of a look-alike,
    /// do not show one clear person; [`Error::NotEnrolled`] and [`Error::AmbiguousPhoto`] for a photo that is named;
    /// [`Error::Value`] if no photo is left, the strangers are too few, or the method cannot be fitted.
    pub fn apply(mut self, old: Option<Profile>, setting: &Setting) -> Result<Profile> {
        let of_photos = !(self.add.is_empty()
            && self.remove.is_empty()
            && self.choices.is_empty()
            && self.faces.is_empty());
        let mut profile = match old {
            Some(old) if !of_photos => Profile {
                name: self.name.take().unwrap_or(old.name),
                method: self.method.unwrap_or(old.method),
                threshold: self.threshold.unwrap_or(old.threshold),
                ..old
            },
            old => self.learnt(old, setting)?,
        };
        profile.born = self.born.or(profile.born);
        for name in &self.forget {
            forget(&mut profile, name)?;
        }
        for (name, photos) in &self.keep_apart {
            keep_apart(&mut profile, name, photos, setting)?;
        }
        let known = profile.negatives.clone();
        profile.negatives.extend(self.negatives.into_iter().filter(|new| !known.contains(new)));
        if let Some(set_by) = &self.set_by {
            (profile.calibrate, profile.strangers) = set_by.learnt(&profile, setting.population)?;
        }
        // A method that cannot be fitted must not be saved.
        profile.decision(setting.population)?;
        Ok(profile)
    }

    /// The profile enrolled from the photos of the `old` one, as changed.
    fn learnt(&mut self, old: Option<Profile>, setting: &Setting) -> Result<Profile> {
        let name = self.name.take().or_else(|| old.as_ref().map(|old| old.name.clone()));
        let method = self.method.or(old.as_ref().map(|old| old.method));
        let threshold = self.threshold.or(old.as_ref().map(|old| old.threshold));
        let request = Request {
            name: name.unwrap_or_else(|| NAMELESS.to_owned()),
            method: method.unwrap_or(Method::DEFAULT),
            threshold: threshold.unwrap_or(ThresholdChoice::Far(DEFAULT_FAR)),
            models: setting.models.clone(),
            duplicates: setting.duplicates,
            folder: self.folder.clone(),
        };
        let known = old.as_ref().map_or_else(Vec::new, |old| old.photos.clone());
        let added = records::with_faces(std::mem::take(&mut self.add), &self.faces)?;
        let photos = records::with(self.changed(known)?, added);
        let new = enroll(&request, setting.population, photos)?;
        let Some(Profile { negatives, look_alikes, strangers, calibrate, born, .. }) = old else {
            return Ok(new);
        };
        Ok(Profile { negatives, look_alikes, strangers, calibrate, born, ..new })
    }

    /// The photos of a profile without the removed ones, with a human's choices.
    ///
    /// # Errors
    /// [`Error::NotEnrolled`] and [`Error::AmbiguousPhoto`].
    pub fn changed(&self, known: Vec<PhotoRecord>) -> Result<Vec<PhotoRecord>> {
        let left = records::without(known, &self.remove)?;
        let choose = |photos, (photo, choice): &(PathBuf, Choice)| {
            records::chosen(photos, std::slice::from_ref(photo), *choice)
        };
        self.choices.iter().try_fold(left, choose)
    }
}

impl SetBy {
    /// What the profile then keeps about local strangers.
    fn learnt(
        &self,
        profile: &Profile,
        population: &Population,
    ) -> Result<(Calibrate, Option<Strangers>)> {
        let faces = match self {
            Self::Seen => return Ok((Calibrate::Auto, None)),
            Self::Nothing => return Ok((Calibrate::Off, None)),
            Self::Faces(faces) => faces,
        };
        let learnt = learn_strangers(profile, population, faces)?;
        let few = "there are fewer than 20 faces of strangers; give more photos";
        let learnt = learnt.ok_or_else(|| Error::value("strangers", few))?;
        Ok((Calibrate::Given, Some(learnt)))
    }
}

/// Keep the person in most of `photos` apart.
fn keep_apart(
    profile: &mut Profile,
    name: &str,
    photos: &[Candidate],
    setting: &Setting,
) -> Result<()> {
    let other = look_alike(name, photos, setting.population, setting.duplicates);
    if other.embeddings.is_empty() {
        return Err(Error::NoFaces { path: name.into(), photos: photos.len() });
    }
    profile.look_alikes.retain(|known: &LookAlike| !same_name(&known.name, name));
    profile.look_alikes.push(other);
    Ok(())
}

/// Stop keeping the look-alike with this name apart.
fn forget(profile: &mut Profile, name: &str) -> Result<()> {
    let known = profile.look_alikes.len();
    profile.look_alikes.retain(|other| !same_name(&other.name, name));
    if profile.look_alikes.len() < known {
        return Ok(());
    }
    let names: Vec<_> = profile.look_alikes.iter().map(|other| other.name.as_str()).collect();
    let problem = match &names[..] {
        [] => format!("nobody called {name:?} is kept apart; the profile has no look-alikes"),
        names => format!("nobody called {name:?} is kept apart, only {}", names.join(", ")),
    };
    Err(Error::value("forget", problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enroll::tests::{POPULATION, embedding, face, photo};
    use crate::error::Front;
    use crate::profile::Status;

    fn setting() -> Setting<'static> {
        let duplicates = DuplicateLimits { same_look: 0.99, same_shape: 0.07 };
        Setting { population: &POPULATION, models: "pack".into(), duplicates }
    }

    /// Photos of a person, by these numbers.
    fn of(who: u64, photos: std::ops::Range<u64>) -> Vec<Candidate> {
        photos.map(|i| photo(&format!("{who}-{i}"), vec![face(who, i)])).collect()
    }

    fn ann() -> Profile {
        Change { add: of(1, 0..6), ..Change::default() }.apply(None, &setting()).unwrap()
    }

    fn changed(old: Profile, change: Change) -> Profile {
        change.apply(Some(old), &setting()).unwrap()
    }

    #[test]
    fn a_new_person_has_the_defaults_and_what_is_asked_for() {
        let plain = ann();
        assert_eq!((plain.name.as_str(), plain.method), (NAMELESS, Method::DEFAULT));
        assert_eq!((plain.threshold(), plain.kept().count()), (4.0, 6));
        let asked = Change {
            name: Some("Ann".into()),
            method: Some(Method::Plda),
            threshold: Some(ThresholdChoice::Far(1e-3)),
            add: of(1, 0..6),
            ..Change::default()
        };
        let asked = asked.apply(None, &setting()).unwrap();
        assert_eq!((asked.name.as_str(), asked.method), ("Ann", Method::Plda));
        assert_eq!((asked.threshold(), &asked.photos), (3.0, &plain.photos));
        let nobody = Change::default().apply(None, &setting());
        assert!(matches!(nobody, Err(Error::Value { .. })));
    }

    /// A name, a method or a threshold alone leaves the photos as they are, and to learn from them
    /// again gives the same.
    #[test]
    fn what_is_not_asked_for_stays() {
        let apart = Change { keep_apart: vec![("twin".into(), of(2, 0..2))], ..Change::default() };
        let strangers = Change { set_by: Some(SetBy::Nothing), ..Change::default() };
        let old = changed(changed(ann(), apart), strangers);
        let named = changed(old.clone(), Change { name: Some("B".into()), ..Change::default() });
        assert_eq!(named, Profile { name: "B".into(), ..old.clone() });
        let choices = vec![("1-0".into(), Choice::Auto)];
        assert_eq!(changed(old.clone(), Change { choices, ..Change::default() }), old);
        let added = changed(old.clone(), Change { add: of(1, 6..7), ..Change::default() });
        assert_eq!((added.kept().count(), &added.look_alikes), (7, &old.look_alikes));
        assert_eq!(added.calibrate, Calibrate::Off);
        let remove = vec!["1-0".into(), "1-1".into()];
        let choices = vec![("1-2".into(), Choice::Drop)];
        let fewer = changed(added, Change { remove, choices, ..Change::default() });
        assert_eq!((fewer.photos.len(), fewer.kept().count()), (5, 4));
        assert_ne!(fewer.photos[0].status, Status::Kept);
    }

    #[test]
    fn whoever_is_kept_apart_is_known_once_and_may_be_forgotten() {
        let apart = |name: &str, photos| Change {
            keep_apart: vec![(name.into(), photos)],
            ..Change::default()
        };
        let profile = changed(ann(), apart("twin", of(2, 0..2)));
        let profile = changed(profile, apart("other", of(3, 0..1)));
        let profile = changed(profile, apart("twin", of(2, 2..5)));
        let known: Vec<_> =
            profile.look_alikes.iter().map(|o| (o.name.as_str(), o.embeddings.len())).collect();
        assert_eq!(known, [("other", 1), ("twin", 3)]);
        let nobody = apart("scene", vec![photo("scene", Vec::new())]);
        let nobody = nobody.apply(Some(profile.clone()), &setting());
        assert!(matches!(nobody, Err(Error::NoFaces { photos: 1, .. })));
        let forget = |name: &str| Change { forget: vec![name.into()], ..Change::default() };
        let error = forget("third").apply(Some(profile.clone()), &setting()).unwrap_err();
        assert!(error.to_string().ends_with("only other, twin"), "{error}");
        let profile = changed(changed(profile, forget("twin")), forget("other"));
        assert_eq!(profile, ann());
        assert!(forget("twin").apply(Some(profile), &setting()).is_err());
    }

    #[test]
    fn other_people_are_known_once() {
        let by =
            |negatives| Change { method: Some(Method::Supervised), negatives, ..Change::default() };
        let others = |photos: std::ops::Range<u64>| {
            photos.map(|i| embedding(&POPULATION, 5, i)).collect::<Vec<_>>()
        };
        let profile = changed(ann(), by(others(0..3)));
        let profile = changed(profile, by(others(1..4)));
        assert_eq!(profile.negatives, others(0..4));
    }

    #[test]
    fn the_strangers_that_are_given_set_the_threshold_until_something_else_does() {
        let by = |set_by| Change { set_by: Some(set_by), ..Change::default() };
        let strangers =
            |many: u64| (0..many).flat_map(|i| embedding(&POPULATION, 100 + i, 0)).collect();
        let few = by(SetBy::Faces(strangers(19))).apply(Some(ann()), &setting());
        assert!(matches!(few, Err(Error::Value { .. })));
        let given = changed(ann(), by(SetBy::Faces(strangers(300))));
        assert_eq!(given.calibrate, Calibrate::Given);
        // A few may be so alike that they pass for the person.
        let faces = given.strangers.as_ref().unwrap().faces;
        assert!((290..=300).contains(&faces), "{faces}");
        // Whatever the threshold is raised to, it keeps the rate that was asked for.
        let decision = given.decision(&POPULATION).unwrap();
        assert!(given.far() == 1e-4 && (decision.far() / 1e-4 - 1.0).abs() < 1e-6);
        let off = changed(given.clone(), by(SetBy::Nothing));
        assert_eq!((off.calibrate, &off.strangers), (Calibrate::Off, &None));
        assert_eq!(changed(given, by(SetBy::Seen)), ann());
    }

    /// A photo of three people of like size, the person first from the right.
    fn party() -> Candidate {
        let at = |who: u64, x: f32, height: f32| {
            let mut face = face(who, 20);
            (face.face.bounds.x, face.face.bounds.height) = (x, height);
            face
        };
        photo("party", vec![at(2, 50.0, 100.0), at(3, 10.0, 90.0), at(1, 90.0, 75.0)])
    }

    #[test]
    fn a_single_photo_of_several_people_is_asked_about_and_answered() {
        let add = |faces| Change { add: vec![party()], faces, ..Change::default() };
        let asked = add(vec![]).apply(None, &setting()).unwrap_err();
        assert!(matches!(asked, Error::WhichFace { faces: 3, .. }), "{asked}");
        assert!(asked.told(Front::Command).contains("--face party:N"), "{asked}");
        for (number, who) in [(1, 3), (2, 2), (3, 1)] {
            let profile = add(vec![("party".into(), number)]).apply(None, &setting()).unwrap();
            let record = &profile.photos[0];
            let taken = record.face.as_ref().unwrap().embedding == face(who, 20).embedding;
            assert!(taken && record.bystanders == 2, "{number}");
            assert_eq!((record.number, record.choice), (Some(number), Choice::Keep));
        }
        for wrong in [0, 4] {
            let error = add(vec![("party".into(), wrong)]).apply(None, &setting()).unwrap_err();
            assert!(error.to_string().contains("has 3 faces"), "{error}");
        }
        let gone = add(vec![("other".into(), 1)]).apply(None, &setting());
        assert!(matches!(gone, Err(Error::NotEnrolled { .. })));
        // One who is much larger than the others is meant.
        let mut large = party();
        large.faces.as_mut().unwrap()[0].face.bounds.height = 200.0;
        let profile = Change { add: vec![large], ..Change::default() };
        let profile = profile.apply(None, &setting()).unwrap();
        assert_eq!(profile.photos[0].number, Some(2));
    }

    /// Other photos tell who is meant; which face that is stays known when the photos are learnt from
    /// again, and a human may say that it is another.
    #[test]
    fn which_of_several_faces_was_taken_is_kept_and_can_be_changed() {
        let profile = changed(ann(), Change { add: vec![party()], ..Change::default() });
        assert_eq!(profile.photos[6].number, Some(3));
        let again = changed(profile, Change { add: of(1, 7..8), ..Change::default() });
        assert_eq!((again.photos[6].number, again.photos[6].bystanders), (Some(3), 2));
        assert_eq!(again.photos[0].number, None, "the only face of a photo needs no number");
        let other = vec![("party".into(), 1)];
        let other = Change { add: vec![party()], faces: other, ..Change::default() };
        let other = changed(again, other);
        let record = other.photos.iter().find(|p| p.path.ends_with("party")).unwrap();
        assert_eq!((record.number, &record.status), (Some(1), &Status::Kept));
    }
}
