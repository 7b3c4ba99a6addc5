//! The device that runs the networks: named, the default, or missing. A test that needs OpenVINO takes it
//! from `VERIFY_OPENVINO`, the library of an `onnxruntime-openvino`.

use std::ffi::OsString;

use serde_json::{Value, json};

use crate::photos::astronaut;
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};
use crate::skipped::skipped;

/// Two devices that no ONNX Runtime has both of, whatever the system.
const NEVER_HERE: &str = if cfg!(target_os = "macos") { "directml" } else { "coreml" };

/// OpenVINO's ONNX Runtime, if there is one to test with.
fn openvino() -> Option<OsString> {
    let library = std::env::var_os("VERIFY_OPENVINO").filter(|path| !path.is_empty());
    if library.is_none() {
        skipped("VERIFY_OPENVINO names no ONNX Runtime with OpenVINO");
    }
    library
}

/// What the doctor says of the finding `subject`.
fn finding<'a>(report: &'a Value, subject: &str) -> &'a Value {
    let mut findings = report["findings"].as_array().unwrap().iter();
    findings.find(|finding| finding["subject"] == subject).unwrap()
}

#[test]
fn a_device_of_no_known_name_is_refused_with_those_that_are() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["check", "x.png", "--device", "gpu"]).code(2).stdout("");
    let message = stderr(&run);
    assert!(message.contains("'--device <DEVICE>'") && message.contains("openvino"), "{message}");
    let run = sandbox.command(&["doctor", "--json"]).env("VERIFY_DEVICE", "gpu").assert().code(2);
    let device = finding(&json_lines(&run)[0], "execution provider").clone();
    assert_eq!(device["health"], "problem");
    let detail = device["detail"].as_str().unwrap();
    assert!(detail.starts_with("VERIFY_DEVICE: \"gpu\" is not a device"), "{detail}");
}

#[test]
fn a_device_that_is_named_and_not_there_is_an_error_of_every_command() {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    let named = format!("--device {NEVER_HERE}: ");
    let parts = [named.as_str(), "does not offer it, only ", "pip install", "another device"];
    sandbox.fails(&["enroll", "Eileen", "--device", NEVER_HERE], &parts);
    // Also if no model needs to run: the embeddings in the index were made elsewhere.
    sandbox.run(&["enroll", "Eileen"]).success();
    for command in
        [&["check", "Eileen"][..], &["scan", "Eileen"], &["embed", "Eileen", "--out", "e.npy"]]
    {
        sandbox.fails(&[command, &["--device", NEVER_HERE]].concat(), &parts);
    }
    let run =
        sandbox.command(&["check", "Eileen"]).env("VERIFY_DEVICE", NEVER_HERE).assert().code(2);
    assert!(stderr(&run).contains(&named), "{}", stderr(&run));
    // A flag comes before the variable.
    let named = ["check", "Eileen", "--device", "cpu"];
    sandbox.command(&named).env("VERIFY_DEVICE", NEVER_HERE).assert().success();
    let run = sandbox.run(&["doctor", "--json", "--device", NEVER_HERE]).code(2);
    let report = &json_lines(&run)[0];
    assert_eq!((&report["ok"], &report["device"]), (&json!(false), &Value::Null));
    assert_eq!(finding(report, "runtime")["health"], "ok");
    assert_eq!(finding(report, "execution provider")["health"], "problem");
}

#[test]
fn on_a_runtime_with_nothing_else_auto_is_the_processor_and_the_doctor_says_so() {
    let sandbox = Sandbox::new();
    for args in [&["doctor", "--json"][..], &["doctor", "--json", "--device", "auto"]] {
        let report = json_lines(&sandbox.run(args).success()).remove(0);
        if report["device"]["offered"] != json!(["cpu"]) {
            return skipped("this ONNX Runtime offers more than the processor");
        }
        let expected =
            json!({"asked": "auto", "used": "cpu", "offered": ["cpu"], "passed_over": []});
        assert_eq!(report["device"], expected);
    }
    let text = stdout(&sandbox.run(&["doctor", "--threads", "2"]).success());
    assert!(text.contains("cpu, 2 photos at a time (requested: auto; offered: cpu)"), "{text}");
}

