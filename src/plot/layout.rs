//! The layout of a picture, in pixels from the canvas's upper left corner. Nothing is drawn here, so that a test can
//! check whether texts overlap.

use super::axes::{Tick, axes, heading, multiples, number, numbers_width, round_step};
use super::frame::Frame;
use super::geometry::{Pixel, Rect, Text};
use super::legend::{self, Key, Symbol};
use super::names;
use super::picture::Picture;
use super::size::Size;
use super::text::Fonts;
use super::thumbs::{self, Point, Thumb};

/// The layout of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The size of ordinary text in pixels, to which all other sizes are relative.
    pub em: f64,
    /// The plane.
    pub frame: Frame,
    /// The numbers along the axes: across, up.
    pub ticks: [Vec<Tick>; 2],
    /// Every text.
    pub texts: Vec<Text>,
    /// The legend's symbols.
    pub keys: Vec<Key<Symbol>>,
    /// Lines from faces to their names.
    pub leaders: Vec<[Pixel; 2]>,
    /// The faces that are drawn as crops instead of symbols.
    pub thumbs: Vec<Thumb>,
    /// The faces that are drawn as symbols.
    pub points: Vec<Point>,
}

impl Layout {
    /// Lay `picture` out on a canvas of `size`.
    #[must_use]
    pub fn of(picture: &Picture, size: Size, fonts: &Fonts) -> Self {
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        // Ordinary text is 36 pixels at 1600 × 1200, so it is still 9 if the picture is shown 400 wide.
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

/// Round numbers along both axes.
fn ticks(frame: &Frame, em: f64) -> [Vec<Tick>; 2] {
    let [least, most] = frame.corners();
    [0, 1].map(|i| {
        let step = round_step([4.5, 2.5][i] * em / frame.scale[i]);
        let tick = |value: f64| Tick { at: frame.pixel([value; 2])[i], label: number(value) };
        multiples(step, least[i], most[i]).map(tick).collect()
    })
}
