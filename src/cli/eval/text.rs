//! The text of `verify eval`.

use std::fmt::Write as _;

use crate::cli::output::{count, printable, strangers};
use crate::decision::far_of;
use crate::eval::{Estimate, Evaluation, Identification, Kin, RATES, Row};

/// The heading over [`row`]s.
pub(super) const HEADER: &str = "\
                            TAR at FAR                     FAR at thresholds set for    ECE
method      photos people   1e-2   1e-3   1e-4   1e-5    1e-2     1e-3     1e-4
";

/// The heading over [`row_within`]s.
pub(super) const HEADER_WITHIN: &str = "\
Strangers are the other people of the same folder. In brackets the 95 % interval by people.
                                      FAR and TAR at thresholds set for
folder       photos  enrolled people  1e-2                                TAR  best   1e-3                                TAR  best   1e-4                                TAR  best
";

/// The heading over [`row_within`]s with local strangers.
pub(super) const HEADER_AT_HAND: &str = "
The same with thresholds learned from half of the others and half of the person's photos, without labels.
";

/// The heading over [`relatives`].
pub(super) const HEADER_RELATIVES: &str = "
Relatives, threshold set for 1e-3                not kept apart   kept apart
folder       relative            enrolled pairs  FAR     TAR      FAR     TAR     noticed
";

/// The heading over [`gallery`]s.
pub(super) const HEADER_GALLERIES: &str = "\
FPIR is the share of strangers' photos that get a name (in brackets: with the threshold for one enrolled person). FNIR
is the share of enrolled people's photos that do not get the right name. Thresholds are set for these rates:
                                                    1e-2                       1e-3                       1e-4
folder       gallery enrolled   mated nonmated      FPIR               FNIR    FPIR               FNIR    FPIR               FNIR
";

/// Galleries of one size, in one of several folders.
pub(super) fn gallery(folder: &str, measured: &Identification) -> String {
    let Identification { gallery, enrolled, mated, nonmated, rates, .. } = measured;
    let mut text = format!("{folder:<12} {gallery:>7} {enrolled:>8} {mated:>7} {nonmated:>8}");
    for (name, _) in RATES {
        if let Some(rates) = rates.get(name) {
            let fpir = format!("{:.1e} ({:.1e})", rates.fpir, rates.fpir_alone);
            let _ = write!(text, "    {fpir:<17} {:>5.3}", rates.fnir);
        }
    }
    text + "\n"
}

/// Relatives of one kinship, in one of several folders.
pub(super) fn relatives(folder: &str, kin: &Kin) -> String {
    let Kin { kinship, enrolled, pairs, far, far_kept_apart, tar, tar_kept_apart, .. } = kin;
    let noticed = kin.noticed;
    let kinship = printable(kinship);
    format!(
        "{folder:<12} {kinship:<18} {enrolled:>9} {pairs:>5}  {far:.4}  {tar:.4}   {far_kept_apart:.4}  {tar_kept_apart:.4}  {noticed:.4}\n"
    )
}

/// The heading over [`spread`]s.
pub(super) const SPREAD_HEADER: &str = "
FAR of each enrolled person, threshold set for 1e-3    people beyond
             photos people    median     90 %     99 %   3e-3    1e-2
";

/// One method with one number of enrolled photos, in one of several folders, which has `photos` photos. For each rate
/// that the threshold is set for: the measured rate with its interval, the true accept rate, and the true accept rate
/// of the best threshold for that rate.
pub(super) fn row_within(folder: &str, photos: usize, row: &Row) -> String {
    let Row { enrolled, people, .. } = row;
    let mut text = format!("{folder:<12} {photos:>6} {enrolled:>9} {people:>6}");
    for (name, _) in RATES {
        if let Some(rates) = row.calibrated.get(name) {
            let [low, high] = rates.far_interval;
            let best = row.tar.get(name).copied().flatten();
            let best = best.map_or("-".to_owned(), |tar| format!("{tar:.3}"));
            let interval = format!("{:.1e} [{low:.1e}, {high:.1e}]", rates.far);
            let _ = write!(text, "  {interval:<26} {:>9.3} {best:>5}", rates.tar);
        }
    }
    text + "\n"
}

/// How a row's false accepts are distributed over people; `of` is its method or folder.
pub(super) fn spread(of: &str, row: &Row) -> String {
    let Row { enrolled, people, spread, .. } = row;
    let mut text = format!("{of:<12} {enrolled:>6} {people:>6} ");
    for far in [spread.median, spread.p90, spread.p99] {
        let _ = write!(text, " {far:>8.1e}");
    }
    for share in [spread.over_three_times, spread.over_ten_times] {
        let _ = write!(text, " {:>5.1} %", 100.0 * share);
    }
    let worst: Vec<String> =
        spread.worst.iter().map(|w| format!("{} {:.1e}", printable(&w.name), w.far)).collect();
    if !worst.is_empty() {
        let _ = write!(text, "\n    most: {}", worst.join(", "));
    }
    text + "\n"
}

/// One method with one number of enrolled photos.
pub(super) fn row(row: &Row) -> String {
    let mut text = format!("{:<11} {:>6} {:>6} ", row.method.name(), row.enrolled, row.people);
    for (name, _) in RATES {
        match row.tar.get(name).copied().flatten() {
            Some(tar) => write!(text, " {tar:>6.4}"),
            None => write!(text, " {:>6}", "-"),
        }
        .unwrap_or_default();
    }
    text.push(' ');
    for (name, _) in RATES {
        if let Some(rates) = row.calibrated.get(name) {
            let _ = write!(text, " {:>8.1e}", rates.far);
        }
    }
    let _ = writeln!(text, "  {:.4}", row.ece);
    text
}

/// The rates of one decision with their intervals.
pub(super) fn evaluation(measured: &Evaluation) -> String {
    let mut text = format!(
        "{} of the person and {} of others; 95 % intervals in brackets\n",
        count(measured.genuine, "photo"),
        measured.impostor
    );
    let threshold = measured.threshold;
    let _ = writeln!(text, "at the threshold {threshold:.2} ({})", strangers(far_of(threshold)));
    let mut line = |what: &str, value: String| {
        let _ = writeln!(text, "  {what:<34} {value}");
    };
    line("others accepted (FAR)", percent(measured.far));
    line("the person rejected (FRR)", percent(measured.frr));
    line("equal error rate (EER)", percent(measured.eer));
    let auc = measured.auc;
    line("area under the ROC (AUC)", format!("{:.5} [{:.5}, {:.5}]", auc.value, auc.low, auc.high));
    for (name, _) in RATES {
        let tar = measured.tar.get(name).copied().flatten();
        let value = tar.map_or_else(|| "too few photos of others".to_owned(), percent);
        line(&format!("the person accepted at FAR {name}"), value);
    }
    text
}

/// A share in percent with its interval.
pub(super) fn percent(estimate: Estimate) -> String {
    let Estimate { value, low, high } = estimate;
    format!("{:.2} % [{:.2}, {:.2}]", 100.0 * value, 100.0 * low, 100.0 * high)
}
