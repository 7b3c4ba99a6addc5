//! What `verify enroll` says to people.

use std::fmt::Write as _;

use super::super::output::{BAD, DOUBT, GOOD, accepted, count, list, printable, shown, styled};
use crate::decision::calibration::EVIDENCE;
use crate::decision::{Method, threshold_for};
use crate::enroll::report::{Kept, Report, SelfTest};
use crate::enroll::{Alike, Gap, Years};
use crate::words::MOST_TIMES;

/// A threshold that is raised by less is not worth a line.
const RAISED: f64 = 0.05;
/// A score that is lower by less is not worth a line either.
const CROWDED: f64 = 0.5;
/// With fewer kept photos than this, more of them help.
const FEW_PHOTOS: usize = 5;

/// The whole report.
pub fn text(report: &Report) -> String {
    let counts = &report.counts;
    let mut text = format!(
        "Learnt {} from {}\n",
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
        Some(name) => format!(" (replaces that of {})", printable(name)),
        None => String::new(),
    };
    let _ = writeln!(text, "Profile     {}{replaced}", shown(&report.profile));
    text +=
        "\nNext: `verify check PHOTO`, or `verify plot faces.png` to see the photos in a plane\n";
    text
}

/// The threshold, whom it accepts, and what is known of that.
pub fn threshold(report: &Report) -> String {
    let at_hand = report.strangers.map(|strangers| strangers.faces);
    let mut text =
        format!("Threshold   {:.2}: accepts {}\n", report.threshold, accepted(report.far, at_hand));
    let mut add = |line: &str| text += &format!("            {line}\n");
    let general = threshold_for(report.far);
    let name = printable(report.name);
    if at_hand.is_some() && report.threshold > general + RAISED {
        add(&format!(
            "(strangers at hand look more like {name} than usual: {general:.2} without them)"
        ));
    } else if at_hand.is_none() {
        add(&format!("(of kinds of people never measured, up to {MOST_TIMES} times as many)"));
    }
    if EVIDENCE.last().is_some_and(|measured| general > *measured) {
        add("(an estimate: strangers were measured to one in 100,000)");
    }
    let Some(standing) = report.standing else { return text };
    if standing.crowding > CROWDED {
        let lost = standing.crowding;
        add(&format!(
            "(scores are {lost:.1} lower here: faces like these are more alike than most)"
        ));
    }
    if standing.rare && at_hand.is_none() {
        add(&format!(
            "Few people like {name} are in the population, so the rate is uncertain; photos of"
        ));
        add("strangers of the same kind settle it: verify enroll --strangers DIR");
    }
    text
}

/// The years of the photos, and those that are missing.
pub fn years(report: &Report) -> String {
    let Some(Years { dated, undated, years, gaps }) = &report.years else { return String::new() };
    let (Some(first), Some(last)) = (years.first(), years.last()) else { return String::new() };
    let span = match (first.year, last.year) {
        (first, last) if first == last => format!("{first}"),
        (first, last) => format!("{first} to {last}"),
    };
    let known = match undated {
        0 => String::new(),
        _ => format!(", as {dated} of {} say", count(dated + undated, "photo")),
    };
    let mut text = format!("Years       {span}{known}\n");
    for Gap { after, before } in gaps {
        let _ = writeln!(
            text,
            "            nothing between {after} and {before}; photos of then would help"
        );
    }
    text
}

/// The photos that repeat others.
pub fn duplicates(report: &Report) -> String {
    if report.duplicates.is_empty() {
        return String::new();
    }
    let line = |repeat: &crate::enroll::report::Duplicate| {
        format!("{}: same picture as {}", printable(&repeat.photo), printable(&repeat.of))
    };
    let lines: Vec<_> = report.duplicates.iter().map(line).collect();
    let what = if lines.len() == 1 { "duplicate counts" } else { "duplicates count" };
    format!("{} {what} once:\n{}", lines.len(), list(&lines))
}

