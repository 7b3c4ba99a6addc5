//! When somebody is in a video: from when to when.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// A time in a video from one moment to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// The first frame that shows it.
    #[serde(serialize_with = "seconds")]
    pub from: Duration,
    /// The first frame that does not any more, or the last one of the video.
    #[serde(serialize_with = "seconds")]
    pub to: Duration,
}

fn seconds<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(time.as_secs_f64())
}

/// The stretches of a video in which something is, found frame by frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stretches {
    done: Vec<Stretch>,
    since: Option<Duration>,
}

impl Stretches {
    /// The frame at `time` shows it, or does not.
    pub fn add(&mut self, time: Duration, there: bool) {
        match (self.since, there) {
            (None, true) => self.since = Some(time),
            (Some(from), false) => {
                self.done.push(Stretch { from, to: time });
                self.since = None;
            }
            _ => {}
        }
    }

    /// All of them, of a video whose last frame is at `end`.
    #[must_use]
    pub fn until(mut self, end: Duration) -> Vec<Stretch> {
        self.add(end.max(self.since.unwrap_or_default()), false);
        self.done
    }
}

/// A time as in `1:02:03`; of less than a second, three digits more.
#[must_use]
pub fn clock(time: Duration) -> String {
    let (seconds, rest) = (time.as_secs(), time.subsec_millis());
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let rest = if rest == 0 { String::new() } else { format!(".{rest:03}") };
    format!("{hours}:{minutes:02}:{seconds:02}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretches(there: &[(u64, bool)], end: u64) -> Vec<(u64, u64)> {
        let mut stretches = Stretches::default();
        there.iter().for_each(|(time, there)| stretches.add(Duration::from_secs(*time), *there));
        let all = stretches.until(Duration::from_secs(end));
        all.iter().map(|stretch| (stretch.from.as_secs(), stretch.to.as_secs())).collect()
    }

    #[test]
    fn a_stretch_lasts_until_a_frame_without_it_or_the_end() {
        assert_eq!(stretches(&[], 9), []);
        assert_eq!(stretches(&[(0, false), (3, false)], 9), []);
        assert_eq!(stretches(&[(0, true), (1, true), (3, false), (5, true)], 9), [(0, 3), (5, 9)]);
        assert_eq!(stretches(&[(4, true)], 4), [(4, 4)], "one frame");
    }

    #[test]
    fn a_time_is_said_as_players_say_it() {
        for (milliseconds, text) in [
            (0, "0:00:00"),
            (83_000, "0:01:23"),
            (3_723_040, "1:02:03.040"),
            (100 * 3_600_000, "100:00:00"),
        ] {
            assert_eq!(clock(Duration::from_millis(milliseconds)), text);
        }
    }
}
