//! The text around a plane: its title, and its axes with their names and numbers.

use super::geometry::{Anchor, Pixel, Rect, Role, Text};
use super::text::{Fonts, Weight};

/// The size of the numbers along the axes, in em.
const TICK: f64 = 0.85;

/// A number along an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Its pixel, counted across or down.
    pub at: f64,
    /// Its label.
    pub label: String,
}

/// Title and subtitle, and where the rest begins.
pub(super) fn heading(
    [title, subtitle]: [&str; 2],
    fonts: &Fonts,
    em: f64,
    [left, right]: [f64; 2],
) -> (Vec<Text>, f64) {
    let line = |text: &str, sizes: (f64, f64), weight, role, baseline| {
        let (text, em) = fonts.fit(text, sizes, weight, right - left);
        let width = fonts.width(&text, em, weight);
        let (at, anchor) = ([left, baseline], Anchor::Start);
        Text { text, em, weight, role, at, anchor, upright: false, width }
    };
    let large = (1.5 * em, 1.05 * em);
    let title = line(title, large, Weight::SemiBold, Role::Main, 2.1 * em);
    let small = (em, 0.7 * em);
    let subtitle = line(subtitle, small, Weight::Regular, Role::Minor, 3.65 * em);
    (vec![title, subtitle], 4.6 * em)
}

/// The least number of the form 1, 2 or 5 times a power of ten that is at least `rough`, which is above 0.
#[must_use]
pub(super) fn round_step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|step| step * power);
    steps.into_iter().find(|step| *step >= rough).unwrap_or(10.0 * power)
}

/// The multiples of `step` from `least` to `most`.
pub(super) fn multiples(step: f64, least: f64, most: f64) -> impl Iterator<Item = f64> {
    let (first, last) = ((least / step).ceil() as i64, (most / step).floor() as i64);
    (first..=last).map(move |n| n as f64 * step)
}

/// The width of the widest number.
#[must_use]
pub(super) fn numbers_width(ticks: &[Tick], fonts: &Fonts, em: f64) -> f64 {
    let width = |tick: &Tick| fonts.width(&tick.label, TICK * em, Weight::Regular);
    ticks.iter().map(width).fold(0.0, f64::max)
}

/// A tick's number, as short as possible.
pub(super) fn number(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    format!("{rounded}").replace('-', "\u{2212}")
}

/// A horizontal and a vertical axis with their numbers, and the rectangle of the values between them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axes {
    /// The rectangle of the values.
    pub rect: Rect,
    /// The lowest and the highest value of each axis.
    pub ends: [[f64; 2]; 2],
    /// The numbers along each axis.
    pub ticks: [Vec<Tick>; 2],
}

impl Axes {
    /// Axes with these `ends` in `rect`, whose left edge moves to make room for the numbers. Each axis has about
    /// `counts` numbers, which are at least `steps` apart.
    pub fn new(
        rect: Rect,
        ends: [[f64; 2]; 2],
        [counts, steps]: [[f64; 2]; 2],
        fonts: &Fonts,
        em: f64,
    ) -> Self {
        let mut axes = Self { rect, ends, ticks: [Vec::new(), Vec::new()] };
        let up = axes.numbers(1, counts[1], steps[1]);
        axes.rect.left += 2.3 * em + numbers_width(&up, fonts, em);
        axes.ticks = [axes.numbers(0, counts[0], steps[0]), up];
        axes
    }

    fn numbers(&self, i: usize, count: f64, step: f64) -> Vec<Tick> {
        let [least, most] = self.ends[i];
        let step = round_step((most - least) / count).max(step);
        let tick = |value: f64| Tick { at: self.pixel([value; 2])[i], label: number(value) };
        multiples(step, least, most).map(tick).collect()
    }

    /// The pixel of a point.
    pub fn pixel(&self, point: [f64; 2]) -> Pixel {
        let Rect { left, top, right, bottom } = self.rect;
        let [across, up] =
            [0, 1].map(|i| (point[i] - self.ends[i][0]) / (self.ends[i][1] - self.ends[i][0]));
        [left + across * (right - left), bottom - up * (bottom - top)]
    }

    /// The `names` of the axes and their numbers, from `edge` to the right edge of the canvas.
    pub fn texts(
        &self,
        names: [&str; 2],
        fonts: &Fonts,
        em: f64,
        [edge, right]: [f64; 2],
    ) -> Vec<Text> {
        axes(self.rect, names, &self.ticks, fonts, em, [edge, right])
    }
}

/// The names and numbers of the axes around `rect`: the name of the vertical axis begins at `edge`, and no number
/// extends beyond `most`, the right edge of the canvas.
pub(super) fn axes(
    rect: Rect,
    names: [&str; 2],
    ticks: &[Vec<Tick>; 2],
    fonts: &Fonts,
    em: f64,
    [edge, most]: [f64; 2],
) -> Vec<Text> {
    let Rect { left, top, right, bottom } = rect;
    let tick_em = TICK * em;
    let mut texts = Vec::new();
    for tick in &ticks[0] {
        let at = [tick.at, bottom + 0.45 * em + 0.75 * tick_em];
        let text = Text::new(fonts, &tick.label, tick_em, Role::Minor, at, Anchor::Middle);
        if text.bounds().right < most {
            texts.push(text);
        }
    }
    for tick in &ticks[1] {
        let at = [left - 0.45 * em, tick.at + 0.36 * tick_em];
        texts.push(Text::new(fonts, &tick.label, tick_em, Role::Minor, at, Anchor::End));
    }
    let lengths = [right - left, bottom - top];
    let below = if ticks[0].is_empty() { 1.5 } else { 2.65 };
    let points = [[(left + right) / 2.0, bottom + below * em], [edge + em, (top + bottom) / 2.0]];
    for i in 0..2 {
        let (text, em) = fonts.fit(names[i], (em, 0.7 * em), Weight::Regular, lengths[i].max(0.0));
        let text = Text::new(fonts, &text, em, Role::Main, points[i], Anchor::Middle);
        texts.push(Text { upright: i == 1, ..text });
    }
    texts
}
