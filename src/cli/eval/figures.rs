//! The figures of an evaluation: what `--plot` draws, and what `--out` writes as a page.

use super::EvalArgs;
use crate::cli::output::{grouped, note, shown};
use crate::decision::{Method, threshold_for};
use crate::error::Result;
use crate::eval::{Accuracy, DetPoint, Measures, Scores};
use crate::page::{self, Evaluated};
use crate::plot::{Curve, Histogram, RatesFigure, draw};

/// The false accept rate whose threshold the figures show: that of an enrolment without flags.
const FAR: f64 = 1e-4;

/// What the figures are drawn from: far less than all scores.
pub(super) struct Figures {
    /// What was measured.
    pub title: String,
    subtitle: String,
    /// The accuracy of pairs with folds.
    pub accuracy: Option<Accuracy>,
    /// The measures of each row, the first of which has figures of its own.
    rows: Vec<(String, Measures)>,
    curves: Vec<Curve>,
    histogram: Option<Histogram>,
}

impl Figures {
    /// None yet, of what was measured in this way.
    pub fn new(subtitle: String) -> Self {
        let (rows, curves) = (Vec::new(), Vec::new());
        Self { title: String::new(), subtitle, accuracy: None, rows, curves, histogram: None }
    }

    /// Add a row, with its curve.
    pub fn add(&mut self, name: String, measures: Measures, scores: &Scores, method: Method) {
        let threshold = threshold_for(FAR);
        let band = |p: &DetPoint| [p.fmr, p.low, p.high];
        let band = if self.curves.is_empty() {
            measures.det.iter().map(band).collect()
        } else {
            Vec::new()
        };
        self.curves.push(Curve { band, ..Curve::of(method, scores, threshold) });
        self.histogram.get_or_insert_with(|| Histogram::of(scores, threshold));
        // Those without a curve come after.
        self.rows.insert(self.curves.len() - 1, (name, measures));
    }

    /// Add a row without a curve.
    pub fn add_row(&mut self, name: String, measures: Measures) {
        self.rows.push((name, measures));
    }

    /// Draw and write what `args` ask for.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(self, args: &EvalArgs) -> Result<()> {
        let (Some(histogram), Some((_, first))) = (self.histogram, self.rows.first()) else {
            return Ok(());
        };
        let [genuine, impostor] = [first.genuine, first.impostor].map(|n| grouped(n as u64));
        let trials = format!("{genuine} genuine and {impostor} impostor trials");
        let threshold = threshold_for(FAR);
        let figure = RatesFigure::new(&self.title, &trials, self.curves, histogram, threshold);
        if let Some(out) = &args.out {
            let evaluated = Evaluated {
                title: self.title,
                subtitle: format!("{}; {trials}", self.subtitle),
                accuracy: self.accuracy,
                rows: self.rows,
                figure: figure.clone(),
            };
            page::evaluation(&evaluated, out)?;
            note(&format!("written to {}", shown(out)));
        }
        match &args.plot {
            Some(out) => {
                draw(&figure, out, args.size)?;
                note(&format!("drawn into {}", shown(out)));
                Ok(())
            }
            None => Ok(()),
        }
    }
}
