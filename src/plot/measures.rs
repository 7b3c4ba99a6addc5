//! The charts of an evaluation: the biometric zoo, and stated likelihood ratios against those of the best
//! calibration.

use super::chart::{Chart, Series};
use crate::eval::{Animal, Measures, Resident, Zoo};
use crate::words::grouped;

/// The zoo: each person by the mean scores of their own photos and of strangers' photos.
#[must_use]
pub fn zoo_chart(zoo: &Zoo) -> Chart {
    let at = |one: &Resident| [one.impostor, one.genuine];
    let ends = |i: usize| {
        let values = zoo.people.iter().map(|one| at(one)[i]);
        let least = values.clone().fold(f64::INFINITY, f64::min);
        [least, values.fold(f64::NEG_INFINITY, f64::max)]
    };
    let (across, up) = (ends(0), ends(1));
    let upright = zoo.impostor_quarters.map(|x| [[x, up[0]], [x, up[1]]]);
    let level = zoo.genuine_quarters.map(|y| [[across[0], y], [across[1], y]]);
    let of = |animal: Option<Animal>| {
        zoo.people.iter().filter(move |one| one.animal == animal).map(at).collect::<Vec<_>>()
    };
    let series = |animal: Option<Animal>, name: &str| {
        let points = of(animal);
        Series { name: format!("{name} ({})", points.len()), points, line: Vec::new() }
    };
    let corners = Animal::ALL.map(|animal| series(Some(animal), animal.name()));
    Chart {
        title: "Zoo".to_owned(),
        subtitle: format!(
            "{} people; lines at the quartiles; {:.0} in each corner by chance",
            grouped(zoo.people.len() as u64),
            zoo.expected
        ),
        names: ["Mean score of strangers", "Mean score of own photos"].map(str::to_owned),
        behind: [upright, level].concat(),
        series: [series(None, "others")].into_iter().chain(corners).collect(),
    }
}

/// Stated likelihood ratios against those of the best calibration.
#[must_use]
pub fn calibration_chart(measures: &Measures) -> Chart {
    let steps = measures
        .calibration
        .iter()
        .flat_map(|stretch| stretch.stated.map(|stated| [stated, stretch.best]));
    let steps: Vec<[f64; 2]> = steps.collect();
    let all = steps.iter().flatten().copied();
    let least = all.clone().fold(-1.0, f64::min);
    let most = all.fold(1.0, f64::max);
    Chart {
        title: "Calibration".to_owned(),
        subtitle: format!(
            "Cllr {:.4}, best {:.4}; on the diagonal the stated ratios are right",
            measures.cllr, measures.min_cllr
        ),
        names: ["Stated log₁₀ of the likelihood ratio", "Best calibration"].map(str::to_owned),
        behind: vec![[[least; 2], [most; 2]]],
        series: vec![Series { name: String::new(), points: Vec::new(), line: steps }],
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_texts;
    use super::super::{Draw, Fonts, Format, Size, encode};
    use super::*;
    use crate::eval::Calibrated;

    fn zoo() -> Zoo {
        let resident = |i: usize| Resident {
            name: format!("p{i}"),
            genuine: 6.0 - 0.1 * (i % 7) as f64,
            impostor: 0.1 * (i % 11) as f64,
            animal: [None, Some(Animal::Worm), Some(Animal::Dove)][i % 3],
        };
        Zoo {
            people: (0..90).map(resident).collect(),
            genuine_quarters: [5.5, 5.8],
            impostor_quarters: [0.2, 0.8],
            animals: [("worms", 30)].into(),
            expected: 5.6,
            goats: Vec::new(),
            lambs: Vec::new(),
            wolves: Vec::new(),
        }
    }

    #[test]
    fn charts_are_drawn_on_canvases_of_any_size() {
        let fonts = Fonts::load().unwrap();
        let chart = zoo_chart(&zoo());
        for (width, height) in [(400, 300), (900, 640), (3000, 400), (400, 2000)] {
            let size = Size { width, height };
            let layout = chart.layout(size, &fonts);
            check_texts(&layout.texts, size, &format!("{width}x{height}"));
        }
        let svg = encode(&chart, Format::Svg, Size { width: 900, height: 640 }).unwrap();
        let svg = String::from_utf8(svg).unwrap();
        for text in ["worms (30)", "phantoms (0)", "others (30)", "6 in each corner by chance"] {
            assert!(svg.contains(text), "{text}");
        }
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn the_staircase_of_the_best_calibration_and_nothing_at_all_are_drawn() {
        let measures = |calibration| {
            let scores = crate::eval::Comparisons {
                people: vec!["a".into()],
                genuine: vec![one(2.0)],
                impostor: vec![one(1.0)],
            };
            Measures { calibration, ..Measures::of(&scores, Default::default(), [0.0; 2], &[]) }
        };
        let stretch = Calibrated { stated: [-1.0, 2.0], best: 0.5 };
        let chart = calibration_chart(&measures(vec![stretch]));
        assert_eq!(chart.series[0].line, [[-1.0, 0.5], [2.0, 0.5]]);
        assert_eq!(chart.behind[0], [[-1.0; 2], [2.0; 2]]);
        let empty = calibration_chart(&measures(Vec::new()));
        encode(&empty, Format::Png, Size { width: 600, height: 400 }).unwrap();
    }

    fn one(score: f32) -> crate::eval::Comparison {
        crate::eval::Comparison { enrolled: 0, tried: 0, score, log_ratio: score }
    }
}
