//! Measures how accurate a decision is: trials over people or over one person's photos, and the error rates. Also
//! estimates the population that decisions are calibrated against.

mod at_hand;
mod identification;
mod interval;
mod kinds;
mod labels;
mod measures;
mod metrics;
mod odds;
mod pairs;
mod people;
mod person;
mod population;
mod protocol;
mod related;
mod relatives;
mod review;
mod spread;
pub mod stress;
mod surface;
mod trials;

pub use identification::{Identification, Identified, measure_identification};
pub use labels::{Checked, Finding, check_labels};
pub use measures::{
    Animal, Attempts, ByGroup, Calibrated, Comparison, Comparisons, DetPoint, Failures, Group,
    GroupRates, Grouping, Measures, Ratio, Ratios, Resident, Scored, SetRates, Stretch, TestCrew,
    Zoo, cllr, isotonic, min_cllr,
};
pub use metrics::{RocPoint, Scores, expected_calibration_error};
pub use pairs::{Accuracy, Pair, PairRow, measure_pairs};
pub use people::{MainFaces, People, Person};
pub use person::{Estimate, Evaluation, evaluate};
pub use population::estimate_population;
pub use protocol::{Parts, Plan, Rates, Row, measure};
pub use related::Related;
pub use relatives::{Kin, measure_relatives};
pub use review::{Reviewed, measure_review};
pub use spread::{Spread, Worst};
pub use trials::{Enrolment, Protocol, Trials};
// Used by the program; not part of the stable API.
#[doc(hidden)]
pub use protocol::{RATES, refitted_parts};
