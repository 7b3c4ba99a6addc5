//! `--from-xmp`: people are enrolled from XMP that exiftool writes in the forms of other programs.

use std::path::Path;

use crate::people::{ANN, BOB, Pose, photo};
use crate::photos::encoded;
use crate::sandbox::{json_lines, stderr, stdout};
use crate::scores::save;
use crate::xmp::{album, exiftool, has_exiftool, places, sha256};

/// Name the face at this place of a photo as a program would, in the photo itself.
fn tag(path: &Path, program: &str, name: &str, [x, y, w, h]: [f64; 4], size: (u32, u32)) {
    let area = format!("{{X={x},Y={y},W={w},H={h},Unit=normalized}}");
    let applied = format!("AppliedToDimensions={{W={},H={},Unit=pixel}}", size.0, size.1);
    let mwg = format!(
        "-XMP-mwg-rs:RegionInfo={{{applied},RegionList=[{{Area={area},Name={name},Type=Face}}]}}"
    );
    let lightroom = format!(
        "-XMP-mwg-rs:RegionInfo={{{applied},RegionList=[{{Area={area},Rotation=0,Type=Face,Name={name}}}]}}"
    );
    let rectangle = format!("{}|, {}|, {w}|, {h}", x - w / 2.0, y - h / 2.0);
    let microsoft = format!(
        "-XMP-MP:RegionInfoMP={{Regions=[{{PersonDisplayName={name},Rectangle={rectangle}}}]}}"
    );
    let person = format!("-XMP-iptcExt:PersonInImage={name}");
    let list = format!("-XMP-digiKam:TagsList=People/{name}");
    let keyword = format!("-XMP-dc:Subject={name}");
    let args = match program {
        "digikam" => vec![&mwg, &microsoft, &list, &keyword],
        "lightroom" => vec![&lightroom, &person, &keyword],
        "picasa" => vec![&mwg],
        _ => vec![&microsoft],
    };
    let mut all = vec!["-overwrite_original"];
    all.extend(args.into_iter().map(String::as_str));
    exiftool(&all, path);
}

/// Photos of two people, of which other programs have named one, in every format that holds it; the person is
/// learnt from the right face.
#[test]
fn faces_that_other_programs_have_named_are_learnt() {
    if !has_exiftool() {
        return;
    }
    let sandbox = album();
    let [left, right] = places();
    let size = (600, 360);
    // Around Bob's whole head, as people and programs draw it.
    let place = [0.7, 0.5, 0.36, 0.6];
    let ways = [
        ("digikam", "jpg"),
        ("lightroom", "png"),
        ("picasa", "tiff"),
        ("microsoft", "webp"),
        ("lightroom", "jpg.xmp"),
        ("digikam", "xmp"),
    ];
    for (number, (program, ending)) in ways.into_iter().enumerate() {
        let pose = Pose { light: 0.8 + 0.07 * number as f64, ..right };
        let picture = photo(size, &[(&ANN, left), (&BOB, pose)]);
        let ends = ending.trim_end_matches(".xmp").replace("xmp", "jpg");
        let format = image::ImageFormat::from_extension(&ends).unwrap();
        let stem = format!("tagged/{number}");
        let path = sandbox.write(&format!("{stem}.{ends}"), &encoded(picture, format));
        let path = if ending == ends { path } else { sandbox.path(&format!("{stem}.{ending}")) };
        tag(&path, program, "Robert", place, size);
    }
    let hashes =
        |names: &[&str]| names.iter().map(|name| sha256(&sandbox.path(name))).collect::<Vec<_>>();
    let photos = ["tagged/0.jpg", "tagged/1.png", "tagged/2.tiff", "tagged/3.webp"];
    let before = hashes(&photos);
    let run = sandbox.run(&["enroll", "--from-xmp", "robert", "tagged", "--json"]).success();
    let line = &json_lines(&run)[0];
    assert_eq!((&line["name"], &line["xmp"]["photos"]), (&"robert".into(), &6.into()), "{line}");
    assert_eq!(line["xmp"]["without_face"], serde_json::json!([]));
    assert_eq!(hashes(&photos), before);
    let run =
        sandbox.run(&["check", "--json", "--person", "robert", "bob/1.png", "ann/1.png"]).code(1);
    let lines = json_lines(&run);
    assert_eq!((&lines[0]["verdict"], &lines[1]["verdict"]), (&"match".into(), &"no-match".into()));
    sandbox.fails(&["enroll", "--from-xmp", "Eve", "tagged"], &["\"Eve\"", "Robert (6)"]);
    sandbox
        .fails(&["enroll", "--from-xmp", "Eve", "album"], &["no face in these photos has a name"]);
}

