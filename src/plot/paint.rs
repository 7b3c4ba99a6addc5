//! Draws a picture's layout on the canvas, from back to front.

use plotters::prelude::{DrawingBackend, RGBColor};

use super::axes::Tick;
use super::brush::{Brush, Drawn};
use super::contour::{self, Loop};
use super::draw::{Draw, Placed};
use super::frame::Frame;
use super::geometry::{Pixel, Rect, Role, Text};
use super::layout::Layout;
use super::legend::{Key, Symbol};
use super::marker::{self, BLACK, BLUE, FAINT, GREY, WHITE};
use super::picture::Picture;
use super::plane::Border;
use super::size::Size;
use super::text::Fonts;
use super::thumbs::{Point, Thumb};

/// The colour of the decision border.
const NAVY: RGBColor = RGBColor(0, 62, 105);
/// The opacity of an ellipse.
const ELLIPSE: f64 = 0.07;
/// The opacity of the match side's tint.
const TINT: f64 = 0.09;
/// The spacing of the grid for finding the border, in em.
const STEP: f64 = 0.35;

impl Draw for Picture {
    type Layout = Layout;

    fn layout(&self, size: Size, fonts: &Fonts) -> Layout {
        Layout::of(self, size, fonts)
    }

    fn paint<B: DrawingBackend>(&self, layout: &Layout, brush: &Brush<B>) -> Drawn {
        below(self, layout, brush)
    }

    fn photos<'a>(&'a self, layout: &'a Layout) -> Vec<Placed<'a>> {
        let placed = |thumb: &'a Thumb| Placed { rect: thumb.face(), pixels: &thumb.crop };
        layout.thumbs.iter().map(placed).collect()
    }

    fn paint_over<B: DrawingBackend>(&self, layout: &Layout, brush: &Brush<B>) -> Drawn {
        above(self, layout, brush)
    }
}

/// Draw what is below the photos; everything, if there are none.
fn below<B: DrawingBackend>(picture: &Picture, layout: &Layout, brush: &Brush<B>) -> Drawn {
    let (em, frame) = (layout.em, &layout.frame);
    brush.fill(WHITE)?;
    let border = border(picture, frame, em);
    tint(brush, &border)?;
    gridlines(brush, frame.rect, &layout.ticks, em)?;
    for ellipse in &picture.ellipses {
        let outline: Vec<Pixel> = ellipse.outline.iter().map(|p| frame.pixel(*p)).collect();
        brush.polygon(&outline, GREY, ELLIPSE)?;
        brush.line(&outline, GREY, 0.05 * em)?;
    }
    for outline in &border {
        for run in runs(outline, frame.rect) {
            brush.line(&run, NAVY, 0.11 * em)?;
        }
    }
    if layout.thumbs.is_empty() {
        joins(brush, picture, frame, em)?;
    }
    faces(brush, &layout.points, radius(picture, em))?;
    for thumb in &layout.thumbs {
        let [from, to] = [thumb.home, thumb.middle()];
        if !thumb.rect.holds(from) {
            brush.line(&[from, to], marker::colour(thumb.kind), 0.06 * em)?;
            brush.disc(from, 0.12 * em, marker::colour(thumb.kind))?;
        }
    }
    for thumb in &layout.thumbs {
        let Rect { left, top, right, bottom } = thumb.rect;
        let corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
        let colour = if thumb.accepted { BLACK } else { marker::colour(thumb.kind) };
        brush.polygon(&corners, colour, 1.0)?;
    }
    edges(brush, frame.rect, em)
}

/// Draw what is above the photos.
fn above<B: DrawingBackend>(_: &Picture, layout: &Layout, brush: &Brush<B>) -> Drawn {
    for leader in &layout.leaders {
        brush.line(leader, BLACK, 0.05 * layout.em)?;
    }
    words(brush, &layout.texts)?;
    layout.keys.iter().try_for_each(|key| match key.symbol {
        Symbol::Faces(kind) if !layout.thumbs.is_empty() => {
            framed(brush, key.at, marker::colour(kind), layout.em)
        }
        Symbol::Ring if !layout.thumbs.is_empty() => framed(brush, key.at, BLACK, layout.em),
        _ => symbol(brush, key, layout.em),
    })
}

