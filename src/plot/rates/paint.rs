//! Draws the figure's layout on the canvas, from back to front.

use plotters::prelude::{DrawingBackend, RGBColor};

use super::super::brush::{Brush, Drawn};
use super::super::draw::Draw;
use super::super::geometry::{Pixel, Rect};
use super::super::legend::Key;
use super::super::marker::{BLACK, GREY, WHITE, curve_colour, curve_point};
use super::super::paint::{edges, gridlines, words};
use super::super::size::Size;
use super::super::text::Fonts;
use super::figure::{Histogram, RatesFigure, View};
use super::layout::{Panel, RatesLayout, Sign};

/// The width of a curve, in em.
const LINE: f64 = 0.12;
/// The radius of a point, in em.
const POINT: f64 = 0.34;
/// Steps shorter than this are drawn together, in em.
const FINEST: f64 = 0.015;
/// The opacity of a histogram.
const FILL: f64 = 0.3;

impl Draw for RatesFigure {
    type Layout = RatesLayout;

    fn layout(&self, size: Size, fonts: &Fonts) -> RatesLayout {
        RatesLayout::of(self, size, fonts)
    }

    fn paint<B: DrawingBackend>(&self, layout: &RatesLayout, brush: &Brush<B>) -> Drawn {
        everything(self, layout, brush)
    }
}

/// Draw everything.
fn everything<B: DrawingBackend>(
    figure: &RatesFigure,
    layout: &RatesLayout,
    brush: &Brush<B>,
) -> Drawn {
    let em = layout.em;
    brush.fill(WHITE)?;
    for panel in &layout.panels {
        gridlines(brush, panel.rect, &panel.ticks, em)?;
    }
    for panel in &layout.panels {
        bands(brush, figure, panel)?;
        curves(brush, figure, panel, em)?;
        if panel.view == View::Scores {
            histograms(brush, &figure.histogram, panel, em)?;
            let x = panel.pixel([figure.threshold, 1.0])[0];
            brush.line(&[[x, panel.rect.top], [x, panel.rect.bottom]], BLACK, 0.1 * em)?;
        }
        edges(brush, panel.rect, em)?;
        points(brush, figure, panel, em)?;
    }
    words(brush, &layout.texts)?;
    layout.keys.iter().try_for_each(|key| symbol(brush, key, em))
}

/// The bands around the curves of the DET.
fn bands<B: DrawingBackend>(brush: &Brush<B>, figure: &RatesFigure, panel: &Panel) -> Drawn {
    for (number, curve) in figure.curves.iter().enumerate().filter(|_| panel.view == View::Det) {
        let side = |at: usize| curve.band.iter().map(move |band| [band[0], band[at]]);
        let around: Vec<Pixel> = side(1)
            .chain(side(2).rev())
            .map(|rates| clamped(panel.pixel(rates), panel.rect))
            .collect();
        if !around.is_empty() {
            brush.polygon(&around, curve_colour(number), 0.6 * FILL)?;
        }
    }
    Ok(())
}

/// The curves, the first on top.
fn curves<B: DrawingBackend>(
    brush: &Brush<B>,
    figure: &RatesFigure,
    panel: &Panel,
    em: f64,
) -> Drawn {
    for (number, curve) in figure.curves.iter().enumerate().rev() {
        let shown = curve.steps.iter().filter_map(|step| panel.view.rates(*step));
        let pixels = shown.map(|rates| panel.pixel(rates));
        for run in runs(&thinned(pixels, FINEST * em), panel.rect) {
            brush.line(&run, curve_colour(number), LINE * em)?;
        }
    }
    Ok(())
}

/// Draw the points at the threshold; a rate of 0, which is not on the axis, is drawn at the edge.
fn points<B: DrawingBackend>(
    brush: &Brush<B>,
    figure: &RatesFigure,
    panel: &Panel,
    em: f64,
) -> Drawn {
    for (number, curve) in figure.curves.iter().enumerate().rev() {
        if let Some(rates) = panel.view.rates(curve.at_threshold) {
            let at = clamped(panel.pixel(rates), panel.rect);
            curve_point(brush, number, at, POINT * em)?;
        }
    }
    Ok(())
}

/// Both histograms, that of the person in front.
fn histograms<B: DrawingBackend>(
    brush: &Brush<B>,
    histogram: &Histogram,
    panel: &Panel,
    em: f64,
) -> Drawn {
    let sides = [(&histogram.impostor, GREY), (&histogram.genuine, curve_colour(0))];
    for (densities, colour) in sides {
        let outline = outline(histogram, densities, panel);
        brush.polygon(&outline, colour, FILL)?;
        for run in runs(&outline, inside(panel.rect)) {
            brush.line(&run, colour, 0.7 * LINE * em)?;
        }
    }
    Ok(())
}

