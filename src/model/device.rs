//! The device that runs the networks: which can be asked for, which ONNX Runtime offers, and which is chosen.
//! [`super::provider`] sets it up.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::logging::LogLevel;

use super::provider::Provider;
use crate::error::{Error, Result};

/// A device that can be asked to run the networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Device {
    /// The one that costs least in most commands: the processor.
    Auto,
    /// The processor.
    Cpu,
    /// An NVIDIA graphics card.
    Cuda,
    /// The devices of Core ML, on a Mac.
    CoreMl,
    /// The devices of OpenVINO: an Intel graphics processor, otherwise the processor.
    OpenVino,
    /// Any graphics card on Windows.
    DirectMl,
}

impl Device {
    /// All of them, in the order in which they are listed for people.
    pub const ALL: [Self; 6] =
        [Self::Auto, Self::Cpu, Self::Cuda, Self::CoreMl, Self::OpenVino, Self::DirectMl];

    /// The name that users give.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
            Self::CoreMl => "coreml",
            Self::OpenVino => "openvino",
            Self::DirectMl => "directml",
        }
    }

    /// The ways to run on it, the best first.
    fn providers(self) -> &'static [Provider] {
        match self {
            // The networks are small. No other device starts as quickly, and CUDA takes 0.7 s more whenever
            // the size of a photo changes; see docs/performance.md.
            Self::Auto | Self::Cpu => &[Provider::Cpu],
            Self::Cuda => &[Provider::Cuda],
            Self::CoreMl => &[Provider::CoreMl],
            Self::OpenVino => &[Provider::OpenVinoGpu, Provider::OpenVinoCpu],
            Self::DirectMl => &[Provider::DirectMl],
        }
    }

    /// What must be installed for it to work.
    fn remedy(self) -> &'static str {
        match self {
            Self::Auto | Self::Cpu => "reinstall ONNX Runtime",
            Self::Cuda => {
                "it needs `pip install onnxruntime-gpu`, NVIDIA's driver, and CUDA and cuDNN on the library path"
            }
            Self::CoreMl => "it needs a Mac and `pip install onnxruntime`",
            Self::OpenVino => "it needs `pip install onnxruntime-openvino`",
            Self::DirectMl => "it needs Windows and `pip install onnxruntime-directml`",
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Device {
    type Err = String;

    fn from_str(name: &str) -> std::result::Result<Self, String> {
        Self::ALL.into_iter().find(|device| device.name() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("{name:?} is not a device; choose one of {names}")
        })
    }
}

/// The device that this process was told to use.
static ASKED: Mutex<Option<Device>> = Mutex::new(None);

/// Run the networks that are loaded from now on, in this process, on `device`.
pub fn use_device(device: Device) {
    *ASKED.lock().unwrap_or_else(PoisonError::into_inner) = Some(device);
}

/// The device that was asked for: by [`use_device`], otherwise by `VERIFY_DEVICE`, otherwise the best one.
///
/// # Errors
/// [`Error::Value`] if the variable names no device.
pub fn asked_device() -> Result<Device> {
    if let Some(device) = *ASKED.lock().unwrap_or_else(PoisonError::into_inner) {
        return Ok(device);
    }
    match std::env::var_os("VERIFY_DEVICE").filter(|name| !name.is_empty()) {
        Some(name) => name
            .to_string_lossy()
            .parse()
            .map_err(|problem: String| Error::value("VERIFY_DEVICE", problem)),
        None => Ok(Device::Auto),
    }
}

/// The device chosen among those that ONNX Runtime offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The device that was asked for.
    pub asked: Device,
    /// The provider that runs the networks.
    pub provider: Provider,
    /// The devices that ONNX Runtime lists, whether or not they work here.
    pub offered: Vec<Device>,
    /// Better ways to run on the device that do not work, and why.
    pub passed_over: Vec<(Provider, String)>,
}

impl Choice {
    /// Take the best of what `asked` allows, each tried by running a small network on it.
    ///
    /// # Errors
    /// [`Error::Device`] if none of them works.
    pub(super) fn make(environment: &Environment, runtime: &str, asked: Device) -> Result<Self> {
        let offered: Vec<Device> = Device::ALL
            .into_iter()
            .filter(|device| *device != Device::Auto)
            .filter(|device| device.providers().iter().any(|provider| provider.is_offered()))
            .collect();
        let mut passed_over = Vec::new();
        for provider in asked.providers().iter().copied().filter(|p| p.is_offered()) {
            // If a device does not work, we report it ourselves, in one line, and only on request.
            environment.set_log_level(LogLevel::Fatal);
            let works = provider.try_out(environment);
            environment.set_log_level(LogLevel::Error);
            match works {
                Ok(()) => return Ok(Self { asked, provider, offered, passed_over }),
                Err(reason) => passed_over.push((provider, reason)),
            }
        }
        let reason = match passed_over.pop() {
            Some((_, reason)) => format!("{runtime} offers it, but it does not work ({reason})"),
            None => {
                let names: Vec<&str> = offered.into_iter().map(Device::name).collect();
                format!("{runtime} does not offer it, only {}", names.join(", "))
            }
        };
        Err(Error::Device { device: asked.name(), reason, remedy: asked.remedy() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_known_by_their_names() {
        for device in Device::ALL {
            assert_eq!(device.name().parse(), Ok(device));
        }
        for name in ["", "gpu", "CUDA", "cuda:0", " cpu"] {
            let problem = name.parse::<Device>().unwrap_err();
            assert!(problem.contains("auto, cpu, cuda, coreml, openvino, directml"), "{problem}");
        }
    }

    #[test]
    fn whatever_is_asked_for_is_run_on_that_and_auto_is_the_processor() {
        for device in Device::ALL {
            let runs_on = if device == Device::Auto { Device::Cpu } else { device };
            assert!(!device.providers().is_empty());
            assert!(device.providers().iter().all(|provider| provider.device() == runs_on));
        }
    }
}
