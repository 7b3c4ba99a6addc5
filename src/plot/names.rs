//! Names of photos among the faces: each where it covers no face, or left out if there is no room.

use super::frame::Frame;
use super::geometry::{Anchor, Pixel, Rect, Role, Text};
use super::picture::Picture;
use super::text::Fonts;
use super::thumbs::{Point, Thumb};

/// How far from its face a name may be, in em.
const DISTANCES: [f64; 10] = [0.7, 1.5, 2.6, 4.0, 5.5, 6.5, 7.5, 9.0, 11.0, 13.0];

/// The names and the shares of the ellipses in their places, and lines to the faces of names that
/// are not beside them.
#[must_use]
pub fn place(
    picture: &Picture,
    frame: &Frame,
    (thumbs, points): (&[Thumb], &[Point]),
    fonts: &Fonts,
    em: f64,
) -> (Vec<Text>, Vec<[Pixel; 2]>) {
    let spots: Vec<Pixel> = points.iter().map(|point| point.at).collect();
    // A face drawn as a crop occupies its square, which may be away from its place.
    let at = |place| {
        let pixel = frame.pixel(place);
        let own = thumbs.iter().find(|thumb| thumb.home == pixel);
        own.map_or((pixel, 0.0), |thumb| (thumb.middle(), thumb.side() / 2.0))
    };
    let faces = thumbs.iter().map(|thumb| thumb.rect).collect();
    let mut page = Page { frame, spots, faces, taken: Vec::new(), radius: 0.35 * em };
    let (mut texts, mut leaders) = (Vec::new(), Vec::new());
    for label in picture.labels.iter().filter(|label| !label.text.is_empty()) {
        let (middle, half) = at(label.place);
        if let Some(named) = page.best(around(middle, half, fonts, &label.text, em)) {
            if let Some(leader) = named.leader {
                page.take_line(leader);
                leaders.push(leader);
            }
            texts.push(named.text);
        }
    }
    let mut named = None;
    for ellipse in &picture.ellipses {
        // Only the first part of a region is labelled.
        if named.replace(ellipse.share) == Some(ellipse.share) {
            continue;
        }
        let text = format!("{:.0} %", 100.0 * ellipse.share);
        let candidates = ellipse.outline.iter().map(|place| {
            let [x, y] = frame.pixel(*place);
            let at = [x, y + 0.25 * em];
            let text = Text::new(fonts, &text, 0.72 * em, Role::Share, at, Anchor::Middle);
            Candidate { text, leader: None }
        });
        texts.extend(page.best(candidates.collect()).map(|found| found.text));
    }
    (texts, leaders)
}

/// A possible place for a text, with a line to its face if that is not beside it.
struct Candidate {
    text: Text,
    leader: Option<[Pixel; 2]>,
}

/// The parts of the plane that are already occupied.
struct Page<'a> {
    frame: &'a Frame,
    spots: Vec<Pixel>,
    /// Faces drawn as crops, which lines may cross but texts may not cover.
    faces: Vec<Rect>,
    taken: Vec<Rect>,
    radius: f64,
}

impl Page<'_> {
    /// Mark the space of a line as used.
    fn take_line(&mut self, leader: [Pixel; 2]) {
        self.taken.extend(
            along(leader).map(|[x, y]| {
                Rect { left: x, right: x, top: y, bottom: y }.grown(self.radius / 2.0)
            }),
        );
    }

    /// Whether a candidate, its line included, covers no face and nothing else.
    fn has_room(&self, candidate: &Candidate) -> bool {
        let bounds = candidate.text.bounds();
        let reach = bounds.grown(self.radius);
        let line: Vec<Pixel> = candidate.leader.into_iter().flat_map(along).collect();
        let hit =
            |taken: &Rect| taken.overlaps(&bounds) || line.iter().any(|pixel| taken.holds(*pixel));
        let covered = |spot: &Pixel| {
            // The line begins at its own face.
            let own = candidate.leader.is_some_and(|[face, _]| distance(face, *spot) < 1.0);
            let crossed = || line.iter().any(|pixel| distance(*pixel, *spot) < self.radius);
            reach.holds(*spot) || (!own && crossed())
        };
        self.frame.rect.contains(&bounds.grown(self.radius / 2.0))
            && !self.faces.iter().any(|face| face.overlaps(&bounds))
            && !self.taken.iter().any(hit)
            && !self.spots.iter().any(covered)
    }

    /// The first candidate that has room; its space is then marked as used.
    fn best(&mut self, candidates: Vec<Candidate>) -> Option<Candidate> {
        let found = candidates.into_iter().find(|candidate| self.has_room(candidate))?;
        self.taken.push(found.text.bounds().grown(self.radius / 2.0));
        Some(found)
    }
}

/// Points along a line, close enough to test it for overlaps.
fn along([from, to]: [Pixel; 2]) -> impl Iterator<Item = Pixel> {
    let steps = 24;
    (0..=steps).map(move |i| {
        let t = f64::from(i) / f64::from(steps);
        [0, 1].map(|axis| from[axis] + t * (to[axis] - from[axis]))
    })
}

fn distance(a: Pixel, b: Pixel) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// The possible places for a face's name, the best first: beside, above and below, diagonal, and then farther away;
/// `half` is half the side of a face drawn as a crop.
fn around([x, y]: Pixel, half: f64, fonts: &Fonts, text: &str, em: f64) -> Vec<Candidate> {
    let directions = [
        (1.0, 0.0, Anchor::Start),
        (-1.0, 0.0, Anchor::End),
        (0.0, -1.0, Anchor::Middle),
        (0.0, 1.0, Anchor::Middle),
        (0.8, -0.8, Anchor::Start),
        (0.8, 0.8, Anchor::Start),
        (-0.8, -0.8, Anchor::End),
        (-0.8, 0.8, Anchor::End),
        (0.95, -0.4, Anchor::Start),
        (0.95, 0.4, Anchor::Start),
        (-0.95, -0.4, Anchor::End),
        (-0.95, 0.4, Anchor::End),
        (0.4, -0.95, Anchor::Start),
        (0.4, 0.95, Anchor::Start),
        (-0.4, -0.95, Anchor::End),
        (-0.4, 0.95, Anchor::End),
    ];
    let size = 0.8 * em;
    let mut candidates = Vec::new();
    for distance in DISTANCES {
        for (across, down, anchor) in directions {
            let reach = half + distance * em;
            let baseline = y + down * (reach + 0.25 * size) + 0.36 * size;
            let at = [x + across * reach, baseline];
            let text = Text::new(fonts, text, size, Role::Name, at, anchor);
            let end = nearest(&text.bounds().grown(-0.1 * em), [x, y]);
            let leader = (distance > DISTANCES[0]).then_some([[x, y], end]);
            candidates.push(Candidate { text, leader });
        }
    }
    candidates
}

/// The point of `rect` nearest to a point outside it.
fn nearest(rect: &Rect, [x, y]: Pixel) -> Pixel {
    [x.clamp(rect.left, rect.right), y.clamp(rect.top, rect.bottom)]
}
