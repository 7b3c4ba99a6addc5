//! `--xmp`: what is written is read by exiftool, and what exiftool wrote stays.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::people::{ANN, BOB, Pose, UPRIGHT, photo};
use crate::photos::{encoded, scene};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};
use crate::scores::save;
use crate::skipped;

/// Ann and Bob are enrolled, and the folder `album` has photos of both.
pub fn album() -> Sandbox {
    let sandbox = Sandbox::new();
    save(&sandbox, "ann/1.png", photo((320, 320), &[(&ANN, UPRIGHT)]));
    save(&sandbox, "bob/1.png", photo((320, 320), &[(&BOB, UPRIGHT)]));
    sandbox.run(&["enroll", "ann", "--name", "Ann"]).success();
    sandbox.run(&["enroll", "bob", "--name", "Bob"]).success();
    let [left, right] = places();
    let wide = (600, 360);
    save(&sandbox, "album/both.png", photo(wide, &[(&ANN, left), (&BOB, right)]));
    sandbox.write("album/scene.jpg", &scene());
    sandbox
}

pub fn places() -> [Pose; 2] {
    let left = Pose { middle: (150.5, 190.25), scale: 0.7, turn: 7.0, ..UPRIGHT };
    [left, Pose { middle: (420.0, 180.0), scale: 1.2, light: 0.9, ..UPRIGHT }]
}

/// Whether exiftool is there; if not, the test is skipped.
pub fn has_exiftool() -> bool {
    let is_there = Command::new("exiftool").arg("-ver").output().is_ok();
    if !is_there {
        skipped("no exiftool (`apt-get install libimage-exiftool-perl`)");
    }
    is_there
}

/// Run exiftool on a file.
pub fn exiftool(args: &[&str], file: &Path) -> String {
    let run = Command::new("exiftool").args(args).arg(file).output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{args:?}: {said}");
    String::from_utf8(run.stdout).unwrap()
}

/// What exiftool reads in a file, structures as such.
fn read(file: &Path) -> Value {
    let text = exiftool(&["-json", "-struct", "-XMP:all"], file);
    serde_json::from_str::<Value>(&text).unwrap()[0].take()
}

/// A list, also if exiftool shows its only item alone.
fn listed(value: &Value) -> Vec<String> {
    let items = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    items.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect()
}

pub fn sha256(path: &Path) -> String {
    format!("{:x}", Sha256::digest(std::fs::read(path).unwrap()))
}

/// A region of exiftool's as left, top, width and height, in pixels of a picture of this size.
fn pixels(region: &Value, (width, height): (f64, f64)) -> [f64; 4] {
    let of = |name: &str| region["Area"][name].as_f64().unwrap();
    let (w, h) = (of("W") * width, of("H") * height);
    [of("X") * width - w / 2.0, of("Y") * height - h / 2.0, w, h]
}

fn close(one: [f64; 4], other: [f64; 4]) -> bool {
    one.iter().zip(other).all(|(a, b)| (a - b).abs() < 1.0)
}

#[test]
pub fn exiftool_reads_the_names_and_where_they_are() {
    if !has_exiftool() {
        return;
    }
    let sandbox = album();
    let photo = sandbox.path("album/both.png");
    let before = sha256(&photo);
    let run = sandbox.run(&["identify", "album/both.png", "--xmp", "--json"]).success();
    let line = &json_lines(&run)[0];
    assert_eq!(line["xmp"]["outcome"], "written");
    assert_eq!(line["xmp"]["sidecar"], "album/both.png.xmp");
    assert!(stderr(&run).contains("XMP sidecars: 1 written"), "{}", stderr(&run));
    let xmp = read(&sandbox.path("album/both.png.xmp"));
    let info = &xmp["RegionInfo"];
    let size = serde_json::json!({ "W": 600, "H": 360, "Unit": "pixel" });
    assert_eq!(info["AppliedToDimensions"], size, "{xmp}");
    for face in line["faces"].as_array().unwrap() {
        let regions = info["RegionList"].as_array().unwrap();
        let region = regions.iter().find(|region| region["Name"] == face["name"]).unwrap();
        assert_eq!(
            (&region["Type"], &region["Area"]["Unit"]),
            (&"Face".into(), &"normalized".into())
        );
        let bounds: Vec<f64> =
            face["box"].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect();
        // Here a pixel's middle counts, there its edge.
        let bounds = [bounds[0] + 0.5, bounds[1] + 0.5, bounds[2], bounds[3]];
        assert!(close(pixels(region, (600.0, 360.0)), bounds), "{region} {bounds:?}");
    }
    let mut subjects = listed(&xmp["Subject"]);
    subjects.sort();
    assert_eq!(subjects, ["Ann", "Bob"]);
    assert!(listed(&xmp["HierarchicalSubject"]).contains(&"People|Bob".to_owned()), "{xmp}");
    assert_eq!(
        exiftool(&["-validate", "-warning", "-error"], &sandbox.path("album/both.png.xmp")).trim(),
        "Validate                        : OK"
    );
    assert_eq!(sha256(&photo), before, "the photo is as it was");
}

