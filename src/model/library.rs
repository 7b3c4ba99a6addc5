//! The places that are searched for ONNX Runtime's shared library.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::Found;
use crate::error::{Error, Result};
use crate::folders;

/// The library that the program around this one has chosen.
static CHOSEN: OnceLock<PathBuf> = OnceLock::new();

/// Load the library `path`, unless `ORT_DYLIB_PATH` names another: for programs that embed this library
/// and know where their ONNX Runtime is. Only the first call counts, since a library is loaded only once.
pub fn use_library(path: PathBuf) {
    CHOSEN.get_or_init(|| path);
}

/// Look for ONNX Runtime: `ORT_DYLIB_PATH`, the library given to [`use_library`], beside the
/// executable, in the Python environment that the executable is in, the user's data folder, the checkout's own folder, a Python environment's `onnxruntime`
/// package, the system.
///
/// # Errors
/// [`Error::RuntimeNotFound`] if none of them has it.
pub fn find() -> Result<Found> {
    if let Some(path) = std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty()) {
        let path = PathBuf::from(path);
        if path.is_file() {
            return Ok(Found { path, place: "by ORT_DYLIB_PATH" });
        }
        let reason = "ORT_DYLIB_PATH names a file that does not exist".to_owned();
        return Err(Error::RuntimeBroken { path, reason });
    }
    if let Some(path) = CHOSEN.get() {
        return Ok(Found { path: path.clone(), place: "by the program around it" });
    }
    places()
        .into_iter()
        .find_map(|(place, folder)| library_in(&folder).map(|path| Found { path, place }))
        .ok_or(Error::RuntimeNotFound)
}

/// The folders to look in, in order, each with its name for people.
fn places() -> Vec<(&'static str, PathBuf)> {
    let mut places = Vec::new();
    if let Some(folder) = folder_of_program() {
        places.push(("beside the executable", folder.clone()));
        places.push(("beside the executable", folder.join("onnxruntime")));
        // The wheel puts the program into an environment that has the package `onnxruntime` as well.
        for site in folder.parent().map(sites_of).unwrap_or_default() {
            places.push((
                "in the program's Python environment",
                site.join("onnxruntime").join("capi"),
            ));
        }
    }
    if let Some(data) = folders::data() {
        places.push(("in the user's data folder", data.join("onnxruntime")));
    }
    places.extend(fetched().map(|folder| ("in the checkout", folder)));
    for site in python_sites() {
        places.push(("in a Python environment", site.join("onnxruntime").join("capi")));
    }
    let system = ["/usr/local/lib", "/usr/lib", "/usr/lib64", "/opt/homebrew/lib"];
    places.extend(system.map(|folder| ("in the system", PathBuf::from(folder))));
    let multiarch = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    places.push(("in the system", PathBuf::from(multiarch)));
    places
}

/// The `site-packages` folders of the active environment and of every Python on the `PATH`.
fn python_sites() -> Vec<PathBuf> {
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().filter_map(std::env::var_os);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path)
        .filter_map(|folder| match folder.join("python.exe").exists() {
            // Windows has its packages beside it.
            true => Some(folder),
            false if folder.join("python3").exists() => Some(folder.parent()?.to_owned()),
            false => None,
        })
        .collect();
    let user = dirs::home_dir().map(|home| home.join(".local"));
    active.map(PathBuf::from).chain(on_path).chain(user).flat_map(|root| sites_of(&root)).collect()
}

/// The folder of the program, whichever link it was called by.
fn folder_of_program() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    Some(program.canonicalize().unwrap_or(program).parent()?.to_owned())
}

/// Where `make setup` puts the library: in the folder `target` that the program was built in, or of the
/// checkout that cargo runs it for. A path fixed at build time must not count: on another machine it may
/// belong to anybody.
fn fetched() -> Option<PathBuf> {
    let program = folder_of_program()?;
    let built_in = program.ancestors().find(|folder| folder.ends_with("target"));
    let of_cargo = || Some(PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?).join("target"));
    Some(built_in.map(Path::to_owned).or_else(of_cargo)?.join("onnxruntime"))
}

/// Where packages are in the Python environment `root`, the newest Python's first. `pip install --target`
/// puts them into `root` itself.
fn sites_of(root: &Path) -> Vec<PathBuf> {
    let mut sites = vec![root.to_owned(), root.join("Lib").join("site-packages")];
    let Ok(entries) = std::fs::read_dir(root.join("lib")) else { return sites };
    let mut versions: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("python")))
        .collect();
    versions.sort_by_key(|path| std::cmp::Reverse(minor_version(path)));
    for version in versions {
        sites.push(version.join("site-packages"));
        sites.push(version.join("dist-packages"));
    }
    sites
}

/// The 12 of `python3.12`: as text, 3.9 would be newer than 3.12.
fn minor_version(path: &Path) -> Option<u32> {
    path.extension()?.to_str()?.parse().ok()
}

/// The library in `folder`, the newest of several versions.
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

#[cfg(all(test, target_os = "linux"))]
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
            "in the program's Python environment",
            "in the user's data folder",
            "in the checkout",
            "in a Python environment",
            "in the system",
        ];
        let position = |name: &str| order.iter().position(|o| *o == name).unwrap();
        assert!(names.windows(2).all(|pair| position(pair[0]) < position(pair[1])), "{names:?}");
    }

    #[test]
    fn the_newest_python_of_an_environment_comes_first_and_other_libraries_do_not_count() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["python3.9", "python3.12", "x86_64-linux-gnu"] {
            std::fs::create_dir_all(root.path().join("lib").join(folder)).unwrap();
        }
        let found = sites_of(root.path());
        let named = |site: &PathBuf| site.strip_prefix(root.path()).unwrap().display().to_string();
        let found: Vec<String> = found.iter().map(named).collect();
        let expected = [
            "",
            "Lib/site-packages",
            "lib/python3.12/site-packages",
            "lib/python3.12/dist-packages",
            "lib/python3.9/site-packages",
            "lib/python3.9/dist-packages",
        ];
        assert_eq!(found, expected);
    }
}
