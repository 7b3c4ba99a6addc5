//! The list of photos: in order or sorted, as text, JSON or comma-separated values.

use std::cmp::Ordering;

use serde::{Serialize, Serializer};

use super::super::check::{line, line_at};
use super::super::output::{csv_line, print, print_json, printable, problem, shown};
use super::super::sidecars::{WithSidecar, Written};
use super::super::videos::{WatchedVideo, stretches};
use super::collect::{Dry, Placed};
use super::judge::Found;
use crate::check::CheckReport;
use crate::error::Result;
use crate::export::cell;

/// How a photo is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A line of text.
    Text,
    /// A JSON object.
    Json,
    /// Comma-separated values.
    Csv,
}

/// A row of comma-separated values. It is printed, so names in it are escaped as in text.
#[derive(Serialize)]
struct CsvRow {
    photo: String,
    verdict: String,
    score: Option<f64>,
    threshold: f64,
    probability: Option<f64>,
    faces: usize,
    x: Option<f32>,
    y: Option<f32>,
    width: Option<f32>,
    height: Option<f32>,
    nearest: Option<String>,
    error: Option<String>,
    truncated: bool,
    time: Option<f64>,
    seen: Option<String>,
}

const HEADING: &str = "photo,verdict,score,threshold,probability,faces,x,y,width,height,nearest,error,truncated,time,seen\n";

/// The list, and the photos that wait to be sorted.
pub(super) struct Listing {
    form: Form,
    sort: bool,
    limit: usize,
    listed: usize,
    waiting: Vec<Found>,
}

impl Listing {
    /// A list of at most `limit` photos, sorted by score or in order.
    pub fn new(form: Form, sort: bool, limit: Option<usize>) -> Self {
        let limit = limit.unwrap_or(usize::MAX);
        Self { form, sort, limit, listed: 0, waiting: Vec::new() }
    }

    /// Print the heading of the list.
    pub fn begin(&self) -> Result<()> {
        if self.form == Form::Csv { print(HEADING) } else { Ok(()) }
    }

    /// Add a photo; returns it if it is to be printed now.
    pub fn add(&mut self, found: Found) -> Option<Found> {
        if !self.sort {
            self.listed += 1;
            return (self.listed <= self.limit).then_some(found);
        }
        self.waiting.push(found);
        // Never more than twice what will be printed.
        if self.waiting.len() / 2 >= self.limit {
            self.keep_the_best();
        }
        None
    }

    /// Whether no further photo can be printed.
    pub fn is_full(&self) -> bool {
        self.listed >= self.limit
    }

    /// The photos that were kept to be sorted, the best first.
    pub fn sorted(&mut self) -> Vec<Found> {
        self.keep_the_best();
        std::mem::take(&mut self.waiting)
    }

    fn keep_the_best(&mut self) {
        // The sort is stable: of two equal scores the earlier photo stays first.
        self.waiting.sort_by(|a, b| by_score(&a.report, &b.report));
        self.waiting.truncate(self.limit);
    }

    /// Print one photo, or one video.
    pub fn print(&self, found: &Found) -> Result<()> {
        match (self.form, &found.video) {
            (Form::Text, None) => print(&line(&found.report)),
            (Form::Text, Some((time, video))) => {
                let line = line_at(&found.report, Some(*time));
                let seen = match stretches(&video.stretches) {
                    none if none.is_empty() => String::new(),
                    seen => format!(", seen {seen}"),
                };
                print(&format!("{}{seen}\n", line.trim_end_matches('\n')))
            }
            (Form::Json, _) => print_json(&Line(found)),
            (Form::Csv, _) => print(&csv_line(&row(found))?),
        }
    }
}

impl Listing {
    /// Print one photo or one video with the files that would be made.
    pub fn print_dry(&self, found: &Found, placed: &Placed) -> Result<()> {
        let mut lines = placed.lines();
        lines.extend(found.xmp.iter().flat_map(Written::lines));
        match (self.form, &found.video) {
            (Form::Json, _) => print_json(&Dry { line: &Line(found), dry_run: placed }),
            // The columns are always the same.
            (Form::Csv, _) => {
                lines
                    .iter()
                    .for_each(|line| problem(&format!("{}: {line}", shown(&found.report.photo))));
                self.print(found)
            }
            (Form::Text, _) => {
                self.print(found)?;
                lines.iter().try_for_each(|line| print(&format!("    {line}\n")))
            }
        }
    }
}

