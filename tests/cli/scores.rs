//! Photos of two people made by us, from the files to the verdicts: what every pack and every method
//! says of them is known to the last digits. The numbers are this program's own, in
//! `tests/data/scores.json`; after a change that is meant to move them, write them anew with
//! `VERIFY_REGENERATE=1 cargo test --release --test cli scores` and read the difference.

use std::path::Path;

use image::{ImageFormat, RgbImage};
use sameface::decision::Method;
use serde_json::{Map, Value, json};

use crate::people::{ANN, BOB, CYD, Pose, UPRIGHT, photo};
use crate::photos::encoded;
use crate::sandbox::{Sandbox, json_lines};

const PACKS: [&str; 2] = ["yunet-sface", "mtcnn-dlib"];

/// How far a score, a probability or a cosine may be from what is known: processors add in other
/// orders.
const TOLERANCE: f64 = 1e-3;
/// The same for boxes and landmarks, in pixels.
const PIXELS: f64 = 0.02;

pub fn save(sandbox: &Sandbox, name: &str, picture: RgbImage) {
    sandbox.write(name, &encoded(picture, ImageFormat::Png));
}

/// Ann's photos to learn from, and photos of her and others to check, of all shapes.
pub fn photos() -> Sandbox {
    let sandbox = Sandbox::new();
    let save = |name: &str, picture| save(&sandbox, name, picture);
    let square = (320, 320);
    let poses = [
        UPRIGHT,
        Pose { turn: 12.0, light: 1.5, ..UPRIGHT },
        Pose { scale: 0.8, light: 0.7, mirrored: true, ..UPRIGHT },
        Pose { turn: -9.0, scale: 1.1, ..UPRIGHT },
    ];
    save("ann/bob.png", photo(square, &[(&BOB, UPRIGHT)]));
    for (number, pose) in poses.into_iter().enumerate() {
        save(&format!("ann/{number}.png"), photo(square, &[(&ANN, pose)]));
        save(&format!("others/{number}.png"), photo(square, &[(&CYD, pose)]));
    }
    let left = Pose { middle: (150.5, 190.25), scale: 0.7, turn: 7.0, ..UPRIGHT };
    let right = Pose { middle: (420.0, 180.0), scale: 1.2, light: 0.9, ..UPRIGHT };
    let wide = (600, 360);
    save("new/ann-wide.png", photo(wide, &[(&ANN, left)]));
    save("new/ann-high.png", photo((240, 500), &[(&ANN, Pose { turn: 17.0, ..UPRIGHT })]));
    save("new/ann-beside-bob.png", photo(wide, &[(&ANN, left), (&BOB, right)]));
    save("new/bob.png", photo(wide, &[(&BOB, right)]));
    save("new/cyd.png", photo(square, &[(&CYD, Pose { light: 1.2, ..UPRIGHT })]));
    save("new/bob-beside-cyd.png", photo(wide, &[(&BOB, left), (&CYD, right)]));
    sandbox
}

#[test]
fn every_pack_and_method_says_what_it_has_always_said() {
    let sandbox = photos();
    let said: Vec<Value> = PACKS.iter().flat_map(|pack| said_by(&sandbox, pack)).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/scores.jsonl");
    if std::env::var_os("VERIFY_REGENERATE").is_some() {
        let lines: String = said.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(&path, lines).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap();
    let known: Value =
        known.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect();
    let mut differences = Vec::new();
    compare("", &known, &said.into(), TOLERANCE, &mut differences);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What a pack makes of the photos: the enrolment and the faces once, the verdicts of each method.
fn said_by(sandbox: &Sandbox, pack: &str) -> Vec<Value> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(pack);
    let models = models.to_str().unwrap();
    let mut said = Vec::new();
    for method in Method::ALL.map(Method::name) {
        let enroll = ["enroll", "ann", "--json", "--method", method, "--pack", models];
        let others: &[&str] = if method == "supervised" { &["--negatives", "others"] } else { &[] };
        let run = sandbox.run(&[&enroll, others].concat()).success();
        let enrolled = json_lines(&run).remove(0);
        assert_eq!(enrolled["method"], method);
        if method == Method::DEFAULT.name() {
            let parts = ["counts", "standing", "kept", "duplicates", "set_aside", "weak"];
            let parts: Map<_, _> =
                parts.map(|part| (part.to_owned(), enrolled[part].clone())).into_iter().collect();
            said.push(json!({ "pack": pack, "enrolment": parts }));
        }
        said.push(json!({ "pack": pack, "method": method, "self_test": enrolled["self_test"] }));
        let check = ["check", "new", "--json", "--pack", models];
        for line in json_lines(&sandbox.run(&check).code(1)) {
            if method == Method::DEFAULT.name() {
                let faces = [&line["faces"], &line["nearest"]];
                said.push(json!({ "pack": pack, "photo": line["photo"], "faces": faces }));
            }
            let parts = ["photo", "verdict", "score", "threshold", "probability"];
            let parts = parts.map(|part| &line[part]);
            said.push(json!({ "pack": pack, "method": method, "verdict": parts }));
        }
    }
    said
}

/// Name each place at which `said` is not what is `known`.
fn compare(at: &str, known: &Value, said: &Value, tolerance: f64, found: &mut Vec<String>) {
    match (known, said) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            for (key, value) in a {
                let pixels = key == "box" || key == "landmarks";
                let tolerance = if pixels { PIXELS } else { tolerance };
                compare(&format!("{at}/{key}"), value, &b[key], tolerance, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{at}/{i}"), a, b, tolerance, found);
            }
        }
        (Value::Number(a), Value::Number(b))
            if (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() <= tolerance => {}
        _ if known == said => {}
        _ => found.push(format!("{at}: {known} is known, {said} is said")),
    }
}
