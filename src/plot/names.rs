//! Names among the faces: each where it covers least, or left out where there is no room.

use super::layout::{Anchor, Frame, Pixel, Rect, Role, Text};
use super::picture::Picture;
use super::text::{Fonts, shortened};

/// Characters of a file's name that are shown.
const CHARACTERS: usize = 18;
/// A name that would cover more faces than this is left out.
const COVERED: usize = 2;
/// How far from its face a name may be, in em.
const DISTANCES: [f64; 4] = [0.7, 1.5, 2.6, 4.0];

/// The names and the shares of the ellipses in their places, and lines to the faces of names that
/// are not beside them.
#[must_use]
pub fn place(
    picture: &Picture,
    frame: &Frame,
    fonts: &Fonts,
    em: f64,
) -> (Vec<Text>, Vec<[Pixel; 2]>) {
    let spots: Vec<Pixel> = picture
        .groups
        .iter()
        .flat_map(|group| &group.spots)
        .map(|spot| frame.pixel(spot.place))
        .collect();
    let mut page = Page { frame, spots, taken: Vec::new(), radius: 0.35 * em };
    let (mut texts, mut leaders) = (Vec::new(), Vec::new());
    for label in &picture.labels {
        let at = frame.pixel(label.place);
        let text = shortened(&label.text, CHARACTERS);
        let candidates = around(at, fonts, &text, em);
        if let Some((distance, text)) = page.best(candidates) {
            if distance > DISTANCES[0] {
                let end = nearest(&text.bounds().grown(-0.1 * em), at);
                page.take_line(at, end);
                leaders.push([at, end]);
            }
            texts.push(text);
        }
    }
    for ellipse in &picture.ellipses {
        let text = format!("{:.0} %", 100.0 * ellipse.share);
        let candidates = ellipse.outline.iter().map(|place| {
            let [x, y] = frame.pixel(*place);
            let at = [x, y + 0.25 * em];
            (0.0, Text::new(fonts, &text, 0.72 * em, Role::Share, at, Anchor::Middle))
        });
        texts.extend(page.best(candidates.collect()).map(|(_, text)| text));
    }
    (texts, leaders)
}

/// What is on the plane already.
struct Page<'a> {
    frame: &'a Frame,
    spots: Vec<Pixel>,
    taken: Vec<Rect>,
    radius: f64,
}

impl Page<'_> {
    /// Take the room of a line.
    fn take_line(&mut self, from: Pixel, to: Pixel) {
        let steps = 24;
        self.taken.extend((0..=steps).map(|i| {
            let t = f64::from(i) / f64::from(steps);
            let [x, y] = [0, 1].map(|i| from[i] + t * (to[i] - from[i]));
            Rect { left: x, right: x, top: y, bottom: y }.grown(self.radius / 2.0)
        }));
    }

    /// The first candidate that covers no face, or else the one that covers the fewest, if few;
    /// its place is then taken.
    fn best(&mut self, candidates: Vec<(f64, Text)>) -> Option<(f64, Text)> {
        let cost = |text: &Text| {
            let bounds = text.bounds();
            let free = self.frame.rect.contains(&bounds.grown(self.radius / 2.0))
                && !self.taken.iter().any(|taken| taken.overlaps(&bounds));
            let reach = bounds.grown(self.radius / 2.0);
            free.then(|| self.spots.iter().filter(|spot| reach.holds(**spot)).count())
        };
        let (covered, found) = candidates
            .into_iter()
            .filter_map(|candidate| Some((cost(&candidate.1)?, candidate)))
            .min_by_key(|(covered, _)| *covered)?;
        (covered <= COVERED).then(|| {
            self.taken.push(found.1.bounds().grown(self.radius / 2.0));
            found
        })
    }
}

/// A face's name in every place that it might have, the best first: beside, above and below,
/// aslant, and then farther away. With each goes the distance in em.
fn around([x, y]: Pixel, fonts: &Fonts, text: &str, em: f64) -> Vec<(f64, Text)> {
    let directions = [
        (1.0, 0.0, Anchor::Start),
        (-1.0, 0.0, Anchor::End),
        (0.0, -1.0, Anchor::Middle),
        (0.0, 1.0, Anchor::Middle),
        (0.8, -0.8, Anchor::Start),
        (0.8, 0.8, Anchor::Start),
        (-0.8, -0.8, Anchor::End),
        (-0.8, 0.8, Anchor::End),
    ];
    let size = 0.8 * em;
    let mut candidates = Vec::new();
    for distance in DISTANCES {
        for (across, down, anchor) in directions {
            let reach = distance * em;
            let baseline = y + down * (reach + 0.25 * size) + 0.36 * size;
            let at = [x + across * reach, baseline];
            candidates.push((distance, Text::new(fonts, text, size, Role::Name, at, anchor)));
        }
    }
    candidates
}

/// The point of `rect` nearest to a point outside it.
fn nearest(rect: &Rect, [x, y]: Pixel) -> Pixel {
    [x.clamp(rect.left, rect.right), y.clamp(rect.top, rect.bottom)]
}
