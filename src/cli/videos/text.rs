//! Text about videos.

use super::super::output::{count, grouped, printable, shown};
use super::watched::WatchedVideo;
use crate::video::{Ending, Stretch, clock};

/// The most stretches of a video that are named.
const MOST_STRETCHES: usize = 10;

/// From when to when, as in "0:00:10–0:00:20 and 0:00:31".
pub fn stretches(stretches: &[Stretch]) -> String {
    let one = |stretch: &Stretch| {
        let (from, to) = (clock(stretch.from), clock(stretch.to));
        if from == to { from } else { format!("{from}–{to}") }
    };
    let mut named: Vec<_> = stretches.iter().take(MOST_STRETCHES).map(one).collect();
    let more = stretches.len().saturating_sub(MOST_STRETCHES);
    if more > 0 {
        named.push(format!("{} more", grouped(more as u64)));
    }
    match named.pop() {
        Some(last) if !named.is_empty() => format!("{} and {last}", named.join(", ")),
        Some(only) => only,
        None => String::new(),
    }
}

/// The line of a video: when `person` is in it.
pub fn watched(video: &WatchedVideo, person: &str) -> String {
    let all = &video.video;
    let name = shown(&video.report.photo);
    let best = match video.report.score {
        Some(score) => format!(", the best at {} ({score:.2})", clock(video.time)),
        None => String::new(),
    };
    let person = printable(person);
    let when = match stretches(&all.stretches) {
        none if none.is_empty() => format!("{person} is not in it"),
        when => format!("{person} at {when}"),
    };
    let frames = count(all.frames as usize, "frame");
    let repeated = match all.repeated {
        0 => String::new(),
        repeated => format!(", {} skipped", count(repeated as usize, "repeated frame")),
    };
    format!("{name}: {when}; {} of {frames} match{best}{repeated}\n", grouped(all.matches))
}

/// The message about a video that could not be read to its end.
pub fn not_read(ending: &Ending) -> Option<String> {
    let problem = ending.problem.as_ref()?;
    Some(format!(
        "{}: damaged or cut off ({problem}); the {} until {} count",
        ending.path.display(),
        count(ending.frames as usize, "frame"),
        clock(ending.until)
    ))
}
