//! Measures whether enrolment notices one photo of a stranger among the person's own, and the effect of that
//! photo.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;

use super::{FAR, Plan, decision, drawn, share};
use crate::decision::Decision;
use crate::enroll::{Candidate, Request, enroll};
use crate::error::Result;
use crate::eval::{Parts, Person};
use crate::model::Embedding;
use crate::pack::Pack;
use crate::pipeline::{Settings, analyse_all, in_order};
use crate::profile::ThresholdChoice;

/// The numbers of the person's own photos.
const OWN: [usize; 3] = [5, 10, 20];

/// The effect of one photo of a stranger among the person's own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slipped {
    /// The number of the person's own photos.
    pub own: usize,
    /// Whether the stranger is the most alike of all, or a random one.
    pub most_alike: bool,
    /// People enrolled.
    pub people: usize,
    /// The share of enrolments that keep the photo.
    pub kept: f64,
    /// The share of that stranger's other photos that are accepted, without the photo and with it.
    pub stranger: [f64; 2],
    /// The share of everybody else's photos that are accepted, without the photo and with it.
    pub others: [f64; 2],
    /// The share of the person's other photos that are accepted, without the photo and with it.
    pub genuine: [f64; 2],
}

/// One enrolment.
struct Case<'a> {
    part: usize,
    number: usize,
    own: Vec<usize>,
    stranger: usize,
    photo: usize,
    person: &'a Person,
}

pub(super) fn run(
    parts: &Parts,
    pack: &Pack,
    settings: &Settings,
    plan: &Plan,
    mut take: impl FnMut(Slipped) -> Result<()>,
) -> Result<()> {
    for own in OWN {
        for most_alike in [false, true] {
            let cases = cases(parts, own, most_alike, plan)?;
            if !cases.is_empty() {
                let known = candidates(parts, pack, settings, &cases)?;
                let table = Table { parts, pack, plan, known };
                take(table.row(own, most_alike, &cases, settings.threads)?)?;
            }
        }
    }
    Ok(())
}

/// The people with enough photos, each with a stranger who has another photo to try.
fn cases<'a>(parts: &'a Parts, own: usize, most_alike: bool, plan: &Plan) -> Result<Vec<Case<'a>>> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(plan.seed);
    let mut cases = Vec::new();
    for (part, number) in drawn(parts, own + 1, plan) {
        let (population, people) = &parts[part];
        let person = &people.0[number];
        let mut order: Vec<usize> = (0..person.embeddings.len()).collect();
        order.shuffle(&mut random);
        order.truncate(own);
        let faces: Vec<Embedding> = order.iter().map(|&i| person.enrolling[i].clone()).collect();
        let judge = decision(population, plan.method, &faces)?;
        let strangers: Vec<(usize, usize)> = (0..people.0.len())
            .filter(|&other| other != number && people.0[other].embeddings.len() > 1)
            .flat_map(|other| (0..people.0[other].embeddings.len()).map(move |i| (other, i)))
            .collect();
        let score = |at: &(usize, usize)| judge.score(&people.0[at.0].embeddings[at.1]);
        let chosen = if most_alike {
            let rated = strangers.iter().map(|at| (score(at), *at));
            rated.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, at)| at)
        } else {
            (!strangers.is_empty()).then(|| strangers[random.random_range(0..strangers.len())])
        };
        if let Some((stranger, photo)) = chosen {
            cases.push(Case { part, number, own: order, stranger, photo, person });
        }
    }
    Ok(cases)
}

/// What all measurements of one row share.
struct Table<'a> {
    parts: &'a Parts,
    pack: &'a Pack,
    plan: &'a Plan,
    known: HashMap<PathBuf, Candidate>,
}

/// The result of one enrolment.
struct Outcome {
    kept: bool,
    /// The photos of the stranger, of others, and of the person.
    counts: [Count; 3],
}