/// Draw the legend's symbol for faces drawn as crops: their coloured edge.
fn framed<B: DrawingBackend>(brush: &Brush<B>, at: Pixel, colour: RGBColor, em: f64) -> Drawn {
    for (half, colour) in [(0.5 * em, colour), (0.34 * em, WHITE)] {
        let [left, top, right, bottom] = [at[0] - half, at[1] - half, at[0] + half, at[1] + half];
        let corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
        brush.polygon(&corners, colour, 1.0)?;
    }
    Ok(())
}

/// Draw lines from copies to their originals.
fn joins<B: DrawingBackend>(brush: &Brush<B>, picture: &Picture, frame: &Frame, em: f64) -> Drawn {
    let spots = picture.groups.iter().flat_map(|group| &group.spots);
    for (place, original) in spots.filter_map(|spot| Some((spot.place, spot.joined?))) {
        brush.line(&[frame.pixel(place), frame.pixel(original)], BLUE, 0.1 * em)?;
    }
    Ok(())
}

/// Draw the faces that are symbols; matches are on top, with a ring.
fn faces<B: DrawingBackend>(brush: &Brush<B>, points: &[Point], radius: f64) -> Drawn {
    for accepted in [false, true] {
        for point in points.iter().filter(|point| point.accepted == accepted) {
            if accepted {
                marker::ring(brush, point.at, radius)?;
            }
            marker::face(brush, point.kind, point.at, radius)?;
        }
    }
    Ok(())
}

/// The radius of a face's symbol: smaller if there are many.
fn radius(picture: &Picture, em: f64) -> f64 {
    let faces: usize = picture.groups.iter().map(|group| group.spots.len()).sum();
    em * (0.3 * (300.0 / faces.max(1) as f64).powf(0.25)).clamp(0.12, 0.3)
}

/// Where the mean score reaches the threshold, in pixels.
fn border(picture: &Picture, frame: &Frame, em: f64) -> Vec<Loop> {
    let Rect { left, top, right, bottom } = frame.rect;
    let [least, most] = frame.corners();
    let surface = match &picture.border {
        Border::Surface(surface) => surface,
        Border::Upright => {
            let x = frame.pixel([picture.threshold; 2])[0].clamp(left, right);
            return vec![vec![[x, bottom], [right, bottom], [right, top], [x, top]]];
        }
    };
    let spread = |length: f64, from: f64, to: f64| -> Vec<f64> {
        let steps = (length / (STEP * em)).ceil().max(2.0) as usize;
        (0..=steps).map(|i| from + (to - from) * i as f64 / steps as f64).collect()
    };
    let across = spread(right - left, least[0], most[0]);
    let up = spread(bottom - top, least[1], most[1]);
    let grid = surface.grid(&across, &up);
    let (columns, rows) = ((across.len() - 1) as f64, (up.len() - 1) as f64);
    let pixel = |place: &Pixel| {
        let (x, y) = (place[0] / columns, place[1] / rows);
        [left + x * (right - left), bottom - y * (bottom - top)]
    };
    let mut loops = contour::loops(grid.view(), picture.threshold);
    // The largest first, so that holes are drawn over the regions around them.
    loops.sort_by(|a, b| contour::area(b).abs().total_cmp(&contour::area(a).abs()));
    loops.iter().map(|outline| outline.iter().map(pixel).collect()).collect()
}

/// Tint the match side.
fn tint<B: DrawingBackend>(brush: &Brush<B>, border: &[Loop]) -> Drawn {
    for outline in border {
        // The vertical pixel axis points downwards, which reverses every loop's direction.
        if contour::area(outline) < 0.0 {
            brush.polygon(outline, BLUE, TINT)?;
        } else {
            brush.polygon(outline, WHITE, 1.0)?;
        }
    }
    Ok(())
}

