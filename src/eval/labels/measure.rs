//! The limits for wrong labels: what likeness is too high or too low. They are learned from the people whose labels
//! are checked, since few labels are wrong.

use super::likeness::Likeness;

/// The wrong findings that chance may cause among all candidates of a kind, on average.
const BY_CHANCE: f64 = 0.05;
/// The share of own photos that may fall below the typical likeness of one person: the hard photos.
const HARD: f64 = 0.02;
/// The share of pairs of strangers that are less alike than a photo and its right folder.
const UNKNOWN: f64 = 0.999;
/// The share of pairs of strangers that are less alike than a photo and a folder that may still be its own.
const MOST_STRANGERS: f64 = 0.75;
/// The share of pairs of strangers that the tail is fitted to.
const TAIL: f64 = 1e-4;
/// The fewest values that a tail needs.
const FEWEST: usize = 20;
/// The most pairs of people, and the most photos, that are sampled: more do not change a digit.
const MOST_PAIRS: usize = 4_000_000;
const MOST_PHOTOS: usize = 2_000;

/// How alike one person's photos and strangers are.
pub(super) struct Measure {
    /// The likeness to the others of their folder that all but the hard photos reach.
    typical: f64,
    /// The likeness that a quarter of the photos exceed.
    close: f64,
    /// The likeness that most pairs of strangers stay below; `strangers` is the upper tail.
    stranger: f64,
    strangers: Tail,
    /// The upper tail of the photos' likeness to the nearest other folder.
    nearest: Tail,
    /// Below this likeness to its own folder, a photo is disowned.
    known: f64,
    /// How many photos are disowned, at least one.
    disowned: usize,
}

impl Measure {
    /// Learn the limits from the people in `likeness`; `None` if they are too few to judge chance.
    pub(super) fn new(likeness: &Likeness) -> Option<Self> {
        let (mut own, mut nearest) = (Vec::new(), Vec::new());
        let photos: usize = (0..likeness.people()).map(|person| likeness.photos(person)).sum();
        let (every, mut count) = (photos.div_ceil(MOST_PHOTOS).max(1), 0);
        for person in 0..likeness.people() {
            for photo in 0..likeness.photos(person) {
                if likeness.photos(person) > 1 {
                    own.push(likeness.own(person, photo));
                }
                if count % every == 0 {
                    nearest.push(likeness.nearest_other(person, photo).1);
                }
                count += 1;
            }
        }
        let mut strangers = Vec::new();
        let all = likeness.people() * likeness.people().saturating_sub(1) / 2;
        let (every, mut count) = (all.div_ceil(MOST_PAIRS).max(1), 0);
        for person in 0..likeness.people() {
            for value in likeness.of_folder(person).iter().skip(person + 1) {
                if count % every == 0 {
                    strangers.push(*value);
                }
                count += 1;
            }
        }
        if own.len() < FEWEST {
            return None;
        }
        own.sort_by(f64::total_cmp);
        strangers.sort_by(f64::total_cmp);
        nearest.sort_by(f64::total_cmp);
        let typical = quantile(&own, HARD);
        let known = typical.min(quantile(&strangers, UNKNOWN));
        Some(Self {
            typical,
            close: quantile(&own, 0.75),
            stranger: quantile(&strangers, MOST_STRANGERS),
            strangers: Tail::new(&strangers)?,
            nearest: Tail::new(&nearest)?,
            known,
            disowned: own.partition_point(|own| *own < known).max(1),
        })
    }

    /// Whether two folders are so alike that they are one person's, given the number of candidate pairs; `close` asks
    /// for more than the typical likeness.
    pub(super) fn is_one_person(&self, likeness: f64, candidates: usize, close: bool) -> bool {
        let enough = if close { self.close } else { self.typical };
        likeness >= enough && self.strangers.beyond(likeness) * candidates as f64 <= BY_CHANCE
    }

    /// The likeness from which two folders are candidates for one person.
    pub(super) fn typical(&self) -> f64 {
        self.typical
    }

    /// Whether a photo does not seem to belong to its own folder.
    pub(super) fn is_disowned(&self, own: f64) -> bool {
        own < self.known
    }

    /// Whether a disowned photo is so like another folder that it belongs there.
    pub(super) fn is_claimed(&self, other: f64) -> bool {
        other >= self.typical && self.nearest.beyond(other) * self.disowned as f64 <= BY_CHANCE
    }

    /// Whether a photo is no more like its folder than most strangers are. Hard photos of the person are not excluded
    /// by this: none of LFW's 5,090 photos that have another of the same name is so unlike.
    pub(super) fn is_a_stranger(&self, own: f64) -> bool {
        own < self.stranger
    }
}

/// The upper tail of a distribution, modelled as exponential.
struct Tail {
    share: f64,
    level: f64,
    scale: f64,
}

impl Tail {
    /// Fit to `values` in rising order; `None` if they are too few. The scale comes from the median excess, which a
    /// few wrong labels do not change.
    fn new(values: &[f64]) -> Option<Self> {
        let beyond = ((values.len() as f64 * TAIL) as usize).max(FEWEST);
        let at = values.len().checked_sub(5 * beyond)?;
        let at = at + 4 * beyond;
        let level = values[at];
        let median = values[at + beyond / 2];
        let scale = ((median - level) / std::f64::consts::LN_2).max(f64::MIN_POSITIVE);
        Some(Self { share: beyond as f64 / values.len() as f64, level, scale })
    }

    /// The share of values at or above `value`.
    fn beyond(&self, value: f64) -> f64 {
        self.share * ((self.level - value) / self.scale).exp().min(1.0)
    }
}

/// The value that the share `part` of `values`, in rising order, stays below.
fn quantile(values: &[f64], part: f64) -> f64 {
    values[(((values.len() - 1) as f64) * part).round() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_tail_is_found_whatever_a_few_wrong_labels_do() {
        // Values of an exponential distribution of scale 3, and five that do not belong.
        let mut values: Vec<f64> =
            (0..400_000).map(|i| -3.0 * (1.0 - (f64::from(i) + 0.5) / 4e5).ln()).collect();
        values.extend([200.0; 5]);
        let tail = Tail::new(&values).unwrap();
        for value in [30.0f64, 40.0, 50.0] {
            let expected = (-value / 3.0).exp();
            let found = tail.beyond(value);
            assert!((found / expected).ln().abs() < 2.0, "{value}: {found} {expected}");
        }
        assert!(Tail::new(&values[..99]).is_none());
    }
}
