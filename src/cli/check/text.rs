//! The text that `verify check` prints.

use std::time::Duration;

use super::super::output::{BAD, DOUBT, GOOD, printable, shown, styled};
use crate::check::CheckReport;
use crate::decision::Verdict;
use crate::enroll::Apart;
use crate::error::cut_off;
use crate::video::clock;

/// One photo's line: verdict, score, probability, photo, reason.
pub fn line(report: &CheckReport) -> String {
    line_at(report, None)
}

/// The same for a frame of a video, shown at a time.
pub fn line_at(report: &CheckReport, time: Option<Duration>) -> String {
    let style = match report.verdict {
        Verdict::Match => GOOD,
        Verdict::Uncertain => DOUBT,
        Verdict::NoMatch | Verdict::NoFace | Verdict::Error => BAD,
    };
    let verdict = styled(format!("{:<9}", report.verdict), style);
    let score = report.score.map_or("-".to_owned(), |score| format!("{score:.2}"));
    let probability = report.probability.map_or("-".to_owned(), percent);
    // An error names its photo.
    let what = match &report.error {
        Some(message) => printable(message),
        None => {
            let at = time.map_or(String::new(), |time| format!(" at {}", clock(time)));
            format!("{}{at}{}", shown(&report.photo), reason(report))
        }
    };
    format!("{verdict} {score:>6} {probability:>7}  {what}\n")
}

/// Why this verdict: the threshold, the closest enrolled photo, what makes the face hard to judge.
fn reason(report: &CheckReport) -> String {
    let cut = report.missing.map(cut_off);
    let Some(face) = report.faces.first() else {
        let cut = cut.map_or(String::new(), |cut| format!(", {cut}"));
        return format!(": no face found{cut}");
    };
    let mut reasons = Vec::from_iter(cut);
    if report.by_hand {
        reasons.push(format!("confirmed by hand, otherwise a match needs {:.2}", report.threshold));
    } else if report.verdict != Verdict::Match {
        reasons.push(format!("a match needs {:.2}", report.threshold));
    }
    let matching =
        report.faces.iter().filter(|face| face.judgement.verdict == Verdict::Match).count();
    if matching > 1 {
        reasons.push(format!("{matching} faces match, but only one can be the person"));
    }
    reasons.extend(face.concerns.iter().map(ToString::to_string));
    if let (Some(taken), Some(Apart { years, nearest, child })) = (report.taken, report.far_in_time)
    {
        let who = if child { "a child's face" } else { "a face" };
        reasons.push(format!(
            "taken in {}, {years} years from the nearest enrolled photo ({nearest}): {who} changes, so enrol \
             photos from that time",
            taken.year
        ));
    }
    if let Some(nearest) = report.nearest.first() {
        let name = nearest.photo.file_name().unwrap_or(nearest.photo.as_os_str());
        reasons.push(format!("closest to {}", printable(&name.to_string_lossy())));
    }
    format!(": {}", reasons.join(", "))
}

/// A probability in per cent, never rounded to certainty.
fn percent(probability: f64) -> String {
    match 100.0 * probability {
        0.0 => "0%".to_owned(),
        small if small < 0.1 => "<0.1%".to_owned(),
        large if large > 99.9 => ">99.9%".to_owned(),
        percent => format!("{percent:.1}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{CheckedFace, Judgement, Nearest};
    use crate::face::Concern;
    use crate::face::tests::face_at;

    fn report() -> CheckReport {
        let face = CheckedFace {
            face: face_at(50.0, 50.0, 20.0),
            judgement: Judgement { score: 2.345, probability: 0.271, verdict: Verdict::NoMatch },
            concerns: vec![Concern::Small],
        };
        CheckReport {
            photo: "a\u{1b}.jpg".into(),
            verdict: Verdict::NoMatch,
            score: Some(2.345),
            threshold: 4.0,
            probability: Some(0.271),
            faces: vec![face],
            nearest: vec![Nearest { photo: "cage/7.jpg".into(), cosine: 0.4 }],
            truncated: false,
            missing: None,
            by_hand: false,
            taken: None,
            far_in_time: None,
            error: None,
        }
    }

    fn plain(report: &CheckReport) -> String {
        anstream::adapter::strip_str(&line(report)).to_string()
    }

    #[test]
    fn a_line_has_verdict_score_probability_photo_and_reason() {
        assert_eq!(
            plain(&report()),
            "no-match    2.35   27.1%  a\\u{1b}.jpg: a match needs 4.00, face too small, closest to 7.jpg\n"
        );
        let (taken, apart) =
            ("2024-05-06".parse().unwrap(), Apart { years: 17, nearest: 2007, child: true });
        let late = CheckReport { taken: Some(taken), far_in_time: Some(apart), ..report() };
        assert!(
            plain(&late).contains(
                "taken in 2024, 17 years from the nearest enrolled photo (2007): a child's face changes"
            ),
            "{}",
            plain(&late)
        );
        let frame = line_at(&report(), Some(Duration::from_secs(83)));
        assert!(frame.contains("a\\u{1b}.jpg at 0:01:23: a match needs"), "{frame}");
        let empty = CheckReport {
            verdict: Verdict::NoFace,
            score: None,
            probability: Some(0.0),
            faces: Vec::new(),
            nearest: Vec::new(),
            ..report()
        };
        assert_eq!(plain(&empty), "no-face        -      0%  a\\u{1b}.jpg: no face found\n");
        let error = CheckReport {
            verdict: Verdict::Error,
            probability: None,
            error: Some("b.jpg: not a photo".into()),
            ..empty
        };
        assert_eq!(plain(&error), "error          -       -  b.jpg: not a photo\n");
    }

    #[test]
    fn nothing_is_certain() {
        for (probability, text) in [
            (0.99999, ">99.9%"),
            (0.00001, "<0.1%"),
            (0.5, "50.0%"),
            (0.0, "0%"),
            (0.9991, ">99.9%"),
        ] {
            assert_eq!(percent(probability), text);
        }
    }
}