#[test]
fn a_place_without_a_face_is_reported() {
    if !has_exiftool() {
        return;
    }
    let sandbox = album();
    let [left, right] = places();
    let size = (600, 360);
    let group = |number: f64| photo(size, &[(&ANN, Pose { light: number, ..left }), (&BOB, right)]);
    for (name, light, place) in
        [("1", 0.9, [0.7, 0.5, 0.36, 0.6]), ("2", 1.1, [0.5, 0.05, 0.05, 0.08])]
    {
        let path = sandbox
            .write(&format!("group/{name}.jpg"), &encoded(group(light), image::ImageFormat::Jpeg));
        tag(&path, "picasa", "Robert", place, size);
    }
    let run = sandbox.run(&["enroll", "--from-xmp", "Robert", "group", "--json"]).success();
    assert!(
        stderr(&run).contains("group/2.jpg: no face found where its XMP names Robert"),
        "{}",
        stderr(&run)
    );
    let line = &json_lines(&run)[0];
    assert_eq!(line["xmp"], serde_json::json!({ "photos": 2, "without_face": ["group/2.jpg"] }));
    assert_eq!(
        (&line["counts"]["kept"], &line["counts"]["set_aside"]),
        (&1.into(), &1.into()),
        "{line}"
    );
}

/// A program that finds a sidecar may not look into the photo any more.
#[test]
fn a_new_sidecar_begins_with_the_names_in_the_photo() {
    if !has_exiftool() {
        return;
    }
    let sandbox = album();
    let photo = sandbox.path("album/both.png");
    tag(&photo, "digikam", "Robert", [0.7, 0.5, 0.36, 0.6], (600, 360));
    let run = sandbox.run(&["identify", "album/both.png", "--xmp", "--json"]).success();
    let said = &json_lines(&run)[0]["xmp"];
    assert_eq!(said["added"], serde_json::json!(["Ann"]), "{said}");
    assert_eq!(said["kept"], serde_json::json!([{ "name": "Bob", "called": "Robert" }]));
    assert!(stderr(&run).contains("the face of Bob is called Robert there"), "{}", stderr(&run));
    let sidecar = sandbox.path("album/both.png.xmp");
    let names = exiftool(&["-s3", "-XMP-mwg-rs:RegionName", "-XMP-dc:Subject"], &sidecar);
    assert_eq!(names, "Robert, Ann\nRobert, Ann\n");
    let people = sandbox.run(&["people", "--from-xmp", "album", "--dry-run", "--json"]).success();
    assert_eq!(
        stdout(&people),
        "{\"name\":\"Ann\",\"photos\":1}\n{\"name\":\"Robert\",\"photos\":1}\n"
    );
}

#[test]
fn everybody_who_is_named_is_learnt() {
    let sandbox = album();
    let [left, right] = places();
    // Different enough to be photos of their own.
    for (number, (turn, scale)) in [(0.0, 1.0), (-9.0, 1.1), (12.0, 0.9)].into_iter().enumerate() {
        let posed = |pose: Pose| Pose { turn, scale: scale * pose.scale, ..pose };
        let faces = [(&ANN, Pose { turn: turn / 1.5, ..posed(left) }), (&BOB, posed(right))];
        save(&sandbox, &format!("library/{number}.png"), photo((600, 360), &faces));
    }
    sandbox.run(&["scan", "library", "--everyone", "--xmp"]).success();
    // Somebody else's computer, where nobody is known.
    let other = ["--people", "others"];
    let run =
        sandbox.run(&[&["people", "--from-xmp", "library", "--dry-run"][..], &other].concat());
    assert_eq!(stdout(&run.success()), "Ann: 3 photos\nBob: 3 photos\n");
    let learn = [&["people", "--from-xmp", "library"][..], &other].concat();
    let run = sandbox.run(&learn).success();
    let text = stdout(&run);
    assert!(!stderr(&run).contains("skipped"), "the sidecars were read: {}", stderr(&run));
    assert!(text.contains("Ann: 3 photos, 3 of them new; enrolled with "), "{text}");
    assert!(text.contains("Bob: 3 photos, 3 of them new; enrolled with 3 photos\n"), "{text}");
    let run = sandbox.run(&[&learn[..], &["--json"]].concat()).success();
    let lines = json_lines(&run);
    assert_eq!(
        (&lines[1]["name"], &lines[1]["new"], &lines[1]["kept"]),
        (&"Bob".into(), &0.into(), &3.into())
    );
    let run =
        sandbox.run(&[&["identify", "album/both.png", "--json"][..], &other].concat()).success();
    let line = &json_lines(&run)[0];
    let mut names: Vec<_> =
        line["faces"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Ann", "Bob"]);
    sandbox.fails(
        &["people", "--from-xmp", "library", "list"],
        &["cannot be combined with a subcommand"],
    );
}
