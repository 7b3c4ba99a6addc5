//! Figures of simulated scores.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::super::tests::{check_png, check_svg, check_texts};
use super::super::{Draw, Fonts, Format, Rect, Role, Size, encode};
use super::*;
use crate::decision::Method;
use crate::eval::Scores;

const SIZES: [(u32, u32); 7] =
    [(400, 300), (400, 3000), (3000, 300), (640, 480), (1600, 1400), (2400, 900), (4000, 3000)];

/// Scores as a method has them: those of strangers as scores are defined, the person around `person`.
fn scores(genuine: usize, impostor: usize, person: f64) -> Scores {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let strangers: Vec<f32> =
        (0..impostor).map(|_| -random.random_range(1e-9f64..1.0).log10() as f32).collect();
    let photos: Vec<f32> = (0..genuine)
        .map(|_| (person + (0..6).map(|_| random.random_range(-1.0..1.0)).sum::<f64>()) as f32)
        .collect();
    Scores::new(&photos, &strangers)
}

fn figure(methods: usize, genuine: usize, impostor: usize) -> RatesFigure {
    let of = |i: usize| scores(genuine, impostor, 6.5 - i as f64);
    let curve = |(i, method): (usize, &Method)| Curve::of(*method, &of(i), 4.0);
    let curves = Method::ALL.iter().take(methods).enumerate().map(curve).collect();
    let trials = format!("{genuine} photos of the person, {impostor} of others");
    RatesFigure::new("Zoë & others", &trials, curves, Histogram::of(&of(0), 4.0), 4.0)
}

#[test]
fn the_figure_is_the_golden_one() {
    let size = Size { width: 800, height: 700 };
    check_svg("rates.svg", encode(&figure(3, 300, 4000), Format::Svg, size).unwrap());
    check_png("rates.png", &encode(&figure(3, 300, 4000), Format::Png, size).unwrap());
}

#[test]
fn texts_stay_on_the_canvas_and_apart() {
    let fonts = Fonts::load().unwrap();
    for (methods, genuine, impostor) in [(1, 43, 300), (1, 1, 1), (5, 3000, 200_000)] {
        let mut figure = figure(methods, genuine, impostor);
        for title in ["", "Al", "Wilhelmina-Екатерина Παπαδοπούλου-Montgomery MMMMMMMM WWWWWW"]
        {
            figure.title = title.to_owned();
            for (width, height) in SIZES {
                let size = Size { width, height };
                let layout = figure.layout(size, &fonts);
                let case = format!("{methods} {title:?} {width}x{height}");
                check_texts(&layout.texts, size, &case);
                for panel in &layout.panels {
                    let Rect { left, top, right, bottom } = panel.rect;
                    let room = 4.0 * layout.em;
                    assert!(right - left > room && bottom - top > room, "{case}: {panel:?}");
                    assert!(panel.ticks.iter().all(|ticks| !ticks.is_empty()), "{case}: {panel:?}");
                    assert!(layout.keys.iter().all(|key| key.at[1] > bottom), "{case}");
                }
            }
        }
    }
}

#[test]
fn axes_and_threshold_are_named() {
    let fonts = Fonts::load().unwrap();
    let layout = figure(1, 43, 300).layout(Size::default(), &fonts);
    let texts: Vec<&str> = layout.texts.iter().map(|text| text.text.as_str()).collect();
    for name in [
        "False accept rate",
        "True accept rate",
        "False reject rate (%)",
        "Score (−log₁₀ of the share of strangers as similar)",
        "threshold 4",
        "43 photos of the person, 300 of others · points at the threshold for one stranger in 10,000",
    ] {
        assert!(texts.contains(&name), "{name}: {texts:?}");
    }
    let upright = layout.texts.iter().filter(|text| text.upright && text.role == Role::Main);
    assert_eq!(upright.count(), 3);
}

#[test]
fn a_curve_goes_step_by_step_from_nobody_to_everybody() {
    let scores = Scores::new(&[0.9, 0.8, 0.7, 0.2], &[0.1, 0.3, 0.75, 0.05, 0.15]);
    let curve = Curve::of(Method::Plda, &scores, 0.75);
    assert_eq!(curve.at_threshold, [0.2, 0.5]);
    assert_eq!((curve.steps[0], curve.steps[curve.steps.len() - 1]), ([0.0, 0.0], [1.0, 1.0]));
    for pair in curve.steps.windows(2) {
        let [far, tar] = [0, 1].map(|i| pair[1][i] - pair[0][i]);
        assert!(far >= 0.0 && tar >= 0.0 && far * tar == 0.0, "{pair:?}");
    }
    // The steps enclose the area that counting pairs gives.
    let area: f64 = curve.steps.windows(2).map(|pair| (pair[1][0] - pair[0][0]) * pair[0][1]).sum();
    assert!((area - scores.auc()).abs() < 1e-9, "{area}");
}

#[test]
fn curves_that_coincide_become_one() {
    let of = |method, person| Curve::of(method, &scores(30, 300, person), 4.0);
    let curves = vec![of(Method::Plda, 6.5), of(Method::Centroid, 5.0), of(Method::Svm, 5.0)];
    let histogram = Histogram::of(&scores(30, 300, 6.5), 4.0);
    let figure = RatesFigure::new("A", "", curves, histogram, 4.0);
    let names: Vec<&str> = figure.curves.iter().map(|curve| curve.name.as_str()).collect();
    assert_eq!(names, ["plda", "centroid, svm"]);
}

#[test]
fn histograms_are_densities_and_leave_out_what_has_no_face() {
    let mut genuine = scores(500, 1, 6.0).genuine().to_vec();
    let strangers = scores(1, 900, 6.0).impostor().to_vec();
    let area = |histogram: &Histogram, bars: &[f64]| bars.iter().sum::<f64>() * histogram.step;
    let whole = Histogram::of(&Scores::new(&genuine, &strangers), 4.0);
    assert!((area(&whole, &whole.genuine) - 1.0).abs() < 1e-9);
    assert!((area(&whole, &whole.impostor) - 1.0).abs() < 1e-9);
    genuine[..250].fill(f32::NEG_INFINITY);
    let half = Histogram::of(&Scores::new(&genuine, &strangers), 4.0);
    assert!((area(&half, &half.genuine) - 0.5).abs() < 1e-9);
    let none = Histogram::of(&Scores::new(&[f32::NEG_INFINITY], &[f32::NEG_INFINITY]), 4.0);
    assert_eq!((none.genuine.clone(), none.impostor), (vec![0.0], vec![0.0]));
    assert!(none.from <= 4.0 && none.from + none.step > 4.0);
}

#[test]
fn scores_that_nothing_parts_and_none_at_all_are_drawn() {
    let parted = Scores::new(&[9.0; 40], &[1.0; 300]);
    let faceless = Scores::new(&[f32::NEG_INFINITY; 3], &[f32::NEG_INFINITY; 3]);
    for scores in [parted, faceless] {
        let curve = Curve::of(Method::Plda, &scores, 4.0);
        let histogram = Histogram::of(&scores, 4.0);
        let figure = RatesFigure::new("A", "", vec![curve], histogram, 4.0);
        for format in [Format::Png, Format::Svg] {
            encode(&figure, format, Size::LEAST).unwrap();
        }
        let svg = String::from_utf8(encode(&figure, Format::Svg, Size::LEAST).unwrap()).unwrap();
        assert!(svg.contains("one rate is 0 everywhere"));
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
