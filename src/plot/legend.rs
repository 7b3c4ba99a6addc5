//! The legend at the bottom: the meaning of each symbol, in as many columns as fit.

use super::geometry::{Anchor, Pixel, Rect, Role, Text};
use super::picture::{Group, Picture};
use super::plane::Border;
use super::scene::Kind;
use super::text::{Fonts, Weight};

/// Most columns.
const COLUMNS: usize = 3;
/// The share of the canvas' height that the legend may take.
const SHARE: f64 = 0.4;
/// The width of symbol and gap before an entry's text, in em.
const SYMBOL: f64 = 2.0;
/// The gap between columns, in em.
const GAP: f64 = 1.2;

/// A symbol that the legend of a [`Picture`] explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Symbol {
    /// The faces of a group.
    Faces(Kind),
    /// The ring around an accepted face.
    Ring,
    /// The ellipses.
    Strangers,
    /// The decision border.
    Border,
}

/// A symbol at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Key<S> {
    /// The symbol.
    pub symbol: S,
    /// Its middle.
    pub at: Pixel,
}

/// The layout of the legend.
#[derive(Debug, Clone, PartialEq)]
pub struct Legend<S> {
    /// The symbols.
    pub keys: Vec<Key<S>>,
    /// Their meanings.
    pub texts: Vec<Text>,
    /// Its upper edge.
    pub top: f64,
}

/// Every symbol of `picture` with its meaning, the overlays last.
#[must_use]
pub fn entries(picture: &Picture) -> Vec<(Option<Symbol>, String)> {
    let (overlays, mut enrolled): (Vec<_>, Vec<_>) =
        picture.groups.iter().partition(|group| matches!(group.kind, Kind::Overlay(_)));
    // The photos that count come first, because readers look for them first.
    enrolled.sort_by_key(|group| group.kind != Kind::Kept);
    let faces = |group: &&Group| (Some(Symbol::Faces(group.kind)), group.name.clone());
    let mut entries: Vec<_> = enrolled.iter().map(faces).collect();
    let mut shares: Vec<String> =
        picture.ellipses.iter().rev().map(|e| format!("{:.0}", 100.0 * e.share)).collect();
    // A region may have several parts.
    shares.dedup();
    entries.push((Some(Symbol::Strangers), format!("{} % of strangers", shares.join(", "))));
    let border = match picture.border {
        Border::Surface(_) => "border, match side shaded",
        Border::Upright => "threshold, match side shaded",
    };
    entries.push((Some(Symbol::Border), border.into()));
    if picture.any_accepted() {
        entries.push((Some(Symbol::Ring), "a match".into()));
    }
    entries.extend(overlays.iter().map(faces));
    entries
}

/// Lay `entries`, symbols with their meanings, out at the bottom of `canvas`.
#[must_use]
pub fn place<S: Copy>(
    entries: Vec<(Option<S>, String)>,
    fonts: &Fonts,
    em: f64,
    canvas: Rect,
) -> Legend<S> {
    let (width, row) = (canvas.right - canvas.left, 1.45 * em);
    let text_em = 0.92 * em;
    // At most half the width each, so that there are always two columns.
    let most = (width - GAP * em) / 2.0 - SYMBOL * em;
    let mut entries: Vec<_> = entries
        .into_iter()
        .map(|(symbol, text)| {
            let sizes = (text_em, 0.8 * text_em);
            (symbol, fonts.fit(&text, sizes, Weight::Regular, most))
        })
        .collect();
    let widths: Vec<f64> = entries
        .iter()
        .map(|(_, (text, em_of))| SYMBOL * em + fonts.width(text, *em_of, Weight::Regular))
        .collect();
    let columns = (1..=COLUMNS).rev().find(|&n| total(&widths, n, GAP * em) <= width).unwrap_or(1);
    let rows_at_most = ((SHARE * canvas.bottom / row) as usize).max(1);
    let room = columns * rows_at_most;
    if entries.len() > room {
        let hidden = entries.len() - room + 1;
        entries.truncate(room - 1);
        entries.push((None, (format!("and {hidden} more"), text_em)));
    }
    let rows = entries.len().div_ceil(columns);
    let top = canvas.bottom - rows as f64 * row;
    let (mut keys, mut texts, mut left) = (Vec::new(), Vec::new(), canvas.left);
    for (column, chunk) in entries.chunks(rows.max(1)).enumerate() {
        for (i, (symbol, (text, text_em))) in chunk.iter().enumerate() {
            let middle = top + (i as f64 + 0.5) * row;
            if let Some(symbol) = *symbol {
                keys.push(Key { symbol, at: [left + 0.85 * em, middle] });
            }
            let at = [left + SYMBOL * em, middle + 0.36 * text_em];
            texts.push(Text::new(fonts, text, *text_em, Role::Main, at, Anchor::Start));
        }
        left += column_width(&widths, column, rows) + GAP * em;
    }
    Legend { keys, texts, top }
}

/// The width of a column of entries with these widths, filled from top to bottom.
fn column_width(widths: &[f64], column: usize, rows: usize) -> f64 {
    widths.iter().skip(column * rows).take(rows).copied().fold(0.0, f64::max)
}

/// The width of all `columns`.
fn total(widths: &[f64], columns: usize, gap: f64) -> f64 {
    let rows = widths.len().div_ceil(columns);
    let used = widths.len().div_ceil(rows.max(1));
    (0..used).map(|column| column_width(widths, column, rows) + gap).sum::<f64>() - gap
}
