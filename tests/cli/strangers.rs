//! The threshold that is set by local strangers.

use sameface::decision::Population;
use sameface::pack::Pack;
use serde_json::Value;

use crate::folder::folders;
use crate::library::{fill, mixed, one_person, profile};
use crate::photos::{astronaut, scene};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};

/// Strangers in the simulated library, each once.
const STRANGERS: usize = 600;
/// Photos of the person in it.
const OWN: usize = 60;

/// A person, and a library whose strangers have so much of them.
fn library(alike: f32) -> Sandbox {
    let sandbox = Sandbox::new();
    let pack = Pack::default_pack().unwrap();
    let population = Population::of(&pack).unwrap();
    profile(&pack, &population, 1e-2).save(&sandbox.profile(), None).unwrap();
    let person = one_person(&population);
    let strangers = population.strangers(STRANGERS, 77);
    let alike = strangers.iter().map(|stranger| mixed(stranger, &person[0], alike));
    let others = population.strangers(OWN, 78);
    let own = others.iter().map(|other| mixed(&person[0], other, 0.5));
    fill(&sandbox, &pack, alike.chain(own));
    sandbox
}

fn saved(sandbox: &Sandbox) -> Value {
    serde_json::from_slice(&std::fs::read(sandbox.profile()).unwrap()).unwrap()
}

fn shown(sandbox: &Sandbox) -> Value {
    json_lines(&sandbox.run(&["profile", "show", "--json"]).success()).remove(0)
}

/// The number of photos that a scan lists, and what it says.
fn scanned(sandbox: &Sandbox, args: &[&str]) -> (usize, String) {
    let run = sandbox.run(&[&["scan", "library", "--json"], args].concat());
    (json_lines(&run).len(), stderr(&run))
}

#[test]
fn a_library_of_alike_strangers_raises_the_threshold_for_the_next_time() {
    let sandbox = library(0.3);
    let before = saved(&sandbox);
    let (as_it_is, said) = scanned(&sandbox, &["--calibrate", "off"]);
    assert!(as_it_is > OWN + STRANGERS / 20, "many strangers match: {as_it_is} {said}");
    assert_eq!(saved(&sandbox), before, "off leaves the profile alone");

    let (first, said) = scanned(&sandbox, &[]);
    assert_eq!(first, as_it_is);
    assert!(
        said.contains("threshold changed from 2.00 to ")
            && said.contains("strangers in your photos look more"),
        "{said}"
    );
    assert!(said.contains(" listed above would no longer match"), "{said}");
    let after = shown(&sandbox);
    let faces = after["strangers"]["faces"].as_u64().unwrap();
    assert!(
        faces.abs_diff(STRANGERS as u64) <= 60,
        "{} {}",
        after["strangers"],
        after["threshold"]
    );
    assert!(after["threshold"].as_f64().unwrap() > 2.2 && after["far"] == 0.01, "{after}");
    let embeddings = before["photos"].as_array().unwrap().len();
    assert_eq!(saved(&sandbox)["photos"].as_array().unwrap().len(), embeddings);

    let (second, said) = scanned(&sandbox, &[]);
    // One in a hundred strangers is what was asked for; a few more are so alike that they pass for the
    // person.
    let strangers = second.saturating_sub(OWN);
    assert!(second >= OWN - 3 && 10 * strangers < STRANGERS, "{second} {said}");
    assert!(2 * strangers < as_it_is - OWN, "{second} after {as_it_is}: {said}");
    assert!(!said.contains("threshold changed"), "it is known already: {said}");
    let text = stdout(&sandbox.run(&["profile", "show"]).success());
    assert!(text.contains("of strangers in your photos\n"), "{text}");
    assert!(
        text.contains("(raised from 2.00: strangers in your photos look more like Nobody"),
        "{text}"
    );

    sandbox.run(&["enroll", "--calibrate", "off"]).success();
    let off = shown(&sandbox);
    assert!(off["strangers"].is_null() && off["threshold"] == 2.0, "{off}");
    let (_, said) = scanned(&sandbox, &[]);
    assert!(!said.contains("threshold changed"), "off stays off: {said}");
    sandbox.run(&["enroll", "--calibrate", "auto"]).success();
    let on = shown(&sandbox);
    assert_eq!(on["threshold"], after["threshold"], "what the index has counts");
}

