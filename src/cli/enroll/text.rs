//! The text that `verify enroll` prints.

use std::fmt::Write as _;

use super::super::output::{BAD, DOUBT, GOOD, accepted, count, list, printable, shown, styled};
use crate::decision::calibration::SCORES;
use crate::decision::{Method, threshold_for};
use crate::enroll::report::{EnrolReport, Kept, SelfTest};
use crate::enroll::{Alike, Gap, Years};
use crate::words::MOST_TIMES;

/// A threshold that was raised by less is not mentioned.
const RAISED: f64 = 0.05;
/// Crowding that lowers scores by less is not mentioned.
const CROWDED: f64 = 0.5;
/// With fewer kept photos than this, the text recommends adding more.
const FEW_PHOTOS: usize = 5;

/// The whole report.
pub fn text(report: &EnrolReport) -> String {
    let counts = &report.counts;
    let mut text = format!(
        "Enrolled {} with {}\n",
        printable(report.name),
        styled(count(counts.kept, "photo"), GOOD)
    );
    text += &duplicates(report);
    text += &set_aside(report);
    text += &several(report);
    text += &others(report);
    text += &alike(report);
    text += "\n";
    text += &self_test(report);
    text += &weak(report);
    text += &years(report);
    text += &threshold(report);
    let replaced = match &report.replaced {
        Some(name) => format!(" (replaced the profile of {})", printable(name)),
        None => String::new(),
    };
    let _ = writeln!(text, "Profile     {}{replaced}", shown(&report.profile));
    text +=
        "\nNext: `verify check PHOTO`, or `verify plot faces.png` for a picture of the profile\n";
    text
}

/// The threshold, whom it accepts, and how certain that is.
pub fn threshold(report: &EnrolReport) -> String {
    let at_hand = report.strangers.map(|strangers| strangers.faces);
    let mut text =
        format!("Threshold   {:.2}: accepts {}\n", report.threshold, accepted(report.far, at_hand));
    let mut add = |line: &str| text += &format!("            {line}\n");
    let general = threshold_for(report.far);
    let name = printable(report.name);
    if at_hand.is_some() && report.threshold > general + RAISED {
        add(&format!(
            "(raised from {general:.2}: strangers in your photos look more like {name} than usual)"
        ));
    } else if at_hand.is_none() {
        add(&format!(
            "(up to {MOST_TIMES} times as many among kinds of people that were never measured)"
        ));
    }
    if SCORES.last().is_some_and(|measured| general > *measured) {
        add("(extrapolated: measured only down to one stranger in 100,000)");
    }
    let Some(standing) = report.standing else { return text };
    if standing.crowding > CROWDED {
        let lost = standing.crowding;
        add(&format!(
            "(scores are {lost:.1} lower here, because people of this kind look more alike than most)"
        ));
    }
    if standing.rare && at_hand.is_none() {
        add(&format!(
            "The population has few people like {name}, so the rate is uncertain; measure it with"
        ));
        add("photos of strangers of the same kind: verify enroll --strangers DIR");
    }
    text
}

/// The years of the photos, and the gaps between them.
pub fn years(report: &EnrolReport) -> String {
    let Some(Years { dated, undated, years, gaps }) = &report.years else { return String::new() };
    let (Some(first), Some(last)) = (years.first(), years.last()) else { return String::new() };
    let span = match (first.year, last.year) {
        (first, last) if first == last => format!("{first}"),
        (first, last) => format!("{first} to {last}"),
    };
    let known = match undated {
        0 => String::new(),
        _ => format!(" ({dated} of {} have a date)", count(dated + undated, "photo")),
    };
    let mut text = format!("Years       {span}{known}\n");
    for Gap { after, before } in gaps {
        let _ = writeln!(
            text,
            "            no photos between {after} and {before}; adding some would help"
        );
    }
    text
}

/// The photos that are copies of others.
pub fn duplicates(report: &EnrolReport) -> String {
    if report.duplicates.is_empty() {
        return String::new();
    }
    let line = |repeat: &crate::enroll::report::Duplicate| {
        format!("{}: same picture as {}", printable(&repeat.photo), printable(&repeat.of))
    };
    let lines: Vec<_> = report.duplicates.iter().map(line).collect();
    let what = if lines.len() == 1 { "copy, counted" } else { "copies, counted" };
    format!("{} {what} once:\n{}", lines.len(), list(&lines))
}

/// The photos that do not count, with the reasons.
pub fn set_aside(report: &EnrolReport) -> String {
    if report.set_aside.is_empty() {
        return String::new();
    }
    let line = |photo: &crate::enroll::report::SetAside| match photo.reason {
        // The message names the photo.
        "unreadable" => printable(&photo.detail),
        _ => format!("{}: {}", printable(&photo.photo), photo.detail),
    };
    let lines: Vec<_> = report.set_aside.iter().map(line).collect();
    format!("{} set aside:\n{}", styled(count(lines.len(), "photo"), DOUBT), list(&lines))
}

