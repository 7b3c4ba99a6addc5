//! The layout of the figure of error rates. Nothing is drawn here.

use super::super::axes::{Tick, axes, heading, number, numbers_width};
use super::super::geometry::{Anchor, Pixel, Rect, Role, Text};
use super::super::legend::{self, Key};
use super::super::size::Size;
use super::super::text::{Fonts, Weight};
use super::axis::{self, Axis};
use super::figure::{RatesFigure, View};

/// A symbol that the legend explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// The curve of this number.
    Curve(usize),
    /// The histogram of genuine trials.
    Genuine,
    /// The histogram of impostor trials.
    Impostor,
}

/// A panel at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// What it shows.
    pub view: View,
    /// The rectangle of its data.
    pub rect: Rect,
    /// The numbers along the horizontal and the vertical axis.
    pub ticks: [Vec<Tick>; 2],
    axes: [Axis; 2],
}

impl Panel {
    /// The panel of `axes` in `cell`.
    fn new(view: View, axes: [Axis; 2], cell: Rect, fonts: &Fonts, em: f64) -> Self {
        let mut panel = Self {
            view,
            rect: Rect { top: cell.top + 1.7 * em, bottom: cell.bottom - 3.4 * em, ..cell },
            ticks: [Vec::new(), Vec::new()],
            axes,
        };
        let up = panel.numbers(1);
        panel.rect.left += 2.3 * em + numbers_width(&up, fonts, em);
        panel.rect.right -= 0.4 * em;
        panel.ticks = [panel.numbers(0), up];
        let width = |tick: &Tick| numbers_width(std::slice::from_ref(tick), fonts, em) + 0.6 * em;
        thin_out(&mut panel.ticks[0], width);
        thin_out(&mut panel.ticks[1], |_| 1.15 * em);
        panel
    }

    fn numbers(&self, i: usize) -> Vec<Tick> {
        let tick = |(value, label): &(f64, String)| {
            let at = self.pixel([*value; 2])[i];
            Tick { at, label: label.clone() }
        };
        self.axes[i].numbers.iter().map(tick).collect()
    }

    /// The pixel of a horizontal and a vertical value; outside the panel if they are not shown.
    #[must_use]
    pub fn pixel(&self, values: [f64; 2]) -> Pixel {
        let Rect { left, top, right, bottom } = self.rect;
        let [across, up] = [0, 1].map(|i| self.axes[i].share(values[i]));
        [left + across * (right - left), bottom - up * (bottom - top)]
    }
}

/// Remove the numbers that have too little room after the one before.
fn thin_out(ticks: &mut Vec<Tick>, needed: impl Fn(&Tick) -> f64) {
    let mut before: Option<(f64, f64)> = None;
    ticks.retain(|tick| {
        let half = needed(tick) / 2.0;
        let fits = before.is_none_or(|(at, other)| (tick.at - at).abs() >= half + other);
        if fits {
            before = Some((tick.at, half));
        }
        fits
    });
}

/// Everything in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct RatesLayout {
    /// The size of ordinary text in pixels, which all else goes by.
    pub em: f64,
    /// The panels, those of curves before the histograms.
    pub panels: Vec<Panel>,
    /// Every text.
    pub texts: Vec<Text>,
    /// The legend's symbols.
    pub keys: Vec<Key<Sign>>,
}

/// The arrangement of the panels.
#[derive(Debug, Clone, Copy)]
enum Grid {
    /// One panel alone.
    One,
    Row,
    /// The histograms below the other two.
    Two,
    Column,
}

impl Grid {
    /// The width and height that it needs, in em.
    fn needs(self) -> [f64; 2] {
        match self {
            Self::One => [36.0, 24.0],
            Self::Row => [66.0, 26.0],
            Self::Two => [44.0, 38.0],
            Self::Column => [30.0, 56.0],
        }
    }

    /// The arrangement with the largest text on a canvas, with the text's size.
    fn for_canvas(panels: usize, width: f64, height: f64) -> (Self, f64) {
        let em = |grid: Self| (width / grid.needs()[0]).min(height / grid.needs()[1]);
        if panels == 1 {
            return (Self::One, em(Self::One));
        }
        let grids = [Self::Row, Self::Column].into_iter();
        let best = grids.fold(Self::Two, |a, b| if em(b) > em(a) { b } else { a });
        (best, em(best))
    }

