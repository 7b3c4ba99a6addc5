//! Where everything goes on the canvas, in pixels from its upper left corner. Nothing is drawn
//! here, so that a test can ask whether texts overlap.

use super::legend::{self, Key, Symbol};
use super::picture::Picture;
use super::plane::Border;
use super::text::{Fonts, Weight};
use super::thumbs::{Point, Thumb};
use super::{Size, names, thumbs};
use crate::projection::Place;

/// One axis may be stretched by this much against the other to fill the canvas.
const STRETCH: f64 = 2.0;

/// The size of the numbers along the axes, in em.
const TICK: f64 = 0.85;

/// Pixels across and down.
pub type Pixel = [f64; 2];

/// A rectangle of the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Rect {
    /// Whether both share any area.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Whether `other` is inside.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.left >= self.left
            && other.right <= self.right
            && other.top >= self.top
            && other.bottom <= self.bottom
    }

    /// Larger by `by` on every side.
    #[must_use]
    pub fn grown(&self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    /// Whether the point is inside.
    #[must_use]
    pub fn holds(&self, [x, y]: Pixel) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }
}

/// Which part of a text is at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// What a text is for, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Title, axes, legend.
    Main,
    /// Subtitle and numbers along the axes.
    Minor,
    /// A photo's name among the faces.
    Name,
    /// The share of an ellipse.
    Share,
}

/// A text in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// What it says.
    pub text: String,
    /// Its size in pixels.
    pub em: f64,
    /// Its weight.
    pub weight: Weight,
    /// What it is for.
    pub role: Role,
    /// A point of its baseline.
    pub at: Pixel,
    /// Which one.
    pub anchor: Anchor,
    /// Read from below upwards.
    pub upright: bool,
    /// Its length in pixels.
    pub width: f64,
}

impl Text {
    /// A level text of regular weight.
    #[must_use]
    pub fn new(fonts: &Fonts, text: &str, em: f64, role: Role, at: Pixel, anchor: Anchor) -> Self {
        let weight = Weight::Regular;
        let width = fonts.width(text, em, weight);
        Self { text: text.to_owned(), em, weight, role, at, anchor, upright: false, width }
    }

    /// How far before its point it begins.
    #[must_use]
    pub fn lead(&self) -> f64 {
        match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => self.width / 2.0,
            Anchor::End => self.width,
        }
    }

    /// The space it takes, accents and descenders included.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        let (above, below, [x, y]) = (0.95 * self.em, 0.25 * self.em, self.at);
        let start = -self.lead();
        let end = start + self.width;
        if self.upright {
            Rect { left: x - above, right: x + below, top: y - end, bottom: y - start }
        } else {
            Rect { left: x + start, right: x + end, top: y - above, bottom: y + below }
        }
    }
}

/// The part of the plane that is shown and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The place in the middle.
    pub centre: Place,
    /// Pixels in a unit of the plane, across and up.
    pub scale: [f64; 2],
    /// Where it is on the canvas.
    pub rect: Rect,
}

impl Frame {
    /// The frame of `rect` around everything that `picture` shows.
    fn around(picture: &Picture, rect: Rect) -> Self {
        let spots = picture.groups.iter().flat_map(|group| &group.spots).map(|spot| spot.place);
        let outlines = picture.ellipses.iter().flat_map(|ellipse| ellipse.outline.iter().copied());
        let (mut least, mut most) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for place in spots.chain(outlines) {
            for i in 0..2 {
                least[i] = least[i].min(place[i]);
                most[i] = most[i].max(place[i]);
            }
        }
        let span = [0, 1].map(|i| (1.1 * (most[i] - least[i])).max(1e-6));
        let fill = [(rect.right - rect.left) / span[0], (rect.bottom - rect.top) / span[1]];
        let least_fill = fill[0].min(fill[1]);
        // Evidence across and a direction up have no unit in common.
        let stretch = if picture.border == Border::Upright { f64::INFINITY } else { STRETCH };
        let scale = fill.map(|pixels| pixels.min(stretch * least_fill));
        Self { centre: [0, 1].map(|i| (least[i] + most[i]) / 2.0), scale, rect }
    }

    /// The pixel of a place.
    #[must_use]
    pub fn pixel(&self, place: Place) -> Pixel {
        let Rect { left, top, right, bottom } = self.rect;
        [
            (left + right) / 2.0 + (place[0] - self.centre[0]) * self.scale[0],
            (top + bottom) / 2.0 - (place[1] - self.centre[1]) * self.scale[1],
        ]
    }