impl Table<'_> {
    fn row(&self, own: usize, most_alike: bool, cases: &[Case], threads: usize) -> Result<Slipped> {
        let mut kept = 0;
        let mut counts = [[Count::default(); 2]; 3];
        let jobs: Vec<_> = cases.iter().flat_map(|case| [(case, 0), (case, 1)]).collect();
        let work = |(): &mut (), (case, with): &&(&Case, usize)| self.outcome(case, *with == 1);
        in_order(
            &jobs,
            threads,
            || Ok(()),
            work,
            |(_, with), outcome| {
                // An enrolment that fails reports the problem, so nobody is accepted.
                if let Some(outcome) = outcome? {
                    kept += usize::from(outcome.kept);
                    for (all, one) in counts.iter_mut().zip(outcome.counts) {
                        all[*with].all += one.all;
                        all[*with].accepted += one.accepted;
                    }
                }
                Ok(())
            },
        )?;
        let [stranger, others, genuine] =
            counts.map(|pair| pair.map(|count| share(count.accepted, count.all)));
        let kept = share(kept, cases.len());
        Ok(Slipped { own, most_alike, people: cases.len(), kept, stranger, others, genuine })
    }

    /// Enrol with or without the stranger's photo, and judge everybody's photos; `None` if enrolment fails.
    fn outcome(&self, case: &Case, with: bool) -> Result<Option<Outcome>> {
        let (population, people) = &self.parts[case.part];
        let wrong = &people.0[case.stranger].photos[case.photo];
        let own = case.own.iter().map(|&i| &case.person.photos[i]);
        let photos = own.chain(with.then_some(wrong));
        let taken = photos.filter_map(|path| self.known.get(path).cloned()).collect();
        let request = Request {
            name: String::new(),
            method: self.plan.method,
            threshold: ThresholdChoice::Far(FAR),
            models: self.pack.identity(),
            duplicates: self.pack.description.duplicates,
            folder: PathBuf::new(),
        };
        let Ok(profile) = enroll(&request, population, taken) else { return Ok(None) };
        let kept = profile.kept().any(|photo| photo.path == *wrong);
        let judge = profile.decision(population)?;
        let mut counts = [Count::default(); 3];
        for (number, person) in people.0.iter().enumerate() {
            for (i, face) in person.embeddings.iter().enumerate() {
                if number == case.number {
                    if !case.own.contains(&i) {
                        counts[2].add(&judge, face);
                    }
                } else if number != case.stranger {
                    counts[1].add(&judge, face);
                } else if i != case.photo {
                    counts[0].add(&judge, face);
                }
            }
        }
        Ok(Some(Outcome { kept, counts }))
    }
}

/// The number of judged faces, and of accepted ones.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    accepted: usize,
    all: usize,
}

impl Count {
    fn add(&mut self, judge: &Decision, face: &Embedding) {
        self.all += 1;
        self.accepted += usize::from(judge.score(face) >= judge.threshold);
    }
}

