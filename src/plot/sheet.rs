//! The contact sheet: all faces in rows, from the highest score to the lowest, with the threshold drawn between two
//! rows.

use std::sync::Arc;

use image::RgbImage;
use plotters::prelude::{DrawingBackend, RGBColor};

use super::axes::heading;
use super::brush::{Brush, Drawn};
use super::draw::{Draw, Placed};
use super::geometry::{Anchor, Pixel, Rect, Role, Text};
use super::legend::{self, Key};
use super::marker::{self, BLACK, WHITE};
use super::paint::words;
use super::scene::{Kind, Scene};
use super::size::Size;
use super::text::{Fonts, Weight};
use crate::decision::far_of;
use crate::words::{count, grouped, strangers};

/// The smallest side of a face, in em.
const LEAST_SIDE: f64 = 1.1;
/// The largest.
const MOST_SIDE: f64 = 7.0;
/// The height of the text below a face, relative to its side.
const CAPTION: f64 = 0.24;
/// The gap between faces, relative to their side.
const GAP: f64 = 0.1;
/// The height of the threshold's band, in em.
const BAND: f64 = 2.4;
/// The colour drawn instead of a face whose photo is gone.
const NOTHING: RGBColor = RGBColor(225, 225, 225);

/// A face of the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its kind.
    pub kind: Kind,
    /// Its score.
    pub score: f64,
    /// The face's crop, if its photo still exists.
    pub crop: Option<Arc<RgbImage>>,
}

/// The content of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The title.
    pub title: String,
    /// The number of faces and the threshold.
    pub subtitle: String,
    /// The faces, the highest score first.
    pub cells: Vec<Cell>,
    /// The meaning of the colours.
    pub kinds: Vec<(Kind, String)>,
    /// The score from which a face is a match.
    pub threshold: f64,
}

impl Sheet {
    /// The sheet of all faces of `scene`.
    #[must_use]
    pub fn of(scene: &Scene) -> Self {
        // Copies are left out, because they look like their originals.
        let mut cells: Vec<Cell> = scene
            .faces()
            .filter(|(kind, _)| *kind != Kind::Duplicate)
            .map(|(kind, face)| Cell { kind, score: face.score, crop: face.crop.clone() })
            .collect();
        cells.sort_by(|a, b| b.score.total_cmp(&a.score));
        let threshold = scene.threshold;
        let kinds = scene.groups.iter().rev().filter(|group| group.kind != Kind::Duplicate);
        let mut kinds: Vec<_> = kinds.map(|group| (group.kind, group.name.clone())).collect();
        kinds.sort_by_key(|(kind, _)| *kind != Kind::Kept);
        Self {
            title: format!("From most to least like {}", scene.name),
            subtitle: format!(
                "{} with their scores; {:.2} is {}",
                count(cells.len(), "face"),
                threshold,
                strangers(far_of(threshold))
            ),
            cells,
            kinds,
            threshold,
        }
    }

    /// How many faces are a match.
    fn above(&self) -> usize {
        self.cells.partition_point(|cell| cell.score >= self.threshold)
    }
}

/// A face at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Its square, the coloured edge included.
    pub rect: Rect,
    /// The number of its cell.
    pub cell: usize,
}

/// The layout of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetLayout {
    /// The size of ordinary text in pixels.
    pub em: f64,
    /// Every text.
    pub texts: Vec<Text>,
    /// The legend's symbols.
    pub keys: Vec<Key<Kind>>,
    /// The faces that fit.
    pub faces: Vec<Spread>,
    /// The line of the threshold.
    pub line: [Pixel; 2],
}

/// How many faces are in a row, and how large they are.
struct Grid {
    side: f64,
    columns: usize,
    /// Faces shown above and below the line.
    shown: [usize; 2],
}

impl Grid {
    /// The grid with the largest faces at which all of `above` and `below` fit into `room`; at the smallest size, only
    /// those next to the line.
    fn of(room: Rect, above: usize, below: usize, em: f64) -> Self {
        let (width, height) = (room.right - room.left, room.bottom - room.top - BAND * em);
        let rows_of = |side: f64| (height / (side * (1.0 + CAPTION + GAP))).floor() as usize;
        let columns_of = |side: f64| ((width / (side * (1.0 + GAP))).floor() as usize).max(1);
        let needs = |columns: usize| above.div_ceil(columns) + below.div_ceil(columns);
        let steps =
            (0..=60).map(|i| MOST_SIDE * (LEAST_SIDE / MOST_SIDE).powf(f64::from(i) / 60.0));
        let fits = |side: &f64| needs(columns_of(*side)) <= rows_of(*side);
        let side = steps.map(|step| step * em).find(fits).unwrap_or(LEAST_SIDE * em);
        let (columns, rows) = (columns_of(side), rows_of(side).max(1));
        // If not all fit, each side of the line gets half, or what the other side leaves.
        let [upper, lower] = [above, below].map(|faces| faces.div_ceil(columns));
        let up = upper.min((rows / 2).max(rows.saturating_sub(lower)));
        let down = lower.min(rows - up);
        Self { side, columns, shown: [above.min(up * columns), below.min(down * columns)] }
    }
}

