//! The identity of a pack: embeddings can be compared only if it is the same.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::description::{Description, DetectorDescription};
use crate::face::View;

/// The pack's name and a hash over all that decides what an embedding is: the networks, where the
/// landmarks belong, what goes into the embedder, and the views. The facts are listed one by one, so
/// that a field which only describes, a new one too, changes no identity; a new field that counts
/// must be left out of the list if it has the value that was implied before.
pub(super) fn identity(description: &Description) -> String {
    let facts = facts(description).to_string();
    let digest = format!("{:x}", Sha256::digest(facts));
    format!("{}-{}", description.name, &digest[..12])
}

fn facts(pack: &Description) -> Value {
    let detector = match &pack.detector {
        DetectorDescription::Yunet { settings, .. } => {
            json!({"kind": "yunet", "settings": settings})
        }
        DetectorDescription::Mtcnn { settings, .. } => {
            json!({"kind": "mtcnn", "settings": settings})
        }
    };
    let settings = &pack.embedder.settings;
    let views = |views: &[View]| json!(views);
    json!({
        "files": pack.files().iter().map(|file| &file.sha256).collect::<Vec<_>>(),
        "detector": detector,
        "crop": {
            "size": pack.crop.size,
            "landmarks": pack.crop.landmarks,
            "weights": pack.crop.weights,
        },
        "views": [views(&pack.views.enrolling), views(&pack.views.checking)],
        "embedder": {
            "channels": settings.channels,
            "mean": settings.mean,
            "scale": settings.scale,
            "output": settings.output,
            "dimensions": settings.dimensions,
        },
    })
}