    /// The places of the panels in `room`.
    fn cells(self, room: Rect, gap: f64) -> Vec<Rect> {
        let Rect { left, top, right, bottom } = room;
        let part = |from: f64, to: f64, n: usize, of: usize| {
            let length = (to - from - gap * (of - 1) as f64) / of as f64;
            let start = from + n as f64 * (length + gap);
            (start, start + length)
        };
        let cell = |column: usize, columns: usize, row: usize, rows: usize| {
            let (left, right) = part(left, right, column, columns);
            let (top, bottom) = part(top, bottom, row, rows);
            Rect { left, top, right, bottom }
        };
        match self {
            Self::One => vec![room],
            Self::Row => (0..3).map(|i| cell(i, 3, 0, 1)).collect(),
            Self::Two => vec![cell(0, 2, 0, 2), cell(1, 2, 0, 2), cell(0, 1, 1, 2)],
            Self::Column => (0..3).map(|i| cell(0, 1, i, 3)).collect(),
        }
    }
}

impl RatesLayout {
    /// Lay `figure` out on a canvas of `size`.
    #[must_use]
    pub fn of(figure: &RatesFigure, size: Size, fonts: &Fonts) -> Self {
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        let (grid, em) = Grid::for_canvas(figure.views.len(), width, height);
        let margin = 0.9 * em;
        let (left, right) = (margin, width - margin);
        let (mut texts, top) = heading([&figure.title, &figure.subtitle], fonts, em, [left, right]);
        let canvas = Rect { left, top, right, bottom: height - 0.7 * margin };
        let legend = legend::place(entries(figure), fonts, em, canvas);
        let cells = grid.cells(Rect { bottom: legend.top, ..canvas }, 0.9 * em);
        let mut panels = Vec::with_capacity(cells.len());
        for (view, cell) in figure.views.iter().zip(cells) {
            let panel = Panel::new(*view, axis::axes(figure, *view), cell, fonts, em);
            let (title, names) = view.words();
            texts.push(panel_title(title, &panel, fonts, em));
            texts.extend(axes(panel.rect, names, &panel.ticks, fonts, em, [cell.left, width]));
            texts.extend(match view {
                View::Roc => None,
                View::Det => nothing_to_see(figure, &panel, fonts, em),
                View::Scores => threshold(figure.threshold, &panel, fonts, em),
            });
            panels.push(panel);
        }
        texts.extend(legend.texts);
        Self { em, panels, texts, keys: legend.keys }
    }
}

fn panel_title(title: &str, panel: &Panel, fonts: &Fonts, em: f64) -> Text {
    let weight = Weight::SemiBold;
    let at = [panel.rect.left, panel.rect.top - 0.55 * em];
    let text = Text::new(fonts, title, em, Role::Main, at, Anchor::Start);
    Text { weight, width: fonts.width(title, em, weight), ..text }
}

/// The text in the DET panel if no curve passes it, because at every threshold one rate is 0.
fn nothing_to_see(figure: &RatesFigure, panel: &Panel, fonts: &Fonts, em: f64) -> Option<Text> {
    let Rect { left, top, right, bottom } = panel.rect;
    let mut steps = figure.curves.iter().flat_map(|curve| &curve.steps);
    if steps.any(|[far, tar]| panel.rect.holds(panel.pixel([*far, 1.0 - tar]))) {
        return None;
    }
    let (text, em) = fonts.fit(
        "one rate is 0 everywhere",
        (em, 0.6 * em),
        Weight::Regular,
        0.85 * (right - left),
    );
    let at = [(left + right) / 2.0, (top + bottom) / 2.0];
    Some(Text::new(fonts, &text, em, Role::Minor, at, Anchor::Middle))
}

/// The label of the threshold, beside its line at the top of the histograms.
fn threshold(threshold: f64, panel: &Panel, fonts: &Fonts, em: f64) -> Option<Text> {
    let rounded = (threshold * 100.0).round() / 100.0;
    let label = format!("threshold {}", number(rounded));
    let x = panel.pixel([threshold, 1.0])[0];
    let beside = |sign: f64, anchor| {
        let at = [x + sign * 0.5 * em, panel.rect.top + 1.4 * em];
        Text::new(fonts, &label, 0.92 * em, Role::Main, at, anchor)
    };
    let sides = [beside(1.0, Anchor::Start), beside(-1.0, Anchor::End)];
    sides.into_iter().find(|text| panel.rect.contains(&text.bounds()))
}

/// Every symbol with its meaning.
fn entries(figure: &RatesFigure) -> Vec<(Option<Sign>, String)> {
    let views = &figure.views;
    let curves = figure.curves.iter().enumerate().filter(|_| views[..] != [View::Scores]);
    let mut entries: Vec<_> =
        curves.map(|(i, curve)| (Some(Sign::Curve(i)), curve.name.clone())).collect();
    if !views.contains(&View::Scores) {
        return entries;
    }
    let of = match figure.curves.as_slice() {
        [first, _, ..] => format!(" ({})", first.name),
        _ => String::new(),
    };
    entries.push((Some(Sign::Genuine), format!("the person{of}")));
    entries.push((Some(Sign::Impostor), format!("others{of}")));
    entries
}
