//! Prints the wrong labels of a folder of people.

use crate::cli::output::{count, print, print_json, printable, shown};
use crate::error::Result;
use crate::eval::Finding;

/// Print `findings`, one per line. The heading says with `done` how they are handled.
///
/// # Errors
/// [`crate::Error::Output`], also for a closed pipe.
pub(in crate::cli) fn print_findings(findings: &[Finding], done: &str, json: bool) -> Result<()> {
    if json {
        return findings.iter().try_for_each(print_json);
    }
    if findings.is_empty() {
        return Ok(());
    }
    let heading = format!("{}, {done}:", count(findings.len(), "wrong label"));
    let lines = findings.iter().map(|finding| format!("    {}\n", line(finding)));
    print(&format!("{heading}\n{}", lines.collect::<String>()))
}

fn line(finding: &Finding) -> String {
    match finding {
        Finding::SamePicture { left_out, stays, cosine } => format!(
            "one picture under two names: {} and {} (cosine {cosine:.3})",
            shown(left_out),
            shown(stays)
        ),
        Finding::WrongPerson { left_out, likeness, claimed, .. } => {
            let other = claimed.as_ref().map_or_else(String::new, |(name, likeness)| {
                format!(", to {} {likeness:.1}", printable(name))
            });
            let photo = shown(left_out);
            format!("another person's photo: {photo} (likeness to its folder {likeness:.1}{other})")
        }
        Finding::SamePerson { left_out, stays, likeness } => format!(
            "one person under two names: {} and {} (likeness {likeness:.1})",
            printable(left_out),
            printable(stays)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_both_sides() {
        let claimed = Some(("Bo\u{1b}".to_owned(), 20.0));
        let wrong = |claimed| Finding::WrongPerson {
            name: "Al".into(),
            left_out: "Al/2.jpg".into(),
            likeness: -30.04,
            claimed,
        };
        for (finding, expected) in [
            (
                wrong(claimed),
                "another person's photo: Al/2.jpg (likeness to its folder -30.0, to Bo\\u{1b} 20.0)",
            ),
            (wrong(None), "another person's photo: Al/2.jpg (likeness to its folder -30.0)"),
            (
                Finding::SamePerson { left_out: "Al".into(), stays: "Bo".into(), likeness: 9.0 },
                "one person under two names: Al and Bo (likeness 9.0)",
            ),
        ] {
            assert_eq!(line(&finding), expected);
        }
    }
}
