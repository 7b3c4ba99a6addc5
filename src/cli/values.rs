//! The values of flags, parsed into checked types.

use std::num::NonZero;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::decision::Method;
use crate::decision::calibration::LIMIT;
use crate::enroll::SetBy;
use crate::model::Device;
use crate::profile::ThresholdChoice;

/// The most threads that make sense: each loads the models.
const MOST_THREADS: usize = 256;
/// The largest threshold: no face has a higher score.
const LARGEST_THRESHOLD: f64 = LIMIT;

/// The most parts that make sense: each is a fit of its own.
const MOST_PARTS: usize = 100;

/// A probability that is neither impossible nor certain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior(pub f64);

/// A method, or a way to choose one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodChoice {
    /// The default one.
    Auto,
    /// This one.
    Of(Method),
    /// All methods, to compare them.
    Compare,
}

impl MethodChoice {
    /// All choices, in the order of `--help`.
    const ALL: [Self; Method::ALL.len() + 2] = {
        let mut all = [Self::Auto; Method::ALL.len() + 2];
        let mut at = 0;
        while at < Method::ALL.len() {
            all[at + 1] = Self::Of(Method::ALL[at]);
            at += 1;
        }
        all[at + 1] = Self::Compare;
        all
    };

    /// The chosen method; `None` for a comparison.
    #[must_use]
    pub fn named(self) -> Option<Method> {
        match self {
            Self::Auto => Some(Method::DEFAULT),
            Self::Of(method) => Some(method),
            Self::Compare => None,
        }
    }
}

impl ValueEnum for MethodChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let compare = "Show how each method scores these photos, and keep the profile's method or the default";
        Some(match self {
            Self::Auto => {
                PossibleValue::new("auto").help(format!("The default method, {}", Method::DEFAULT))
            }
            Self::Of(method) => PossibleValue::new(method.name()).help(method.about()),
            Self::Compare => PossibleValue::new("compare").help(compare),
        })
    }
}

/// Whether local strangers set the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CalibrateChoice {
    /// Strangers in the analysed photos can raise it
    Auto,
    /// Only the population sets it
    Off,
}

impl From<CalibrateChoice> for SetBy {
    fn from(choice: CalibrateChoice) -> Self {
        match choice {
            CalibrateChoice::Auto => Self::Seen,
            CalibrateChoice::Off => Self::Nothing,
        }
    }
}

/// The flags that choose a threshold.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct ThresholdArgs {
    /// The false accept rate: the share of strangers that match, such as 1e-4, 0.0001 or 0.01%
    #[arg(long, value_name = "RATE", value_parser = far, conflicts_with = "threshold")]
    pub far: Option<ThresholdChoice>,
    /// The score from which a face matches: 4 accepts one stranger in 10,000, 5 one in 100,000
    #[arg(long, value_name = "SCORE", value_parser = threshold, allow_negative_numbers = true)]
    pub threshold: Option<ThresholdChoice>,
}

impl ThresholdArgs {
    /// The choice, if one was made.
    #[must_use]
    pub fn choice(&self) -> Option<ThresholdChoice> {
        self.far.or(self.threshold)
    }
}

/// A false accept rate: a share of strangers between 0 and 1, both excluded.
pub fn far(text: &str) -> Result<ThresholdChoice, String> {
    let rate = share(text).unwrap_or(f64::NAN);
    ThresholdChoice::of_far(rate).map_err(str::to_owned)
}

/// A threshold: a score above 0 and below the largest score.
pub fn threshold(text: &str) -> Result<ThresholdChoice, String> {
    let score: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if score > 0.0 && score < LARGEST_THRESHOLD {
        Ok(ThresholdChoice::Score(score))
    } else {
        Err(format!(
            "give a score above 0 and below {LARGEST_THRESHOLD}; 4 accepts one stranger in 10,000"
        ))
    }
}

/// A probability between 0 and 1, neither of them included.
pub fn prior(text: &str) -> Result<Prior, String> {
    let prior = share(text).ok_or("give a probability between 0 and 1, such as 0.5 or 1%")?;
    Ok(Prior(prior))
}

