//! One ONNX network: f32 tensors in, f32 tensors out.

use ort::session::Session;
use ort::session::builder::SessionBuilder;
use ort::value::TensorRef;
use serde::{Deserialize, Serialize};

use super::{Choice, Device, Provider, Runtime};
use crate::error::{Error, Result};

/// A loaded network with one input.
pub struct Network {
    name: String,
    session: Session,
}

/// How weights that a network's file holds in 8 bits (`DequantizeLinear`) are computed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weights {
    /// They stay in 8 bits, as a network that computes in 8 bits needs them.
    #[default]
    AsTheyAre,
    /// They become 32-bit numbers once, while the network is loaded, and not in every run.
    Expanded,
}

/// One output of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The size along each axis.
    pub shape: Vec<usize>,
    /// The numbers, row by row.
    pub values: Vec<f32>,
}

impl Network {
    /// Load the network `bytes`, called `name` in errors, to run on one thread of the runtime's device.
    /// If the device was named, no part of the network may run elsewhere.
    ///
    /// # Errors
    /// [`Error::Model`] if ONNX Runtime refuses it.
    pub fn load(runtime: &Runtime, name: &str, bytes: &[u8], weights: Weights) -> Result<Self> {
        let Choice { asked, provider, .. } = &runtime.device;
        let _loading = tracing::info_span!("load model", file = name, device = %provider).entered();
        let session = provider
            .session(&runtime.environment, *asked != Device::Auto)
            .and_then(|builder| expanding(builder, weights, *provider))
            .and_then(|mut builder| builder.commit_from_memory(bytes))
            .map_err(|e| match provider {
                Provider::Cpu => Error::model(name, e),
                other => Error::model(name, format!("on {other}: {e}; try --device cpu")),
            })?;
        Ok(Self { name: name.to_owned(), session })
    }

    /// The network's name in errors.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The sizes of its input along each axis, −1 if any size is allowed.
    #[must_use]
    pub fn input(&self) -> Vec<i64> {
        self.session.inputs().first().map_or_else(Vec::new, shape)
    }

    /// The sizes of one of its outputs, likewise.
    ///
    /// # Errors
    /// [`Error::Model`] if it has no output of that name.
    pub fn output(&self, name: &str) -> Result<Vec<i64>> {
        let outputs = self.session.outputs();
        let found = outputs.iter().find(|output| output.name() == name);
        found.map(shape).ok_or_else(|| {
            let names: Vec<&str> = outputs.iter().map(ort::value::Outlet::name).collect();
            let reason = format!("it has no output named {name}, only {}", names.join(", "));
            Error::model(&self.name, reason)
        })
    }

    /// Run on `input` of `shape` (row by row) and return the named outputs.
    ///
    /// # Errors
    /// [`Error::Model`] if the run fails or an output has a number that is not finite.
    pub fn run<const N: usize>(
        &mut self,
        shape: [usize; 4],
        input: &[f32],
        outputs: [&str; N],
    ) -> Result<[Output; N]> {
        let name = &self.name;
        let fail = |e: ort::Error| Error::model(name, e);
        let tensor = TensorRef::from_array_view((shape, input)).map_err(fail)?;
        let results = self.session.run(ort::inputs![tensor]).map_err(fail)?;
        let mut taken = Vec::with_capacity(N);
        for output in outputs {
            let value = results
                .get(output)
                .ok_or_else(|| Error::model(name, format!("it has no output named {output}")))?;
            let (shape, values) = value.try_extract_tensor::<f32>().map_err(fail)?;
            if values.iter().any(|v| !v.is_finite()) {
                return Err(Error::model(
                    name,
                    format!("{output} holds a number that is not finite"),
                ));
            }
            let shape = shape.iter().map(|&size| size as usize).collect();
            taken.push(Output { shape, values: values.to_vec() });
        }
        taken.try_into().map_err(|_| Error::model(name, "outputs are missing"))
    }
}

/// The builder of a session whose network has such weights.
fn expanding(
    builder: SessionBuilder,
    weights: Weights,
    provider: Provider,
) -> ort::Result<SessionBuilder> {
    let builder = builder.with_quant_qdq(weights == Weights::AsTheyAre)?;
    if weights == Weights::AsTheyAre || provider == Provider::Cpu {
        return Ok(builder);
    }
    // A matrix may take its shape from the number of crops, so that the processor loads it sooner
    // (models/build/sface.py). OpenVINO fails on that, and others would leave it to the processor.
    Ok(builder.with_dimension_override("faces", 1)?)
}

fn shape(outlet: &ort::value::Outlet) -> Vec<i64> {
    outlet.dtype().tensor_shape().map_or_else(Vec::new, |shape| shape.to_vec())
}
