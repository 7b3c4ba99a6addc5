//! The population: mean and covariances of many people's embeddings, and the distribution of each method's raw
//! scores over strangers. Only aggregates, nobody's embedding.

use std::collections::HashMap;

use linfa_linalg::qr::QR;
use ndarray::{ArcArray1, ArcArray2, Array1, Array2, ArrayView1, ArrayView2};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use safetensors::SafeTensors;

use super::calibration::{Calibration, Curve};
use super::{Kinds, Method};
use crate::error::{Error, Result};
use crate::model::Embedding;
use crate::pack::{POPULATION, Pack};

/// The method that enrolment uses to compare photos, whatever the profile's method: every population has its
/// curve.
const ALWAYS: Method = Method::Centroid;

/// The metadata key of the pack whose embeddings it was estimated from.
const IDENTITY: &str = "pack";

/// The embeddings of people in general in the two-covariance model: an embedding is the mean, plus the
/// person's identity (covariance B), plus the variation between that person's photos (covariance W).
///
/// Both covariances are diagonalised simultaneously: `transform` · W · `transform`ᵀ is the identity, and
/// `transform` · B · `transform`ᵀ is diag(`psi`).
///
/// A clone shares the numbers, so that a thousand decisions hold one population in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// The mean embedding, d numbers.
    pub mean: ArcArray1<f64>,
    /// Embedding minus mean to the diagonal space, d × d.
    pub transform: ArcArray2<f64>,
    /// Between-person variance over within-person variance along each axis, d numbers, falling.
    pub psi: ArcArray1<f64>,
    /// The kinds of people in it.
    pub kinds: Kinds,
    /// For each measured method, its calibration curves for several numbers of enrolled photos, among people
    /// whose kind is not crowded.
    pub curves: Vec<(Method, Vec<Curve>)>,
}

/// A face to be scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// Its embedding, of length 1.
    pub embedding: Embedding,
    /// The same in the population's diagonal space.
    pub diagonal: Array1<f64>,
}

/// Many faces to be scored, one row each.
#[derive(Debug, Clone, PartialEq)]
pub struct Probes {
    /// Their embeddings, of length 1.
    pub embeddings: Array2<f64>,
    /// The same in the population's diagonal space.
    pub diagonal: Array2<f64>,
}

impl Population {
    /// The population of a pack.
    ///
    /// # Errors
    /// [`Error::Pack`] if there is none, or it is damaged or was estimated from another pack's embeddings.
    pub fn of(pack: &Pack) -> Result<Self> {
        let fail = |reason: String| Error::pack(&pack.place(), format!("{POPULATION}: {reason}"));
        let bytes = pack.population()?.ok_or_else(|| {
            fail(
                "there is none; estimate one with `verify population --people DIR --pack DIR`"
                    .into(),
            )
        })?;
        let population = Self::from_bytes(&bytes, &pack.identity()).map_err(fail)?;
        if population.psi.len() == pack.dimensions() {
            Ok(population)
        } else {
            let (found, wanted) = (population.psi.len(), pack.dimensions());
            Err(fail(format!("it has {found} dimensions, but the embeddings have {wanted}")))
        }
    }

    /// The population in a file, if it was estimated from embeddings of the pack `identity`.
    fn from_bytes(bytes: &[u8], identity: &str) -> std::result::Result<Self, String> {
        let file = SafeTensors::deserialize(bytes).map_err(|e| e.to_string())?;
        let (_, head) = SafeTensors::read_metadata(bytes).map_err(|e| e.to_string())?;
        let made = head.metadata().as_ref().and_then(|facts| facts.get(IDENTITY));
        if made.is_none_or(|made| made != identity) {
            let made = made.map_or("an unknown pack", String::as_str);
            return Err(format!("it was estimated with {made}, but this pack is {identity}"));
        }
        let (shape, psi) = tensor(&file, "psi")?;
        let [dimensions] = shape[..] else { return Err("psi is not one row".into()) };
        let vector = |name: &str| {
            let (_, values) = tensor(&file, name)?;
            Array1::from_vec(values)
                .into_shape_with_order(dimensions)
                .map_err(|e| format!("{name}: {e}"))
        };
        let square = |name: &str| {
            let (_, values) = tensor(&file, name)?;
            Array2::from_shape_vec((dimensions, dimensions), values)
                .map_err(|e| format!("{name}: {e}"))
        };
        let mut curves = Vec::new();
        for method in Method::ALL {
            let name = format!("curves.{method}");
            // An older file has no curve for a newer method.
            if method != ALWAYS && !file.names().contains(&name.as_str()) {
                continue;
            }
            let (_, rows) = tensor(&file, &name)?;
            let of_method = rows.chunks_exact(Curve::NUMBERS).map(Curve::from_numbers).collect();
            curves.push((method, of_method));
        }
        Ok(Self {
            mean: vector("mean")?.into_shared(),
            transform: square("transform")?.into_shared(),
            kinds: kinds(&file, dimensions)?,
            psi: ArcArray1::from_vec(psi),
            curves,
        })
    }