/// A photo or a video as a line of JSON.
struct Line<'a>(&'a Found);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let Found { report, video, .. } = self.0;
        match video.clone() {
            None => WithSidecar { line: report, xmp: self.0.xmp.as_ref() }.serialize(to),
            Some((time, video)) => {
                let (report, sha256) = (report.clone(), String::new());
                WatchedVideo { report, time, video, sha256 }.serialize(to)
            }
        }
    }
}

impl Found {
    /// The same as a value.
    ///
    /// # Errors
    /// Only if JSON's writer fails, which nothing makes it do.
    pub fn json(&self) -> Result<serde_json::Value> {
        Ok(serde_json::to_value(Line(self)).map_err(std::io::Error::from)?)
    }
}

/// The best first, those without a score last.
fn by_score(a: &CheckReport, b: &CheckReport) -> Ordering {
    let score = |report: &CheckReport| report.score.unwrap_or(f64::NEG_INFINITY);
    score(b).total_cmp(&score(a))
}

fn row(found: &Found) -> CsvRow {
    let report = &found.report;
    let video = found.video.as_ref();
    let bounds = report.faces.first().map(|face| face.face.bounds);
    let nearest = report.nearest.first();
    let text = |text: &str| cell(text).into_owned();
    CsvRow {
        photo: text(&shown(&report.photo)),
        verdict: report.verdict.to_string(),
        score: report.score,
        threshold: report.threshold,
        probability: report.probability,
        faces: report.faces.len(),
        x: bounds.map(|b| b.x),
        y: bounds.map(|b| b.y),
        width: bounds.map(|b| b.width),
        height: bounds.map(|b| b.height),
        nearest: nearest.map(|nearest| text(&shown(&nearest.photo))),
        error: report.error.as_deref().map(|error| text(&printable(error))),
        truncated: report.truncated,
        time: video.map(|(time, _)| time.as_secs_f64()),
        seen: video.map(|(_, frames)| stretches(&frames.stretches)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Verdict;

    fn found(score: Option<f64>, photo: &str) -> Found {
        let report = CheckReport {
            photo: photo.into(),
            verdict: Verdict::Match,
            score,
            threshold: 4.0,
            probability: None,
            faces: Vec::new(),
            nearest: Vec::new(),
            truncated: false,
            missing: None,
            by_hand: false,
            taken: None,
            far_in_time: None,
            error: Some("a \"b\",\nc".into()),
        };
        Found { report, sha256: String::new(), size: None, xmp: None, video: None }
    }

    #[test]
    fn the_best_come_first_and_no_more_than_twice_the_limit_wait() {
        let mut listing = Listing::new(Form::Text, true, Some(3));
        for i in 0..100u32 {
            assert!(listing.add(found(Some(f64::from(i * 37 % 100)), "a")).is_none());
            assert!(listing.waiting.len() <= 6);
        }
        assert!(listing.add(found(None, "no face")).is_none());
        assert!(!listing.is_full());
        let scores: Vec<_> = listing.sorted().iter().map(|f| f.report.score).collect();
        assert_eq!(scores, [Some(99.0), Some(98.0), Some(97.0)]);
    }

    #[test]
    fn without_an_order_the_first_are_printed_as_they_come() {
        let mut listing = Listing::new(Form::Text, false, Some(2));
        assert!(listing.add(found(None, "a")).is_some() && !listing.is_full());
        assert!(listing.add(found(None, "b")).is_some() && listing.is_full());
        assert!(listing.add(found(None, "c")).is_none() && listing.sorted().is_empty());
    }

    #[test]
    fn a_row_has_the_columns_of_the_heading_and_quotes_what_it_must() {
        let mut found = found(Some(4.5), "a,b\u{1b}.jpg");
        let line = csv_line(&row(&found)).unwrap();
        assert_eq!(line, "\"a,b\\u{1b}.jpg\",match,4.5,4.0,,0,,,,,,\"a \"\"b\"\",\\nc\",false,,\n");
        found.report.photo = "=1+2.jpg".into();
        found.report.score = Some(-0.5);
        let line = csv_line(&row(&found)).unwrap();
        assert!(line.starts_with("'=1+2.jpg,match,-0.5,"), "no formula, and a number: {line}");
        assert_eq!(HEADING.split(',').count(), 15);
    }
}
