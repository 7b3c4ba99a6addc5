//! A population: its file, and who is made up from it.

use super::*;
use crate::decision::Decision;

/// A population of `d` independent axes with unit-length embeddings around a mean.
pub(crate) fn toy(d: usize) -> Population {
    let mut mean = ArcArray1::zeros(d);
    mean[0] = 0.8;
    let scale = 10.0;
    Population {
        mean,
        transform: ArcArray2::eye(d) * scale,
        psi: ArcArray1::from_iter((0..d).map(|i| 3.0 / (1.0 + i as f64))),
        kinds: Kinds::none(d),
        curves: Method::ALL
            .iter()
            .map(|m| (*m, crate::decision::calibration::tests::curves()))
            .collect(),
    }
}

#[test]
fn a_population_survives_its_file() {
    let made = toy(6);
    let bytes = made.to_bytes("toy-1").unwrap();
    let read = Population::from_bytes(&bytes, "toy-1").unwrap();
    assert!((&read.transform - &made.transform).iter().all(|v| v.abs() < 1e-6));
    assert!((&read.psi - &made.psi).iter().all(|v| v.abs() < 1e-6));
    assert_eq!(read.curves.len(), Method::ALL.len());
    assert!(Population::from_bytes(b"nonsense", "toy-1").is_err());
    let other = Population::from_bytes(&bytes, "toy-2").unwrap_err();
    assert!(other.contains("toy-1") && other.contains("toy-2"), "{other}");
}

#[test]
fn a_point_of_the_diagonal_space_comes_back_from_its_embedding() {
    let pack = Pack::default_pack().unwrap();
    for population in [toy(6), Population::of(&pack).unwrap()] {
        let points = Array2::from_shape_fn((3, population.psi.len()), |(i, j)| {
            (1.0 + i as f64) * (j as f64).sin()
        });
        let embeddings = population.embeddings(points.view());
        for (embedding, point) in embeddings.iter().zip(points.rows()) {
            assert_eq!(*embedding, population.embedding(point));
            // An embedding has length 1: the point comes back but for the length of what it stood for.
            let mean = population.transform.dot(&population.mean);
            let back = population.diagonal(embedding) + &mean;
            let there = &point + &mean;
            let length = back.dot(&there) / there.dot(&there);
            let error = (&back / length - &there).mapv(f64::abs);
            assert!(error.iter().all(|e| *e < 1e-3), "{error}");
        }
    }
}

#[test]
fn a_damaged_transform_breaks_nothing() {
    let damaged = Population { transform: ArcArray2::zeros((6, 6)), ..toy(6) };
    let mean = crate::model::unit(&damaged.mean.mapv(|v| v as f32).to_vec());
    assert_eq!(damaged.strangers(2, 1), [mean.clone(), mean]);
}

/// What no estimate is needed for is not in the files, and the files are what is written.
#[test]
fn the_packs_populations_are_written_as_they_are_read() {
    for pack in ["yunet-sface", "mtcnn-dlib"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(pack);
        let pack = Pack::open(&folder).unwrap();
        let bytes = pack.population().unwrap().unwrap();
        let population = Population::of(&pack).unwrap();
        assert!(population.to_bytes(&pack.identity()).unwrap() == *bytes, "{pack:?}");
    }
}

/// A pack's population is older than a method that is new.
#[test]
fn a_population_without_a_methods_curve_serves_the_others() {
    let mut older = toy(6);
    older.curves.retain(|(method, _)| *method != Method::Plda);
    let read = Population::from_bytes(&older.to_bytes("toy-1").unwrap(), "toy-1").unwrap();
    let photos = read.strangers(4, 1);
    for method in Method::ALL {
        let decision = Decision::fit(method, &read, &photos, &[], &[], 4.0);
        assert_eq!(
            (read.knows(method), decision.is_ok()),
            (method != Method::Plda, method != Method::Plda)
        );
    }
    let refused = Decision::fit(Method::Plda, &read, &photos, &[], &[], 4.0).err().unwrap();
    let text = refused.to_string();
    assert!(text.contains("plda: the pack's population has no calibration"), "{text}");
    assert_eq!(text.lines().count(), 1);
    older.curves.retain(|(method, _)| *method != ALWAYS);
    let refused = Population::from_bytes(&older.to_bytes("toy-1").unwrap(), "toy-1").unwrap_err();
    assert!(refused.contains("curves.centroid"), "{refused}");
}

#[test]
fn strangers_are_unit_vectors_and_repeatable() {
    let population = toy(6);
    let drawn = population.strangers(50, 7);
    assert_eq!(drawn, population.strangers(50, 7));
    assert_ne!(drawn, population.strangers(50, 8));
    for stranger in drawn {
        let length: f32 = stranger.iter().map(|v| v * v).sum();
        assert!((length - 1.0).abs() < 1e-5);
    }
}

#[test]
fn the_default_populations_axes_fall() {
    let population = Population::of(&Pack::default_pack().unwrap()).unwrap();
    assert!(population.psi.windows(2).into_iter().all(|w| w[0] >= w[1]));
}
