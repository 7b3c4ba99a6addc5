//! The text of `verify --version`: the version, the features of this build, and the models and ONNX Runtime
//! that it uses.

use super::output::shown;
use crate::error::Front;
use crate::model::{Device, Runtime};
use crate::pack::Pack;

/// The optional features of a build.
const FEATURES: [(&str, bool); 4] = [
    ("heif", cfg!(feature = "heif")),
    ("jxl", cfg!(feature = "jxl")),
    ("load-dynamic", cfg!(feature = "load-dynamic")),
    ("serve", cfg!(feature = "serve")),
];

/// The version and what it depends on, in lines. Missing parts are not an error.
pub fn long() -> String {
    let features: Vec<String> = FEATURES
        .iter()
        .map(|(name, there)| format!("{}{name}", if *there { "+" } else { "-" }))
        .collect();
    let pack = match Pack::default_pack() {
        Ok(pack) => pack.identity(),
        Err(error) => error.told(Front::Command),
    };
    format!(
        "{}\nfeatures: {}\npack: {pack}, built in\nONNX Runtime: {}\nsystem: {} {}",
        env!("CARGO_PKG_VERSION"),
        features.join(" "),
        runtime(),
        std::env::consts::OS,
        std::env::consts::ARCH,
    )
}

/// The ONNX Runtime that is found, or why none is.
fn runtime() -> String {
    match Runtime::on(Device::Cpu) {
        Ok(runtime) => {
            let version = runtime.version().unwrap_or_else(|| "unknown version".to_owned());
            format!("{version}, found {}: {}", runtime.found.place, shown(&runtime.found.path))
        }
        Err(error) => format!("none ({})", error.told(Front::Command)),
    }
}
