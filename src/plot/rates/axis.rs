//! Axes of the rates' figure: linear, logarithmic, or by normal deviates.

use super::super::axes::{multiples, number, round_step};
use super::figure::{Curve, RatesFigure, View};

/// The space before the first number and after the last, relative to the length between them.
const MARGIN: f64 = 0.04;
/// The least rate that is shown, however many trials there are.
const LEAST_RATE: f64 = 1e-5;
/// The most decades of density that are shown.
const DECADES: f64 = 6.0;
/// The space above the histograms for the threshold's label, relative to their height.
const HEADROOM: f64 = 0.2;
/// The numbers along a rate's axis of normal deviates, in percent.
const PER_CENT: [f64; 10] = [0.001, 0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0];

/// How values are converted to lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    Linear,
    /// By the logarithm.
    Log,
    /// By the normal deviate: the value below which a standard normal variable stays with this
    /// probability.
    Deviate,
}

impl Scale {
    fn length(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log => value.max(1e-12).log10(),
            Self::Deviate => deviate(value.clamp(1e-12, 1.0 - 1e-12)),
        }
    }
}

/// An axis of one panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    scale: Scale,
    /// The lengths at its ends.
    ends: [f64; 2],
    /// Values with their labels.
    pub numbers: Vec<(f64, String)>,
}

impl Axis {
    fn new(scale: Scale, ends: [f64; 2], numbers: Vec<(f64, String)>) -> Self {
        let [from, to] = ends.map(|value| scale.length(value));
        let margin = MARGIN * (to - from);
        Self { scale, ends: [from - margin, to + margin], numbers }
    }

    /// Round numbers at equal distances, about `count` of them.
    fn linear(ends: [f64; 2], count: f64) -> Self {
        let step = round_step(((ends[1] - ends[0]) / count).max(1e-9));
        // Slightly more, so that rounding does not lose a number at an end.
        let hair = 1e-6 * step;
        let values = multiples(step, ends[0] - hair, ends[1] + hair);
        Self::new(Scale::Linear, ends, values.map(|value| (value, number(value))).collect())
    }

    /// Powers of ten.
    fn log(ends: [f64; 2]) -> Self {
        let [from, to] = ends.map(|value| value.log10());
        let powers = (from - 1e-9).ceil() as i32..=(to + 1e-9).floor() as i32;
        let numbers = powers.map(|power| (10f64.powi(power), format!("10{}", raised(power))));
        Self::new(Scale::Log, ends, numbers.collect())
    }

    /// A rate by its normal deviate, in percent, from the least that `trials` trials can show.
    fn deviates(trials: usize) -> Self {
        let least = least_rate(trials);
        let shown = PER_CENT.into_iter().filter(|value| (least..0.5).contains(&(value / 100.0)));
        let numbers = shown.map(|value| (value / 100.0, number(value)));
        Self::new(Scale::Deviate, [least, 0.5], numbers.collect())
    }

    /// The position of a value along the axis: 0 at the beginning, 1 at the end, outside for values that are not
    /// shown.
    #[must_use]
    pub fn share(&self, value: f64) -> f64 {
        (self.scale.length(value) - self.ends[0]) / (self.ends[1] - self.ends[0])
    }
}

/// The horizontal and the vertical axis of a panel.
#[must_use]
pub fn axes(figure: &RatesFigure, view: View) -> [Axis; 2] {
    let most = |of: fn(&Curve) -> usize| figure.curves.iter().map(of).max().unwrap_or(1);
    let impostor = most(|curve| curve.impostor);
    match view {
        View::Roc => {
            let least = least_rate(impostor);
            [Axis::log([least, 1.0]), Axis::linear([lowest(figure, least), 1.0], 5.0)]
        }
        View::Det => [Axis::deviates(impostor), Axis::deviates(most(|curve| curve.genuine))],
        View::Scores => densities(figure),
    }
}

fn densities(figure: &RatesFigure) -> [Axis; 2] {
    let histogram = &figure.histogram;
    let to = histogram.from + histogram.step * histogram.genuine.len() as f64;
    let bars = histogram.genuine.iter().chain(&histogram.impostor).copied();
    let bars: Vec<f64> = bars.filter(|density| *density > 0.0).collect();
    let most = bars.iter().copied().fold(f64::MIN_POSITIVE, f64::max).log10();
    let least = bars.iter().copied().fold(f64::INFINITY, f64::min).log10();
    // So that the lowest bar has some height.
    let least = (least - 0.2).clamp(most - DECADES, most - 1.0);
    let top = most + HEADROOM * (most - least);
    let density = Axis::log([10f64.powf(least), 10f64.powf(top)]);
    [Axis::linear([histogram.from, to], 8.0), density]
}

/// Slightly less than the least rate above 0 that this number of trials can show.
fn least_rate(trials: usize) -> f64 {
    (0.7 / trials.max(1) as f64).clamp(LEAST_RATE, 0.1)
}

/// A round true accept rate below all curves from the false accept rate `least`.
fn lowest(figure: &RatesFigure, least: f64) -> f64 {
    let first = |curve: &Curve| {
        let shown = curve.steps.iter().find(|[far, _]| *far >= least).map_or(1.0, |step| step[1]);
        shown.min(curve.at_threshold[1])
    };
    let lowest = figure.curves.iter().map(first).fold(1.0, f64::min);
    ((10.0 * lowest - 0.2).floor() / 10.0).clamp(0.0, 0.9)
}

/// The value below which a standard normal variable stays with probability `p`, to 0.0005.
///
/// Abramowitz, Stegun, "Handbook of Mathematical Functions", 1964, formula 26.2.23.
fn deviate(p: f64) -> f64 {
    let t = (-2.0 * p.min(1.0 - p).ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let size = t - above / below;
    if p < 0.5 { -size } else { size }
}

/// An exponent in superscript digits.
fn raised(power: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = |c: char| c.to_digit(10).map_or('⁻', |digit| DIGITS[digit as usize]);
    power.to_string().chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviates_agree_with_scipy() {
        // SciPy 1.17: scipy.stats.norm.ppf
        for (p, expected) in
            [(1e-5, -4.264891), (1e-3, -3.090232), (0.05, -1.644854), (0.5, 0.0), (0.8, 0.841621)]
        {
            assert!((deviate(p) - expected).abs() < 5e-4, "{p} {}", deviate(p));
        }
    }

    #[test]
    fn powers_are_raised() {
        assert_eq!(raised(-12), "⁻¹²");
        assert_eq!(raised(0), "⁰");
    }

    #[test]
    fn values_stand_in_order_and_what_is_off_the_axis_is_told() {
        let axes = [Axis::linear([0.9, 1.0], 5.0), Axis::log([1e-4, 1.0]), Axis::deviates(2000)];
        for axis in axes {
            assert!(axis.numbers.len() >= 5, "{axis:?}");
            let shares: Vec<f64> =
                axis.numbers.iter().map(|(value, _)| axis.share(*value)).collect();
            assert!(shares.windows(2).all(|pair| pair[0] < pair[1]), "{shares:?}");
            assert!(shares[0] > 0.0 && shares[shares.len() - 1] < 1.0, "{shares:?}");
            assert!(axis.share(0.0) < 0.0);
        }
    }
}
