//! The upper tail of strangers' scores: counted as far as there are enough of them, and fitted by an
//! exponential beyond that.

/// How a tail is estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// A share is counted if at least this many values make it up.
    pub counted: usize,
    /// Beyond that an exponential is fitted to this share of the highest values …
    pub share: f64,
    /// … and to at least this many.
    pub fitted: usize,
    /// The largest scale that the exponential may have.
    pub most: f64,
}

/// The share of some values that lies beyond one of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Tail {
    /// Falling.
    values: Vec<f32>,
    counted: usize,
    /// How many of the highest values are beyond `level`.
    beyond: usize,
    level: f64,
    /// Their mean excess over `level`: the maximum-likelihood scale of the exponential distribution.
    scale: f64,
}

impl Tail {
    /// The tail of `values` in any order; `None` if there are too few.
    #[must_use]
    pub fn new(values: &[f32], reading: Reading) -> Option<Self> {
        let Reading { counted, share, fitted, most } = reading;
        let mut values: Vec<f32> = values.iter().copied().filter(|v| v.is_finite()).collect();
        values.sort_by(|a, b| b.total_cmp(a));
        let beyond = ((values.len() as f64 * share).round() as usize).max(fitted);
        let level = f64::from(*values.get(beyond)?);
        let excess: f64 = values[..beyond].iter().map(|v| f64::from(*v) - level).sum();
        let scale = (excess / beyond as f64).min(most).max(f64::from(f32::EPSILON));
        Some(Self { values, counted, beyond, level, scale })
    }

    /// The share of values at or above `least`.
    #[must_use]
    pub fn share(&self, least: f64) -> f64 {
        let count = self.values.partition_point(|value| f64::from(*value) >= least);
        if count >= self.counted {
            return count as f64 / self.values.len() as f64;
        }
        let fitted = self.beyond as f64 * ((self.level - least) / self.scale).exp();
        fitted.min(self.counted as f64) / self.values.len() as f64
    }

    /// The value that the share `share` of values reaches, between 0 and 1.
    #[must_use]
    pub fn value(&self, share: f64) -> f64 {
        let count = share * self.values.len() as f64;
        if count >= self.counted as f64 {
            let at = (count.round() as usize).min(self.values.len()) - 1;
            return f64::from(self.values[at]);
        }
        let fitted = self.level - self.scale * (count / self.beyond as f64).ln();
        // The fitted tail never reaches below the counted values.
        fitted.max(f64::from(self.values[self.counted - 1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: Reading = Reading { counted: 8, share: 0.15, fitted: 8, most: f64::INFINITY };

    /// The quantiles of an exponential distribution of scale 2 that begins at 1.
    fn exponential(count: usize) -> Vec<f32> {
        let value = |i: usize| 1.0 - 2.0 * ((i as f64 + 0.5) / count as f64).ln();
        (0..count).map(|i| value(i) as f32).collect()
    }

    #[test]
    fn an_exponential_tail_is_found_far_beyond_what_was_counted() {
        let tail = Tail::new(&exponential(1_000), READING).unwrap();
        for share in [0.1, 0.01, 1e-3, 1e-4, 1e-5] {
            let exact = 1.0 - 2.0 * f64::ln(share);
            assert!((tail.value(share) - exact).abs() < 0.2, "{share} {}", tail.value(share));
            let back = tail.share(tail.value(share));
            assert!((back / share).ln().abs() < 0.13, "{share} {back}");
        }
    }

    #[test]
    fn shares_fall_and_values_rise_over_the_seam() {
        let tail = Tail::new(&exponential(300), READING).unwrap();
        let shares: Vec<f64> = (1..400).map(|i| 10f64.powf(-f64::from(i) / 80.0)).collect();
        assert!(shares.windows(2).all(|pair| tail.value(pair[1]) >= tail.value(pair[0])));
        let shares: Vec<f64> = (0..300).map(|i| tail.share(f64::from(i) / 10.0)).collect();
        assert!(shares.windows(2).all(|pair| pair[1] <= pair[0]) && shares[299] > 0.0);
        assert!((tail.share(0.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_few_values_far_out_do_not_make_a_tail_longer_than_it_may_be() {
        let mut values = exponential(1_000);
        values.extend([40.0; 5]);
        let reading = Reading { counted: 25, share: 0.03, fitted: 25, most: 2.5 };
        let tail = Tail::new(&values, reading).unwrap();
        let exact = 1.0 - 2.0 * f64::ln(1e-4);
        assert!((tail.value(1e-4) - exact).abs() < 4.0, "{}", tail.value(1e-4));
    }

    #[test]
    fn too_few_values_have_no_tail() {
        assert!(Tail::new(&exponential(8), READING).is_none());
        assert!(Tail::new(&[f32::NAN; 50], READING).is_none());
        let constant = Tail::new(&[0.5; 50], READING).unwrap();
        assert!((constant.value(1e-6) - 0.5).abs() < 1e-4);
    }
}
