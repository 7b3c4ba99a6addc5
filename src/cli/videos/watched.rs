//! The results for a video, frame by frame: when somebody is in it, and the best frame.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::check::CheckReport;
use crate::decision::Verdict;
use crate::identify::{Identified, NamedFace};
use crate::video::{Ending, Stretch, Stretches};

fn seconds<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(time.as_secs_f64())
}

/// The result for a frame, with its time.
#[derive(Debug, Serialize)]
pub struct Timed<'a, T: Serialize> {
    #[serde(flatten)]
    pub said: &'a T,
    #[serde(serialize_with = "seconds")]
    pub time: Duration,
}

/// The frames of a video so far.
#[derive(Debug, Default)]
pub struct Watched {
    best: Option<(Duration, CheckReport, String)>,
    stretches: Stretches,
    matches: u64,
    last: Option<Verdict>,
}

/// The result for a video: the report on its best frame, and when the person is in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WatchedVideo {
    /// The report on the best frame.
    #[serde(flatten)]
    pub report: CheckReport,
    /// The time of that frame.
    #[serde(serialize_with = "seconds")]
    pub time: Duration,
    /// All frames.
    pub video: Frames,
    /// The hash of that frame's pixels.
    #[serde(skip)]
    pub sha256: String,
}

/// The frames of a video, and when the person is in them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Frames {
    /// The time of the last analysed frame.
    #[serde(serialize_with = "seconds")]
    pub until: Duration,
    /// Frames that were analysed.
    pub frames: u64,
    /// Frames that repeat the one before.
    pub repeated: u64,
    /// Analysed frames that match.
    pub matches: u64,
    /// The stretches in which the person is in it.
    pub stretches: Vec<Stretch>,
    /// Why it could not be read to its end, if so.
    pub problem: Option<String>,
}

impl Watched {
    /// Whether this verdict differs from that on the frame before.
    pub fn is_new(&self, verdict: Verdict) -> bool {
        self.last != Some(verdict)
    }

    /// Add a frame without a report.
    pub fn add(&mut self, time: Duration, verdict: Verdict) {
        self.stretches.add(time, verdict == Verdict::Match);
        self.matches += u64::from(verdict == Verdict::Match);
        self.last = Some(verdict);
    }

    /// Whether a frame of this score would be the best so far.
    pub fn is_best(&self, score: Option<f64>) -> bool {
        self.best.as_ref().is_none_or(|(_, best, _)| score > best.score)
    }

    /// Add a frame with its report and the hash of its pixels.
    pub fn report(&mut self, time: Duration, report: CheckReport, sha256: String) {
        self.add(time, report.verdict);
        if self.is_best(report.score) {
            self.best = Some((time, report, sha256));
        }
    }

    /// The whole video; `None` if it had no frame.
    pub fn end(&mut self, ending: &Ending) -> Option<WatchedVideo> {
        let all = std::mem::take(self);
        let (time, mut report, sha256) = all.best?;
        report.truncated = ending.problem.is_some();
        let video = Frames {
            until: ending.until,
            frames: ending.frames,
            repeated: ending.repeated,
            matches: all.matches,
            stretches: all.stretches.until(ending.until),
            problem: ending.problem.clone(),
        };
        Some(WatchedVideo { report, time, video, sha256 })
    }
}

/// Who is in a video, frame by frame.
#[derive(Debug, Default)]
pub struct People {
    people: BTreeMap<String, Person>,
    last: Option<Vec<String>>,
}

/// One of the people in a video.
#[derive(Debug)]
struct Person {
    best: (Duration, NamedFace),
    frames: u64,
    stretches: Stretches,
}

/// Who is in a video: the best face of each person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeopleInVideo {
    /// The best face of each person who is in it.
    #[serde(flatten)]
    pub found: Identified,
    /// All frames.
    pub video: PeopleFrames,
}

/// The frames of a video, and when each person is in them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeopleFrames {
    #[serde(serialize_with = "seconds")]
    pub until: Duration,
    pub frames: u64,
    pub repeated: u64,
    pub people: Vec<PersonInVideo>,
    pub problem: Option<String>,
}

/// When one person is in a video.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PersonInVideo {
    pub person: String,
    pub name: String,
    pub matches: u64,
    pub score: f64,
    #[serde(serialize_with = "seconds")]
    pub time: Duration,
    pub stretches: Vec<Stretch>,
}

impl People {
    /// Add a frame; returns whether the people in it differ from those in the frame before.
    pub fn add(&mut self, time: Duration, found: &Identified) -> bool {
        let mut here: Vec<String> = Vec::new();
        for face in &found.faces {
            let Some(id) = &face.person else { continue };
            here.push(id.clone());
            let person = self.people.entry(id.clone()).or_insert_with(|| Person {
                best: (time, face.clone()),
                frames: 0,
                stretches: Stretches::default(),
            });
            person.frames += 1;
            if face.judgement.score > person.best.1.judgement.score {
                person.best = (time, face.clone());
            }
        }
        for (id, person) in &mut self.people {
            person.stretches.add(time, here.contains(id));
        }
        here.sort();
        let changed = self.last.as_ref() != Some(&here);
        self.last = Some(here);
        changed
    }

    /// The whole video.
    pub fn end(&mut self, ending: &Ending) -> PeopleInVideo {
        let all = std::mem::take(self);
        let mut found = Identified {
            photo: ending.path.clone(),
            faces: Vec::new(),
            truncated: ending.problem.is_some(),
            missing: None,
            error: None,
        };
        let mut people = Vec::new();
        for (id, person) in all.people {
            let (time, face) = person.best;
            people.push(PersonInVideo {
                person: id,
                name: face.name.clone(),
                matches: person.frames,
                score: face.judgement.score,
                time,
                stretches: person.stretches.until(ending.until),
            });
            found.faces.push(face);
        }
        let video = PeopleFrames {
            until: ending.until,
            frames: ending.frames,
            repeated: ending.repeated,
            people,
            problem: ending.problem.clone(),
        };
        PeopleInVideo { found, video }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(score: Option<f64>, verdict: Verdict) -> CheckReport {
        let unread = CheckReport::unreadable("clip.mp4".as_ref(), 4.0, String::new());
        CheckReport { score, verdict, error: None, ..unread }
    }

    #[test]
    fn a_video_is_said_of_by_its_best_frame_and_when_she_is_in_it() {
        let mut watched = Watched::default();
        let second = Duration::from_secs;
        watched.report(second(0), report(None, Verdict::NoFace), "a".into());
        assert!(watched.is_new(Verdict::Match) && !watched.is_new(Verdict::NoFace));
        watched.report(second(1), report(Some(4.5), Verdict::Match), "b".into());
        watched.report(second(2), report(Some(5.5), Verdict::Match), "c".into());
        watched.add(second(4), Verdict::NoMatch);
        assert!(
            !watched.is_best(Some(5.5)) && !watched.is_best(None) && watched.is_best(Some(5.6))
        );
        let ending = Ending { until: second(9), frames: 4, repeated: 5, ..Ending::default() };
        let video = watched.end(&ending).unwrap();
        assert_eq!(
            (video.report.score, video.time, video.sha256.as_str()),
            (Some(5.5), second(2), "c")
        );
        assert_eq!(video.video.stretches, [Stretch { from: second(1), to: second(4) }]);
        assert_eq!((video.video.matches, video.video.frames, video.video.repeated), (2, 4, 5));
        assert_eq!(watched.end(&ending), None, "the next begins anew");
    }
}
