//! A scene on a plane, for each layout: the place of each face, the regions of strangers, and the decision border.

use ndarray::Array2;

use super::contour;
use super::scene::{Kind, Scene, Shown, judged};
use super::surface::{Smoothing, Surface};
use crate::decision::{Decision, Population};
use crate::error::Result;
use crate::projection::{Pca, Place, Projection, ScorePlane, tsne};

/// The seed of the simulated strangers that the plane is fitted to.
const FIT_SEED: u64 = 1;
/// The seed of the other simulated strangers, whose regions are shown.
const SPREAD_SEED: u64 = 2;
/// How many of these.
const SPREAD: usize = 4000;
/// The shares of strangers whose regions are shown.
const SHARES: [f64; 3] = [0.5, 0.9, 0.99];
/// The least number of rows for each side, so that one photo has the same weight as many strangers.
const LEAST_ROWS: usize = 200;
/// The number of simulated strangers in t-SNE.
const TSNE_STRANGERS: usize = 300;
/// A part of a region smaller than this, relative to the largest part, is left out.
const SPECK: f64 = 0.03;
/// Points of the grid that the strangers' density is found on, across and up.
const GRID: [usize; 2] = [120, 90];

/// A layout of faces on a plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The two directions in which the person and strangers differ most.
    Pca,
    /// t-SNE: similar faces together.
    Tsne,
    /// Horizontally the score; vertically the strongest remaining direction.
    Score,
}

/// The border between match and no-match.
#[derive(Debug, Clone, PartialEq)]
pub enum Border {
    /// Where the mean score reaches the threshold.
    Surface(Surface),
    /// A vertical line at the threshold, because the horizontal axis is the score.
    Upright,
}

/// A part of the plane that holds a share of the strangers, together with the other parts of the same share.
#[derive(Debug, Clone, PartialEq)]
pub struct Ellipse {
    /// The share, between 0 and 1.
    pub share: f64,
    /// Its outline, closed.
    pub outline: Vec<Place>,
}

/// A scene on a plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// The names of the horizontal and the vertical axis; empty for an axis without meaning.
    pub axes: [String; 2],
    /// The places of the faces, group by group.
    pub places: Vec<Vec<Place>>,
    /// The regions of strangers, the largest share first.
    pub strangers: Vec<Ellipse>,
    /// The border between match and no-match.
    pub border: Border,
}

impl Plane {
    /// Lay out `scene` by `view`. The same scene gives the same plane.
    ///
    /// # Errors
    /// [`crate::Error::Numeric`] if the faces cannot be projected.
    pub fn of(view: View, scene: &Scene, decision: &Decision) -> Result<Self> {
        match view {
            View::Pca => pca(scene, decision),
            View::Score => score(scene, decision),
            View::Tsne => by_tsne(scene, decision),
        }
    }
}

/// Every face placed by `place`.
fn placed(scene: &Scene, place: impl Fn(&Shown) -> Place) -> Vec<Vec<Place>> {
    scene.groups.iter().map(|group| group.faces.iter().map(&place).collect()).collect()
}

fn pca(scene: &Scene, decision: &Decision) -> Result<Plane> {
    let population = &decision.population;
    let kept: Vec<Vec<f32>> =
        scene.of_kind(Kind::Kept).map(|face| face.embedding.clone()).collect();
    let pca = Pca::fit(&kept, |count| population.strangers(count, FIT_SEED))?;
    let strangers: Vec<Place> =
        population.strangers(SPREAD, SPREAD_SEED).iter().map(|s| pca.place(s)).collect();
    Ok(Plane {
        axes: pca.axes(),
        places: placed(scene, |face| pca.place(&face.embedding)),
        strangers: ellipses(&strangers),
        border: Border::Surface(Surface::sample(decision, &kept, &pca)?),
    })
}

