//! `verify eval` as its user runs it: the figure, and what stands in its way.

use sameface::decision::Method;
use sameface::pack::Pack;
use serde_json::Value;

use crate::library::fill_people;
use crate::photos::{astronaut, scene};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};

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
    assert!(stderr(&run).contains("wrote out.svg"), "{}", stderr(&run));
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
    let lines = json_lines(&sandbox.run(&args).success());
    let (rows, findings): (Vec<_>, Vec<_>) =
        lines.iter().partition(|line| line["method"].is_string());
    assert_eq!(rows.len(), Method::ALL.len());
    assert_eq!(rows[0]["spread"]["worst"][0]["far"], 1.0, "everybody is the same person");
    // Each photo of the second person is a picture of the first.
    assert!(findings.iter().all(|line| line["finding"] == "same-picture"));
    assert_eq!(findings.len(), 3);
    assert!(!sandbox.profile().exists(), "none is needed");
    let size = image::image_dimensions(sandbox.path("out.png")).unwrap();
    assert_eq!(size, (1600, 1400));
    let args = ["eval", "--people", "people", "--enrolled", "1", "--plot", "out.svg"];
    sandbox.run(&args).success();
    let svg = std::fs::read_to_string(sandbox.path("out.svg")).unwrap();
    for text in ["2 people with 1 enrolled photo each", "plda", "centroid", "svm", "supervised"] {
        assert!(svg.contains(text), "{text}");
    }
}

/// Strangers are the other people of the same folder.
#[test]
fn several_folders_of_people_are_measured_each_by_itself() {
    let sandbox = people();
    for name in ["c/1.png", "c/2.png", "c/3.png", "d/1.png"] {
        sandbox.copy(&astronaut(), &format!("more/{name}"));
    }
    let args = ["eval", "--people", "people", "--people", "more", "--enrolled", "1", "--json"];
    let lines = json_lines(&sandbox.run(&args).success());
    let rows: Vec<_> = lines.iter().filter(|line| line["folder"].is_string()).collect();
    let fields = |row: &serde_json::Value| {
        let folder = row["folder"].as_str().unwrap().to_owned();
        (folder, row["photos"].as_u64().unwrap(), row["people"].as_u64().unwrap())
    };
    // Of the second only one person has photos to spare.
    let expected = [("people".to_owned(), 6, 2), ("more".to_owned(), 4, 1)];
    assert_eq!(rows.iter().map(|row| fields(row)).collect::<Vec<_>>(), expected);
    let text = stdout(&sandbox.run(&args[..7]).success());
    for part in ["under two names", "same folder", "\npeople ", "\nmore ", "people beyond"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let parts = ["--people", "only one folder with --refit, --stress, --plot or --out"];
    sandbox.fails(&[&args[..], &["--refit", "2"]].concat(), &parts);
    // All that is left without the second person's copies is one person.
    let clean = ["eval", "--people", "people", "--clean", "--enrolled", "1"];
    let message = stderr(&sandbox.run(&clean).code(2));
    assert!(message.contains("--clean: only one person is left of people"), "{message}");
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
    let parts = ["--people", "people holds 1 folder of photos", "one folder of photos per person"];
    sandbox.fails(&["eval", "--people", "people"], &parts);
    sandbox.fails(&["population", "--people", "people", "--out", "new"], &parts);
    let nowhere = ["population", "--people", "people", "--out", "gone/new"];
    sandbox.fails(&nowhere, &["gone/new: cannot be written", "choose an existing folder"]);
    // Two people are enough for none of the tables, and nothing is written of half of them.
    sandbox.copy(&astronaut(), "people/b/1.png");
    let run = sandbox.run(&["population", "--people", "people", "--out", "new"]).code(2);
    assert!(stderr(&run).contains("it needs at least two people"), "{}", stderr(&run));
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
    let print = row("print");
    assert_eq!(print["iapmr"]["value"], print["accepted"], "an imitation of the person");
    assert!(row("blur").get("iapmr").is_none(), "{rows:?}");
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

/// Made-up people whose photos the index knows: what the options of a measurement leave out and add.
#[test]
fn relatives_are_no_strangers_and_folders_are_measured_by_others_and_by_strangers_at_hand() {
    let sandbox = Sandbox::new();
    let pack = Pack::default_pack().unwrap();
    for folder in ["one", "two"] {
        fill_people(&sandbox, &pack, folder, (80, 12));
    }
    sandbox.write("kin.txt", b"p00 p01 sibling\np02 p03 parent\n");
    let folders = ["eval", "--people", "one", "--people", "two", "--enrolled", "1", "--json"];
    let eval = |more: &[&str]| json_lines(&sandbox.run(&[&folders, more].concat()).success());
    let usual = eval(&[]);
    assert_eq!(usual.iter().map(|row| &row["folder"]).collect::<Vec<_>>(), ["one", "two"]);

    let related = eval(&["--related", "kin.txt"]);
    let trials = |row: &Value| row["impostor"].as_u64().unwrap();
    assert!(trials(&related[0]) < trials(&usual[0]), "{}", related[0]);
    let kinships: Vec<_> = related.iter().filter_map(|row| row["kinship"].as_str()).collect();
    let kinds = ["child", "parent", "sibling", "stranger"];
    assert_eq!(kinships, [kinds, kinds].concat());

    let galleries = eval(&["--gallery", "1,10,200"]);
    let sizes: Vec<_> = galleries.iter().map(|row| row["gallery"].as_u64().unwrap()).collect();
    assert_eq!(sizes, [1, 10, 1, 10], "there are not 200 people");
    for row in &galleries {
        let rates = &row["rates"]["1e-2"];
        let [fpir, alone] = ["fpir", "fpir_alone"].map(|name| rates[name].as_f64().unwrap());
        assert!(
            fpir <= alone && rates["fnir"].is_number() && row["mated"].as_u64() > Some(0),
            "{row}"
        );
    }

    let with_strangers = eval(&["--strangers"]);
    assert_eq!(with_strangers.len(), 4);
    let (plain, at_hand) = (&with_strangers[0], &with_strangers[1]);
    assert_eq!((plain, &at_hand["strangers"]), (&usual[0], &true.into()));
    let half = trials(at_hand) as f64 / trials(plain) as f64;
    assert!((0.45..0.55).contains(&half), "half of the others are learnt from: {half}");

    let left_out = eval(&["--leave-out"]);
    assert_eq!(left_out.len(), 2);
    assert_eq!(trials(&left_out[0]), trials(&usual[0]));
    assert_ne!(left_out[0]["calibrated"], usual[0]["calibrated"], "by the other folder alone");
    sandbox.write("bad.txt", b"p00 p01\n");
    sandbox.fails(&[&folders[..], &["--related", "bad.txt"]].concat(), &["bad.txt, line 1"]);
    let population = ["population", "--people", "one", "--out", "new", "--related", "bad.txt"];
    sandbox.fails(&population, &["bad.txt, line 1"]);
}
