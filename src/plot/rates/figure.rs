//! The content of the figure of error rates.

use super::super::axes::round_step;
use super::super::text::plain;
use crate::decision::{Method, far_of};
use crate::eval::Scores;
use crate::words::strangers;

/// The share of scores on either side that may lie beyond the histograms' ends.
const TAIL: f64 = 0.001;
/// The fewest and the most bars of a histogram.
const BARS: [f64; 2] = [20.0, 48.0];

/// A panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// True accept rate against false accept rate.
    Roc,
    /// False reject rate against false accept rate.
    Det,
    /// The distribution of scores.
    Scores,
}

impl View {
    /// All three, in order.
    pub const ALL: [Self; 3] = [Self::Roc, Self::Det, Self::Scores];

    /// The title, and the names of the axes.
    pub(super) fn words(self) -> (&'static str, [&'static str; 2]) {
        match self {
            Self::Roc => ("ROC", ["False accept rate", "True accept rate"]),
            Self::Det => ("DET", ["False accept rate (%)", "False reject rate (%)"]),
            Self::Scores => {
                ("Scores", ["Score (−log₁₀ of the share of strangers as similar)", "Density"])
            }
        }
    }

    /// The coordinates of a false and a true accept rate in this panel; `None` if it has no curves.
    pub fn rates(self, [far, tar]: [f64; 2]) -> Option<[f64; 2]> {
        match self {
            Self::Roc => Some([far, tar]),
            Self::Det => Some([far, 1.0 - tar]),
            Self::Scores => None,
        }
    }
}

/// The rates of one method at every threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// The method's name, as on the command line.
    pub name: String,
    /// Genuine trials.
    pub genuine: usize,
    /// Impostor trials.
    pub impostor: usize,
    /// False and true accept rates from the strictest to the most lenient threshold. Each step changes one of them,
    /// because it passes one trial.
    pub steps: Vec<[f64; 2]>,
    /// Both at the threshold in use.
    pub at_threshold: [f64; 2],
    /// False match rates with the ends of the false non-match rate's 95 % band, if it is known.
    pub band: Vec<[f64; 3]>,
}

impl Curve {
    /// The curve of `scores`, which has trials of both kinds.
    #[must_use]
    pub fn of(method: Method, scores: &Scores, threshold: f64) -> Self {
        let mut steps = vec![[0.0, 0.0]];
        let mut reached = 0.0;
        for point in scores.roc() {
            steps.extend([[point.far, reached], [point.far, point.tar]]);
            reached = point.tar;
        }
        steps.push([1.0, reached]);
        Self {
            name: method.name().to_owned(),
            genuine: scores.genuine().len(),
            impostor: scores.impostor().len(),
            steps,
            at_threshold: [scores.far(threshold), scores.tar(threshold)],
            band: Vec::new(),
        }
    }

    /// Whether the rates of both curves differ by at most one trial.
    fn coincides(&self, other: &Self) -> bool {
        let trial = [self.impostor, self.genuine].map(|trials| 1.5 / trials as f64);
        let near = |(a, b): (&[f64; 2], &[f64; 2])| (0..2).all(|i| (a[i] - b[i]).abs() <= trial[i]);
        self.steps.len() == other.steps.len()
            && self.steps.iter().zip(&other.steps).all(near)
            && near((&self.at_threshold, &other.at_threshold))
    }
}

/// A histogram of scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Where the first bar begins.
    pub from: f64,
    /// The width of a bar.
    pub step: f64,
    /// The share of genuine trials in each bar, divided by its width. Trials beyond the ends count in the outermost bars,
    /// trials without a face in none.
    pub genuine: Vec<f64>,
    /// The same of impostor trials.
    pub impostor: Vec<f64>,
}

impl Histogram {
    /// The histogram of `scores`, wide enough to show `threshold`.
    #[must_use]
    pub fn of(scores: &Scores, threshold: f64) -> Self {
        let sides = [scores.genuine(), scores.impostor()].map(with_face);
        let (mut least, mut most) = (threshold, threshold);
        for side in sides.iter().filter(|side| !side.is_empty()) {
            let tail = (side.len() as f64 * TAIL) as usize;
            least = least.min(f64::from(side[tail]));
            most = most.max(f64::from(side[side.len() - 1 - tail]));
        }
        let fewer = sides.iter().map(|side| side.len()).min().unwrap_or_default();
        // Rice's rule.
        let bars = (2.0 * (fewer as f64).cbrt()).clamp(BARS[0], BARS[1]);
        // Half of it, because the next round number may be more than twice as large.
        let step = round_step(((most - least) / bars / 2.0).max(0.01));
        let from = (least / step).floor() * step;
        let count = ((most - from) / step).floor() as usize + 1;
        let densities = |side: &[f32], all: usize| {
            let mut densities = vec![0.0; count];
            for score in side {
                let bar = ((f64::from(*score) - from) / step) as usize;
                densities[bar.min(count - 1)] += 1.0 / (all as f64 * step);
            }
            densities
        };
        Self {
            from,
            step,
            genuine: densities(sides[0], scores.genuine().len()),
            impostor: densities(sides[1], scores.impostor().len()),
        }
    }
}

/// Rising `scores` without those of photos that have no face.
fn with_face(scores: &[f32]) -> &[f32] {
    &scores[scores.partition_point(|score| *score == f32::NEG_INFINITY)..]
}

/// Everything that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct RatesFigure {
    /// What was measured.
    pub title: String,
    /// The number of trials, and the meaning of the points.
    pub subtitle: String,
    /// At least one curve; none if there is only the histogram.
    pub curves: Vec<Curve>,
    /// The scores of the first curve's method.
    pub histogram: Histogram,
    /// The threshold in use.
    pub threshold: f64,
    /// The panels.
    pub(super) views: Vec<View>,
}

impl RatesFigure {
    /// The figure with only a histogram.
    #[must_use]
    pub fn of_histogram(title: &str, trials: &str, histogram: Histogram, threshold: f64) -> Self {
        let views = vec![View::Scores];
        let (title, subtitle) = (plain(title), plain(trials));
        Self { title, subtitle, curves: Vec::new(), histogram, threshold, views }
    }

    /// The DET alone, under a title and a subtitle of its own.
    #[must_use]
    pub fn det(self, [title, subtitle]: [&str; 2]) -> Self {
        let (title, subtitle) = (plain(title), plain(subtitle));
        Self { title, subtitle, views: vec![View::Det], ..self }
    }

    /// The histogram alone, in the same way.
    #[must_use]
    pub fn scores(self, titles: [&str; 2]) -> Self {
        Self { views: vec![View::Scores], ..self.det(titles) }
    }

    /// The figure of `curves`, of which the first has this `histogram`; `trials` describes the trials. Curves that
    /// coincide, as those of the cosine methods do for one enrolled photo, become one.
    #[must_use]
    pub fn new(
        title: &str,
        trials: &str,
        curves: Vec<Curve>,
        histogram: Histogram,
        threshold: f64,
    ) -> Self {
        let mut apart: Vec<Curve> = Vec::new();
        for curve in curves {
            match apart.iter_mut().find(|other| other.coincides(&curve)) {
                Some(other) => other.name = format!("{}, {}", other.name, curve.name),
                None => apart.push(curve),
            }
        }
        let accepted = strangers(far_of(threshold));
        let subtitle = format!("{trials} · points at the threshold for {accepted}");
        let (title, views) = (plain(title), View::ALL.to_vec());
        Self { title, subtitle, curves: apart, histogram, threshold, views }
    }
}
