//! The user's folders: the system has a place each for data, cache and settings, and the project has one
//! folder of its name in each.

use std::path::PathBuf;

/// The name of each of these folders: the project's.
const NAME: &str = "sameface";

/// For people, packs and ONNX Runtime: `~/.local/share/sameface` on Linux. `None` if the user has no home.
///
/// On Windows it is `%LOCALAPPDATA%`: what is in `%APPDATA%` is copied to a company's servers, and faces
/// are to stay on this computer.
#[must_use]
pub fn data() -> Option<PathBuf> {
    Some(dirs::data_local_dir()?.join(NAME))
}

/// For the index: `~/.cache/sameface` on Linux. `None` if the user has no home.
#[must_use]
pub fn cache() -> Option<PathBuf> {
    Some(dirs::cache_dir()?.join(NAME))
}

/// For the settings of the command: `~/.config/sameface` on Linux. `None` if the user has no home.
#[must_use]
pub fn config() -> Option<PathBuf> {
    Some(dirs::config_dir()?.join(NAME))
}
