//! The pretrained models: finding ONNX Runtime, running a network, the described set of models (a
//! [`Pack`]) and the embedder. What is done with an embedding is for [`crate::decision`].

mod device;
mod embedder;
mod golden;
mod network;
mod pack;
mod provider;
mod runtime;

pub use device::{Choice, Device, asked_device, use_device};
pub use embedder::{EmbedFace, Embedder, Embedding};
pub(crate) use embedder::{mean_direction, unit};
pub use golden::{GOLDEN_TOLERANCE, Pattern, golden_difference};
pub use network::{Network, Output};
pub use pack::{ModelFile, Pack};
pub use provider::Provider;
#[cfg(feature = "load-dynamic")]
pub use runtime::use_library;
pub use runtime::{Found, Runtime, find_runtime};
