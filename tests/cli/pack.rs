//! Packs of models: the one that is built in, the other one of the repository, and a user's own
//! embedder, which becomes a pack by files alone.

use std::path::{Path, PathBuf};

use image::{ImageFormat, Rgb, RgbImage};
use sameface::decision::{Method, Population};
use sameface::pack::Pack;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::photos::{astronaut, encoded};
use super::sandbox::{Sandbox, json_lines, stderr, stdout};

fn models(pack: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(pack)
}

/// One object that a run printed.
fn json(sandbox: &Sandbox, args: &[&str]) -> Value {
    json_lines(&sandbox.run(args).success()).remove(0)
}

/// A pack of the default detector and a tiny embedder, in the folder `own` of the sandbox.
fn own_pack(sandbox: &Sandbox) -> Value {
    let default = models("yunet-sface");
    sandbox.copy(&default.join("yunet.onnx"), "own/yunet.onnx");
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny_embedder.onnx");
    let tiny = sandbox.copy(&tiny, "own/tiny.onnx");
    let text = std::fs::read_to_string(default.join("pack.json")).unwrap();
    let mut pack: Value = serde_json::from_str(&text).unwrap();
    pack["name"] = json!("own");
    pack["crop"] = json!({
        "size": 32,
        "landmarks": [[11.0, 14.0], [21.0, 14.0], [16.0, 19.0], [12.0, 25.0], [20.0, 25.0]],
        "weights": [1.0, 1.0, 1.0, 1.0, 1.0],
    });
    pack["embedder"] = json!({
        "file": "tiny.onnx",
        "sha256": format!("{:x}", Sha256::digest(std::fs::read(tiny).unwrap())),
        "output": "code",
        "dimensions": 48,
        "channels": "bgr",
        "mean": [127.5, 127.5, 127.5],
        "scale": [0.01, 0.01, 0.01],
        "batch": 8,
    });
    // Nobody's numbers are known of it.
    pack.as_object_mut().unwrap().remove("golden");
    write(sandbox, &pack);
    pack
}

fn write(sandbox: &Sandbox, pack: &Value) {
    sandbox.write("own/pack.json", pack.to_string().as_bytes());
}

/// Small portraits of people who differ in the light on their face: `photos` of each of `people`.
fn people(sandbox: &Sandbox, people: u32, photos: u32) {
    let large = image::open(astronaut()).unwrap();
    let face = large.crop_imm(140, 20, 170, 210).to_rgb8();
    let mut state = 1u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from((state >> 16) as u16) / 65_536.0 - 0.5
    };
    for person in 0..people {
        let own: Vec<f32> = (0..12).map(|_| random()).collect();
        for photo in 0..photos {
            let light: Vec<f32> = own.iter().map(|v| 1.0 + 0.7 * v + 0.1 * random()).collect();
            let png = encoded(lit(&face, &light), ImageFormat::Png);
            sandbox.write(&format!("people/{person:02}/{photo}.png"), &png);
        }
    }
}

/// The photo under a light of another colour in each quarter, blended so that no edge shows.
fn lit(face: &RgbImage, light: &[f32]) -> RgbImage {
    let (width, height) = (face.width() as f32, face.height() as f32);
    RgbImage::from_fn(face.width(), face.height(), |x, y| {
        let (right, down) = (x as f32 / width, y as f32 / height);
        let pixel = face.get_pixel(x, y);
        Rgb([0, 1, 2].map(|channel| {
            let corner = |at: usize| light[3 * at + channel];
            let top = corner(0) * (1.0 - right) + corner(1) * right;
            let bottom = corner(2) * (1.0 - right) + corner(3) * right;
            let factor = top * (1.0 - down) + bottom * down;
            (f32::from(pixel[channel]) * factor).clamp(0.0, 255.0) as u8
        }))
    })
}

#[test]
fn packs_are_listed_shown_and_checked() {
    let sandbox = Sandbox::new();
    let listed = json(&sandbox, &["pack", "list", "--json"]);
    assert_eq!(listed[0]["name"], "yunet-sface");
    assert_eq!((&listed[0]["folder"], &listed[0]["error"]), (&Value::Null, &Value::Null));
    let shown = json(&sandbox, &["pack", "show", "--json"]);
    assert_eq!(shown["identity"], listed[0]["identity"]);
    assert_eq!(shown["embedder"]["dimensions"], 128);

    let second = models("mtcnn-dlib");
    let folder = second.to_str().unwrap();
    let text = stdout(&sandbox.run(&["pack", "show", folder]).success());
    assert!(text.contains("mtcnn-dlib-") && text.contains("dlib_resnet_v1.onnx"), "{text}");
    for args in [&["pack", "check", "--json"][..], &["pack", "check", folder, "--json"]] {
        let checked = json(&sandbox, args);
        assert_eq!(checked["ok"], true, "{checked}");
        let findings = checked["findings"].as_array().unwrap();
        let golden = findings.iter().find(|f| f["subject"] == "golden embedding").unwrap();
        assert!(golden["detail"].as_str().unwrap().contains("of the original"), "{golden}");
    }
}

