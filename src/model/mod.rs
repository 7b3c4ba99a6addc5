//! Running pretrained networks: finding ONNX Runtime, one network, and the embedder made of one.
//! [`crate::pack`] knows which networks there are, and [`crate::decision`] uses the embeddings.

mod device;
mod embedder;
#[cfg(feature = "load-dynamic")]
mod library;
mod network;
mod provider;
mod runtime;

pub use device::{Choice, Device, asked_device, use_device};
pub use embedder::{Channels, EmbedFace, Embedder, EmbedderSettings, Embedding};
pub(crate) use embedder::{mean_direction, unit};
#[cfg(feature = "load-dynamic")]
pub use library::use_library;
pub use network::{Network, Output, Weights};
pub use provider::Provider;
pub use runtime::{Found, Runtime};
