//! Printing: text from outside made safe for a terminal, colours if they are wanted, long lists shortened.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::error::Result;
pub use crate::words::{accepted, count, grouped, strangers};

/// The most lines of a list that are printed.
const LONGEST_LIST: usize = 10;

/// The style of good results.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// The style of bad results.
pub const BAD: Style = AnsiColor::Red.on_default();
/// The style of doubtful results.
pub const DOUBT: Style = AnsiColor::Yellow.on_default();

/// `text` in a style. [`print`] removes colours that are not wanted.
#[must_use]
pub fn styled(text: impl std::fmt::Display, style: Style) -> String {
    format!("{style}{text}{style:#}")
}

/// `text` from outside (a file's name, another library's message) in one line that does nothing
/// to a terminal: control characters and marks that change the writing direction are escaped.
#[must_use]
pub fn printable(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || turns(c) || matches!(c, '\u{2028}' | '\u{2029}') {
            safe.extend(c.escape_default());
        } else {
            safe.push(c);
        }
    }
    safe
}

/// A path, safe to print.
#[must_use]
pub fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// Print to standard output; colours only on a terminal that wants them.
///
/// # Errors
/// [`crate::Error::Output`], for example if a pipe was closed.
pub fn print(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Print one object as a line of JSON to standard output.
///
/// # Errors
/// [`crate::Error::Output`], for example if a pipe was closed.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    let mut line = serde_json::to_vec(value).map_err(std::io::Error::from)?;
    line.push(b'\n');
    let mut out = std::io::stdout().lock();
    out.write_all(&line)?;
    Ok(out.flush()?)
}

/// `row` as a line of comma-separated values, without a heading.
///
/// # Errors
/// [`crate::Error::Output`] if `row` is not flat.
pub fn csv_line(row: &impl Serialize) -> Result<String> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.serialize(row).map_err(std::io::Error::other)?;
    let line = writer.into_inner().map_err(|e| std::io::Error::other(e.to_string()))?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// Whether only results and errors are printed.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Print only results and errors from now on.
pub fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Whether only results and errors are printed.
#[must_use]
pub fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Print a message on standard error as `verify: …`, unless --quiet is given. Errors of writing are ignored.
pub fn note(text: &str) {
    if !is_quiet() {
        problem(text);
    }
}

/// Print a problem on standard error as `verify: …`, also with --quiet.
pub fn problem(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "verify: {}", printable(text));
}

/// `lines`, each indented and ended with a newline; after ten of them, the number of the others.
#[must_use]
pub fn list(lines: &[String]) -> String {
    let mut text = String::new();
    // Eleven lines are as long as ten and a line with the number of the others.
    let shown = if lines.len() <= LONGEST_LIST + 1 { lines.len() } else { LONGEST_LIST };
    for line in &lines[..shown] {
        let _ = writeln!(text, "    {line}");
    }
    if shown < lines.len() {
        let _ = writeln!(
            text,
            "    and {} more (see all with --json)",
            grouped((lines.len() - shown) as u64)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_reaches_the_terminals_controls() {
        assert_eq!(printable("a\u{1b}[31mb\nc\u{9b}d"), "a\\u{1b}[31mb\\nc\\u{9b}d");
        assert_eq!(printable("gpj.\u{202e}exe"), "gpj.\\u{202e}exe");
        assert_eq!(printable("Zoë 写真.jpg"), "Zoë 写真.jpg");
    }

    #[test]
    fn long_lists_are_cut_and_short_ones_whole() {
        let lines = |n: usize| (0..n).map(|i| format!("photo {i}")).collect::<Vec<_>>();
        assert_eq!(list(&lines(11)).lines().count(), 11);
        let cut = list(&lines(1_300));
        assert_eq!(cut.lines().count(), 11);
        assert!(cut.ends_with("    and 1,290 more (see all with --json)\n"), "{cut}");
        assert_eq!(list(&[]), "");
    }
}
