use std::time::Duration;

use super::super::output::{DOUBT, GOOD, count, grouped, printable, shown, strangers, styled};
use super::super::videos::{PeopleInVideo, PersonInVideo, stretches};
use super::Summary;
use crate::decision::Verdict;
use crate::error::cut_off;
use crate::identify::{Gallery, Identified, NamedFace, UNKNOWN};
use crate::video::clock;

/// The most pairs of people who look alike that are named.
pub(super) const MOST_PAIRS: usize = 5;
/// The most unknown faces of a photo that are listed one by one.
const MOST_UNKNOWN: usize = 5;

/// One photo's line: its faces from left to right.
pub fn line(photo: &Identified) -> String {
    line_at(photo, None)
}

/// The same for a frame of a video, shown at a time.
pub fn line_at(photo: &Identified, time: Option<Duration>) -> String {
    // An error names its photo.
    if let Some(error) = &photo.error {
        return format!("{}\n", printable(error));
    }
    let at = time.map_or(String::new(), |time| format!(" at {}", clock(time)));
    let name = format!("{}{at}", shown(&photo.photo));
    let mut faces: Vec<&NamedFace> = photo.faces.iter().collect();
    faces.sort_by(|a, b| a.face.bounds.x.total_cmp(&b.face.bounds.x));
    let plain = |face: &&NamedFace| face.judgement.verdict == Verdict::NoMatch;
    let strangers = faces.iter().filter(|face| plain(face)).count();
    let mut parts: Vec<String> = Vec::new();
    if strangers > MOST_UNKNOWN {
        parts.extend(faces.iter().filter(|face| !plain(face)).map(|face| said(face)));
        parts.push(format!("{strangers} {UNKNOWN}"));
    } else {
        parts.extend(faces.iter().map(|face| said(face)));
    }
    if parts.is_empty() {
        parts.push("no face found".to_owned());
    }
    parts.extend(photo.missing.map(cut_off));
    format!("{name}: {}\n", parts.join(", "))
}

/// The line of a video: when each person is in it.
pub fn line_of_video(video: &PeopleInVideo) -> String {
    let name = shown(&video.found.photo);
    let person = |person: &PersonInVideo| {
        let when = stretches(&person.stretches);
        format!("{} {:.2} at {when}", styled(printable(&person.name), GOOD), person.score)
    };
    let people: Vec<_> = video.video.people.iter().map(person).collect();
    let people = if people.is_empty() { "nobody enrolled".to_owned() } else { people.join("; ") };
    format!("{name}: {people}; {} analysed\n", count(video.video.frames as usize, "frame"))
}

/// A face: its name and score, and whom else it may be.
fn said(face: &NamedFace) -> String {
    let score = face.judgement.score;
    let likest = face.ranking.first().map(|first| printable(&first.name));
    match (face.judgement.verdict, likest) {
        (Verdict::Match, _) => {
            let also: Vec<_> = face.also().map(|other| printable(&other.name)).collect();
            let also =
                if also.is_empty() { String::new() } else { format!(" or {}", also.join(" or ")) };
            let name = styled(printable(&face.name), GOOD);
            format!("{name} {score:.2}{also}")
        }
        (Verdict::Uncertain, Some(likest)) if score >= face.threshold => {
            let doubt = styled(UNKNOWN, DOUBT);
            format!("{doubt} (like {likest} {score:.2}, who is another face here)")
        }
        (Verdict::Uncertain, Some(likest)) => {
            let doubt = styled(UNKNOWN, DOUBT);
            format!("{doubt} (perhaps {likest} {score:.2}, a match needs {:.2})", face.threshold)
        }
        _ => UNKNOWN.to_owned(),
    }
}

/// All photos in one line.
pub(super) fn summary(summary: &Summary, gallery: &Gallery) -> String {
    let mut people: Vec<(&String, &usize)> = summary.people.iter().collect();
    people.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let mut parts: Vec<String> = people
        .iter()
        .map(|(name, photos)| format!("{name} in {}", grouped(**photos as u64)))
        .collect();
    if summary.nobody > 0 {
        parts.push(format!("nobody enrolled in {}", grouped(summary.nobody as u64)));
    }
    if summary.errors > 0 {
        parts.push(format!("{} unreadable", grouped(summary.errors as u64)));
    }
    let among = match gallery.members.len() {
        1 => "one person".to_owned(),
        people => format!("{} people", grouped(people as u64)),
    };
    format!(
        "{}: {}; with {among} enrolled, {} gets a name",
        summary.seen(),
        parts.join(", "),
        strangers(gallery.far),
    )
}