    /// The bytes of the file that [`Self::of`] reads, for embeddings of the pack `identity`.
    ///
    /// # Errors
    /// [`Error::Numeric`] if the numbers cannot be serialised.
    pub fn to_bytes(&self, identity: &str) -> Result<Vec<u8>> {
        let square = vec![self.psi.len(), self.psi.len()];
        let mut tensors = vec![
            ("mean".to_owned(), vec![self.mean.len()], self.mean.to_vec()),
            ("psi".to_owned(), vec![self.psi.len()], self.psi.to_vec()),
            ("transform".to_owned(), square, self.transform.iter().copied().collect()),
            (
                "kinds".to_owned(),
                self.kinds.means.shape().to_vec(),
                self.kinds.means.iter().copied().collect(),
            ),
        ];
        let Kinds { typical, spread, familiar, .. } = self.kinds;
        tensors.push(("kinds.scale".to_owned(), vec![3], vec![typical, spread, familiar]));
        for (method, curves) in &self.curves {
            let numbers = curves.iter().flat_map(|c| c.to_numbers()).collect();
            tensors.push((format!("curves.{method}"), vec![curves.len(), Curve::NUMBERS], numbers));
        }
        let stored: Vec<_> = tensors
            .into_iter()
            .map(|(name, shape, values)| {
                let bytes: Vec<u8> =
                    values.iter().flat_map(|v| (*v as f32).to_le_bytes()).collect();
                (name, shape, bytes)
            })
            .collect();
        let failed = |e: safetensors::SafeTensorError| Error::Numeric {
            what: "writing the population",
            reason: e.to_string(),
        };
        let views = stored
            .iter()
            .map(|(name, shape, bytes)| {
                let dtype = safetensors::Dtype::F32;
                Ok((name, safetensors::tensor::TensorView::new(dtype, shape.clone(), bytes)?))
            })
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(failed)?;
        let facts = HashMap::from([(IDENTITY.to_owned(), identity.to_owned())]);
        safetensors::serialize(views, Some(facts)).map_err(failed)
    }

    /// An embedding in the diagonal space.
    #[must_use]
    pub fn diagonal(&self, embedding: &[f32]) -> Array1<f64> {
        self.diagonal_sum(&[embedding])
    }

    /// The sum of several embeddings' points of the diagonal space, by one product.
    #[must_use]
    pub fn diagonal_sum(&self, embeddings: &[impl AsRef<[f32]>]) -> Array1<f64> {
        let mut sum = &self.mean * -(embeddings.len() as f64);
        for embedding in embeddings {
            let values = sum.iter_mut().zip(embedding.as_ref());
            values.for_each(|(total, value)| *total += f64::from(*value));
        }
        self.transform.dot(&sum)
    }

    /// A face in the form that all methods need.
    #[must_use]
    pub fn probe(&self, embedding: &[f32]) -> Probe {
        Probe { embedding: embedding.to_vec(), diagonal: self.diagonal(embedding) }
    }

    /// As [`Self::probe`], for many faces, a row of `embeddings` each.
    #[must_use]
    pub fn probes(&self, embeddings: ArrayView2<f32>) -> Probes {
        let embeddings = embeddings.mapv(f64::from);
        let diagonal = (&embeddings - &self.mean).dot(&self.transform.t());
        Probes { embeddings, diagonal }
    }

    /// Whether it has a calibration for `method`.
    #[must_use]
    pub fn knows(&self, method: Method) -> bool {
        self.curves.iter().any(|(known, _)| *known == method)
    }

    /// The calibration of `method` for `enrolled` photos, among people whose kind is not crowded.
    ///
    /// # Errors
    /// [`Error::NoCurve`] if it has none.
    pub fn calibration(&self, method: Method, enrolled: usize) -> Result<Calibration> {
        let curves = self.curves.iter().find(|(known, _)| *known == method);
        let (_, curves) = curves.ok_or(Error::NoCurve { method: method.name() })?;
        Ok(Calibration::at(curves, enrolled))
    }