fn score(scene: &Scene, decision: &Decision) -> Result<Plane> {
    let kept: Vec<(&[f32], f64)> =
        scene.of_kind(Kind::Kept).map(|face| (&face.embedding[..], face.score)).collect();
    let repeats = LEAST_ROWS.div_ceil(kept.len().max(1));
    let others = drawn(decision, kept.len() * repeats, FIT_SEED);
    let person = (0..repeats).flat_map(|_| kept.iter().copied());
    let (rows, scores): (Vec<&[f32]>, Vec<f64>) =
        person.chain(others.iter().map(|(face, score)| (&face[..], *score))).unzip();
    let plane = ScorePlane::fit(&rows, &scores)?;
    let strangers: Vec<Place> = drawn(decision, SPREAD, SPREAD_SEED)
        .iter()
        .map(|(face, score)| plane.place(face, *score))
        .collect();
    Ok(Plane {
        axes: [
            "Score: 2 is one stranger in 100, 4 one in 10,000".to_owned(),
            "Strongest remaining direction".to_owned(),
        ],
        places: placed(scene, |face| plane.place(&face.embedding, face.score)),
        strangers: regions(&strangers, &SHARES),
        border: Border::Upright,
    })
}

/// Simulated strangers with their scores.
fn drawn(decision: &Decision, count: usize, seed: u64) -> Vec<(Vec<f32>, f64)> {
    let strangers = decision.population.strangers(count, seed);
    let scores = judged(decision, &strangers);
    strangers.into_iter().zip(scores).collect()
}

fn by_tsne(scene: &Scene, decision: &Decision) -> Result<Plane> {
    let strangers = drawn(decision, TSNE_STRANGERS, SPREAD_SEED);
    let shown: Vec<(&[f32], f64)> =
        scene.faces().map(|(_, face)| (&face.embedding[..], face.score)).collect();
    let others = strangers.iter().map(|(face, score)| (&face[..], *score));
    let (rows, scores): (Vec<&[f32]>, Vec<f64>) = others.chain(shown.iter().copied()).unzip();
    let spread = whitened(&decision.population, &rows);
    let rows: Vec<&[f32]> = spread.iter().map(Vec::as_slice).collect();
    let laid = tsne(&rows)?;
    let (strangers, faces) = laid.split_at(TSNE_STRANGERS);
    let mut next = faces.iter().copied();
    Ok(Plane {
        axes: ["t-SNE: similar faces lie together".to_owned(), String::new()],
        places: scene.groups.iter().map(|g| next.by_ref().take(g.faces.len()).collect()).collect(),
        strangers: regions(strangers, &SHARES[1..2]),
        border: Border::Surface(Surface::new(&laid, &scores, Smoothing::NARROW)?),
    })
}

/// Faces in the population's diagonal space, at length 1: one person's photos vary equally along every axis, so that
/// identity counts for more than how a photo was taken.
fn whitened(population: &Population, faces: &[&[f32]]) -> Vec<Vec<f32>> {
    let whole =
        |face: &&[f32]| crate::model::unit(&population.diagonal(face).mapv(|v| v as f32).to_vec());
    faces.iter().map(whole).collect()
}

/// The ellipses that would hold [`SHARES`] of `strangers` if these were Gaussian on the plane. In the population's
/// space they are; scaling to length 1 distorts this slightly, so mean and covariance are computed from drawn
/// strangers.
fn ellipses(strangers: &[Place]) -> Vec<Ellipse> {
    let n = strangers.len() as f64;
    let mean = [0, 1].map(|i| strangers.iter().map(|p| p[i]).sum::<f64>() / n);
    let covariance = |i: usize, j: usize| {
        strangers.iter().map(|p| (p[i] - mean[i]) * (p[j] - mean[j])).sum::<f64>() / n
    };
    // The Cholesky factor maps the unit circle to the ellipse of one standard deviation.
    let across = covariance(0, 0).sqrt();
    let slant = if across > 0.0 { covariance(0, 1) / across } else { 0.0 };
    let up = (covariance(1, 1) - slant * slant).max(0.0).sqrt();
    let outline = |share: f64| {
        let radius = (-2.0 * (1.0 - share).ln()).sqrt();
        let place = |step: usize| {
            let (y, x) = (step as f64 / 96.0 * std::f64::consts::TAU).sin_cos();
            [mean[0] + radius * across * x, mean[1] + radius * (slant * x + up * y)]
        };
        (0..=96).map(place).collect()
    };
    SHARES.iter().rev().map(|&share| Ellipse { share, outline: outline(share) }).collect()
}

