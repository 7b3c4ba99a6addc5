//! Finding and loading ONNX Runtime's shared library.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use ort::environment::Environment;

use super::{Choice, Device, Provider, asked_device};
use crate::error::{Error, Result, one_line};
use crate::folders;

/// A loaded ONNX Runtime, and what it runs networks on.
#[derive(Debug, Clone)]
pub struct Runtime {
    pub(super) environment: Environment,
    /// The library's file and how it was found.
    pub found: Found,
    /// What the library says of its build.
    pub build: &'static str,
    /// What networks run on.
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
    /// The place it was found in, for people.
    pub place: &'static str,
}

impl Runtime {
    /// The process's ONNX Runtime, found and loaded on the first call, with the device that was asked
    /// for ([`asked_device`]).
    ///
    /// # Errors
    /// [`Error::RuntimeNotFound`] where there is none, [`Error::RuntimeBroken`] where it does not
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
        let found = find_runtime()?;
        let library = LOADED.get_or_init(|| without_telemetry(|| load(&found))).clone();
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
                choices.push(choice.clone());
                choice
            }
        };
        Ok(Self { environment, found, build, device: choice })
    }

    /// What networks run on in this process. If there is no ONNX Runtime, and no device was named that
    /// would need one, that is the processor: what was analysed before can still be used.
    ///
    /// # Errors
    /// As [`Self::get`], if a device was named.
    pub fn provider() -> Result<Provider> {
        let asked = asked_device()?;
        if asked == Device::Cpu {
            return Ok(Provider::Cpu);
        }
        match Self::on(asked) {
            Ok(runtime) => Ok(runtime.device.provider),
            Err(_) if asked == Device::Auto => Ok(Provider::Cpu),
            Err(error) => Err(error),
        }
    }

    /// The version of ONNX Runtime, as in "1.32.0", where its file's name or build tells it.
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

/// Do `work` with ONNX Runtime told to send nothing to its makers. From 1.29 on it else keeps events of
/// every run below the user's cache folder, and uploads them. It reads this variable once, when an
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

/// The library that the program around this one has chosen.
#[cfg(feature = "load-dynamic")]
static CHOSEN: OnceLock<PathBuf> = OnceLock::new();

/// Load the library `path`, unless `ORT_DYLIB_PATH` names another: for a program that this one is a
/// part of, which knows where its ONNX Runtime is. The first choice stays, as the library once loaded
/// does.
#[cfg(feature = "load-dynamic")]
pub fn use_library(path: PathBuf) {
    CHOSEN.get_or_init(|| path);
}

/// Look for ONNX Runtime: `ORT_DYLIB_PATH`, the library given to [`use_library`], beside the
/// executable, the user's data folder, the checkout's own folder, a Python environment's `onnxruntime`
/// package, the system.
///
/// # Errors
/// [`Error::RuntimeNotFound`] where none of them has it.
#[cfg(feature = "load-dynamic")]
pub fn find_runtime() -> Result<Found> {
    if let Some(path) = std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty()) {
        let path = PathBuf::from(path);
        if path.is_file() {
            return Ok(Found { path, place: "ORT_DYLIB_PATH" });
        }
        let reason = "ORT_DYLIB_PATH names no file".to_owned();
        return Err(Error::RuntimeBroken { path, reason });
    }
    if let Some(path) = CHOSEN.get() {
        return Ok(Found { path: path.clone(), place: "the program around it" });
    }
    places()
        .into_iter()
        .find_map(|(place, folder)| library_in(&folder).map(|path| Found { path, place }))
        .ok_or(Error::RuntimeNotFound)
}

/// This build carries ONNX Runtime in the executable.
///
/// # Errors
/// None.
#[cfg(not(feature = "load-dynamic"))]
pub fn find_runtime() -> Result<Found> {
    Ok(Found { path: PathBuf::from("linked"), place: "the executable itself" })
}

/// The folders to look in, in order, each with its name for people.
#[cfg(feature = "load-dynamic")]
fn places() -> Vec<(&'static str, PathBuf)> {
    let mut places = Vec::new();
    if let Some(folder) =
        std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.to_owned()))
    {
        places.push(("beside the executable", folder.clone()));
        places.push(("beside the executable", folder.join("onnxruntime")));
    }
    if let Some(data) = folders::data() {
        places.push(("the user's data folder", data.join("onnxruntime")));
    }
    places.push(("the checkout", Path::new(env!("CARGO_MANIFEST_DIR")).join("target/onnxruntime")));
    for site in python_sites() {
        places.push(("a Python environment", site.join("onnxruntime").join("capi")));
    }
    let system = ["/usr/local/lib", "/usr/lib", "/usr/lib64", "/opt/homebrew/lib"];
    places.extend(system.map(|folder| ("the system", PathBuf::from(folder))));
    let multiarch = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    places.push(("the system", PathBuf::from(multiarch)));
    places
}

/// The `site-packages` folders of the active environment and of every Python on the `PATH`.
#[cfg(feature = "load-dynamic")]
fn python_sites() -> Vec<PathBuf> {
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().filter_map(std::env::var_os);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path)
        .filter(|folder| folder.join("python3").exists() || folder.join("python.exe").exists())
        .filter_map(|folder| Some(folder.parent()?.to_owned()))
        .collect();
    let user = dirs::home_dir().map(|home| home.join(".local"));
    let mut sites = Vec::new();
    for root in active.map(PathBuf::from).chain(on_path).chain(user) {
        sites.push(root.join("Lib").join("site-packages"));
        let Ok(entries) = std::fs::read_dir(root.join("lib")) else { continue };
        let mut versions: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        versions.sort();
        for version in versions.iter().rev() {
            sites.push(version.join("site-packages"));
            sites.push(version.join("dist-packages"));
        }
    }
    sites
}

/// The library in `folder`, the newest of several versions.
#[cfg(feature = "load-dynamic")]
fn library_in(folder: &Path) -> Option<PathBuf> {
    let is_library = |name: &str| match std::env::consts::OS {
        "windows" => name == "onnxruntime.dll",
        "macos" => name.starts_with("libonnxruntime.") && name.ends_with(".dylib"),
        _ => name == "libonnxruntime.so" || name.starts_with("libonnxruntime.so."),
    };
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|n| is_library(&n.to_string_lossy())))
        .collect();
    found.sort();
    found.pop()
}

#[cfg(all(test, feature = "load-dynamic", target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_newest_library_of_a_folder_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(library_in(folder.path()), None);
        for name in
            ["libonnxruntime.so.1.20.0", "libonnxruntime.so.1.32.0", "libonnxruntime_providers.so"]
        {
            std::fs::write(folder.path().join(name), b"").unwrap();
        }
        let found = library_in(folder.path()).unwrap();
        assert!(found.ends_with("libonnxruntime.so.1.32.0"));
    }

    #[test]
    fn the_places_are_searched_in_the_documented_order() {
        let mut names: Vec<_> = places().into_iter().map(|(name, _)| name).collect();
        names.dedup();
        let order = [
            "beside the executable",
            "the user's data folder",
            "the checkout",
            "a Python environment",
            "the system",
        ];
        let position = |name: &str| order.iter().position(|o| *o == name).unwrap();
        assert!(names.windows(2).all(|pair| position(pair[0]) < position(pair[1])), "{names:?}");
    }
}