/// Photos that do not match are listed with `--all`, and never copied.
#[test]
fn a_scan_goes_by_the_threshold_of_the_day_and_copies_matches_alone() {
    let sandbox = library(0.4);
    let (as_enrolled, _) = scanned(&sandbox, &["--calibrate", "off"]);
    let (strict, _) = scanned(&sandbox, &["--calibrate", "off", "--far", "1e-4"]);
    let (strictest, _) = scanned(&sandbox, &["--calibrate", "off", "--threshold", "6.9"]);
    assert!(strictest < strict && strict < as_enrolled, "{strictest} {strict} {as_enrolled}");
    let all = ["--all", "--copy-to", "found", "--link-to", "linked", "--calibrate", "off"];
    let (listed, _) = scanned(&sandbox, &all);
    assert_eq!(listed, STRANGERS + OWN);
    for folder in ["found", "linked"] {
        let files = std::fs::read_dir(sandbox.path(folder)).unwrap().count();
        assert_eq!(files, as_enrolled, "{folder}");
    }
}

#[test]
fn a_library_of_ordinary_strangers_lowers_nothing() {
    let sandbox = library(0.0);
    let (_, said) = scanned(&sandbox, &[]);
    assert!(!said.contains("threshold changed"), "{said}");
    let shown = shown(&sandbox);
    assert_eq!(shown["threshold"], 2.0);
    assert!(shown["strangers"]["faces"].as_u64().unwrap() > 500, "{shown}");
}

#[test]
fn too_few_strangers_are_refused_and_nothing_is_changed() {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    sandbox.run(&["enroll", "Eileen"]).success();
    let before = saved(&sandbox);
    sandbox.copy(&astronaut(), "others/1.png");
    sandbox.write("others/2.jpg", &scene());
    sandbox
        .fails(&["enroll", "--strangers", "others"], &["strangers: there are fewer than 20 faces"]);
    assert_eq!(saved(&sandbox), before);
    sandbox.run(&["enroll", "--strangers", "others", "--calibrate", "off"]).code(2);
}

/// Real people of one kind: strangers of that kind set a threshold that keeps others of it out.
#[test]
fn strangers_of_the_persons_kind_keep_others_of_it_out() {
    let Some([kind]) = folders(["hard/southasia"]) else { return };
    let mut people: Vec<_> = std::fs::read_dir(&kind).unwrap().map(|e| e.unwrap().path()).collect();
    people.sort();
    let position = people.iter().position(|p| p.ends_with("shardul_thakur")).unwrap();
    let person = people.remove(position);
    let sandbox = Sandbox::new();
    sandbox.command(&["enroll", "--far", "1e-3"]).arg(&person).assert().code(0);
    let matches = || {
        let run = sandbox.command(&["check", "--json"]).args(&people[7..]).assert();
        json_lines(&run).iter().filter(|line| line["verdict"] == "match").count()
    };
    let before = matches();
    let mut enroll = sandbox.command(&["enroll"]);
    for other in &people[..7] {
        enroll.arg("--strangers").arg(other);
    }
    enroll.assert().code(0);
    let set = saved(&sandbox);
    sandbox.command(&["scan"]).args(&people).assert().code(0);
    assert_eq!(saved(&sandbox), set, "a scan leaves alone what was given");
    let after = matches();
    assert!(before > 0 && 2 * after <= before, "{before} before, {after} with strangers");
    let own = sandbox.command(&["check", "--json"]).arg(&person).assert();
    let kept = json_lines(&own).iter().filter(|line| line["verdict"] == "match").count();
    assert!(10 * kept >= 7 * json_lines(&own).len(), "{kept} of {}", json_lines(&own).len());
}