/// All photos of `cases` in the form that enrolment takes.
fn candidates(
    parts: &Parts,
    pack: &Pack,
    settings: &Settings,
    cases: &[Case],
) -> Result<HashMap<PathBuf, Candidate>> {
    let mut paths: Vec<&Path> = Vec::new();
    for case in cases {
        paths.extend(case.own.iter().map(|&i| &*case.person.photos[i]));
        paths.push(&parts[case.part].1.0[case.stranger].photos[case.photo]);
    }
    paths.sort_unstable();
    paths.dedup();
    let mut known = HashMap::new();
    analyse_all(pack, settings, &paths, |path, photo| {
        known.insert(path.to_owned(), Candidate::new(path, photo));
        Ok(())
    })?;
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Method;
    use crate::enroll::tests::{POPULATION, embedding, face, photo};
    use crate::eval::People;

    const PLAN: Plan = Plan { method: Method::Plda, people: 100, seed: 1 };

    /// A folder `name` whose photos show these made-up people, given as person and number.
    fn person(name: &str, shown: &[(u64, u64)]) -> Person {
        let embeddings: Vec<_> =
            shown.iter().map(|&(who, i)| embedding(&POPULATION, who, i)).collect();
        let photos = shown.iter().map(|(who, i)| format!("{name}/{who}-{i}.jpg").into()).collect();
        Person {
            name: name.to_owned(),
            enrolling: embeddings.clone(),
            embeddings,
            photos,
            ..Person::default()
        }
    }

    fn parts(people: Vec<Person>) -> Parts {
        vec![(POPULATION.clone(), People(people))]
    }

    /// A row with one enrolment: the first person's five photos, and one photo of the second person among them.
    /// `read` says which photos can be read.
    fn row(parts: &Parts, own: Vec<usize>, read: impl Fn(&Path) -> bool) -> Slipped {
        let people = &parts[0].1.0;
        let mut known = HashMap::new();
        for path in people.iter().flat_map(|person| &person.photos) {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let (who, i) = stem.split_once('-').unwrap();
            let faces = vec![face(who.parse().unwrap(), i.parse().unwrap())];
            if read(path) {
                known.insert(path.clone(), photo(path.to_str().unwrap(), faces));
            }
        }
        let case = Case { part: 0, number: 0, own, stranger: 1, photo: 0, person: &people[0] };
        let pack = &Pack::default_pack().unwrap();
        let table = Table { parts, pack, plan: &PLAN, known };
        table.row(5, true, &[case], 1).unwrap()
    }

    const OWN_FACES: [(u64, u64); 5] = [(1, 0), (1, 1), (1, 2), (1, 3), (1, 4)];

    #[test]
    fn a_stranger_is_noticed_and_a_double_slips_in() {
        let all: Vec<(u64, u64)> = (0..9).map(|i| (1, i)).collect();
        let other = person("other", &[(3, 0), (3, 1), (3, 2)]);
        let stranger = person("stranger", &[(2, 0), (2, 1), (2, 2)]);
        let with_stranger = parts(vec![person("own", &all), stranger, other.clone()]);
        let noticed = row(&with_stranger, (0..5).collect(), |_| true);
        assert_eq!((noticed.own, noticed.people, noticed.kept), (5, 1, 0.0));
        assert_eq!(noticed.stranger, [0.0; 2]);
        assert_eq!(noticed.others, [0.0; 2]);
        assert_eq!(noticed.genuine, [1.0; 2], "a photo that was set aside changes nothing");

        // The double is the same person under another name.
        let double = person("double", &[(1, 20), (1, 21), (1, 22)]);
        let with_double = parts(vec![person("own", &all), double, other]);
        let slipped = row(&with_double, (0..5).collect(), |_| true);
        assert_eq!((slipped.kept, slipped.stranger, slipped.others), (1.0, [1.0; 2], [0.0; 2]));
    }

    #[test]
    fn no_photo_that_is_enrolled_is_tried() {
        // All other photos show other people, although the enrolled ones would be accepted.
        let own = person("own", &[&OWN_FACES[..], &[(5, 0), (6, 0)]].concat());
        let double = person("double", &[(1, 20), (7, 0), (8, 0)]);
        let parts = parts(vec![own, double, person("other", &[(3, 0), (3, 1)])]);
        let row = row(&parts, (0..5).collect(), |_| true);
        assert_eq!(row.kept, 1.0, "or nothing would be tried");
        assert_eq!((row.stranger, row.genuine), ([0.0; 2], [0.0; 2]));
    }

    #[test]
    fn where_enrolling_fails_nobody_is_accepted() {
        let own = person("own", &[&OWN_FACES[..], &[(1, 5)]].concat());
        let parts = parts(vec![own, person("double", &[(1, 20), (1, 21)])]);
        let of_double = row(&parts, (0..5).collect(), |path| path.starts_with("double"));
        // Without the person's own photos only the double's can be enrolled.
        assert_eq!((of_double.kept, of_double.genuine), (1.0, [0.0, 1.0]));
        let none = row(&parts, (0..5).collect(), |_| false);
        assert_eq!((none.people, none.kept), (1, 0.0));
        assert_eq!((none.stranger, none.others, none.genuine), ([0.0; 2], [0.0; 2], [0.0; 2]));
    }

    #[test]
    fn whoever_slips_in_is_somebody_else_who_has_another_photo() {
        let strangers = (2..9).map(|who| person(&who.to_string(), &[(who, 0), (who, 1)]));
        let mut people = vec![person("own", &[&OWN_FACES[..], &[(1, 5)]].concat())];
        people.extend(strangers);
        // The most alike stranger has no other photo to try.
        people.push(person("single", &[(1, 20)]));
        let with_single = parts(people);
        let people = &with_single[0].1.0;
        for most_alike in [false, true] {
            let cases = cases(&with_single, 5, most_alike, &PLAN).unwrap();
            assert_eq!(cases.len(), 1, "only one person has a photo more than five");
            let case = &cases[0];
            let mut own = case.own.clone();
            own.sort_unstable();
            own.dedup();
            assert_eq!((case.number, own.len()), (0, 5));
            assert!((1..8).contains(&case.stranger), "{}", people[case.stranger].name);
        }
        let alike = &cases(&with_single, 5, true, &PLAN).unwrap()[0];
        let faces: Vec<Embedding> =
            alike.own.iter().map(|&i| people[0].embeddings[i].clone()).collect();
        let judge = decision(&POPULATION, Method::Plda, &faces).unwrap();
        let chosen = judge.score(&people[alike.stranger].embeddings[alike.photo]);
        for face in people[1..8].iter().flat_map(|person| &person.embeddings) {
            assert!(judge.score(face) <= chosen);
        }
        let alone = parts(vec![people[0].clone(), person("single", &[(2, 0)])]);
        assert!(cases(&alone, 5, true, &PLAN).unwrap().is_empty());
        assert!(cases(&alone, 6, false, &PLAN).unwrap().is_empty());
    }
}
