//! `verify eval` as its user runs it: the figure, and what stands in its way.

use crate::photos::{astronaut, scene};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};
use verify::decision::Method;

/// A sandbox with three photos each in `people/a` and `people/b`.
fn people() -> Sandbox {
    let sandbox = Sandbox::new();
    for name in ["a/1.png", "a/2.png", "a/3.png", "b/1.png", "b/2.png", "b/3.png"] {
        sandbox.copy(&astronaut(), &format!("people/{name}"));
    }
    sandbox
}

#[test]
fn a_profile_is_measured_and_drawn() {
    let sandbox = people();
    sandbox.copy(&sandbox.path("people/a/1.png"), "Eileen/1.png");
    sandbox.run(&["enroll", "Eileen", "--name", "Eileen <C>"]).success();
    let eval = |more: &[&str]| {
        let args = ["eval", "--positives", "people/a", "--negatives", "people/b"];
        sandbox.run(&[&args, more].concat()).success()
    };
    let run = eval(&["--plot", "out.svg", "--size", "800x700"]);
    assert!(stderr(&run).contains("drawn into out.svg"), "{}", stderr(&run));
    assert_eq!(stdout(&run), stdout(&eval(&[])), "the figure changes nothing of what is printed");
    let svg = std::fs::read_to_string(sandbox.path("out.svg")).unwrap();
    assert!(svg.starts_with("<svg width=\"800\" height=\"700\""), "{svg}");
    for text in
        ["Eileen &lt;C&gt; and others", "3 photos of the person, 3 of others", "threshold 4"]
    {
        assert!(svg.contains(text), "{text}");
    }
}

#[test]
fn every_method_has_its_curve_after_the_fewest_photos() {
    let sandbox = people();
    let args = ["eval", "--people", "people", "--enrolled", "5,1", "--json", "--plot", "out.png"];
    let rows = json_lines(&sandbox.run(&args).success());
    let (rows, labels): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|line| line["method"].is_string());
    assert_eq!(rows.len(), Method::ALL.len());
    // One picture under two names, three times.
    assert!(labels.iter().all(|label| label["finding"] == "same-picture"), "{labels:?}");
    assert!(!sandbox.profile().exists(), "none is needed");
    let size = image::image_dimensions(sandbox.path("out.png")).unwrap();
    assert_eq!(size, (1600, 1400));
    let args = ["eval", "--people", "people", "--enrolled", "1", "--plot", "out.svg"];
    sandbox.run(&args).success();
    let svg = std::fs::read_to_string(sandbox.path("out.svg")).unwrap();
    for text in ["2 people after 1 enrolled photo each", "plda", "centroid", "svm", "supervised"] {
        assert!(svg.contains(text), "{text}");
    }
}

/// A photo without a face is rejected, whoever is enrolled without it.
#[test]
fn each_part_of_the_photos_is_judged_by_the_others() {
    let sandbox = people();
    sandbox.copy(&astronaut(), "people/a/4.png");
    sandbox.write("people/a/5.jpg", &scene());
    sandbox.write("others/1.jpg", &scene());
    let folds = |count| {
        ["eval", "--positives", "people/a", "--negatives", "others", "--json", "--folds", count]
    };
    let measured = json_lines(&sandbox.run(&folds("2")).success()).remove(0);
    assert_eq!((&measured["genuine"], &measured["impostor"]), (&5.into(), &1.into()));
    let share = |name: &str| measured[name]["value"].as_f64().unwrap();
    assert!((share("frr") - 0.2).abs() < 1e-9 && share("far") == 0.0, "{measured}");
    assert!(!sandbox.profile().exists(), "none is needed and none is made");
    sandbox.fails(&folds("3"), &["--folds", "3 parts need at least twice as many photos"]);
}

#[test]
fn one_person_alone_is_no_folder_of_people() {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "people/a/1.png");
    sandbox.copy(&astronaut(), "people/stray.png");
    let parts = ["--people", "people holds 1 folder of photos", "one folder of photos a person"];
    sandbox.fails(&["eval", "--people", "people"], &parts);
    sandbox.fails(&["population", "--people", "people", "--out", "new"], &parts);
    let nowhere = ["population", "--people", "people", "--out", "gone/new"];
    sandbox.fails(&nowhere, &["gone/new: cannot be written", "choose a place"]);
    // Two people are enough for none of the tables, and nothing is written of half of them.
    sandbox.copy(&astronaut(), "people/b/1.png");
    let run = sandbox.run(&["population", "--people", "people", "--out", "new"]).code(2);
    assert!(stderr(&run).contains("it needs two people or more"), "{}", stderr(&run));
    assert!(!sandbox.path("new").exists());
}

#[test]
fn what_stands_in_the_figures_way_is_said_before_the_work() {
    let sandbox = Sandbox::new();
    let eval = |out: &str, parts: &[&str]| {
        sandbox.fails(&["eval", "--people", "gone", "--plot", out], parts);
    };
    eval("out.gif", &["out.gif: cannot be drawn", ".png or .svg"]);
    eval("missing/out.png", &["out.png: cannot be written"]);
    sandbox.run(&["eval", "--people", "gone", "--size", "800x700"]).code(2);
}

/// The same face in every photo: unchanged it is accepted, in the dark it is not found, and the most
/// alike stranger is the person.
#[test]
fn what_harms_the_decision_is_measured() {
    let sandbox = Sandbox::new();
    for name in (0..14).map(|i| format!("people/{}/{i}.png", if i < 7 { "a" } else { "b" })) {
        sandbox.copy(&astronaut(), &name);
    }
    let args = ["eval", "--people", "people", "--stress", "--sample", "1"];
    let rows = json_lines(&sandbox.run(&[&args[..], &["--json"]].concat()).success());
    let row = |change: &str| {
        rows.iter().find(|row| row["change"] == change).unwrap_or_else(|| panic!("{change}"))
    };
    assert_eq!((&row("none")["photos"], &row("none")["accepted"]), (&2.into(), &1.0.into()));
    let dark = rows.iter().rfind(|row| row["change"] == "dark").unwrap();
    assert_eq!((&dark["no_face"], &dark["accepted"]), (&1.0.into(), &0.0.into()));
    let alike = rows.iter().find(|row| row["table"] == "look-alike").unwrap();
    assert_eq!(alike["accepted"], 1.0);
    assert!(rows.iter().any(|row| row["table"] == "slipped"));
    let text = stdout(&sandbox.run(&args).success());
    for heading in ["made worse", "Copies of", "Two faces", "most alike", "photo of a stranger"] {
        assert!(text.contains(heading), "{heading}: {text}");
    }
    let few = ["eval", "--people", "few", "--stress"];
    sandbox.copy(&astronaut(), "few/a/1.png");
    sandbox.copy(&astronaut(), "few/b/1.png");
    let message = stderr(&sandbox.run(&few).code(2));
    assert!(message.ends_with("--people: nobody has 6 photos with a face\n"), "{message}");
}
