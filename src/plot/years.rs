//! The figure of a person's scores over the years in which the photos were taken.

use plotters::prelude::DrawingBackend;

use super::axes::{Axes, heading, number};
use super::brush::{Brush, Drawn};
use super::draw::Draw;
use super::geometry::{Anchor, Rect, Role, Text};
use super::marker::{BLACK, GREY, WHITE, curve_colour};
use super::paint::{edges, gridlines, words};
use super::size::Size;
use super::text::Fonts;
use crate::enroll::Gap;
use crate::photo::Date;
use crate::profile::Profile;

/// The width and height that the figure needs, in em.
const NEEDS: [f64; 2] = [36.0, 24.0];
/// The opacity of a gap without photos.
const SHADE: f64 = 0.12;

/// Scores over time.
#[derive(Debug, Clone, PartialEq)]
pub struct YearsFigure {
    title: String,
    subtitle: String,
    /// The date as a fractional year, and the score by the other photos.
    points: Vec<[f64; 2]>,
    threshold: f64,
    gaps: Vec<Gap>,
}

impl YearsFigure {
    /// The figure of the photos that count and have a date and a score, with these `gaps`; `None` if there are fewer than
    /// two.
    #[must_use]
    pub fn of(profile: &Profile, gaps: &[Gap]) -> Option<Self> {
        let point = |photo: &crate::profile::PhotoRecord| {
            Some([in_years(photo.taken?), photo.score.filter(|score| score.is_finite())?])
        };
        let points: Vec<[f64; 2]> = profile.kept().filter_map(point).collect();
        let subtitle = format!(
            "{} dated photos, each scored by the others; shading marks years without photos",
            points.len()
        );
        let title = format!("Scores of {} over the years", profile.name);
        let (threshold, gaps) = (profile.threshold(), gaps.to_vec());
        (points.len() > 1).then_some(Self { title, subtitle, points, threshold, gaps })
    }

    /// The least and the largest values, horizontally and vertically.
    fn ends(&self) -> [[f64; 2]; 2] {
        let ends = |i: usize, also: f64| {
            let values = self.points.iter().map(|point| point[i]);
            let least = values.clone().fold(also, f64::min);
            [least, values.fold(also, f64::max)]
        };
        let [first, last] = ends(0, self.points[0][0]);
        let [least, most] = ends(1, self.threshold);
        [[first.floor(), last.floor() + 1.0], [least.min(0.0), most + 0.5]]
    }
}

/// A day as a number of years.
fn in_years(date: Date) -> f64 {
    f64::from(date.year) + (f64::from(date.month - 1) + f64::from(date.day - 1) / 31.0) / 12.0
}

/// Everything in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct YearsLayout {
    em: f64,
    axes: Axes,
    texts: Vec<Text>,
}

impl Draw for YearsFigure {
    type Layout = YearsLayout;

    fn layout(&self, size: Size, fonts: &Fonts) -> YearsLayout {
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        let em = (width / NEEDS[0]).min(height / NEEDS[1]);
        let margin = 0.9 * em;
        let edges = [margin, width - margin];
        let (mut texts, top) = heading([&self.title, &self.subtitle], fonts, em, edges);
        let bottom = height - 0.7 * margin - 3.2 * em;
        let rect = Rect { left: margin, top, right: width - 1.6 * em, bottom };
        // Only whole years are labelled.
        let axes = Axes::new(rect, self.ends(), [[10.0, 5.0], [1.0, 0.0]], fonts, em);
        texts.extend(axes.texts(["Year", "Score"], fonts, em, [margin, width]));
        let label = format!("threshold {}", number((self.threshold * 100.0).round() / 100.0));
        let at = axes.pixel([axes.ends[0][1], self.threshold]);
        let at = [at[0] - 0.4 * em, at[1] - 0.4 * em];
        texts.push(Text::new(fonts, &label, 0.9 * em, Role::Minor, at, Anchor::End));
        YearsLayout { em, axes, texts }
    }

    fn paint<B: DrawingBackend>(&self, layout: &YearsLayout, brush: &Brush<B>) -> Drawn {
        let (em, axes) = (layout.em, &layout.axes);
        let rect = axes.rect;
        brush.fill(WHITE)?;
        for Gap { after, before } in &self.gaps {
            let [left, right] = [f64::from(*after) + 1.0, f64::from(*before)]
                .map(|year| axes.pixel([year, 0.0])[0]);
            let corners =
                [[left, rect.top], [right, rect.top], [right, rect.bottom], [left, rect.bottom]];
            brush.polygon(&corners, GREY, SHADE)?;
        }
        gridlines(brush, rect, &axes.ticks, em)?;
        let across = [rect.left, rect.right].map(|x| [x, axes.pixel([0.0, self.threshold])[1]]);
        brush.line(&across, BLACK, 0.1 * em)?;
        edges(brush, rect, em)?;
        for point in &self.points {
            brush.disc(axes.pixel(*point), 0.3 * em, curve_colour(0))?;
        }
        words(brush, &layout.texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(points: Vec<[f64; 2]>, gaps: Vec<Gap>) -> YearsFigure {
        let (title, subtitle) = ("Scores of Anna over the years".to_owned(), String::new());
        YearsFigure { title, subtitle, points, threshold: 4.0, gaps }
    }

    #[test]
    fn points_lie_within_the_frame_and_later_ones_further_right() {
        let fonts = Fonts::load().unwrap();
        let points = vec![[1998.5, 7.0], [2004.0, -1.0], [2015.99, 9.5]];
        let figure = figure(points.clone(), vec![Gap { after: 2004, before: 2015 }]);
        let layout = figure.layout(Size { width: 1100, height: 480 }, &fonts);
        let pixels: Vec<_> = points.iter().map(|point| layout.axes.pixel(*point)).collect();
        assert!(pixels.iter().all(|pixel| layout.axes.rect.holds(*pixel)), "{pixels:?}");
        assert!(pixels.windows(2).all(|pair| pair[0][0] < pair[1][0]));
        assert!(pixels[1][1] > pixels[0][1] && pixels[0][1] > pixels[2][1]);
        let years: Vec<&str> =
            layout.axes.ticks[0].iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(
            years,
            ["1998", "2000", "2002", "2004", "2006", "2008", "2010", "2012", "2014", "2016"]
        );
        let canvas = Rect { left: 0.0, top: 0.0, right: 1100.0, bottom: 480.0 };
        assert!(layout.texts.iter().all(|text| canvas.contains(&text.bounds())), "{layout:?}");
    }

    #[test]
    fn one_year_is_wide_enough() {
        let fonts = Fonts::load().unwrap();
        let figure = figure(vec![[2015.0, 5.0], [2015.0, 5.0]], Vec::new());
        let layout = figure.layout(Size { width: 700, height: 400 }, &fonts);
        assert!(layout.axes.pixel([2015.0, 5.0]).iter().all(|at| at.is_finite()));
        assert_eq!(layout.axes.ticks[0].len(), 2);
    }

    #[test]
    fn a_day_is_a_part_of_its_year() {
        let day = |text: &str| in_years(text.parse().unwrap());
        assert_eq!(day("2015-01-01"), 2015.0);
        assert!((day("2015-07-01") - 2015.5).abs() < 1e-9);
        assert!(day("2015-12-31") < 2016.0);
    }
}
