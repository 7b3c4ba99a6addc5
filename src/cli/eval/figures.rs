//! The figures of an evaluation: the picture of `--plot` and the page of `--out`.

use super::EvalArgs;
use crate::cli::output::{grouped, note, shown};
use crate::decision::{Method, threshold_for};
use crate::error::Result;
use crate::eval::{Accuracy, DetPoint, Measures, Scores};
use crate::page::{self, Evaluated};
use crate::plot::{Curve, Histogram, RatesFigure, draw};

/// The false accept rate whose threshold the figures show: the default of enrolment.
const FAR: f64 = 1e-4;

/// The data of the figures, which is much smaller than all scores.
pub(super) struct Figures {
    /// What was measured.
    pub title: String,
    subtitle: String,
    /// The accuracy of pairs with folds.
    pub accuracy: Option<Accuracy>,
    /// The measures of each row; the first row has figures of its own.
    rows: Vec<(String, Measures)>,
    curves: Vec<Curve>,
    histogram: Option<Histogram>,
}

impl Figures {
    /// No figures yet; `subtitle` says how they are measured.
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
        // Rows without a curve come last.
        self.rows.insert(self.curves.len() - 1, (name, measures));
    }

    /// Add a row without a curve.
    pub fn add_row(&mut self, name: String, measures: Measures) {
        self.rows.push((name, measures));
    }

    /// Write the files that `args` ask for.
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
            note(&format!("wrote {}", shown(out)));
        }
        match &args.plot {
            Some(out) => {
                draw(&figure, out, args.size)?;
                note(&format!("wrote {}", shown(out)));
                Ok(())
            }
            None => Ok(()),
        }
    }
}