/// The scores of every photo.
fn scores(lines: &[Value]) -> Vec<Option<f64>> {
    lines.iter().map(|line| line["score"].as_f64()).collect()
}

#[test]
fn openvino_agrees_with_the_processor_and_has_its_own_rows_in_the_index() {
    let Some(library) = openvino() else { return };
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    sandbox.run(&["enroll", "Eileen", "--no-index"]).success();
    let on = |args: &[&str]| {
        let mut command = sandbox.command(args);
        command.env("ORT_DYLIB_PATH", &library).args(["--device", "openvino"]).assert().success()
    };
    let report = json_lines(&on(&["doctor", "--json"])).remove(0);
    assert_eq!(
        (&report["device"]["asked"], &report["device"]["used"]),
        (&json!("openvino"), &json!("openvino"))
    );
    assert_eq!(finding(&report, "golden embedding")["health"], "ok");
    let check = ["check", "Eileen", "--json"];
    let there = on(&check);
    assert_eq!(stderr(&there), "", "nothing of what was tried is told");
    let here = sandbox.run(&[&check[..], &["--no-index", "--device", "cpu"]].concat()).success();
    for (a, b) in scores(&json_lines(&here)).iter().zip(scores(&json_lines(&there))) {
        assert_eq!(a.is_some(), b.is_some());
        // As for another ONNX Runtime, in `same`.
        assert!(a.zip(b).is_none_or(|(a, b)| (a - b).abs() <= 1e-4), "{a:?} {b:?}");
    }
    // What was found on one device is not taken for what another finds.
    let unknown = sandbox.command(&check).env("ORT_DYLIB_PATH", sandbox.path("gone.so")).assert();
    assert!(stderr(&unknown.code(2)).contains("ORT_DYLIB_PATH"));
    sandbox.run(&check).success();
    let known = sandbox.command(&check).env("ORT_DYLIB_PATH", sandbox.path("gone.so")).assert();
    assert_eq!(stdout(&known.success()), stdout(&here));
    assert_eq!(stdout(&on(&check)), stdout(&there));
}

#[test]
fn openvino_passes_over_a_graphics_processor_that_does_not_work_and_the_doctor_says_why() {
    let Some(library) = openvino() else { return };
    let sandbox = Sandbox::new();
    let on = |args: &[&str]| {
        let run = sandbox.command(args).env("ORT_DYLIB_PATH", &library).assert().success();
        json_lines(&run)[0]["device"].clone()
    };
    let device = on(&["doctor", "--json"]);
    assert_eq!(device["offered"], json!(["cpu", "openvino"]));
    assert_eq!((&device["used"], &device["passed_over"]), (&json!("cpu"), &json!([])));
    let device = on(&["doctor", "--json", "--device", "openvino"]);
    assert_eq!(device["used"], "openvino");
    if device["passed_over"] == json!([]) {
        return skipped("there is a graphics processor that OpenVINO runs on");
    }
    let over = &device["passed_over"][0];
    assert_eq!(over["device"], "openvino on the graphics processor");
    assert!(over["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{over}");
}

#[test]
fn a_device_that_is_offered_and_does_not_work_is_an_error_if_it_is_named() {
    let Some(library) = openvino() else { return };
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    // Without the libraries beside it, of which OpenVINO's are some.
    let alone = sandbox.copy(library.as_ref(), "libonnxruntime.so");
    let run = |args: &[&str]| sandbox.command(args).env("ORT_DYLIB_PATH", &alone).assert();
    let message = stderr(&run(&["enroll", "Eileen", "--device", "openvino"]).code(2));
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(message.starts_with("verify: --device openvino: "), "{message}");
    assert!(message.contains("offers it, but it does not work (Failed to load"), "{message}");
    assert_eq!(stderr(&run(&["enroll", "Eileen", "--json"]).success()), "", "auto does without");
    let device = json_lines(&run(&["doctor", "--json"]).success())[0]["device"].clone();
    assert_eq!((&device["used"], &device["offered"]), (&json!("cpu"), &json!(["cpu", "openvino"])));
}
