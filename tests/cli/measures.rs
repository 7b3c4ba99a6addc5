//! Standard measures as their user asks for them: pairs of photos, groups of people, the page of all figures.

use sameface::pack::Pack;
use serde_json::Value;

use crate::library::fill_people;
use crate::photos::{astronaut, scene};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};

/// Forty made-up people with six photos each, in `one`.
fn people() -> Sandbox {
    let sandbox = Sandbox::new();
    fill_people(&sandbox, &Pack::default_pack().unwrap(), "one", (40, 6));
    sandbox
}

/// Pairs of them: of each person two photos, and one beside the next person's.
fn pairs() -> String {
    let of = |i: usize| {
        let next = (i + 1) % 40;
        format!("one/p{i:02}/0.jpg,one/p{i:02}/1.jpg,1\none/p{i:02}/2.jpg,one/p{next:02}/0.jpg,0\n")
    };
    (0..40).map(of).collect()
}

fn value(estimate: &Value) -> f64 {
    estimate["value"].as_f64().unwrap()
}

#[test]
fn pairs_are_compared_and_those_without_a_face_are_failures() {
    let sandbox = people();
    sandbox.write("pairs.csv", pairs().as_bytes());
    let eval = ["eval", "--pairs", "pairs.csv", "--json"];
    let all = json_lines(&sandbox.run(&eval).success()).remove(0);
    let measures = &all["measures"];
    assert_eq!((&all["pairs"], &all["failed"]), (&80.into(), &serde_json::json!([0, 0])));
    assert_eq!((&measures["genuine"], &measures["impostor"]), (&40.into(), &40.into()));
    assert_eq!(all["accuracy"], Value::Null, "there is one fold");
    let set = &measures["set"]["1e-2"];
    assert_eq!((&set["far"], &set["frr"]), (&set["fmr"]["value"], &set["fnmr"]["value"]));
    assert!(
        value(&measures["eer"]) < 0.2 && measures["cllr"].as_f64() > measures["min_cllr"].as_f64()
    );

    // A photo without a face is no comparison, and an attempt that fails.
    sandbox.write("scene/1.jpg", &scene());
    let more = "one/p00/0.jpg,scene/1.jpg,1\nscene/1.jpg,one/p01/0.jpg,0\n";
    sandbox.write("pairs.csv", (pairs() + more).as_bytes());
    let failing = json_lines(&sandbox.run(&eval).success()).remove(0);
    assert_eq!(failing["failed"], serde_json::json!([1, 1]));
    let failures = &failing["measures"]["failures"];
    assert_eq!((&failures["not_acquired"], &failures["not_enrolled"]), (&1.into(), &1.into()));
    assert_eq!((&failures["photos"], &failures["enrolments"]), (&121.into(), &81.into()));
    let of = &failing["measures"]["set"]["1e-2"];
    assert_eq!(of["fnmr"], set["fnmr"], "the comparisons are the same");
    let expected = 1.0 / 41.0 + value(&set["fnmr"]) * 40.0 / 41.0;
    assert!((of["frr"].as_f64().unwrap() - expected).abs() < 1e-9, "{of}");
    let text = stdout(&sandbox.run(&eval[..3]).success());
    for part in ["82 pairs", "1, 1", "FTA 0.83 %: 1 of 121 photos", "FNMR  false non-match rate"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn pairs_of_lfw_have_folds_and_a_population_without_their_people() {
    let sandbox = Sandbox::new();
    fill_people(&sandbox, &Pack::default_pack().unwrap(), "one", (80, 12));
    let mut table = "2\t2\n".to_owned();
    for person in ["p00", "p01"] {
        for number in 0..3 {
            let to = format!("one/{person}/{person}_{number:04}.jpg");
            sandbox.copy(&astronaut(), &to);
        }
    }
    for _ in 0..2 {
        table += "p00\t0\t1\np01\t1\t2\np00\t0\tp01\t2\np01\t0\tp00\t2\n";
    }
    sandbox.write("pairs.txt", table.as_bytes());
    let eval = ["eval", "--pairs", "pairs.txt", "--people", "one", "--json"];
    let row = json_lines(&sandbox.run(&eval).success()).remove(0);
    // One face everywhere: whatever is said, half of the pairs are told right.
    assert_eq!(row["accuracy"]["folds"], serde_json::json!([0.5, 0.5]));
    assert_eq!(
        (&row["accuracy"]["mean"], &row["accuracy"]["standard_error"]),
        (&0.5.into(), &0.0.into())
    );
    let run = sandbox.run(&[&eval[..], &["--refit", "2"]].concat()).success();
    assert!(
        stderr(&run).contains("estimating population 2 of 2 from 78 others"),
        "{}",
        stderr(&run)
    );
    assert_eq!(json_lines(&run).pop().unwrap()["pairs"], 8);
    sandbox.fails(&["eval", "--pairs", "gone.txt"], &["gone.txt: cannot be read"]);
    sandbox.write("bad.txt", b"1 1\np00 0 1\np00 0 p99 1\n");
    let bad = ["eval", "--pairs", "bad.txt", "--people", "one"];
    sandbox.fails(&bad, &["--pairs: bad.txt, line 3", "p99_0001.jpg"]);
}

#[test]
fn groups_have_rates_of_their_own_and_everything_is_on_one_page() {
    let sandbox = people();
    let label =
        |i: usize| format!("p{i:02},{}\n", if i.is_multiple_of(2) { "<even>" } else { "odd" });
    let table: String = (0..39).map(label).collect();
    sandbox.write("groups.csv", format!("person,parity\n{table}nobody,odd\n").as_bytes());
    sandbox.write("one/p07/scene.jpg", &scene());
    let args = ["eval", "--people", "one", "--enrolled", "1,3", "--method", "centroid"];
    let args = [&args[..], &["--group", "groups.csv", "--out", "out.html"]].concat();
    let run = sandbox.run(&[&args[..], &["--json"]].concat()).success();
    assert!(stderr(&run).contains("groups.csv: 1 of its names are not among these people: nobody"));
    let rows = json_lines(&run);
    let measures = &rows[0]["measures"];
    assert_eq!(measures["failures"]["not_acquired"], 1);
    let by = &measures["groups"][0];
    assert_eq!(
        (&by["by"], &by["ungrouped"], &by["ungrouped_names"][0]),
        (&"parity".into(), &1.into(), &"p39".into())
    );
    let [even, odd] = [0, 1].map(|i| &by["groups"][i]);
    assert_eq!(
        (&even["label"], &even["people"], &odd["people"]),
        (&"<even>".into(), &20.into(), &19.into())
    );
    // 19 other people of the group, with six photos each, for each of 20.
    assert_eq!(even["within"], 20 * 19 * 6);
    assert!(by["ratios"]["1e-2"]["fmr"]["highest"].is_string(), "{by}");
    let zoo = &measures["zoo"];
    assert_eq!((zoo["people"].as_array().unwrap().len(), &zoo["expected"]), (40, &2.5.into()));
    let band = measures["det"].as_array().unwrap();
    assert!(
        band.len() > 20
            && band.iter().all(|p| p["low"].as_f64() <= p["fnmr"].as_f64()
                && p["fnmr"].as_f64() <= p["high"].as_f64())
    );

    let page = std::fs::read_to_string(sandbox.path("out.html")).unwrap();
    for part in [
        "id=\"det\"",
        "id=\"zoo\"",
        "id=\"calibration\"",
        "id=\"histogram\"",
        "id=\"rows\"",
        "By parity",
        "&#60;even&#62;",
        "In no group",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(
        !page.contains("<even>")
            && !page.contains("src=")
            && !page.contains("http://www.w3.org/1999/xlink")
    );
    let text = stdout(&sandbox.run(&args).success());
    for part in
        ["Standard measures", "By parity", "in no group: 1 (p39)", "goats", "wolves", "FTE", "Cllr"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let mut bad = args.clone();
    bad[8] = "bad.csv";
    sandbox.write("bad.csv", b"p00,odd\np01\n");
    assert!(
        stderr(&sandbox.run(&bad).code(2))
            .contains("--group: bad.csv, line 2: write a person and a label")
    );
    sandbox.fails(&["eval", "--people", "gone", "--out", "out.png"], &["out.png"]);
}
