//! The models that the crate `sameface` carries: the files of its pack `yunet-sface`, and nothing else.
//!
//! A pack is a face detector, an embedder, what is particular to them, and what people in general look like to
//! them. These are YuNet (MIT) and SFace (Apache-2.0), converted to ONNX files that load in ONNX Runtime 1.17 and
//! newer. `yunet.md` and `sface.md` beside this file say where they come from, what goes into them and what comes
//! out. `sameface` reads them; whoever wants the networks alone finds them by name.

/// The files of the pack, each with its name. A test of `sameface` holds the networks to the hashes in `pack.json`.
pub static FILES: &[(&str, &[u8])] = &[
    ("pack.json", include_bytes!("pack.json")),
    ("yunet.onnx", include_bytes!("yunet.onnx")),
    ("sface.onnx", include_bytes!("sface.onnx")),
    ("population.safetensors", include_bytes!("population.safetensors")),
];