    /// The place at the lower left corner and that at the upper right.
    #[must_use]
    pub fn corners(&self) -> [Place; 2] {
        let half = [self.rect.right - self.rect.left, self.rect.bottom - self.rect.top]
            .map(|length| length / 2.0);
        let at = |sign: f64| [0, 1].map(|i| self.centre[i] + sign * half[i] / self.scale[i]);
        [at(-1.0), at(1.0)]
    }
}

/// A number along an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Its pixel, counted across or down.
    pub at: f64,
    /// What stands there.
    pub label: String,
}

/// Everything in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The size of ordinary text in pixels, which all else goes by.
    pub em: f64,
    /// The plane.
    pub frame: Frame,
    /// The numbers along the axes: across, up.
    pub ticks: [Vec<Tick>; 2],
    /// Every text.
    pub texts: Vec<Text>,
    /// The legend's symbols.
    pub keys: Vec<Key<Symbol>>,
    /// From faces to their names.
    pub leaders: Vec<[Pixel; 2]>,
    /// The faces themselves, where they are drawn in place of symbols.
    pub thumbs: Vec<Thumb>,
    /// The faces that are drawn as symbols.
    pub points: Vec<Point>,
}

impl Layout {
    /// Lay `picture` out on a canvas of `size`.
    #[must_use]
    pub fn of(picture: &Picture, size: Size, fonts: &Fonts) -> Self {
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        // Ordinary text is 36 pixels at 1600 × 1200, so still 9 where that is shown 400 wide.
        let em = (width / 44.0).min(height / 33.0);
        let margin = 0.9 * em;
        let (mut texts, top) =
            heading([&picture.title, &picture.subtitle], fonts, em, [margin, width - margin]);
        let canvas =
            Rect { left: margin, top, right: width - margin, bottom: height - 0.7 * margin };
        let legend = legend::place(legend::entries(picture), fonts, em, canvas);
        // An axis without a name has no numbers.
        let bare = picture.axes[1].is_empty();
        let (right, bottom) = (width - margin, legend.top - if bare { 2.4 } else { 3.4 } * em);
        // Left: the axis' name, then its numbers, whose width the frame itself decides.
        let mut numbers = 2.0 * em;
        let mut frame = Frame::around(picture, Rect { left: 0.0, top, right, bottom });
        for _ in 0..2 {
            let left = if bare { margin } else { margin + 2.2 * em + numbers };
            frame = Frame::around(picture, Rect { left, top, right, bottom });
            numbers = numbers.max(numbers_width(&ticks(&frame, em)[1], fonts, em));
        }
        let mut ticks = ticks(&frame, em);
        if bare {
            ticks = [Vec::new(), Vec::new()];
        }
        let names = [0, 1].map(|i| picture.axes[i].as_str());
        texts.extend(axes(frame.rect, names, &ticks, fonts, em, [margin, width]));
        texts.extend(legend.texts);
        let (thumbs, points) = thumbs::place(picture, &frame, em);
        let (names, leaders) = names::place(picture, &frame, (&thumbs, &points), fonts, em);
        texts.extend(names);
        Self { em, frame, ticks, texts, keys: legend.keys, leaders, thumbs, points }
    }
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

/// Round numbers across and up.
fn ticks(frame: &Frame, em: f64) -> [Vec<Tick>; 2] {
    let [least, most] = frame.corners();
    [0, 1].map(|i| {
        let step = round_step([4.5, 2.5][i] * em / frame.scale[i]);
        let tick = |value: f64| Tick { at: frame.pixel([value; 2])[i], label: number(value) };
        multiples(step, least[i], most[i]).map(tick).collect()
    })
}

/// 1, 2 or 5 times a power of ten, the least that is no less than `rough`, which is above 0.
#[must_use]
pub(super) fn round_step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|step| step * power);
    steps.into_iter().find(|step| *step >= rough).unwrap_or(10.0 * power)
}

/// The multiples of `step` between two numbers.
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

/// A tick's number, no longer than it needs to be.
pub(super) fn number(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    format!("{rounded}").replace('-', "\u{2212}")
}

/// The names and numbers of the axes around `rect`: the name of the one up begins at `edge`, and no
/// number passes `most`, the right edge of the canvas.
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