    /// The calibration of the cosine to the mean of `enrolled` photos, which every population has.
    #[must_use]
    pub fn likeness(&self, enrolled: usize) -> Calibration {
        self.calibration(ALWAYS, enrolled).unwrap_or_else(|_| Calibration::at(&[], enrolled))
    }

    /// The calibration of `method` for the person of `embeddings`, among strangers of the same kind.
    ///
    /// # Errors
    /// As [`Self::calibration`].
    pub fn calibration_of(&self, method: Method, embeddings: &[Vec<f32>]) -> Result<Calibration> {
        let crowding = self.kinds.crowding(embeddings);
        Ok(Calibration { crowding, ..self.calibration(method, embeddings.len())? })
    }

    /// `count` embeddings of simulated strangers, drawn from the population's model; the same ones for the
    /// same seed.
    #[must_use]
    pub fn strangers(&self, count: usize, seed: u64) -> Vec<Vec<f32>> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut points = Array2::zeros((count, self.psi.len()));
        for mut point in points.rows_mut() {
            for (value, psi) in point.iter_mut().zip(&self.psi) {
                *value = (1.0 + psi).sqrt() * sample(&mut random);
            }
        }
        self.embeddings(points.view())
    }

    /// Points of the diagonal space (one row each) as embeddings of length 1. The inverse transform is computed in
    /// every call, so pass all points at once.
    ///
    /// If the transform is singular, which no estimate gives, every point becomes the mean.
    #[must_use]
    pub fn embeddings(&self, points: ArrayView2<f64>) -> Vec<Vec<f32>> {
        self.embeddings_by(&self.way_back(), points)
    }

    fn way_back(&self) -> Array2<f64> {
        let inverse = self.transform.qr().and_then(|parts| parts.inverse());
        inverse.unwrap_or_else(|_| Array2::zeros(self.transform.dim()))
    }

    fn embeddings_by(&self, back: &Array2<f64>, points: ArrayView2<f64>) -> Vec<Vec<f32>> {
        let embeddings = points.dot(&back.t()) + &self.mean;
        let unit = |row: ArrayView1<f64>| crate::model::unit(&row.mapv(|v| v as f32).to_vec());
        embeddings.rows().into_iter().map(unit).collect()
    }

    /// One point of the diagonal space as an embedding of length 1. Tests convert thousands one by one, so the
    /// inverse is cached.
    #[cfg(test)]
    pub(crate) fn embedding(&self, point: ArrayView1<f64>) -> Vec<f32> {
        use std::cell::RefCell;
        type Kept = (ArcArray2<f64>, Array2<f64>);
        thread_local! { static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) } }
        KEPT.with_borrow_mut(|kept| {
            if kept.as_ref().is_none_or(|(of, _)| of.as_ptr() != self.transform.as_ptr()) {
                *kept = Some((self.transform.clone(), self.way_back()));
            }
            let (_, back) = kept.as_ref().unwrap();
            self.embeddings_by(back, point.insert_axis(ndarray::Axis(0))).remove(0)
        })
    }
}

fn sample(random: &mut Xoshiro256PlusPlus) -> f64 {
    StandardNormal.sample(random)
}

/// The kinds of people in the file.
fn kinds(file: &SafeTensors, dimensions: usize) -> std::result::Result<Kinds, String> {
    let old = |_| "it has an older format; estimate it again with `verify population`".to_owned();
    let (shape, means) = tensor(file, "kinds").map_err(old)?;
    let (_, scale) = tensor(file, "kinds.scale")?;
    let [typical, spread, familiar] = scale[..] else {
        return Err("kinds.scale is not three numbers".into());
    };
    let means = Array2::from_shape_vec((shape.first().copied().unwrap_or(0), dimensions), means)
        .map_err(|e| format!("kinds: {e}"))?;
    if means.is_empty() {
        return Ok(Kinds::none(dimensions));
    }
    Ok(Kinds { means: means.into_shared(), typical, spread, familiar })
}

/// A tensor's shape and its numbers.
fn tensor(file: &SafeTensors, name: &str) -> std::result::Result<(Vec<usize>, Vec<f64>), String> {
    let view = file.tensor(name).map_err(|e| format!("{name}: {e}"))?;
    let values: Vec<f64> = view
        .data()
        .chunks_exact(4)
        .map(|b| f64::from(f32::from_le_bytes([b[0], b[1], b[2], b[3]])))
        .collect();
    if view.dtype() != safetensors::Dtype::F32 || values.iter().any(|v| !v.is_finite()) {
        return Err(format!("{name}: not finite f32 numbers"));
    }
    Ok((view.shape().to_vec(), values))
}

#[cfg(test)]
pub(crate) mod tests;
