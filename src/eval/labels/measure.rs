//! What is too alike, and what not alike enough: learnt from the very people whose labels are
//! checked, few of which are wrong.

use super::likeness::Likeness;

/// Wrong findings that chance may make among all candidates of a kind, on average.
const BY_CHANCE: f64 = 0.05;
/// Own photos that may be less alike than what is taken for one person: those are the hard ones.
const HARD: f64 = 0.02;
/// Pairs of strangers that are less alike than a photo and a folder that knows it.
const UNKNOWN: f64 = 0.999;
/// Pairs of strangers that are less alike than a photo that may be the person's after all.
const MOST_STRANGERS: f64 = 0.75;
/// The share of pairs of strangers that the tail is read from.
const TAIL: f64 = 1e-4;
/// Values that a tail needs at least.
const FEWEST: usize = 20;
/// Pairs of people, and photos, that are looked at: more change no digit.
const MOST_PAIRS: usize = 4_000_000;
const MOST_PHOTOS: usize = 2_000;

/// How alike one person's photos and strangers are.
pub(super) struct Measure {
    /// What all but the hard photos are to the others of their folder.
    typical: f64,
    /// What a quarter of the photos exceed.
    close: f64,
    /// The likeness of pairs of strangers: what most stay below, and the upper tail.
    stranger: f64,
    strangers: Tail,
    /// The upper tail of photos' likeness to the nearest of all other folders.
    nearest: Tail,
    /// What a photo's folder falls short of if it does not know it.
    known: f64,
    /// How many photos are not known to their folders, at least one.
    disowned: usize,
}

impl Measure {
    /// Of the people in `likeness`; none if they are too few to say what chance does.
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

    /// Whether two folders are so alike that they are one person's, if `candidates` pairs like this
    /// one could be; `close` asks for more than is typical.
    pub(super) fn is_one_person(&self, likeness: f64, candidates: usize, close: bool) -> bool {
        let enough = if close { self.close } else { self.typical };
        likeness >= enough && self.strangers.beyond(likeness) * candidates as f64 <= BY_CHANCE
    }

    /// What two folders must be alike to be looked at more closely.
    pub(super) fn typical(&self) -> f64 {
        self.typical
    }

    /// Whether a photo's folder does not know it.
    pub(super) fn is_disowned(&self, own: f64) -> bool {
        own < self.known
    }

    /// Whether a disowned photo is so alike to another folder that it belongs there.
    pub(super) fn is_claimed(&self, other: f64) -> bool {
        other >= self.typical && self.nearest.beyond(other) * self.disowned as f64 <= BY_CHANCE
    }

    /// Whether a photo is no more alike its folder than most strangers are. A hard photo of the person
    /// is: of LFW's 5,090 photos with another of the same name none is as unlike as this asks.
    pub(super) fn is_a_stranger(&self, own: f64) -> bool {
        own < self.stranger
    }
}

/// The upper tail of a distribution, taken to fall exponentially.
struct Tail {
    share: f64,
    level: f64,
    scale: f64,
}

impl Tail {
    /// Of rising `values`; none of too few. The scale comes of the median excess, which a few wrong
    /// labels do not move.
    fn new(values: &[f64]) -> Option<Self> {
        let beyond = ((values.len() as f64 * TAIL) as usize).max(FEWEST);
        let at = values.len().checked_sub(5 * beyond)?;
        let at = at + 4 * beyond;
        let level = values[at];
        let median = values[at + beyond / 2];
        let scale = ((median - level) / std::f64::consts::LN_2).max(f64::MIN_POSITIVE);
        Some(Self { share: beyond as f64 / values.len() as f64, level, scale })
    }

    /// The share of values from `value` on.
    fn beyond(&self, value: f64) -> f64 {
        self.share * ((self.level - value) / self.scale).exp().min(1.0)
    }
}

/// The value that the share `part` of rising `values` stay below.
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
