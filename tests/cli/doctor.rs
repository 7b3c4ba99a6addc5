//! What `verify doctor` says of an installation.

use crate::enrolled;
use crate::sandbox::{Sandbox, json_lines, stdout};

#[test]
fn the_doctor_finds_all_well_with_and_without_a_profile() {
    let sandbox = enrolled();
    let run = sandbox.run(&["doctor", "--json"]).success();
    let report = &json_lines(&run)[0];
    assert_eq!(report["ok"], true);
    let subjects: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["subject"].as_str().unwrap(), finding["health"].as_str().unwrap()))
        .collect();
    for subject in ["runtime", "execution provider", "sface.onnx", "golden embedding", "profile"] {
        assert!(subjects.contains(&(subject, "ok")), "{subject}: {subjects:?}");
    }
    let text = stdout(&sandbox.run(&["doctor", "--profile", "gone.json"]).success());
    assert!(text.contains("hint") && text.contains("gone.json: no profile found"), "{text}");
}

#[test]
fn the_doctor_says_what_to_do_about_a_broken_runtime_and_a_damaged_profile() {
    let sandbox = Sandbox::new();
    let library = sandbox.write("libonnxruntime.so", b"no library");
    let run = sandbox.command(&["doctor"]).env("ORT_DYLIB_PATH", library).assert().code(2);
    let text = stdout(&run);
    assert!(text.contains("problem") && text.contains("ONNX Runtime cannot be used"), "{text}");
    sandbox.write("damaged.json", b"{");
    let text = stdout(&sandbox.run(&["doctor", "--profile", "damaged.json"]).code(2));
    assert!(text.contains("damaged.json: damaged profile"), "{text}");
}
