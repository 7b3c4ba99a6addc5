//! The text of `verify eval` for the standard measures.

use std::fmt::Write as _;

use super::text;
use crate::cli::output::{count, grouped, printable};
use crate::eval::{
    ByGroup, Estimate, Failures, Measures, PairRow, Ratio, Row, Scored, SetRates, Zoo,
};

/// The rate whose threshold the shorter tables use.
const ASKED: &str = "1e-3";

/// The heading over [`row`]s.
pub(super) const HEADER: &str = "
Standard measures at the threshold set for an FMR of 1e-3; in brackets 95 % intervals by people
method      photos  FMR                        FNMR, %               EER, %               Cllr    minCllr
";

/// What the terms mean.
pub(super) const TERMS: &str = "
FMR   false match rate: the share of comparisons with another person that match
FNMR  false non-match rate: the share of comparisons with the right person that do not match
FAR, FRR  false accept and false reject rate: the same for all attempts; a photo without a face is a failed attempt
FTA, FTE  shares of photos without a face (failure to acquire), of people without a photo of a face (failure to enrol)
EER   equal error rate: FMR and FNMR at the threshold at which they are equal
Cllr  cost of the stated likelihood ratios in bits: 0 is perfect, 1 says nothing; minCllr: with the best calibration
";

/// The measures of one method with one number of enrolled photos.
pub(super) fn row(of: &Row, measures: &Measures) -> String {
    let Some(set) = measures.set.get(ASKED) else { return String::new() };
    let fmr = rate(set.fmr);
    format!(
        "{:<11} {:>6}  {fmr:<25}  {:<20}  {:<19}  {:.4}  {:.4}\n",
        of.method.name(),
        of.enrolled,
        percent(set.fnmr),
        percent(measures.eer),
        measures.cllr,
        measures.min_cllr
    )
}

/// The measures of pairs.
pub(super) fn pairs(row: &PairRow) -> String {
    let PairRow { method, pairs, failed, accuracy, measures } = row;
    let mut said = format!(
        "{}: the first photo of each is enrolled, the second checked, with the method {method}\n",
        count(*pairs, "pair"),
    );
    let [genuine, impostor] = [measures.genuine, measures.impostor].map(|n| grouped(n as u64));
    let mut line = |what: &str, value: String| {
        let _ = writeln!(said, "  {what:<44} {value}");
    };
    line("compared: of one person, of two people", format!("{genuine}, {impostor}"));
    let [lost_genuine, lost_impostor] = failed;
    line("not compared: no face in a photo", format!("{lost_genuine}, {lost_impostor}"));
    if let Some(accuracy) = accuracy {
        let [mean, error] = [accuracy.mean, accuracy.standard_error].map(|share| 100.0 * share);
        let folds = accuracy.folds.len();
        line(&format!("accuracy over {folds} folds"), format!("{mean:.2} % ± {error:.2} %"));
    }
    line("equal error rate (EER)", text::percent(measures.eer));
    for (name, fnmr) in &measures.fnmr_at_fmr {
        let value = fnmr.map_or("too few pairs".to_owned(), text::percent);
        line(&format!("FNMR at an FMR of {name} on these pairs"), value);
    }
    line("Cllr, minCllr", format!("{:.4}, {:.4}", measures.cllr, measures.min_cllr));
    said + "\n" + &set_table(measures) + "\n" + &failures(&measures.failures)
}

/// The rates at each threshold.
fn set_table(measures: &Measures) -> String {
    let mut text =
        "set for   FMR                        FNMR, %               FAR      FRR, %\n".to_owned();
    for (name, set) in measures.set.iter() {
        let SetRates { fmr, fnmr, far, frr, .. } = set;
        let (fmr, far, frr) = (rate(*fmr), short(*far), 100.0 * frr);
        let _ = writeln!(text, "{name:<8}  {fmr:<25}  {:<20}  {far:<7}  {frr:.2}", percent(*fnmr));
    }
    text
}