/// The photos with several faces, and which face was taken as the person's.
fn several(report: &EnrolReport) -> String {
    let name = printable(report.name);
    let line = |photo: &Kept| {
        let (photo, face, faces) = (printable(&photo.photo), photo.face?, photo.faces);
        Some(format!("{photo}: face {face} of {faces} from the left is {name}"))
    };
    let lines: Vec<_> = report.kept.iter().filter_map(line).collect();
    if lines.is_empty() {
        return String::new();
    }
    let text = format!("{} with several faces:\n{}", count(lines.len(), "photo"), list(&lines));
    text + "    If one is wrong, choose another with `--face PHOTO:N`\n"
}

/// The other enrolled people who look like this one, and what to do about it.
pub fn alike(report: &EnrolReport) -> String {
    let line = |other: &Alike| {
        format!(
            "{} (a photo of one scores {:.2} against the other)",
            printable(&other.name),
            other.score
        )
    };
    let lines: Vec<_> = report.alike.iter().map(line).collect();
    let Some(first) = report.alike.first() else { return String::new() };
    let [name, other] = [report.name, &first.name].map(printable);
    let who = if lines.len() == 1 { "enrolled person looks" } else { "enrolled people look" };
    format!(
        "{} other {who} like {name}:\n{}    If they are two people, run `verify people apart {name:?} {other:?}`; if they \
        are one, remove one\n",
        styled(lines.len(), DOUBT),
        list(&lines)
    )
}

/// The other people that the profile knows of.
pub fn others(report: &EnrolReport) -> String {
    let mut text = String::new();
    for other in &report.look_alikes {
        let photos = count(other.photos, "photo");
        let _ = writeln!(text, "Kept apart from {} ({photos})", printable(other.name));
    }
    if report.negatives > 0 {
        let faces = count(report.negatives, "face");
        let used = if report.method == Method::Supervised {
            "used by --method supervised"
        } else {
            "stored for --method supervised"
        };
        let _ = writeln!(text, "{faces} of other people, {used}");
    }
    text
}

fn self_test(report: &EnrolReport) -> String {
    let mut text = match report.self_test.iter().find(|test| test.method == report.method) {
        Some(test) if test.photos > 0 => {
            let style = if 10 * test.accepted >= 9 * test.photos { GOOD } else { BAD };
            format!(
                "Self-test   {} of {} match a profile made from the others\n",
                styled(test.accepted, style),
                count(test.photos, "photo")
            )
        }
        _ => "Self-test   not possible with a single photo\n".to_owned(),
    };
    if report.counts.kept < FEW_PHOTOS {
        text += "            photos from other days and in other light make the profile more reliable\n";
    }
    if report.self_test.len() > 1 {
        text += &compared(report);
    }
    text
}

/// The table of `--method compare`.
fn compared(report: &EnrolReport) -> String {
    let margin = |margin: Option<f64>| margin.map_or("-".to_owned(), |m| format!("{m:+.2}"));
    let row = |test: &SelfTest| {
        let used = if test.method == report.method { "  (in use)" } else { "" };
        let accepted = format!("{} of {}", test.accepted, test.photos);
        let (typical, least) = (margin(test.typical_margin), margin(test.least_margin));
        format!("    {:<10} {accepted:>12} {typical:>10} {least:>10}{used}\n", test.method.name())
    };
    let head =
        format!("    {:<10} {:>12} {:>10} {:>10}\n", "method", "match", "typical", "weakest");
    let rows: String = report.self_test.iter().map(row).collect();
    format!(
        "\n{head}{rows}    (typical, weakest: how far the median and the lowest photo are above\n     \
        the threshold; choose one with --method)\n\n"
    )
}

fn weak(report: &EnrolReport) -> String {
    if report.weak.is_empty() {
        return String::new();
    }
    let line = |photo: &crate::enroll::report::Kept| {
        let score = photo.score.map_or(String::new(), |score| format!(": score {score:.2}"));
        let concerns: String = photo.concerns.iter().map(|c| format!(", {c}")).collect();
        format!("{}{score}{concerns}", printable(&photo.photo))
    };
    let lines: Vec<_> = report.weak.iter().map(line).collect();
    let what = if lines.len() == 1 {
        "weak photo; replace it with a clearer one"
    } else {
        "weak photos; replace them with clearer ones"
    };
    format!("{} {what}:\n{}", lines.len(), list(&lines))
}
