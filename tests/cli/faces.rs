//! Who else is there: unknown faces gathered into people, and enrolled from there.

use serde_json::{Value, json};

use crate::people::{ANN, BOB, CYD, Person, Pose, UPRIGHT, photo};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};

/// Four photos each of Ann and Bob, one of which shows both.
fn library() -> Sandbox {
    let sandbox = Sandbox::new();
    let pose = |i: usize| Pose {
        light: [1.0, 0.8, 1.25, 1.1][i],
        turn: [0.0, 4.0, -4.0, 8.0][i],
        scale: [1.0, 0.9, 1.1, 0.95][i],
        ..UPRIGHT
    };
    for i in 0..3 {
        save(&sandbox, &format!("all/ann {i}.png"), 320, &[(&ANN, pose(i))]);
        save(&sandbox, &format!("all/bob {i}.png"), 320, &[(&BOB, pose(i))]);
    }
    let right = Pose { middle: (480.0, 160.0), ..pose(3) };
    save(&sandbox, "all/both.png", 640, &[(&BOB, pose(3)), (&ANN, right)]);
    sandbox
}

fn save(sandbox: &Sandbox, name: &str, width: u32, people: &[(&Person, Pose)]) {
    let path = sandbox.write(name, b"");
    photo((width, 320), people).save(path).unwrap();
}

fn gathered(sandbox: &Sandbox, args: &[&str]) -> Value {
    let run = sandbox.run(&[&["faces", "all", "--json"], args].concat());
    json_lines(&run).remove(0)
}

/// The photos of each group, by their names.
fn groups(gathered: &Value) -> Vec<Vec<String>> {
    let name = |face: &Value| {
        let photo = std::path::Path::new(face["photo"].as_str().unwrap());
        assert!(photo.is_absolute());
        photo.file_name().unwrap().to_string_lossy().into_owned()
    };
    let of = |group: &Value| {
        let mut names: Vec<String> = group["faces"].as_array().unwrap().iter().map(name).collect();
        names.sort();
        names
    };
    gathered["groups"].as_array().unwrap().iter().map(of).collect()
}

const OF_ANN: [&str; 4] = ["ann 0.png", "ann 1.png", "ann 2.png", "both.png"];
const OF_BOB: [&str; 4] = ["bob 0.png", "bob 1.png", "bob 2.png", "both.png"];