#[test]
fn the_second_pack_does_the_whole_job_and_its_profiles_are_its_own() {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    let second = models("mtcnn-dlib");
    let second = second.to_str().unwrap();
    sandbox.run(&["enroll", "Eileen", "--pack", second]).success();
    let photo = "Eileen/1.png";
    let checked = json(&sandbox, &["check", photo, "--json", "--pack", second]);
    assert_eq!(checked["verdict"], "match");
    sandbox.run(&["plot", "out.png", "--pack", second]).success();

    // Another pack's profile is refused by a line that names both, and the fix.
    let line = stderr(&sandbox.run(&["check", photo]).code(2));
    for part in ["mtcnn-dlib-", "yunet-sface-", "--pack", "enrol again"] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
    let mut by_variable = sandbox.command(&["check", photo]);
    by_variable.env("VERIFY_PACK", second).assert().code(0);
    let mut flag_wins = sandbox.command(&["check", photo, "--pack", second]);
    flag_wins.env("VERIFY_PACK", "no-such-pack").assert().code(0);
}

#[test]
fn a_users_own_embedder_is_a_pack_by_files_alone() {
    let sandbox = Sandbox::new();
    own_pack(&sandbox);
    people(&sandbox, 40, 6);

    // Without a population it can do no more than have one estimated.
    sandbox
        .fails(&["enroll", "people/00", "--pack", "own"], &["own", "verify population --people"]);
    let text = stdout(&sandbox.run(&["pack", "check", "own"]).code(2));
    assert!(text.contains("the pack has none") && text.contains("verify population"), "{text}");

    sandbox.run(&["population", "--people", "people", "--pack", "own"]).success();
    sandbox.run(&["pack", "check", "own"]).success();
    let enrol = ["people/00/0.png", "people/00/1.png", "people/00/2.png"];
    let enroll =
        [&["enroll", "--name", "Zero", "--far", "1e-2", "--pack", "own"][..], &enrol].concat();
    sandbox.run(&enroll).success();
    let verdict = |photo: &str| {
        let assert = sandbox.command(&["check", photo, "--json", "--pack", "own"]).assert();
        json_lines(&assert).remove(0)["verdict"].as_str().unwrap().to_owned()
    };
    let own = (3..6).filter(|i| verdict(&format!("people/00/{i}.png")) == "match").count();
    assert!(own >= 2, "{own} of 3 photos of the person match");
    let others = (1..40).filter(|i| verdict(&format!("people/{i:02}/0.png")) == "match").count();
    assert!(others <= 2, "{others} of 39 strangers match");

    // Installed under its name, and with a file that is not the one described.
    for file in ["pack.json", "yunet.onnx", "tiny.onnx", "population.safetensors"] {
        let from = sandbox.path("own").join(file);
        sandbox.copy(&from, &format!("data/sameface/packs/mine/{file}"));
    }
    sandbox.run(&["check", "people/00/3.png", "--pack", "mine", "--json"]);
    let listed = json(&sandbox, &["pack", "list", "--json"]);
    assert_eq!(listed[1]["name"], "own");
    sandbox.write("own/tiny.onnx", b"something else");
    sandbox.fails(
        &["check", "people/00/3.png", "--pack", "own", "--no-index"],
        &["tiny.onnx", "sha256"],
    );
}

#[test]
fn a_population_older_than_a_method_serves_the_others() {
    let sandbox = Sandbox::new();
    for file in ["pack.json", "sface.onnx", "yunet.onnx", "population.safetensors"] {
        sandbox.copy(&models("yunet-sface").join(file), &format!("older/{file}"));
    }
    let pack = Pack::open(&sandbox.path("older")).unwrap();
    let mut population = Population::of(&pack).unwrap();
    population.curves.retain(|(method, _)| *method != Method::Plda);
    let bytes = population.to_bytes(&pack.identity()).unwrap();
    sandbox.write("older/population.safetensors", &bytes);
    sandbox.copy(&astronaut(), "Eileen/1.png");

    let said = ["plda", "no calibration for this method", "`verify population`"];
    let enroll = ["enroll", "Eileen", "--pack", "older", "--method"];
    sandbox.fails(&[&enroll[..], &["plda"]].concat(), &said);
    assert!(!sandbox.profile().exists(), "nobody is enrolled by a method that cannot judge");
    let compared = sandbox.run(&[&enroll[..], &["compare", "--json"]].concat()).success();
    let line = stderr(&compared);
    assert!(said.iter().all(|part| line.contains(part)) && line.contains("left out"), "{line}");
    let report = json_lines(&compared).remove(0);
    let tested = report["self_test"].as_array().unwrap();
    assert_eq!(tested.len(), Method::ALL.len() - 1, "{report}");
    assert!(tested.iter().all(|test| test["method"] != "plda"), "{report}");
    for method in Method::ALL.into_iter().filter(|method| *method != Method::Plda) {
        sandbox.run(&[&enroll[..], &[method.name()]].concat()).success();
        sandbox.run(&["check", "Eileen/1.png", "--pack", "older"]).success();
    }
    let text = stdout(&sandbox.run(&["pack", "check", "older"]).success());
    assert!(text.contains("without the method plda"), "{text}");
}

#[test]
fn a_pack_that_does_not_fit_its_models_is_refused() {
    let sandbox = Sandbox::new();
    let pack = own_pack(&sandbox);
    let said = |pointer: &str, value: Value| {
        let mut changed = pack.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        write(&sandbox, &changed);
        let text = stdout(&sandbox.run(&["pack", "check", "own"]).code(2));
        text.lines().find(|line| line.starts_with("problem")).unwrap().to_owned()
    };
    let line = said("/embedder/dimensions", json!(64));
    assert!(line.contains("48 numbers") && line.contains("64"), "{line}");
    let line = said("/crop/size", json!(40));
    assert!(line.contains("3 × 40 × 40"), "{line}");
    let line = said("/embedder/output", json!("vector"));
    assert!(line.contains("no output named vector, only code"), "{line}");
    sandbox.fails(&["doctor", "--pack", "no-such"], &["--pack", "no-such", "yunet-sface"]);
}
