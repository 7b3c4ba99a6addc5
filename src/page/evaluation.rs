//! The page of an evaluation: every figure and table of `verify eval --out`.

use std::path::Path;

use askama::Template;

use super::frame::Frame;
use super::{rendered, svg, write};
use crate::error::Result;
use crate::eval::{Accuracy, ByGroup, Estimate, Measures, Ratio, Scored};
use crate::plot::{RatesFigure, Size, calibration_chart, zoo_chart};

const STYLE: &str = concat!(
    include_str!("../../assets/page/page.css"),
    include_str!("../../assets/page/report.css")
);

/// The size of each of two figures side by side, and of a single one.
const HALF: Size = Size { width: 900, height: 640 };
const WIDE: Size = Size { width: 1100, height: 480 };

/// The results of an evaluation.
pub struct Evaluated {
    /// What was measured on.
    pub title: String,
    /// How it was measured.
    pub subtitle: String,
    /// The accuracy of pairs with folds.
    pub accuracy: Option<Accuracy>,
    /// The rows of the table, at least one. Figures and groups are those of the first row.
    pub rows: Vec<(String, Measures)>,
    /// The curves, and the histogram of the first row.
    pub figure: RatesFigure,
}

/// The page.
#[derive(Template)]
#[template(path = "evaluation.html")]
struct Page {
    frame: Frame,
    tiles: Vec<(String, String)>,
    /// The row that the figures show.
    first: String,
    /// A row of each method and number of photos.
    rows: Vec<[String; 6]>,
    /// For each threshold: the error rates, and those that count failures too.
    set: Vec<[String; 5]>,
    failures: [String; 2],
    /// Pictures, as SVG.
    det: String,
    histogram: String,
    calibration: String,
    zoo: Option<Menagerie>,
    groups: Vec<Grouped>,
}

/// The zoo.
struct Menagerie {
    /// As SVG.
    figure: String,
    /// Each kind of people: its name, its meaning, and its people.
    kinds: [[String; 3]; 3],
}

/// The rates by group.
struct Grouped {
    by: String,
    at: Vec<Threshold>,
    ungrouped: Option<String>,
}

/// The rates by group at one threshold.
struct Threshold {
    /// The rate that the threshold is set for.
    asked: &'static str,
    /// A row for each group.
    rows: Vec<[String; 5]>,
    /// Each rate, and how much the groups differ in it.
    ratios: Vec<[String; 2]>,
}

/// Write the page of `evaluated` to `path`.
///
/// # Errors
/// [`crate::Error::Write`], and [`crate::Error::Plot`] if a figure cannot be drawn.
pub fn evaluation(evaluated: &Evaluated, path: &Path) -> Result<()> {
    write(path, &evaluation_page(evaluated, path)?)
}

fn evaluation_page(evaluated: &Evaluated, path: &Path) -> Result<String> {
    let Some((first, measures)) = evaluated.rows.first() else { return Ok(String::new()) };
    let zoo = measures.zoo.as_ref().map(|zoo| -> Result<Menagerie> {
        let named = |kind: &str, means: &str, people: &[Scored]| {
            let people = people.iter().map(|one| format!("{} {:.2}", one.name, one.score));
            [kind.to_owned(), means.to_owned(), people.collect::<Vec<_>>().join(", ")]
        };
        let kinds = [
            named("Goats", "low scores of their own photos: often missed", &zoo.goats),
            named("Lambs", "high scores of strangers: easily imitated", &zoo.lambs),
            named("Wolves", "high scores as strangers: easily mistaken for others", &zoo.wolves),
        ];
        Ok(Menagerie { figure: svg(&zoo_chart(zoo), HALF, Some(path))?, kinds })
    });
    let det = ["Errors", "shaded: the 95 % band by people; points: the threshold 4"];
    let det = evaluated.figure.clone().det(det);
    let histogram = evaluated.figure.clone().scores(["Scores", first]);
    let failures = &measures.failures;
    let page = Page {
        frame: Frame {
            title: format!("Evaluation: {}", evaluated.title),
            subtitle: evaluated.subtitle.clone(),
            style: STYLE,
            script: None,
            with_faces: false,
        },
        tiles: tiles(measures, evaluated.accuracy.as_ref()),
        first: first.clone(),
        rows: evaluated.rows.iter().map(row).collect(),
        set: set(measures),
        failures: [
            format!(
                "{:.2} % ({} of {})",
                100.0 * failures.fta,
                failures.not_acquired,
                failures.photos
            ),
            format!(
                "{:.2} % ({} of {})",
                100.0 * failures.fte,
                failures.not_enrolled,
                failures.enrolments
            ),
        ],
        det: svg(&det, HALF, Some(path))?,
        histogram: svg(&histogram, WIDE, Some(path))?,
        calibration: svg(&calibration_chart(measures), HALF, Some(path))?,
        zoo: zoo.transpose()?,
        groups: measures.groups.iter().map(grouped).collect(),
    };
    rendered(&page, Some(path))
}

