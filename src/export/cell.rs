//! Text as a cell of comma-separated values that no spreadsheet runs as a formula.

use std::borrow::Cow;

/// The characters that formulas begin with, including full-width ones, which some spreadsheets accept too.
const FORMULAS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// `text` as a cell; one that a spreadsheet would run gets an apostrophe in front.
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULAS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_text_and_all_else_stays() {
        for text in ["=HYPERLINK(\"x\")", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(cell(text), format!("'{text}"));
        }
        for text in ["", "a=b.jpg", "'=1", "./-a.jpg", "Zoë.jpg", "1-2.jpg"] {
            assert_eq!(cell(text), text);
        }
    }
}