/// The outline of bars, from the lower left to the lower right corner.
fn outline(histogram: &Histogram, densities: &[f64], panel: &Panel) -> Vec<Pixel> {
    let edge = |i: usize| histogram.from + i as f64 * histogram.step;
    let mut values = vec![[edge(0), 0.0]];
    for (i, density) in densities.iter().enumerate() {
        values.extend([[edge(i), *density], [edge(i + 1), *density]]);
    }
    values.push([edge(densities.len()), 0.0]);
    values.into_iter().map(|value| clamped(panel.pixel(value), panel.rect)).collect()
}

/// `rect` without its lowest line.
fn inside(rect: Rect) -> Rect {
    Rect { bottom: rect.bottom - 1e-6, ..rect }
}

/// `pixels` without those closer than `least` to the one before; the last always stays.
fn thinned(pixels: impl Iterator<Item = Pixel>, least: f64) -> Vec<Pixel> {
    let mut kept: Vec<Pixel> = Vec::new();
    let mut skipped = None;
    for pixel in pixels {
        let near =
            |last: &Pixel| (last[0] - pixel[0]).abs() < least && (last[1] - pixel[1]).abs() < least;
        skipped = if kept.last().is_some_and(near) {
            Some(pixel)
        } else {
            kept.push(pixel);
            None
        };
    }
    kept.extend(skipped);
    kept
}

/// The parts of a line of horizontal and vertical steps that are in `rect`.
fn runs(pixels: &[Pixel], rect: Rect) -> Vec<Vec<Pixel>> {
    let mut runs: Vec<Vec<Pixel>> = vec![Vec::new()];
    for pair in pixels.windows(2) {
        let both = |beyond: &dyn Fn(&Pixel) -> bool| pair.iter().all(beyond);
        let outside = both(&|p| p[0] < rect.left)
            || both(&|p| p[0] > rect.right)
            || both(&|p| p[1] < rect.top)
            || both(&|p| p[1] > rect.bottom);
        if outside {
            runs.push(Vec::new());
        } else if let Some(run) = runs.last_mut() {
            if run.is_empty() {
                run.push(clamped(pair[0], rect));
            }
            run.push(clamped(pair[1], rect));
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn clamped([x, y]: Pixel, rect: Rect) -> Pixel {
    [x.clamp(rect.left, rect.right), y.clamp(rect.top, rect.bottom)]
}

/// A symbol of the legend.
fn symbol<B: DrawingBackend>(brush: &Brush<B>, key: &Key<Sign>, em: f64) -> Drawn {
    let [x, y] = key.at;
    let block = |colour: RGBColor| {
        let (wide, high) = (0.7 * em, 0.4 * em);
        let corners = [
            [x - wide, y - high],
            [x + wide, y - high],
            [x + wide, y + high],
            [x - wide, y + high],
        ];
        brush.polygon(&corners, colour, FILL)?;
        brush.line(&[&corners[..], &corners[..1]].concat(), colour, 0.7 * LINE * em)
    };
    match key.symbol {
        Sign::Curve(number) => {
            let ends = [[x - 0.8 * em, y], [x + 0.8 * em, y]];
            brush.line(&ends, curve_colour(number), LINE * em)?;
            curve_point(brush, number, key.at, POINT * em)
        }
        Sign::Genuine => block(curve_colour(0)),
        Sign::Impostor => block(GREY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_cut_at_the_edges() {
        let rect = Rect { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };
        let steps = [[-5.0, 20.0], [-5.0, 8.0], [3.0, 8.0], [3.0, -2.0], [6.0, -2.0], [6.0, 4.0]];
        let expected = [vec![[0.0, 8.0], [3.0, 8.0], [3.0, 0.0]], vec![[6.0, 0.0], [6.0, 4.0]]];
        assert_eq!(runs(&steps, rect), expected);
        assert!(runs(&[[-1.0, 2.0], [-1.0, 3.0]], rect).is_empty());
    }

    #[test]
    fn long_curves_are_thinned_and_keep_their_ends() {
        let pixels: Vec<Pixel> = (0..=10_000).map(|i| [f64::from(i) / 1000.0, 1.0]).collect();
        let kept = thinned(pixels.iter().copied(), 0.5);
        assert!((15..25).contains(&kept.len()), "{}", kept.len());
        assert_eq!((kept[0], kept[kept.len() - 1]), ([0.0, 1.0], [10.0, 1.0]));
    }
}