/// A number of threads.
pub fn threads(text: &str) -> Result<NonZero<usize>, String> {
    text.parse()
        .ok()
        .filter(|threads: &NonZero<usize>| threads.get() <= MOST_THREADS)
        .ok_or_else(|| format!("give a number of threads from 1 to {MOST_THREADS}"))
}

/// A number of parts to divide photos or people into, at least two.
pub fn parts(text: &str) -> Result<NonZero<usize>, String> {
    text.parse()
        .ok()
        .filter(|parts: &NonZero<usize>| (2..=MOST_PARTS).contains(&parts.get()))
        .ok_or_else(|| format!("give a number of parts from 2 to {MOST_PARTS}"))
}

/// A number of photos, at least one.
pub fn photos(text: &str) -> Result<NonZero<usize>, String> {
    text.parse().map_err(|_| "give a number of photos, 1 or more".to_owned())
}

/// A device by its name.
pub fn device() -> impl TypedValueParser<Value = Device> {
    PossibleValuesParser::new(Device::ALL.map(Device::name)).try_map(|name| name.parse::<Device>())
}

/// A number, or a percentage with a % sign, between 0 and 1, both excluded.
fn share(text: &str) -> Option<f64> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.trim_end().parse::<f64>().ok()? / 100.0,
        None => text.parse().ok()?,
    };
    (share > 0.0 && share < 1.0).then_some(share)
}

/// A photo and the number of one of its faces, as in `party.jpg:2`.
pub fn face(text: &str) -> Result<(PathBuf, usize), String> {
    let parts = text.rsplit_once(':').filter(|(photo, _)| !photo.is_empty());
    let number = |number: &str| number.parse().ok().filter(|number| *number > 0);
    parts
        .and_then(|(photo, place)| Some((PathBuf::from(photo), number(place)?)))
        .ok_or_else(|| "give a photo and the number of a face, such as party.jpg:2".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn false_accept_rates() {
        for (text, rate) in [
            ("1e-4", 1e-4),
            ("0.0001", 1e-4),
            ("0.01%", 1e-4),
            ("0.01 %", 1e-4),
            (".5", 0.5),
            ("1E-6", 1e-6),
            ("99.9%", 0.999),
        ] {
            let Ok(ThresholdChoice::Far(found)) = far(text) else { panic!("{text}") };
            assert!((found - rate).abs() < 1e-12 * rate.max(1e-3), "{text} {found}");
        }
        for text in [
            "0", "1", "-1e-4", "2", "100%", "0%", "nan", "inf", "", "%", "1e-400", "1e-7", "few",
            "1e-4x",
        ] {
            assert!(far(text).is_err(), "{text}");
        }
    }

    #[test]
    fn thresholds_priors_and_threads() {
        assert_eq!(threshold("4"), Ok(ThresholdChoice::Score(4.0)));
        for text in ["0", "-1", "7", "21", "nan", "inf", "four", ""] {
            assert!(threshold(text).is_err(), "{text}");
        }
        assert_eq!(prior("10%"), Ok(Prior(0.1)));
        for text in ["0", "1", "nan", "-0.5", "half"] {
            assert!(prior(text).is_err(), "{text}");
        }
        assert_eq!(threads("2").map(NonZero::get), Ok(2));
        for text in ["0", "-1", "1.5", "257", "all", "99999999999999999999"] {
            assert!(threads(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_method_has_its_choice() {
        for method in Method::ALL {
            let choice = MethodChoice::from_str(method.name(), false).unwrap();
            assert_eq!(choice.named(), Some(method));
        }
        assert_eq!(MethodChoice::Compare.named(), None);
    }

    #[test]
    fn a_face_is_a_photo_and_a_number_from_one_on() {
        assert_eq!(face("a/b.jpg:2"), Ok(("a/b.jpg".into(), 2)));
        assert_eq!(face("C:\\a.jpg:1"), Ok(("C:\\a.jpg".into(), 1)));
        for wrong in ["a.jpg", ":1", "a.jpg:0", "a.jpg:x", "a.jpg:", ""] {
            assert!(face(wrong).unwrap_err().contains("party.jpg:2"), "{wrong}");
        }
    }
}
