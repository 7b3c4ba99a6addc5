//! The pages of unknown faces: the sheet that the command writes, and the part of the page of
//! `verify serve` on which groups are put right, named and enrolled.

use std::path::PathBuf;

use serde_json::json;

use crate::browser::{Browser, until};
use crate::people::{ANN, BOB, Person, Pose, UPRIGHT, photo};
use crate::sandbox::{Sandbox, json_lines};
use crate::serve::{Server, choose, shows, widths_and_colours};

/// Three photos each of Ann and Bob, of hostile names.
fn library() -> (Sandbox, Vec<PathBuf>) {
    let sandbox = Sandbox::new();
    let mut paths = Vec::new();
    for (name, person) in [("<b onclick=alert(1)>ann", &ANN), ("'bob & co", &BOB)] {
        for at in 0..3 {
            let pose = Pose { turn: [0.0, 5.0, -5.0][at], light: [1.0, 0.85, 1.2][at], ..UPRIGHT };
            paths.push(saved(&sandbox, &format!("photos/{name} {at}.png"), person, pose));
        }
    }
    (sandbox, paths)
}

fn saved(sandbox: &Sandbox, name: &str, person: &Person, pose: Pose) -> PathBuf {
    let path = sandbox.write(name, b"");
    photo((320, 320), &[(person, pose)]).save(&path).unwrap();
    path
}

#[test]
fn the_sheet_shows_the_groups_and_says_how_to_enrol_those_that_are_ticked() {
    let Some(browser) = Browser::start() else { return };
    let (sandbox, _) = library();
    sandbox.run(&["faces", "photos", "--out", "it's.html"]).success();
    browser.open(&sandbox.path("it's.html"));
    assert_eq!(browser.text("h1"), "Unknown faces");
    assert_eq!((shows(&browser, "#groups > li"), shows(&browser, ".row img")), (2, 6));
    assert_eq!(browser.run("return document.getElementById('pick').hidden"), true);
    browser.click("#groups input[value='1']");
    browser.keys("#name", "Ann O'Neil");
    let command = "verify enroll --from-faces 'it'\\''s.html:1' --name 'Ann O'\\''Neil'";
    assert_eq!(browser.text("#command"), command);
    browser.click("#groups input[value='2']");
    assert!(browser.text("#command").contains("--from-faces 'it'\\''s.html:2' --name"));
    assert_eq!(browser.text("#picked"), "2 groups");
    browser.look("faces");
    widths_and_colours(&browser, "faces");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn groups_are_joined_parted_named_and_enrolled_on_the_page() {
    let Some(browser) = Browser::start() else { return };
    let (sandbox, paths) = library();
    let server = Server::start(&sandbox);
    browser.visit(&server.address);
    open(&browser);
    choose(&browser, &paths);
    until(&browser, "two groups", "document.querySelectorAll('[data-group]').length === 2");
    assert_eq!(browser.text("#result p"), "6 photos, 6 faces: 2 groups, 0 alone.");
    assert_eq!(shows(&browser, ".crops img"), 6);
    browser.look("gathered");
    // Joined by mistake, and parted again.
    browser.click("#group-1");
    assert_eq!(browser.run("return document.getElementById('merge').disabled"), true);
    browser.click("#group-2");
    browser.click("#merge");
    until(&browser, "one group", "document.querySelectorAll('[data-group]').length === 1");
    assert_eq!(shows(&browser, "[data-group='1'] .crops img"), 6);
    for at in 4..=6 {
        browser.click(&format!("[data-group='1'] .crops li:nth-child({at}) button"));
    }
    browser.click("[data-group='1'] .part");
    until(&browser, "a third group", "document.querySelector('[data-group=\"3\"]')");
    assert_eq!(shows(&browser, "[data-group='1'] .crops img"), 3);
    assert_eq!(shows(&browser, "[data-group='3'] .crops img"), 3);
    // A group without a name is not enrolled.
    browser.click("[data-group='1'] .main");
    until(&browser, "what is missing", "!document.querySelector('#trouble').hidden");
    browser.keys("[data-group='1'] input[type=text]", "<i>Ann");
    browser.click("[data-group='1'] .main");
    until(&browser, "Ann", "document.querySelector('.enrolled')");
    assert_eq!(browser.text(".enrolled"), "✓ <i>Ann is enrolled with 3 photos.");
    until(&browser, "her button", "document.querySelectorAll('nav button').length === 4");
    assert_eq!(shows(&browser, "[data-group]"), 1);
    widths_and_colours(&browser, "gathered");
    // Who is enrolled is left out the next time.
    choose(&browser, &paths);
    let known =
        "document.querySelector('#result p')?.textContent.endsWith('3 of enrolled people.')";
    until(&browser, "those known", known);
    assert_eq!(shows(&browser, "[data-group]"), 1);
    let people = json_lines(&sandbox.run(&["people", "--json"]).success()).remove(0);
    assert_eq!(
        (&people["people"][0]["name"], &people["people"][0]["photos"]),
        (&json!("<i>Ann"), &json!(3))
    );
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

fn open(browser: &Browser) {
    until(browser, "the button", "document.querySelector('[data-page=faces]')");
    browser.click("[data-page=faces]");
    until(browser, "the zone", "document.querySelector('[data-page=faces][aria-current=page]')");
    assert_eq!(browser.text("h2"), "Unknown faces");
}