/// The parts of a closed outline that do not run along the edge of `rect`.
fn runs(outline: &[Pixel], rect: Rect) -> Vec<Vec<Pixel>> {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
    let along = |a: Pixel, b: Pixel| {
        [rect.left, rect.right].iter().any(|e| near(a[0], *e) && near(b[0], *e))
            || [rect.top, rect.bottom].iter().any(|e| near(a[1], *e) && near(b[1], *e))
    };
    let n = outline.len();
    let edge: Vec<bool> = (0..n).map(|i| along(outline[i], outline[(i + 1) % n])).collect();
    // Begin where an edge ends, so that no part is split.
    let start = edge.iter().position(|on| *on).map_or(0, |i| i + 1);
    let mut found = vec![Vec::new()];
    for step in 0..n {
        let i = (start + step) % n;
        if edge[i] {
            found.push(Vec::new());
        } else if let Some(run) = found.last_mut() {
            if run.is_empty() {
                run.push(outline[i]);
            }
            run.push(outline[(i + 1) % n]);
        }
    }
    found.retain(|run| run.len() > 1);
    found
}

/// A line through `rect` at every number.
pub(super) fn gridlines<B: DrawingBackend>(
    brush: &Brush<B>,
    rect: Rect,
    [across, down]: &[Vec<Tick>; 2],
    em: f64,
) -> Drawn {
    let Rect { left, top, right, bottom } = rect;
    let width = 0.04 * em;
    for Tick { at, .. } in across {
        brush.line(&[[*at, top], [*at, bottom]], FAINT, width)?;
    }
    for Tick { at, .. } in down {
        brush.line(&[[left, *at], [right, *at]], FAINT, width)?;
    }
    Ok(())
}

/// The four edges of `rect`.
pub(super) fn edges<B: DrawingBackend>(brush: &Brush<B>, rect: Rect, em: f64) -> Drawn {
    let Rect { left, top, right, bottom } = rect;
    let corners = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]];
    brush.line(&corners, BLACK, 0.05 * em)
}

/// Draw the texts; those among the data have a background.
pub(super) fn words<B: DrawingBackend>(brush: &Brush<B>, texts: &[Text]) -> Drawn {
    for text in texts {
        if matches!(text.role, Role::Name | Role::Share) {
            let Rect { left, top, right, bottom } = text.bounds();
            let (left, right) = (left - 0.15 * text.em, right + 0.15 * text.em);
            let patch = [[left, top], [right, top], [right, bottom], [left, bottom]];
            brush.polygon(&patch, WHITE, 0.75)?;
        }
        let colour = match text.role {
            Role::Main | Role::Name => BLACK,
            Role::Minor => RGBColor(85, 85, 85),
            Role::Share => RGBColor(100, 100, 100),
        };
        brush.text(text, colour)?;
    }
    Ok(())
}

/// A symbol of the legend.
fn symbol<B: DrawingBackend>(brush: &Brush<B>, key: &Key<Symbol>, em: f64) -> Drawn {
    let [x, y] = key.at;
    let radius = 0.3 * em;
    match key.symbol {
        Symbol::Faces(kind) => marker::face(brush, kind, key.at, radius),
        Symbol::Ring => marker::ring(brush, key.at, radius),
        Symbol::Strangers => {
            for share in [1.0, 0.66, 0.33] {
                let outline: Vec<Pixel> = (0..=48)
                    .map(|i| (f64::from(i) / 48.0 * std::f64::consts::TAU).sin_cos())
                    .map(|(sin, cos)| [x + 0.8 * em * share * cos, y + 0.48 * em * share * sin])
                    .collect();
                brush.polygon(&outline, GREY, 1.5 * ELLIPSE)?;
                brush.line(&outline, GREY, 0.05 * em)?;
            }
            Ok(())
        }
        Symbol::Border => {
            let (wide, high) = (0.8 * em, 0.45 * em);
            let side = [[x, y - high], [x + wide, y - high], [x + wide, y + high], [x, y + high]];
            brush.polygon(&side, BLUE, 1.5 * TINT)?;
            brush.line(&[[x, y - high], [x, y + high]], NAVY, 0.11 * em)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_along_the_edge_is_left_open_there() {
        let rect = Rect { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };
        let outline = [[10.0, 0.0], [10.0, 10.0], [4.0, 10.0], [5.0, 5.0], [4.0, 0.0]];
        assert_eq!(runs(&outline, rect), [vec![[4.0, 10.0], [5.0, 5.0], [4.0, 0.0]]]);
        let free = [[1.0, 1.0], [2.0, 1.0], [2.0, 2.0]];
        assert_eq!(runs(&free, rect), [vec![[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 1.0]]]);
    }
}
