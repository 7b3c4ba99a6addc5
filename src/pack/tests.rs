//! Tests of packs: what is built in, what is refused, and what an identity depends on.

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::error::Front;

/// The packs of the repository.
fn all() -> Vec<Pack> {
    let models = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models");
    let folders = std::fs::read_dir(models).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = folders.filter(|folder| folder.join(DESCRIPTION).is_file()).collect();
    folders.sort();
    folders.iter().map(|folder| Pack::open(folder).unwrap()).collect()
}

/// A pack.json that is changed before it is opened; its models are empty files.
struct Draft {
    folder: TempDir,
    value: Value,
}

impl Draft {
    fn new() -> Self {
        let description = Pack::default_pack().unwrap().description;
        let folder = tempfile::tempdir().unwrap();
        for file in description.files() {
            std::fs::write(folder.path().join(&file.file), b"").unwrap();
        }
        Self { folder, value: serde_json::to_value(description).unwrap() }
    }

    fn open(&self) -> Result<Pack> {
        std::fs::write(self.folder.path().join(DESCRIPTION), self.value.to_string()).unwrap();
        Pack::open(self.folder.path())
    }

    /// What is said of it once the value at `pointer` is another.
    fn refused(pointer: &str, value: Value) -> String {
        let mut draft = Self::new();
        *draft.value.pointer_mut(pointer).unwrap() = value;
        draft.open().unwrap_err().told(Front::Command)
    }
}

#[test]
fn every_pack_of_the_repository_holds_what_it_describes() {
    let packs = all();
    assert!(packs.iter().any(|pack| pack.identity() == Pack::default_pack().unwrap().identity()));
    for pack in packs.iter().chain(&[Pack::default_pack().unwrap()]) {
        for file in pack.description.files() {
            pack.check_file(file).unwrap();
        }
        assert!(pack.population().unwrap().is_some(), "{}", pack.name());
        assert!(pack.description.golden.is_some(), "{}", pack.name());
    }
}

#[test]
fn every_embedder_makes_what_the_original_made() {
    for pack in all() {
        let difference = golden_difference(&pack, &Runtime::get().unwrap()).unwrap().unwrap();
        assert!(difference < 1e-5, "{}: {difference}", pack.name());
    }
}

#[test]
fn a_model_of_another_content_is_refused_when_it_loads() {
    let draft = Draft::new();
    let pack = draft.open().unwrap();
    let error = pack.embedder(&Runtime::get().unwrap()).err().unwrap();
    assert!(matches!(error, Error::Pack { .. }));
    let said = error.to_string();
    assert!(
        said.contains(&pack.description.embedder.model.file) && said.contains("sha256"),
        "{said}"
    );
}

#[test]
fn a_description_that_makes_no_sense_is_refused_with_the_field() {
    for (pointer, value, said) in [
        ("/name", json!("../up"), "name may only contain"),
        ("/embedder/file", json!("../a.onnx"), "beside pack.json"),
        ("/embedder/file", json!("absent.onnx"), "absent.onnx is missing"),
        ("/embedder/dimensions", json!(64), "golden.embedding has 128 numbers, not 64"),
        ("/embedder/dimensions", json!(1), "embedder.dimensions is 1"),
        ("/embedder/scale", json!([1.0, 0.0, 1.0]), "embedder.scale"),
        ("/embedder/channels", json!("grb"), "unknown variant `grb`"),
        ("/crop/size", json!(4), "crop.size is 4"),
        ("/crop/landmarks/0", json!([900.0, 3.0]), "crop.landmarks"),
        ("/crop/weights", json!([0.0, 0.0, 0.0, 0.0, 0.0]), "crop.weights"),
        ("/views/checking", json!([]), "views.checking"),
        ("/golden/pattern/side", json!(7), "golden.pattern"),
        ("/detector/kind", json!("eyes"), "unknown variant `eyes`"),
    ] {
        let line = Draft::refused(pointer, value);
        assert!(line.contains(said), "{pointer}: {line}");
        assert!(line.contains("verify pack check") && !line.contains('\n'), "{line}");
    }
    let empty = tempfile::tempdir().unwrap();
    let line = Pack::open(empty.path()).unwrap_err().to_string();
    assert!(line.contains("pack.json cannot be read"), "{line}");
}

#[test]
fn an_identity_depends_on_what_makes_an_embedding_and_on_nothing_else() {
    let identity = |change: &dyn Fn(&mut Value)| {
        let mut draft = Draft::new();
        change(&mut draft.value);
        draft.open().unwrap().identity()
    };
    let same = identity(&|_| ());
    assert_eq!(same, Pack::default_pack().unwrap().identity());
    let set = |pointer: &'static str, value: Value| {
        identity(&move |draft| *draft.pointer_mut(pointer).unwrap() = value.clone())
    };
    for (pointer, value) in [
        ("/licence", json!("another")),
        ("/quality/turned_yaw", json!(1.0)),
        ("/duplicates/same_look", json!(0.5)),
        ("/golden/reference", json!("another")),
    ] {
        assert_eq!(set(pointer, value), same, "{pointer}");
    }
    assert_eq!(identity(&|draft| draft["homepage"] = json!("new, and only describes")), same);
    for (pointer, value) in [
        ("/name", json!("other")),
        ("/embedder/sha256", json!("00")),
        ("/embedder/channels", json!("bgr")),
        ("/embedder/mean/2", json!(5.0)),
        ("/embedder/scale/0", json!(0.5)),
        ("/crop/weights/0", json!(0.5)),
        ("/views/checking/0/scale", json!(0.8)),
        ("/views/enrolling/0/mirrored", json!(true)),
    ] {
        assert_ne!(set(pointer, value), same, "{pointer}");
    }
}

#[test]
fn the_identity_of_a_pack_stays() {
    // Profiles and indexes hold it. If it changes on purpose, write the new one here.
    let of = |name: &str| all().into_iter().find(|pack| pack.name() == name).unwrap().identity();
    assert_eq!(of("mtcnn-dlib"), "mtcnn-dlib-f88a1f0498ca");
}

#[test]
fn a_pack_is_found_by_its_name_and_by_its_folder() {
    let pack = Pack::default_pack().unwrap();
    assert_eq!(Pack::named(pack.name()).unwrap(), pack);
    let draft = Draft::new();
    let opened = draft.open().unwrap();
    assert_eq!(Pack::named(&draft.folder.path().to_string_lossy()).unwrap(), opened);
    let line = Pack::named("no-such-pack").unwrap_err().to_string();
    assert!(line.starts_with("--pack: \"no-such-pack\" is not a pack"), "{line}");
    assert!(line.contains(pack.name()), "{line}");
}