/// The failures to acquire and to enrol.
pub(super) fn failures(failures: &Failures) -> String {
    let Failures { photos, not_acquired, fta, enrolments, not_enrolled, fte } = failures;
    format!(
        "FTA {:.2} %: {} of {} without a face; FTE {:.2} %: {} of {} enrolments\n",
        100.0 * fta,
        grouped(*not_acquired as u64),
        count(*photos, "photo"),
        100.0 * fte,
        grouped(*not_enrolled as u64),
        grouped(*enrolments as u64)
    )
}

/// The people of the zoo.
pub(super) fn zoo(zoo: &Zoo, of: &str) -> String {
    let named = |people: &[Scored]| {
        let people = people.iter().map(|p| format!("{} {:.2}", printable(&p.name), p.score));
        people.collect::<Vec<_>>().join(", ")
    };
    let animals: Vec<String> =
        zoo.animals.iter().map(|(name, count)| format!("{count} {name}")).collect();
    format!(
        "
The zoo of {} people by their mean scores, {of}
  goats, with low scores of their own photos: {}
  lambs, with high scores of strangers: {}
  wolves, with high scores as strangers: {}
  {} (by chance {:.0} of each; --json names them)
",
        grouped(zoo.people.len() as u64),
        named(&zoo.goats),
        named(&zoo.lambs),
        named(&zoo.wolves),
        animals.join(", "),
        zoo.expected
    )
}

/// The rates by group.
pub(super) fn groups(by: &ByGroup, of: &str) -> String {
    let mut text = format!(
        "
By {}, {of}, at the threshold set for an FMR of {ASKED}
group            people  FMR among the same group    FMR among all              FNMR, %
",
        printable(&by.by)
    );
    for group in &by.groups {
        let Some(rates) = group.set.get(ASKED) else { continue };
        let fnmr = rates.fnmr.map_or("-".to_owned(), percent);
        let [within, all] = [rates.fmr_within, rates.fmr].map(|of| of.map_or("-".to_owned(), rate));
        let label = printable(&group.label);
        let _ = writeln!(text, "{label:<16} {:>6}  {within:<26}  {all:<25}  {fnmr}", group.people);
    }
    if let Some(ratios) = by.ratios.get(ASKED) {
        let sides = [
            ("FMR among the same group", &ratios.fmr_within),
            ("FMR among all", &ratios.fmr),
            ("FNMR", &ratios.fnmr),
        ];
        for (what, ratio) in sides {
            if let Some(ratio) = ratio {
                let _ = writeln!(text, "  {what}: {}", largest(ratio));
            }
        }
    }
    if by.ungrouped > 0 {
        let names: Vec<String> = by.ungrouped_names.iter().map(|name| printable(name)).collect();
        let more = if by.ungrouped > names.len() { ", …" } else { "" };
        let _ = writeln!(text, "  in no group: {} ({}{more})", by.ungrouped, names.join(", "));
    }
    text
}

/// How much groups differ.
fn largest(ratio: &Ratio) -> String {
    let Ratio { highest, lowest, to_lowest, to_mean } = ratio;
    let (highest, lowest) = (printable(highest), printable(lowest));
    let mut text = match to_lowest {
        Some(times) => format!("{highest} has {times:.1} times the rate of {lowest}"),
        None => format!("{highest} has the highest rate; that of {lowest} is 0 here"),
    };
    if let Some(times) = to_mean {
        let _ = write!(text, ", and {times:.1} times the geometric mean");
    }
    text
}

/// A small rate with its interval.
fn rate(estimate: Estimate) -> String {
    let Estimate { value, low, high } = estimate;
    format!("{} [{}, {}]", short(value), short(low), short(high))
}

/// A small rate.
fn short(rate: f64) -> String {
    if rate == 0.0 { "0".to_owned() } else { format!("{rate:.1e}") }
}

/// A share in percent with its interval.
fn percent(estimate: Estimate) -> String {
    let Estimate { value, low, high } = estimate;
    format!("{:.2} [{:.2}, {:.2}]", 100.0 * value, 100.0 * low, 100.0 * high)
}