impl SheetLayout {
    /// Lay `sheet` out on a canvas of `size`.
    #[must_use]
    pub fn of(sheet: &Sheet, size: Size, fonts: &Fonts) -> Self {
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        let em = (width / 44.0).min(height / 33.0);
        let margin = 0.9 * em;
        let above = sheet.above();
        let canvas = Rect {
            left: margin,
            top: 4.6 * em,
            right: width - margin,
            bottom: height - 0.7 * margin,
        };
        let entries = sheet.kinds.iter().map(|(kind, name)| (Some(*kind), name.clone())).collect();
        let legend = legend::place(entries, fonts, em, canvas);
        let room = Rect { bottom: legend.top - 0.6 * em, ..canvas };
        let grid = Grid::of(room, above, sheet.cells.len() - above, em);
        let subtitle = subtitle(sheet, &grid);
        let (mut texts, _) =
            heading([&sheet.title, &subtitle], fonts, em, [margin, width - margin]);
        let mut faces = Vec::new();
        // Above the line, the faces next to it are the last ones.
        let first = above - grid.shown[0];
        let mut top = rows(sheet, &grid, first..above, room, (fonts, em), (&mut texts, &mut faces));
        let line = [[room.left, top + 0.55 * BAND * em], [room.right, top + 0.55 * BAND * em]];
        texts.extend(line_label(sheet, line, fonts, em));
        top += BAND * em;
        let below = Rect { top, ..room };
        let last = above + grid.shown[1];
        rows(sheet, &grid, above..last, below, (fonts, em), (&mut texts, &mut faces));
        texts.extend(legend.texts);
        Self { em, texts, keys: legend.keys, faces, line }
    }
}

/// The subtitle, which says if not all faces are shown.
fn subtitle(sheet: &Sheet, grid: &Grid) -> String {
    let shown = grid.shown[0] + grid.shown[1];
    if shown == sheet.cells.len() {
        return sheet.subtitle.clone();
    }
    format!("the middle {} of {}", grouped(shown as u64), sheet.subtitle)
}

/// Lay out rows of faces from the top of `room`, with scores in a font size of at most `most`; returns where they end.
fn rows(
    sheet: &Sheet,
    grid: &Grid,
    cells: std::ops::Range<usize>,
    room: Rect,
    (fonts, most): (&Fonts, f64),
    (texts, faces): (&mut Vec<Text>, &mut Vec<Spread>),
) -> f64 {
    let (side, high) = (grid.side, grid.side * (1.0 + CAPTION + GAP));
    let rows = cells.len().div_ceil(grid.columns);
    for (i, cell) in cells.enumerate() {
        let left = room.left + (i % grid.columns) as f64 * side * (1.0 + GAP);
        let top = room.top + (i / grid.columns) as f64 * high;
        faces.push(Spread {
            rect: Rect { left, top, right: left + side, bottom: top + side },
            cell,
        });
        let score = format!("{:.2}", sheet.cells[cell].score).replace('-', "\u{2212}");
        let (text, em) = fonts.fit(
            &score,
            ((0.8 * CAPTION * side).min(most), (0.5 * CAPTION * side).min(most)),
            Weight::Regular,
            side,
        );
        let at = [left + side / 2.0, top + side + 0.85 * CAPTION * side];
        texts.push(Text::new(fonts, &text, em, Role::Minor, at, Anchor::Middle));
    }
    room.top + rows as f64 * high
}

/// The labels of the line: above and below it.
fn line_label(sheet: &Sheet, line: [Pixel; 2], fonts: &Fonts, em: f64) -> Vec<Text> {
    let [[left, y], [right, _]] = line;
    let threshold = format!("{:.2}", sheet.threshold);
    let label = |text: String, baseline: f64, anchor, x: f64| {
        let (text, size) =
            fonts.fit(&text, (0.85 * em, 0.6 * em), Weight::SemiBold, 0.48 * (right - left));
        let width = fonts.width(&text, size, Weight::SemiBold);
        let text = Text::new(fonts, &text, size, Role::Main, [x, baseline], anchor);
        Text { weight: Weight::SemiBold, width, ..text }
    };
    vec![
        label(format!("↑ match: {threshold} or more"), y - 0.3 * em, Anchor::Start, left),
        label(format!("↓ no match: less than {threshold}"), y + 0.95 * em, Anchor::End, right),
    ]
}

impl Draw for Sheet {
    type Layout = SheetLayout;

    fn layout(&self, size: Size, fonts: &Fonts) -> SheetLayout {
        SheetLayout::of(self, size, fonts)
    }

    fn paint<B: DrawingBackend>(&self, layout: &SheetLayout, brush: &Brush<B>) -> Drawn {
        brush.fill(WHITE)?;
        let square = |rect: Rect, colour: RGBColor| {
            let Rect { left, top, right, bottom } = rect;
            brush.polygon(
                &[[left, top], [right, top], [right, bottom], [left, bottom]],
                colour,
                1.0,
            )
        };
        for face in &layout.faces {
            let cell = &self.cells[face.cell];
            square(face.rect, marker::colour(cell.kind))?;
            if cell.crop.is_none() {
                square(inner(face.rect), NOTHING)?;
            }
        }
        brush.line(&layout.line, BLACK, 0.14 * layout.em)?;
        words(brush, &layout.texts)?;
        for Key { symbol, at: [x, y] } in &layout.keys {
            let half = 0.42 * layout.em;
            let rect = Rect { left: x - half, top: y - half, right: x + half, bottom: y + half };
            square(rect, marker::colour(*symbol))?;
            square(inner(rect), WHITE)?;
        }
        Ok(())
    }

    fn photos<'a>(&'a self, layout: &'a SheetLayout) -> Vec<Placed<'a>> {
        let placed = |face: &'a Spread| {
            let pixels = self.cells[face.cell].crop.as_deref()?;
            Some(Placed { rect: inner(face.rect), pixels })
        };
        layout.faces.iter().filter_map(placed).collect()
    }
}

/// A square without its coloured edge.
fn inner(rect: Rect) -> Rect {
    rect.grown(-0.055 * (rect.right - rect.left))
}
