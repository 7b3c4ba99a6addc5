//! Turns scores into the odds that a face is the person's, by logistic regression on trials.

use super::Trials;

/// The most impostor trials used: more do not change a digit.
const MOST_IMPOSTORS: usize = 200_000;
/// The most steps; Newton's method converges in fewer.
const STEPS: usize = 50;
/// A weak regularisation, which keeps the factors finite if the two sides do not overlap.
const RIDGE: f64 = 1e-4;

/// The factors `[a, b]` for which a + b · score is the log odds of being genuine, at even prior odds: genuine and
/// impostor trials have the same total weight.
///
/// Platt, "Probabilistic Outputs for Support Vector Machines", 1999, fitted by Newton's method.
#[must_use]
pub fn fit_odds(trials: &Trials) -> [f64; 2] {
    let every = trials.impostor.len().div_ceil(MOST_IMPOSTORS).max(1);
    let impostor: Vec<f32> = trials.impostor.iter().step_by(every).copied().collect();
    let sides = [(&trials.genuine, 1.0), (&impostor, 0.0)];
    let [mut a, mut b] = [0.0f64, 1.0f64];
    for _ in 0..STEPS {
        let (mut ga, mut gb) = (-RIDGE * a, -RIDGE * b);
        let (mut haa, mut hab, mut hbb) = (RIDGE, 0.0, RIDGE);
        for (scores, truth) in sides {
            let weight = 0.5 / scores.len().max(1) as f64;
            for &score in scores {
                let s = f64::from(score);
                let p = 1.0 / (1.0 + (-(a + b * s)).exp());
                let (slope, curvature) = (weight * (truth - p), weight * p * (1.0 - p));
                ga += slope;
                gb += slope * s;
                haa += curvature;
                hab += curvature * s;
                hbb += curvature * s * s;
            }
        }
        let determinant = haa * hbb - hab * hab;
        let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
        // Limited steps keep Newton's method from overshooting if the likelihood is flat.
        a += da.clamp(-2.0, 2.0);
        b += db.clamp(-1.0, 1.0);
        if da.abs() + db.abs() < 1e-9 {
            break;
        }
    }
    [a, b]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_agree_with_scikit_learn() {
        // scikit-learn 1.9.1: LogisticRegression(C=1e3, class_weight="balanced", tol=1e-12).fit(
        //     [[5], [6], [2], [4], [.3], [1], [2.5], [.1], [3], [.5]], [1]*4 + [0]*6)
        // has intercept_ -3.66222278 and coef_ 1.40242994.
        let trials = Trials {
            people: 1,
            genuine: vec![5.0, 6.0, 2.0, 4.0],
            impostor: vec![0.3, 1.0, 2.5, 0.1, 3.0, 0.5],
            ..Trials::default()
        };
        let [a, b] = fit_odds(&trials);
        assert!((a + 3.66222).abs() < 0.02, "{a}");
        assert!((b - 1.40243).abs() < 0.02, "{b}");
    }

    #[test]
    fn sides_that_do_not_overlap_give_finite_factors() {
        let trials = Trials {
            people: 1,
            genuine: vec![6.0; 9],
            impostor: vec![0.3; 90],
            ..Trials::default()
        };
        let [a, b] = fit_odds(&trials);
        assert!(a.is_finite() && b.is_finite() && a + 6.0 * b > 2.0 && a + 0.3 * b < -2.0);
    }
}
