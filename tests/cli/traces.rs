//! What a run leaves on the computer: its own files, and nothing of anybody else's. ONNX Runtime would
//! keep events for its makers in the user's cache folder, and upload them.

use std::path::{Path, PathBuf};

use crate::photos::astronaut;
use crate::sandbox::Sandbox;

/// All files below `folder`, by their paths from there.
fn files(folder: &Path) -> Vec<PathBuf> {
    let found = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = found.filter(|entry| !entry.file_type().is_dir());
    files.map(|entry| entry.path().strip_prefix(folder).unwrap().to_owned()).collect()
}

#[test]
fn a_run_leaves_its_own_files_and_nothing_for_the_makers_of_the_runtime() {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    // What a user has set does not bring it back.
    for value in [None, Some("0")] {
        let mut command = sandbox.command(&["enroll", "Eileen", "--no-index"]);
        command.env_remove("CI").envs(value.map(|value| ("ORT_DISABLE_TELEMETRY", value)));
        command.assert().code(0);
        let all = files(&sandbox.path("."));
        let people = ["data/sameface/people/eileen.json", "data/sameface/people/last-enrolled"];
        assert_eq!(all, ["Eileen/1.png", people[0], people[1]].map(PathBuf::from));
    }
}