/// The photos that do not count, with the reasons.
pub fn set_aside(report: &Report) -> String {
    if report.set_aside.is_empty() {
        return String::new();
    }
    let line = |photo: &crate::enroll::report::SetAside| match photo.reason {
        // The message names the photo.
        "unreadable" => printable(&photo.detail),
        _ => format!("{}: {}", printable(&photo.photo), photo.detail),
    };
    let lines: Vec<_> = report.set_aside.iter().map(line).collect();
    format!("{} set aside:\n{}", styled(lines.len(), DOUBT), list(&lines))
}

/// The photos with several faces, and which of them was taken for the person's.
fn several(report: &Report) -> String {
    let line = |photo: &Kept| {
        let (name, faces) = (printable(&photo.photo), count(photo.faces, "face"));
        Some(format!("{name}: {faces}, number {} from the left", photo.face?))
    };
    let lines: Vec<_> = report.kept.iter().filter_map(line).collect();
    if lines.is_empty() {
        return String::new();
    }
    let text = format!("{} with several faces:\n{}", count(lines.len(), "photo"), list(&lines));
    text + "    `--face PHOTO:N` takes another\n"
}

/// The other enrolled people who look like this one, and what settles it.
pub fn alike(report: &Report) -> String {
    let line = |other: &Alike| {
        format!(
            "{} (a photo of one has the score {:.2} as the other)",
            printable(&other.name),
            other.score
        )
    };
    let lines: Vec<_> = report.alike.iter().map(line).collect();
    let Some(first) = report.alike.first() else { return String::new() };
    let [name, other] = [report.name, &first.name].map(printable);
    let who = if lines.len() == 1 { "enrolled person looks" } else { "enrolled people look" };
    format!(
        "{} other {who} like {name}:\n{}    `verify people apart {name:?} {other:?}` tells these two apart; if they are \
         one person, remove one\n",
        styled(lines.len(), DOUBT),
        list(&lines)
    )
}

/// The other people that the profile knows of.
pub fn others(report: &Report) -> String {
    let mut text = String::new();
    for other in &report.look_alikes {
        let photos = count(other.photos, "photo");
        let _ = writeln!(text, "Kept apart from {} ({photos})", printable(other.name));
    }
    if report.negatives > 0 {
        let faces = count(report.negatives, "face");
        let used = if report.method == Method::Supervised {
            "used by the supervised method"
        } else {
            "kept for --method supervised"
        };
        let _ = writeln!(text, "{faces} of other people, {used}");
    }
    text
}

fn self_test(report: &Report) -> String {
    let mut text = match report.self_test.iter().find(|test| test.method == report.method) {
        Some(test) if test.photos > 0 => {
            let style = if 10 * test.accepted >= 9 * test.photos { GOOD } else { BAD };
            format!(
                "Self-test   {} of {} left out in turn would match by the others\n",
                styled(test.accepted, style),
                count(test.photos, "photo")
            )
        }
        _ => "Self-test   not possible with a single photo\n".to_owned(),
    };
    if report.counts.kept < FEW_PHOTOS {
        text += "            more photos, of other days and light, make it more reliable\n";
    }
    if report.self_test.len() > 1 {
        text += &compared(report);
    }
    text
}

/// The table of `--method compare`.
fn compared(report: &Report) -> String {
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
        "\n{head}{rows}    (typical, weakest: how far such photos are above the threshold;\n     \
         choose with --method)\n\n"
    )
}

fn weak(report: &Report) -> String {
    if report.weak.is_empty() {
        return String::new();
    }
    let line = |photo: &crate::enroll::report::Kept| {
        let score = photo.score.map_or(String::new(), |score| format!(": score {score:.2}"));
        let concerns: String = photo.concerns.iter().map(|c| format!(", {c}")).collect();
        format!("{}{score}{concerns}", printable(&photo.photo))
    };
    let lines: Vec<_> = report.weak.iter().map(line).collect();
    let these = if lines.len() == 1 {
        "this one; the others hardly recognise it"
    } else {
        "these; the others hardly recognise them"
    };
    format!("Replace {these}:\n{}", list(&lines))
}
