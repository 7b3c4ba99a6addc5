//! How often a frame of a video is analysed.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The time from one analysed frame to the next, 0.1 s to 1 h.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Every {
    milliseconds: u64,
}

const LEAST: u64 = 100;
const MOST: u64 = 3_600_000;

/// The units of a time, with their milliseconds.
const UNITS: [(&str, f64); 4] = [("ms", 1.0), ("s", 1e3), ("m", 60e3), ("h", 3600e3)];

impl Every {
    /// In milliseconds.
    #[must_use]
    pub fn milliseconds(self) -> u64 {
        self.milliseconds
    }

    /// How many of these periods have passed after this time: the first frame of each is analysed. A frame
    /// that is early by the error of a rounded time counts as on time.
    #[must_use]
    pub fn count(self, time: Duration) -> u64 {
        ((time.as_secs_f64() * 1e3 + 1e-3) / self.milliseconds as f64) as u64
    }
}

impl Default for Every {
    /// Once a second.
    fn default() -> Self {
        Self { milliseconds: 1000 }
    }
}

impl FromStr for Every {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = UNITS.iter().find(|(unit, _)| *unit == &text[digits.len()..]);
        let number = digits.parse::<f64>().ok();
        let milliseconds = number.zip(unit).map(|(number, (_, each))| (number * each).round());
        milliseconds
            .filter(|time| (LEAST as f64..=MOST as f64).contains(time))
            .map(|time| Self { milliseconds: time as u64 })
            .ok_or_else(|| {
                "give a time from 100ms to 1h with its unit, such as 500ms, 2s or 1m".to_owned()
            })
    }
}

impl fmt::Display for Every {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.milliseconds;
        match time {
            _ if time.is_multiple_of(3_600_000) => write!(f, "{}h", time / 3_600_000),
            _ if time.is_multiple_of(60_000) => write!(f, "{}m", time / 60_000),
            _ if time.is_multiple_of(1000) => write!(f, "{}s", time / 1000),
            _ => write!(f, "{time}ms"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_with_their_units() {
        for (text, milliseconds, shown) in [
            ("100ms", 100, "100ms"),
            ("0.1s", 100, "100ms"),
            ("1s", 1000, "1s"),
            ("1.5s", 1500, "1500ms"),
            ("90s", 90_000, "90s"),
            ("1m", 60_000, "1m"),
            ("60m", 3_600_000, "1h"),
            ("1h", 3_600_000, "1h"),
        ] {
            let every: Every = text.parse().unwrap();
            assert_eq!((every.milliseconds(), every.to_string()), (milliseconds, shown.into()));
            assert_eq!(every.to_string().parse(), Ok(every));
        }
        for text in [
            "", "1", "s", "0s", "99ms", "1.1h", "2h", "-1s", "1 s", "1S", "nans", "infh", "1d", "é",
        ] {
            let error = text.parse::<Every>().unwrap_err();
            assert!(error.contains("500ms"), "{text}");
        }
    }

    #[test]
    fn a_frame_belongs_to_the_step_that_it_comes_after() {
        let every: Every = "1s".parse().unwrap();
        for (time, count) in [(0.0, 0), (0.9, 0), (0.999_999_9, 1), (1.0, 1), (1.001, 1), (7.5, 7)]
        {
            assert_eq!(every.count(Duration::from_secs_f64(time)), count, "{time}");
        }
    }
}
