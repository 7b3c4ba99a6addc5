//! A chart of two axes with lines and points of several series.

use plotters::prelude::DrawingBackend;

use super::axes::{Axes, heading};
use super::brush::{Brush, Drawn};
use super::draw::Draw;
use super::geometry::{Pixel, Rect, Text};
use super::legend::{self, Key};
use super::marker::{GREY, WHITE, curve_colour, curve_point};
use super::paint::{edges, gridlines, words};
use super::size::Size;
use super::text::Fonts;

/// The width and height that a chart needs, in em.
const NEEDS: [f64; 2] = [40.0, 27.0];
/// The width of a line and the radius of a point, in em.
const LINE: f64 = 0.12;
const POINT: f64 = 0.26;
/// The space around the values, as a share of their range.
const MARGIN: f64 = 0.04;

/// A series: lines and points with one name.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The name in the legend; empty if the legend leaves the series out.
    pub name: String,
    /// Single points.
    pub points: Vec<[f64; 2]>,
    /// The points of a line.
    pub line: Vec<[f64; 2]>,
}

/// The content of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What the chart shows.
    pub title: String,
    /// Further information.
    pub subtitle: String,
    /// The names of the horizontal and the vertical axis.
    pub names: [String; 2],
    /// Grey lines in the background.
    pub behind: Vec<[[f64; 2]; 2]>,
    /// The series; the last is on top.
    pub series: Vec<Series>,
}

impl Chart {
    /// The lowest and the highest value on each axis, with some space.
    fn ends(&self) -> [[f64; 2]; 2] {
        let series = self.series.iter().flat_map(|series| series.points.iter().chain(&series.line));
        let all: Vec<[f64; 2]> = series.chain(self.behind.iter().flatten()).copied().collect();
        [0, 1].map(|i| {
            let values = all.iter().map(|point| point[i]).filter(|value| value.is_finite());
            let (least, most) =
                values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
            if least > most {
                return [0.0, 1.0];
            }
            let margin = (MARGIN * (most - least)).max(1e-3);
            [least - margin, most + margin]
        })
    }
}

/// The places of everything in the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartLayout {
    em: f64,
    axes: Axes,
    /// All texts.
    pub texts: Vec<Text>,
    keys: Vec<Key<usize>>,
}

impl Draw for Chart {
    type Layout = ChartLayout;

    fn layout(&self, size: Size, fonts: &Fonts) -> ChartLayout {
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        let em = (width / NEEDS[0]).min(height / NEEDS[1]);
        let margin = 0.9 * em;
        let ends = [margin, width - margin];
        let (mut texts, top) = heading([&self.title, &self.subtitle], fonts, em, ends);
        let canvas =
            Rect { left: margin, top, right: width - margin, bottom: height - 0.7 * margin };
        let named = self.series.iter().enumerate().filter(|(_, series)| !series.name.is_empty());
        let entries = named.map(|(i, series)| (Some(i), series.name.clone())).collect();
        let legend = legend::place(entries, fonts, em, canvas);
        texts.extend(legend.texts);
        let rect = Rect { right: width - 1.6 * em, bottom: legend.top - 3.4 * em, ..canvas };
        let axes = Axes::new(rect, self.ends(), [[8.0, 8.0], [0.0, 0.0]], fonts, em);
        let names = [self.names[0].as_str(), self.names[1].as_str()];
        texts.extend(axes.texts(names, fonts, em, [margin, width]));
        ChartLayout { em, axes, texts, keys: legend.keys }
    }

    fn paint<B: DrawingBackend>(&self, layout: &ChartLayout, brush: &Brush<B>) -> Drawn {
        let (em, axes) = (layout.em, &layout.axes);
        brush.fill(WHITE)?;
        gridlines(brush, axes.rect, &axes.ticks, em)?;
        for line in &self.behind {
            brush.line(&line.map(|point| axes.pixel(point)), GREY, 0.08 * em)?;
        }
        for (i, series) in self.series.iter().enumerate() {
            let line: Vec<Pixel> = series.line.iter().map(|point| axes.pixel(*point)).collect();
            brush.line(&line, curve_colour(i), LINE * em)?;
        }
        edges(brush, axes.rect, em)?;
        for (i, series) in self.series.iter().enumerate() {
            for point in &series.points {
                curve_point(brush, i, axes.pixel(*point), POINT * em)?;
            }
        }
        words(brush, &layout.texts)?;
        for key in &layout.keys {
            if self.series[key.symbol].points.is_empty() {
                let [x, y] = key.at;
                let ends = [[x - 0.8 * em, y], [x + 0.8 * em, y]];
                brush.line(&ends, curve_colour(key.symbol), LINE * em)?;
            } else {
                curve_point(brush, key.symbol, key.at, POINT * em)?;
            }
        }
        Ok(())
    }
}