/// The densest regions that hold `shares` of `strangers`, by a Gaussian kernel of Scott's width. A region may have
/// several parts; tiny parts and holes are left out.
fn regions(strangers: &[Place], shares: &[f64]) -> Vec<Ellipse> {
    let n = strangers.len() as f64;
    let mean = [0, 1].map(|i| strangers.iter().map(|p| p[i]).sum::<f64>() / n);
    let width = [0, 1].map(|i| {
        let variance = strangers.iter().map(|p| (p[i] - mean[i]).powi(2)).sum::<f64>() / n;
        (variance.sqrt() * n.powf(-1.0 / 6.0)).max(1e-9)
    });
    let ticks = [0, 1].map(|i| {
        let ends = strangers
            .iter()
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], p| [a.min(p[i]), b.max(p[i])]);
        let (from, to) = (ends[0] - 3.0 * width[i], ends[1] + 3.0 * width[i]);
        let steps = GRID[i] - 1;
        (0..=steps).map(|k| from + (to - from) * k as f64 / steps as f64).collect::<Vec<f64>>()
    });
    let kernel = |i: usize| {
        Array2::from_shape_fn((GRID[i], strangers.len()), |(k, j)| {
            let t = (ticks[i][k] - strangers[j][i]) / width[i];
            (-0.5 * t * t).exp()
        })
    };
    let density = kernel(1).dot(&kernel(0).t());
    let step = [0, 1].map(|i| ticks[i][1] - ticks[i][0]);
    let mut found: Vec<f64> = strangers
        .iter()
        .map(|p| {
            let at = [0, 1].map(|i| ((p[i] - ticks[i][0]) / step[i]).round() as usize);
            density[(at[1].min(GRID[1] - 1), at[0].min(GRID[0] - 1))]
        })
        .collect();
    found.sort_by(|a, b| b.total_cmp(a));
    let mut outlines = Vec::new();
    for &share in shares.iter().rev() {
        let level = found[((n * share) as usize).min(found.len() - 1)];
        let loops = contour::loops(density.view(), level);
        let largest = loops.iter().map(|part| contour::area(part)).fold(0.0, f64::max);
        for outline in loops.iter().filter(|part| contour::area(part) > SPECK * largest) {
            let mut outline: Vec<Place> =
                outline.iter().map(|at| [0, 1].map(|i| ticks[i][0] + at[i] * step[i])).collect();
            outline.extend(outline.first().copied());
            outlines.push(Ellipse { share, outline });
        }
    }
    outlines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(outline: &[Place], place: &Place) -> bool {
        outline.windows(2).filter(|e| (e[0][1] > place[1]) != (e[1][1] > place[1])).fold(
            false,
            |inside, e| {
                let t = (place[1] - e[0][1]) / (e[1][1] - e[0][1]);
                inside ^ (place[0] < e[0][0] + t * (e[1][0] - e[0][0]))
            },
        )
    }

    fn check_shares(outlines: &[Ellipse], places: &[Place], shares: &[f64]) {
        for share in shares {
            let parts: Vec<_> = outlines.iter().filter(|e| e.share == *share).collect();
            let inside = |p: &&Place| parts.iter().filter(|e| held(&e.outline, p)).count() % 2 == 1;
            let found = places.iter().filter(inside).count() as f64 / places.len() as f64;
            assert!((found - share).abs() < 0.04, "{found} {share}");
        }
    }

    #[test]
    fn ellipses_and_regions_hold_their_shares() {
        let population = crate::decision::toy_population(8);
        let places: Vec<Place> = population
            .strangers(4000, 3)
            .iter()
            .map(|s| [f64::from(s[1]) + 0.5 * f64::from(s[2]), f64::from(s[2])])
            .collect();
        check_shares(&ellipses(&places), &places, &SHARES);
        check_shares(&regions(&places, &SHARES), &places, &SHARES);
        // Two heaps, which no ellipse could tell apart.
        let heaps: Vec<Place> = places
            .iter()
            .enumerate()
            .map(|(i, p)| [p[0] + if i % 2 == 0 { 20.0 } else { 0.0 }, p[1]])
            .collect();
        let found = regions(&heaps, &SHARES);
        check_shares(&found, &heaps, &SHARES[..2]);
        assert!(found.iter().filter(|e| e.share == 0.5).count() >= 2);
    }
}