#[test]
fn people_are_gathered_picked_enrolled_and_then_left_out() {
    let sandbox = library();
    let run = sandbox.run(&["faces", "all", "--out", "faces.html"]).success();
    let said = stdout(&run);
    for part in [
        "1",
        "4 faces",
        "8 faces in 2 groups, 0 alone",
        "wrote faces.html",
        "--from-faces faces.html:1",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let found = gathered(&sandbox, &[]);
    let both = groups(&found);
    assert!(both.contains(&OF_ANN.map(str::to_owned).to_vec()), "{both:?}");
    assert!(both.contains(&OF_BOB.map(str::to_owned).to_vec()), "{both:?}");
    assert_eq!(
        (&found["photos"], &found["faces"], &found["alone"]),
        (&7.into(), &8.into(), &0.into())
    );
    let ann = 1 + both.iter().position(|group| group[0] == "ann 0.png").unwrap();
    let pick = format!("faces.html:{ann}");
    let said = stdout(&sandbox.run(&["enroll", "--from-faces", &pick, "--name", "Ann"]).success());
    assert!(said.contains("Enrolled Ann") && said.contains("face 2 of 2 from the left"), "{said}");
    // In the photo of both, the face on the right is enrolled as Ann.
    let verdict = |photo: &str| {
        let run = sandbox.run(&["check", photo, "--json"]);
        json_lines(&run)[0]["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict("all/ann 1.png"), "match");
    assert_ne!(verdict("all/bob 1.png"), "match");
    let rest = gathered(&sandbox, &[]);
    assert_eq!(groups(&rest), [OF_BOB]);
    assert_eq!(rest["known"], 4);
    let all = gathered(&sandbox, &["--known"]);
    let named: Vec<&Value> =
        all["groups"].as_array().unwrap().iter().filter(|group| group["name"] == "Ann").collect();
    assert_eq!((named.len(), &named[0]["person"]), (1, &"ann".into()));
}

#[test]
fn groups_are_added_to_somebody_and_two_are_one_person() {
    let sandbox = library();
    sandbox.run(&["faces", "all", "--out", "f.json"]).success();
    sandbox.run(&["enroll", "all/ann 0.png", "--name", "Ann"]).success();
    let found: Value =
        serde_json::from_slice(&std::fs::read(sandbox.path("f.json")).unwrap()).unwrap();
    let at = groups(&found).iter().position(|group| group[0] == "ann 0.png").unwrap();
    let pick = format!("f.json:{}", at + 1);
    let run = sandbox.run(&["enroll", "--person", "Ann", "--add-faces", &pick, "--json"]).success();
    let report = json_lines(&run).remove(0);
    let counts = &report["counts"];
    assert_eq!((&counts["photos"], &counts["set_aside"]), (&5.into(), &0.into()), "{report}");
    // The faces of one person in two groups, and two people taken for one.
    let two = |file: &str| {
        let [one, other] = [1, 2].map(|group| format!("{file}:{group}"));
        sandbox.run(&["enroll", "--from-faces", &one, "--from-faces", &other, "--name", "Two"])
    };
    let mut group = found["groups"][at].clone();
    let faces: Vec<Value> = group["faces"].as_array_mut().unwrap().drain(2..).collect();
    group["group"] = 1.into();
    let other = json!({"group": 2, "person": null, "name": null, "faces": faces});
    let mut split = found.clone();
    split["groups"] = json!([group, other]);
    sandbox.write("split.json", split.to_string().as_bytes());
    assert!(stdout(&two("split.json").success()).contains("Enrolled Two"));
    assert!(stderr(&two("f.json").code(2)).contains("two people"));
}

#[test]
fn what_cannot_be_picked_is_said() {
    let sandbox = library();
    sandbox.run(&["faces", "all", "--out", "f.json", "--least", "4"]).success();
    let fails = |args: &[&str], parts: &[&str]| sandbox.fails(&[&["enroll"], args].concat(), parts);
    fails(&["--from-faces", "f.json:1"], &["--from-faces", "--name"]);
    fails(&["--from-faces", "f.json:9", "--name", "A"], &["group 9", "from 1 to 2"]);
    fails(&["--from-faces", "gone:1", "--name", "A"], &["gone", "cannot be read"]);
    let run = sandbox.run(&["enroll", "--from-faces", "f.json", "--name", "A"]).code(2);
    assert!(stderr(&run).contains("faces.html:3"), "{}", stderr(&run));
    sandbox.write("other.html", b"<html>");
    fails(&["--from-faces", "other.html:1", "--name", "A"], &["other.html", "verify faces"]);
    sandbox.fails(&["faces", "all", "--out", "f.txt"], &["f.txt", ".html"]);
    // A photo that became another one has other faces.
    for name in ["ann 0.png", "bob 0.png"] {
        save(&sandbox, &format!("all/{name}"), 320, &[(&CYD, UPRIGHT)]);
    }
    let run = sandbox.run(&["enroll", "--from-faces", "f.json:1", "--name", "A"]).success();
    assert!(stderr(&run).contains("0.png: changed since `verify faces`"), "{}", stderr(&run));
}

#[test]
fn nobody_is_no_error() {
    let sandbox = Sandbox::new();
    save(&sandbox, "all/cyd.png", 320, &[(&CYD, UPRIGHT)]);
    let run = sandbox.run(&["faces", "all"]).code(1);
    assert!(stdout(&run).contains("1 alone"), "{}", stdout(&run));
    sandbox.fails(&["faces", "gone"], &["gone", "cannot be read"]);
}
