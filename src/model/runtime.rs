//! Finding and loading ONNX Runtime's shared library.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use ort::environment::Environment;

#[cfg(feature = "load-dynamic")]
use super::library::find;
use super::{Choice, Device, Provider, asked_device};
use crate::error::{Error, Result, one_line};

/// A loaded ONNX Runtime, and what it runs networks on.
#[derive(Debug, Clone)]
pub struct Runtime {
    pub(super) environment: Environment,
    /// The library's file and how it was found.
    pub found: Found,
    /// The library's description of its build.
    pub build: &'static str,
    /// The device that networks run on.
    pub device: Choice,
}

/// A loaded library.
#[derive(Clone)]
struct Library {
    environment: Environment,
    build: &'static str,
}

/// Where an ONNX Runtime library was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The library's file.
    pub path: PathBuf,
    /// Where it was found, as in "beside the executable".
    pub place: &'static str,
}

impl Runtime {
    /// The process's ONNX Runtime, found and loaded on the first call, with the device that was asked
    /// for ([`asked_device`]).
    ///
    /// # Errors
    /// [`Error::RuntimeNotFound`] if there is none, [`Error::RuntimeBroken`] if it does not
    /// load, [`Error::Device`] if it cannot run networks on that device.
    pub fn get() -> Result<Self> {
        Self::on(asked_device()?)
    }

    /// The same with another `device`, which is tried on the first call.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn on(device: Device) -> Result<Self> {
        static LOADED: OnceLock<std::result::Result<Library, String>> = OnceLock::new();
        static CHOICES: Mutex<Vec<Choice>> = Mutex::new(Vec::new());
        let found = find()?;
        let library = LOADED.get_or_init(|| {
            let _loading = tracing::info_span!("load library", found = found.place).entered();
            tracing::debug!(path = %found.path.display(), "ONNX Runtime");
            without_telemetry(|| load(&found))
        });
        let library = library.clone();
        let Library { environment, build } = library.map_err(|reason| Error::RuntimeBroken {
            path: found.path.clone(),
            reason: one_line(&reason),
        })?;
        // Held while a device is tried: the other threads wait for the same answer.
        let mut choices = CHOICES.lock().unwrap_or_else(PoisonError::into_inner);
        let known = choices.iter().find(|choice| choice.asked == device).cloned();
        let choice = match known {
            Some(choice) => choice,
            None => {
                let name = format!("ONNX Runtime at {}", found.path.display());
                let choice = Choice::make(&environment, &name, device)?;
                tracing::info!(asked = %device, device = %choice.provider, "chose the device");
                choices.push(choice.clone());
                choice
            }
        };
        Ok(Self { environment, found, build, device: choice })
    }

    /// The device that networks run on in this process. For the processor that is known without ONNX
    /// Runtime, whose loading takes most of the time of a command that finds all its photos in the index.
    ///
    /// # Errors
    /// As [`Self::get`], if another device was named.
    pub fn provider() -> Result<Provider> {
        match asked_device()? {
            Device::Auto | Device::Cpu => Ok(Provider::Cpu),
            asked => Self::on(asked).map(|runtime| runtime.device.provider),
        }
    }

    /// The version of ONNX Runtime, as in "1.32.0", if its file's name or build tells it.
    #[must_use]
    pub fn version(&self) -> Option<String> {
        let real = self.found.path.canonicalize().unwrap_or_else(|_| self.found.path.clone());
        let name = real.file_name()?.to_string_lossy().into_owned();
        let from_name = name.split(".so.").nth(1).map(str::to_owned);
        from_name.or_else(|| {
            let branch = self.build.split("git-branch=rel-").nth(1)?;
            branch.split(',').next().map(str::to_owned)
        })
    }
}

/// Do `work` with ONNX Runtime's telemetry switched off. Since 1.29 it otherwise records events of
/// every run below the user's cache folder and uploads them. It reads this variable once, when an
/// environment is made; `with_telemetry` alone comes too late for the first event.
fn without_telemetry<T>(work: impl FnOnce() -> T) -> T {
    temp_env::with_var("ORT_DISABLE_TELEMETRY", Some("1"), work)
}

#[cfg(feature = "load-dynamic")]
fn load(found: &Found) -> std::result::Result<Library, String> {
    let builder = ort::init_from(&found.path).map_err(|e| e.to_string())?;
    let builder = builder.with_name("verify").with_telemetry(false);
    let environment = builder.build().map_err(|e| e.to_string())?;
    environment.set_log_level(ort::logging::LogLevel::Error);
    Ok(Library { environment, build: ort::info() })
}

#[cfg(not(feature = "load-dynamic"))]
fn load(_: &Found) -> std::result::Result<Library, String> {
    let builder = ort::init().with_name("verify").with_telemetry(false);
    let environment = builder.build().map_err(|e| e.to_string())?;
    environment.set_log_level(ort::logging::LogLevel::Error);
    Ok(Library { environment, build: ort::info() })
}

/// This build carries ONNX Runtime in the executable.
///
/// # Errors
/// None.
#[cfg(not(feature = "load-dynamic"))]
fn find() -> Result<Found> {
    Ok(Found { path: PathBuf::from("linked"), place: "in the executable itself" })
}