fn tiles(measures: &Measures, accuracy: Option<&Accuracy>) -> Vec<(String, String)> {
    let mut tiles = Vec::new();
    if let Some(Accuracy { mean, standard_error, folds }) = accuracy {
        let value = format!("{:.2}\u{a0}%\u{a0}±\u{a0}{:.2}", 100.0 * mean, 100.0 * standard_error);
        tiles
            .push((value, format!("accuracy over {} folds, with its standard error", folds.len())));
    }
    if let Some(set) = measures.set.get("1e-3") {
        tiles.push((rate(set.fmr.value), "FMR at the threshold set for 1e-3".to_owned()));
        tiles.push((percent(set.fnmr.value), "FNMR at the same threshold".to_owned()));
    }
    tiles.push((percent(measures.eer.value), "EER, at which both are equal".to_owned()));
    let least = format!("Cllr in bits; {:.4} with the best calibration", measures.min_cllr);
    tiles.push((format!("{:.4}", measures.cllr), least));
    tiles
}

fn row((name, measures): &(String, Measures)) -> [String; 6] {
    let at = |of: fn(&crate::eval::SetRates) -> String| {
        measures.set.get("1e-3").map_or(String::new(), of)
    };
    [
        name.clone(),
        at(|set| rate_with(set.fmr)),
        at(|set| percent_with(set.fnmr)),
        percent_with(measures.eer),
        format!("{:.4}", measures.cllr),
        format!("{:.4}", measures.min_cllr),
    ]
}

fn set(measures: &Measures) -> Vec<[String; 5]> {
    let row = |(name, set): (&&str, &crate::eval::SetRates)| {
        [
            (*name).to_owned(),
            rate_with(set.fmr),
            percent_with(set.fnmr),
            rate(set.far),
            percent(set.frr),
        ]
    };
    measures.set.iter().map(row).collect()
}

fn grouped(by: &ByGroup) -> Grouped {
    let names = by.groups.first().map(|group| group.set.keys().copied().collect::<Vec<_>>());
    let at = names.unwrap_or_default().into_iter().map(|name| {
        let rows = by.groups.iter().map(|group| {
            let rates = group.set[name];
            let said = |rate: Option<Estimate>, with: fn(Estimate) -> String| {
                rate.map_or("–".to_owned(), with)
            };
            [
                group.label.clone(),
                group.people.to_string(),
                said(rates.fmr_within, rate_with),
                said(rates.fmr, rate_with),
                said(rates.fnmr, percent_with),
            ]
        });
        let ratios = by.ratios.get(name).map(|ratios| {
            let sides = [
                ("FMR among the same group", &ratios.fmr_within),
                ("FMR among all", &ratios.fmr),
                ("FNMR", &ratios.fnmr),
            ];
            let said = |(what, ratio): (&str, &Option<Ratio>)| {
                Some([what.to_owned(), largest(ratio.as_ref()?)])
            };
            sides.into_iter().filter_map(said).collect()
        });
        Threshold { asked: name, rows: rows.collect(), ratios: ratios.unwrap_or_default() }
    });
    let names = by.ungrouped_names.join(", ");
    let ungrouped = (by.ungrouped > 0).then(|| format!("{} people: {names}", by.ungrouped));
    Grouped { by: by.by.clone(), at: at.collect(), ungrouped }
}

fn largest(ratio: &Ratio) -> String {
    let Ratio { highest, lowest, to_lowest, to_mean } = ratio;
    let times = |times: &Option<f64>| times.map_or("–".to_owned(), |times| format!("{times:.1}"));
    format!("{highest} to {lowest} {}, to the geometric mean {}", times(to_lowest), times(to_mean))
}

fn rate(rate: f64) -> String {
    if rate == 0.0 { "0".to_owned() } else { format!("{rate:.1e}") }
}

fn rate_with(Estimate { value, low, high }: Estimate) -> String {
    format!("{} ({} to {})", rate(value), rate(low), rate(high))
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

fn percent_with(Estimate { value, low, high }: Estimate) -> String {
    let [value, low, high] = [value, low, high].map(|share| 100.0 * share);
    format!("{value:.2} % ({low:.2} to {high:.2})")
}
