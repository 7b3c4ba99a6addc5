//! The user's folders: a folder called after the project in the system's places for data, cache and settings.

use std::path::PathBuf;

/// The folders' name.
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
