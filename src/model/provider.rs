//! ONNX Runtime's execution providers: how each is set up, so that all of them compute in 32 bits, and
//! whether one works here.

use std::fmt;

use ort::environment::Environment;
use ort::ep::{CPU, ExecutionProviderDispatch};
use ort::session::Session;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use ort::value::TensorRef;

use super::Device;
use crate::error::one_line;

/// A network of one convolution (`tests/data/make_probe.py`), from four rows of four numbers to two of
/// two.
const PROBE: &[u8] = include_bytes!("probe.onnx");
/// Its output for the numbers 0 to 15: sums of 3 × 3, minus 40. They are exact even in 16 bits.
const PROBED: [f32; 4] = [5.0, 14.0, 41.0, 50.0];

/// A way to run networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// ONNX Runtime's own, on the processor.
    Cpu,
    /// NVIDIA's CUDA.
    Cuda,
    /// Apple's Core ML, on the processor and the graphics processor.
    CoreMl,
    /// Microsoft's DirectML.
    DirectMl,
    /// Intel's OpenVINO, on a graphics processor.
    OpenVinoGpu,
    /// Intel's OpenVINO, on the processor.
    OpenVinoCpu,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Cpu, Self::Cuda, Self::CoreMl, Self::DirectMl, Self::OpenVinoGpu, Self::OpenVinoCpu];

    /// The device that it is asked for by.
    #[must_use]
    pub fn device(self) -> Device {
        match self {
            Self::Cpu => Device::Cpu,
            Self::Cuda => Device::Cuda,
            Self::CoreMl => Device::CoreMl,
            Self::DirectMl => Device::DirectMl,
            Self::OpenVinoGpu | Self::OpenVinoCpu => Device::OpenVino,
        }
    }

    /// Whether ONNX Runtime was built with it.
    pub(super) fn is_offered(self) -> bool {
        accelerator::is_offered(self)
    }

    /// A builder of sessions: one thread, because photos are analysed in parallel, which uses the cores
    /// better than splitting one small network among them. If `strict`, a network of which a part would run
    /// on the processor instead does not load.
    pub(super) fn session(
        self,
        environment: &Environment,
        strict: bool,
    ) -> ort::Result<SessionBuilder> {
        let mut providers: Vec<ExecutionProviderDispatch> = accelerator::of(self)
            .map(ExecutionProviderDispatch::error_on_failure)
            .into_iter()
            .collect();
        // ONNX Runtime's own arena never shrinks, and is no faster than the allocator.
        providers.push(CPU::default().with_arena_allocator(false).build());
        let mut builder = Session::builder(environment)?
            .with_optimization_level(GraphOptimizationLevel::All)?
            .with_intra_threads(1)?
            .with_execution_providers(providers)?;
        if strict && self != Self::Cpu {
            builder = builder.with_config_entry("session.disable_cpu_ep_fallback", "1")?;
        }
        Ok(builder)
    }

    /// Run a small network with it, of which nothing may run elsewhere: libraries that it needs are
    /// missed only then.
    ///
    /// # Errors
    /// Why that does not work, in one line.
    pub(super) fn try_out(self, environment: &Environment) -> Result<(), String> {
        if self == Self::Cpu {
            return Ok(());
        }
        let made = self.probe(environment).map_err(|e| reason(&e.to_string()))?;
        if made == PROBED {
            Ok(())
        } else {
            Err(format!("it computes {made:?} instead of {PROBED:?}"))
        }
    }

    fn probe(self, environment: &Environment) -> ort::Result<Vec<f32>> {
        let mut session = self.session(environment, true)?.commit_from_memory(PROBE)?;
        let numbers: Vec<f32> = (0..16_u8).map(f32::from).collect();
        let input = TensorRef::from_array_view(([1_usize, 1, 4, 4], numbers.as_slice()))?;
        let outputs = session.run(ort::inputs![input])?;
        Ok(outputs[0].try_extract_tensor::<f32>()?.1.to_vec())
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenVinoGpu => f.write_str("openvino on the graphics processor"),
            Self::OpenVinoCpu => f.write_str("openvino on the processor"),
            others => others.device().fmt(f),
        }
    }
}

/// A provider's error message without the source location that it begins with.
fn reason(message: &str) -> String {
    let message = one_line(message);
    let said = message.rsplit_once("[ERROR] ").map(|(_, said)| said.to_owned());
    said.unwrap_or(message)
}

/// The providers besides the processor's. Only a library that is loaded at run time has them.
#[cfg(feature = "load-dynamic")]
mod accelerator {
    use ort::ep::coreml::{ComputeUnits, ModelFormat};
    use ort::ep::cuda::ConvAlgorithmSearch;
    use ort::ep::{
        ArbitrarilyConfigurableExecutionProvider, ArenaExtendStrategy, CUDA, CoreML, DirectML,
        ExecutionProvider, ExecutionProviderDispatch, OpenVINO,
    };

    use super::Provider;

    /// Whether ONNX Runtime was built with it.
    pub fn is_offered(provider: Provider) -> bool {
        let offered = match provider {
            Provider::Cpu => Ok(true),
            Provider::Cuda => CUDA::is_available(),
            Provider::CoreMl => CoreML::is_available(),
            Provider::DirectMl => DirectML::is_available(),
            Provider::OpenVinoGpu | Provider::OpenVinoCpu => OpenVINO::is_available(),
        };
        offered.unwrap_or(false)
    }

    /// The provider as our networks want it.
    pub fn of(provider: Provider) -> Option<ExecutionProviderDispatch> {
        Some(match provider {
            Provider::Cpu => return None,
            // Photos come in many sizes: an exhaustive search for each would take longer than the run.
            Provider::Cuda => CUDA::default()
                .with_tf32(false)
                .with_conv_algorithm_search(ConvAlgorithmSearch::Heuristic)
                .with_arena_extend_strategy(ArenaExtendStrategy::SameAsRequested)
                .build(),
            // The neural engine has 16 bits only.
            Provider::CoreMl => CoreML::default()
                .with_model_format(ModelFormat::MLProgram)
                .with_compute_units(ComputeUnits::CPUAndGPU)
                .build(),
            Provider::DirectMl => DirectML::default().build(),
            Provider::OpenVinoGpu => open_vino("GPU").build(),
            // It binds every thread that runs a network to a core, and all of them to the same one.
            Provider::OpenVinoCpu => open_vino("CPU")
                .with_num_threads(1)
                .with_arbitrary_config("load_config", r#"{"CPU":{"ENABLE_CPU_PINNING":"NO"}}"#)
                .build(),
        })
    }

    /// Left to itself, OpenVINO computes in 16 bits on a graphics processor.
    fn open_vino(unit: &str) -> OpenVINO {
        OpenVINO::default().with_device_type(unit).with_precision("FP32")
    }
}

/// An ONNX Runtime inside the executable runs on the processor.
#[cfg(not(feature = "load-dynamic"))]
mod accelerator {
    use ort::ep::ExecutionProviderDispatch;

    use super::Provider;

    /// Whether ONNX Runtime was built with it.
    pub fn is_offered(provider: Provider) -> bool {
        provider == Provider::Cpu
    }

    /// None.
    pub fn of(_: Provider) -> Option<ExecutionProviderDispatch> {
        None
    }
}