#[test]
fn a_second_time_changes_nothing_and_a_trial_neither() {
    let sandbox = album();
    let sidecar = sandbox.path("album/both.xmp");
    let scan = ["scan", "album", "--person", "Bob", "--xmp", "--xmp-name", "photo.xmp"];
    let run = sandbox.run(&[&scan[..], &["--dry-run"]].concat()).success();
    assert!(stdout(&run).contains("would be written to album/both.xmp: Bob"), "{}", stdout(&run));
    assert!(!sidecar.exists());
    sandbox.run(&scan).success();
    let first = sha256(&sidecar);
    let text = std::fs::read_to_string(&sidecar).unwrap();
    assert!(text.contains(">Bob<") && !text.contains(">Ann<"), "{text}");
    let run = sandbox.run(&scan).success();
    assert!(stderr(&run).contains("XMP sidecars: 0 written, 1 unchanged"), "{}", stderr(&run));
    assert_eq!(sha256(&sidecar), first);
    // The others join.
    let run =
        sandbox.run(&["scan", "album", "--everyone", "--xmp", "--xmp-name", "photo.xmp", "--json"]);
    let lines = json_lines(&run.success());
    let line = lines.iter().find(|line| line["photo"] == "album/both.png").unwrap();
    assert_eq!(line["xmp"]["added"], serde_json::json!(["Ann"]));
    assert!(!sandbox.path("album/scene.xmp").exists(), "nobody is there");
    let names: Vec<_> = std::fs::read_dir(sandbox.path("album")).unwrap().flatten().collect();
    assert_eq!(names.len(), 3, "no draft is left: {names:?}");
}

