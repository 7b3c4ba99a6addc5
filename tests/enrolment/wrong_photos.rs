//! Folders in which some photos show somebody else.

use sameface::decision::Population;
use sameface::error::Error;
use sameface::profile::{Reason, Status};

use crate::data::{Photo, Photos};
use crate::trials::{Probes, Tally, candidates, enrolled, order, record};

/// Whose the wrong photos are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wrong {
    /// Each of another stranger.
    Strangers,
    /// All of one stranger.
    One,
}

/// Folders of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub photos: usize,
    pub wrong: usize,
    pub whose: Wrong,
}

/// What came of them.
#[derive(Default)]
pub struct Outcome {
    pub folders: usize,
    pub refused: usize,
    pub wrong: usize,
    pub wrong_kept: usize,
    pub right: usize,
    /// Right photos that were said to show somebody else.
    pub right_lost: usize,
    /// Folders from which somebody else was enrolled.
    pub somebody_else: usize,
    pub clean: Tally,
    pub by_hand: Tally,
    pub mixed: Tally,
}

/// Draws of each person with other photos.
const DRAWS: u64 = 3;

/// Enrol folders of a kind, one for each person with photos enough, three times over.
pub fn measure(outcome: &mut Outcome, kind: Kind, population: &Population, photos: &Photos) {
    let probes = Probes::of(population, photos);
    for (person, (_, own)) in photos.people.iter().enumerate() {
        if own.len() < kind.photos + 2 {
            continue;
        }
        for draw in 0..DRAWS {
            let seed = 1_000 * person as u64 + draw;
            let own_order = order(own.len(), seed);
            let right: Vec<&Photo> = own_order[..kind.photos].iter().map(|&i| &own[i]).collect();
            let wrong = strangers(photos, person, kind, seed);
            let (kept, replaced) = right.split_at(kind.photos - kind.wrong);
            assert_eq!(replaced.len(), wrong.len());
            let tried = || own_order[kind.photos..].iter().map(|&i| &probes.0[person][i]);
            let mut mixed: Vec<&Photo> = kept.iter().chain(&wrong).copied().collect();
            mixed = order(mixed.len(), seed).into_iter().map(|i| mixed[i]).collect();
            for (tally, folder) in [(&mut outcome.clean, &right[..]), (&mut outcome.by_hand, kept)]
            {
                let profile = enrolled(population, candidates(folder.iter().copied()), 1e-3);
                let decision = profile.unwrap().decision(population).unwrap();
                tally.add(&decision, tried(), probes.others(person));
            }
            outcome.folders += 1;
            outcome.right += kept.len();
            outcome.wrong += wrong.len();
            match enrolled(population, candidates(mixed), 1e-3) {
                Ok(profile) => {
                    let status = |photo: &&&Photo| &record(&profile, &photo.path).status;
                    let aside = Status::SetAside { reason: Reason::SomebodyElse };
                    let lost = kept.iter().filter(|p| *status(p) == aside).count();
                    outcome.right_lost += lost;
                    outcome.somebody_else += usize::from(2 * lost > kept.len());
                    outcome.wrong_kept +=
                        wrong.iter().filter(|p| *status(p) == Status::Kept).count();
                    let decision = profile.decision(population).unwrap();
                    outcome.mixed.add(&decision, tried(), probes.others(person));
                }
                Err(_) => {
                    outcome.refused += 1;
                    outcome.mixed.add_refused(tried().count(), probes.others(person).count());
                }
            }
        }
    }
}

/// The wrong photos of a folder of `person`.
fn strangers(photos: &Photos, person: usize, kind: Kind, seed: u64) -> Vec<&Photo> {
    let people = order(photos.people.len(), seed + 500);
    let mut people = people.into_iter().filter(|&i| i != person).map(|i| &photos.people[i].1);
    match kind.whose {
        Wrong::Strangers => people.take(kind.wrong).map(|photos| &photos[0]).collect(),
        Wrong::One => {
            people.find(|photos| photos.len() >= kind.wrong).unwrap()[..kind.wrong].iter().collect()
        }
    }
}

/// What comes of a folder with `first` photos of one person and `second` of another.
#[derive(Default)]
pub struct TwoPeople {
    pub folders: usize,
    pub refused: usize,
    pub first: usize,
    pub second: usize,
    /// Kept photos of the person who was not enrolled.
    pub foreign: usize,
}

pub fn two_people(
    outcome: &mut TwoPeople,
    (first, second): (usize, usize),
    population: &Population,
    photos: &Photos,
) {
    for (person, (_, own)) in photos.people.iter().enumerate() {
        if own.len() < first {
            continue;
        }
        for draw in 0..2 * DRAWS {
            let kind = Kind { photos: first + second, wrong: second, whose: Wrong::One };
            let seed = 1_000 * person as u64 + draw;
            let one: Vec<&Photo> =
                order(own.len(), seed)[..first].iter().map(|&i| &own[i]).collect();
            let other = strangers(photos, person, kind, seed);
            let folder: Vec<&Photo> = one.iter().chain(&other).copied().collect();
            outcome.folders += 1;
            match enrolled(population, candidates(folder), 1e-3) {
                Ok(profile) => {
                    let kept = |photos: &[&Photo]| {
                        let kept = |p: &&&Photo| record(&profile, &p.path).status == Status::Kept;
                        photos.iter().filter(kept).count()
                    };
                    let (a, b) = (kept(&one), kept(&other));
                    outcome.first += usize::from(a > b);
                    outcome.second += usize::from(b >= a);
                    outcome.foreign += a.min(b);
                }
                Err(Error::TwoPeople { .. }) => outcome.refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
    }
}

/// Others beside the person.
#[derive(Debug, Clone, Copy)]
pub enum Beside {
    /// In each photo three strangers, others every time.
    Strangers,
    /// In so many of the photos the same stranger.
    Companion(usize),
}

#[derive(Default)]
pub struct Group {
    pub folders: usize,
    pub refused: usize,
    pub photos: usize,
    /// Photos kept with the person's face, and with another's.
    pub right: usize,
    pub other: usize,
}

/// Enrol folders of `count` photos in which the person stands beside others. Faces of several
/// photos are put together, since there are no such photos of one person in the data.
pub fn beside(
    outcome: &mut Group,
    (count, beside): (usize, Beside),
    population: &Population,
    photos: &Photos,
) {
    for (person, (_, own)) in photos.people.iter().enumerate() {
        if own.len() < count {
            continue;
        }
        let seed = 1_000 * person as u64;
        let (whose, wrong) = match beside {
            Beside::Strangers => (Wrong::Strangers, 3 * count),
            Beside::Companion(times) => (Wrong::One, times),
        };
        let others = strangers(photos, person, Kind { photos: count, wrong, whose }, seed);
        let mut folder = candidates(order(own.len(), seed)[..count].iter().map(|&i| &own[i]));
        for (i, photo) in folder.iter_mut().enumerate() {
            let main = own.iter().find(|p| p.path == photo.path).unwrap().main().unwrap();
            let strangers = others.iter().skip(i).step_by(count).filter_map(|p| p.main());
            photo.faces = Ok(strangers.chain([main]).cloned().collect());
        }
        outcome.folders += 1;
        outcome.photos += count;
        let Ok(profile) = enrolled(population, folder, 1e-3) else {
            outcome.refused += 1;
            continue;
        };
        for kept in profile.kept() {
            let main = own.iter().find(|p| p.path == kept.path).unwrap().main();
            let right = kept.face.as_ref() == main;
            outcome.right += usize::from(right);
            outcome.other += usize::from(!right);
        }
    }
}