#[test]
fn a_sidecar_that_is_no_xmp_is_named_and_left() {
    let sandbox = album();
    for (bytes, reason) in [
        (&b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF>"[..], "not well-formed"),
        (b"\xFF\xFEx\0m\0p\0", "not UTF-8"),
        (b"rating: 5", "not well-formed"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DTD"),
    ] {
        let sidecar = sandbox.write("album/both.png.xmp", bytes);
        for args in [
            &["identify", "album/both.png"][..],
            &["scan", "album", "--everyone"],
            &["scan", "album", "--person", "Bob"],
        ] {
            let run = sandbox.run(&[args, &["--xmp"]].concat()).code(2);
            let said = stderr(&run);
            assert!(said.contains("both.png.xmp") && said.contains(reason), "{said}");
            assert!(said.contains("XMP sidecars: 0 written, 1 failed"), "{said}");
            assert!(stdout(&run).contains("both.png"), "it is listed all the same");
        }
        assert_eq!(std::fs::read(&sidecar).unwrap(), bytes);
    }
    std::fs::remove_file(sandbox.path("album/both.png.xmp")).unwrap();
    std::fs::create_dir(sandbox.path("album/both.png.xmp")).unwrap();
    let run = sandbox.run(&["identify", "album/both.png", "--xmp"]).code(2);
    assert!(stderr(&run).contains("not a file"), "{}", stderr(&run));
    sandbox.fails(&["identify", "-", "--xmp"], &["standard input", "save it"]);
}

/// Each of the eight ways in which a JPEG may be stored: Exiftool's reading of the box is where the face is in the
/// stored pixels.
#[test]
fn boxes_are_those_of_the_stored_photo() {
    if !has_exiftool() {
        return;
    }
    let sandbox = album();
    let [left, _] = places();
    let upright = photo((600, 360), &[(&ANN, left)]);
    let mut seen = Vec::new();
    for number in 1..=8_u8 {
        let turn = image::metadata::Orientation::from_exif(number).unwrap();
        let back = match number {
            6 => 8,
            8 => 6,
            other => other,
        };
        let mut stored = image::DynamicImage::from(upright.clone());
        stored.apply_orientation(image::metadata::Orientation::from_exif(back).unwrap());
        let stored = stored.into_rgb8();
        let size = (f64::from(stored.width()), f64::from(stored.height()));
        let name = format!("turned/{number}.jpg");
        let path = sandbox.write(&name, &encoded(stored, image::ImageFormat::Jpeg));
        exiftool(&["-overwrite_original", "-n", &format!("-Orientation={number}")], &path);
        sandbox.run(&["identify", &name, "--xmp"]).success();
        let xmp = read(&sandbox.path(&format!("{name}.xmp")));
        let dimensions = &xmp["RegionInfo"]["AppliedToDimensions"];
        assert_eq!(
            (dimensions["W"].as_f64(), dimensions["H"].as_f64()),
            (Some(size.0), Some(size.1))
        );
        let [x, y, w, h] = pixels(&xmp["RegionInfo"]["RegionList"][0], size);
        // Painted into the stored picture and turned upright, it is where the face is in every case.
        let mut mask = image::RgbImage::new(size.0 as u32, size.1 as u32);
        for (px, py, pixel) in mask.enumerate_pixels_mut() {
            let inside = |at: u32, from: f64, length: f64| {
                (from..from + length).contains(&(f64::from(at) + 0.5))
            };
            if inside(px, x, w) && inside(py, y, h) {
                *pixel = image::Rgb([255; 3]);
            }
        }
        let mut mask = image::DynamicImage::from(mask);
        mask.apply_orientation(turn);
        let mask = mask.into_rgb8();
        let lit = mask.enumerate_pixels().filter(|(.., pixel)| pixel[0] > 0);
        let (mut xs, mut ys): (Vec<u32>, Vec<u32>) = lit.map(|(x, y, _)| (x, y)).unzip();
        xs.sort_unstable();
        ys.sort_unstable();
        seen.push([xs[0], ys[0], xs[xs.len() - 1], ys[ys.len() - 1]]);
    }
    for other in &seen {
        let differs = seen[0].iter().zip(other).any(|(a, b)| a.abs_diff(*b) > 2);
        assert!(!differs, "{seen:?}");
    }
}

#[test]
fn what_exiftool_wrote_into_a_sidecar_stays() {
    if !has_exiftool() {
        return;
    }
    let sandbox = album();
    let sidecar = sandbox.path("album/both.png.xmp");
    let region = "-RegionInfo={AppliedToDimensions={W=600,H=360,Unit=pixel},RegionList=[{Area={X=0.9,Y=0.9,W=0.05,H=0.05,\
                  Unit=normalized},Name=Rex,Type=Pet}]}";
    let args = [
        region,
        "-Subject=Beach",
        "-Rating=4",
        "-Title=By the sea",
        "-Creator=Mum",
        "-GPSLatitude=48.5",
        "-HierarchicalSubject=Family|Ann",
    ];
    exiftool(&args, &sidecar);
    let before = read(&sidecar);
    let text = std::fs::read_to_string(&sidecar).unwrap();
    std::fs::write(&sidecar, text.replacen("<rdf:Description", "<!-- mine --><rdf:Description", 1))
        .unwrap();
    sandbox.run(&["identify", "album/both.png", "--xmp"]).success();
    let after = read(&sidecar);
    for (name, value) in before.as_object().unwrap() {
        if !["RegionInfo", "Subject", "HierarchicalSubject"].contains(&name.as_str()) {
            assert_eq!(&after[name], value, "{name}");
        }
    }
    let names: Vec<&Value> =
        after["RegionInfo"]["RegionList"].as_array().unwrap().iter().map(|r| &r["Name"]).collect();
    assert_eq!((names.len(), names[0]), (3, &"Rex".into()), "{after}");
    assert_eq!(listed(&after["Subject"])[0], "Beach");
    assert_eq!(
        listed(&after["HierarchicalSubject"]),
        ["Family|Ann", "People|Bob"],
        "she is there already"
    );
    assert!(std::fs::read_to_string(&sidecar).unwrap().contains("<!-- mine -->"));
}
