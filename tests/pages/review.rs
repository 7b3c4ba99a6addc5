//! The part of the page of `verify serve` that shows what a scan found: by key, by click, rows at once, undo.

use serde_json::json;

use crate::browser::{Browser, until};
use crate::people::{ANN, CYD, Pose, UPRIGHT, photo};
use crate::sandbox::Sandbox;
use crate::serve::{Server, widths_and_colours};

/// A name of a file that would be markup, were it not escaped.
const HOSTILE: &str = "<img src=x onerror=alert(1)>.png";

/// Ann is enrolled from one photo, and a library has her in six others.
fn library() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("library")).unwrap();
    let save = |name: &str, person, pose| {
        photo((320, 320), &[(person, pose)]).save(sandbox.path(name)).unwrap();
    };
    save("ann.png", &ANN, UPRIGHT);
    save(&format!("library/{HOSTILE}"), &ANN, Pose { mirrored: true, ..UPRIGHT });
    for (number, turn) in [4.0, -4.0, 8.0, -8.0, 12.0].into_iter().enumerate() {
        let light = 1.0 + 0.1 * number as f64;
        save(&format!("library/{number}.png"), &ANN, Pose { turn, light, ..UPRIGHT });
    }
    save("library/cyd.png", &CYD, UPRIGHT);
    sandbox.run(&["enroll", "ann.png", "--name", "Ann"]).success();
    sandbox.run(&["scan", "library"]).success();
    sandbox
}

/// Wait until so many faces are left to be answered.
fn left(browser: &Browser, faces: usize) {
    let script =
        format!("document.querySelectorAll('#review:not(.busy) .found').length === {faces}");
    until(browser, &format!("{faces} faces"), &script);
}

/// Which face has the focus.
fn focused(browser: &Browser) -> serde_json::Value {
    browser.run("return document.activeElement.dataset.face ?? null")
}

#[test]
fn what_a_scan_found_is_looked_through_by_key_and_click() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = library();
    let server = Server::start(&sandbox);
    browser.visit(&format!("{}#review/ann", server.address));
    left(&browser, 6);
    assert_eq!(browser.text("h2"), "Is this Ann?");
    assert!(browser.text("#left").starts_with("6 faces to review"), "{}", browser.text("#left"));
    let loaded = "[...document.querySelectorAll('.face-found img, .found .near img')].filter((i) => i.naturalWidth === 96).length";
    until(&browser, "the pictures", &format!("{loaded} === 12"));
    assert!(browser.text("#review").contains(HOSTILE), "a name is text");
    assert_eq!(browser.run("return document.querySelectorAll('.found-row').length"), 2);
    browser.look("review");

    // The first has the focus; arrows move it, a key answers it, and the next first has it.
    let first = focused(&browser);
    assert!(first.is_string());
    browser.type_keys(&["\u{e014}"]);
    let second = focused(&browser);
    assert_ne!(second, first);
    browser.type_keys(&["y"]);
    left(&browser, 5);
    let gone =
        format!("return !document.querySelector('[data-face=\"{}\"]')", second.as_str().unwrap());
    assert_eq!(browser.run(&gone), true);
    assert!(browser.text("#left").contains("1 yes and 0 no"));
    // The photo that was enrolled is shown beside the others from now on.
    until(
        &browser,
        "two photos beside",
        "document.querySelectorAll('.found:first-child .near li').length === 2",
    );
    browser.click(".found [data-answer=no]");
    left(&browser, 4);
    assert!(browser.text("#left").contains("1 yes and 1 no"));
    browser.click("#undo");
    left(&browser, 5);
    browser.click(".found-row [data-row=yes]");
    left(&browser, 1);
    browser.type_keys(&["u"]);
    until(
        &browser,
        "not sure",
        "document.querySelector('#left').textContent.includes('1 not sure')",
    );
    browser.type_keys(&["z"]);
    until(&browser, "undone", "!document.querySelector('#left').textContent.includes('not sure')");
    browser.type_keys(&["z"]);
    left(&browser, 5);
    // With Shift a key answers the whole row.
    browser.type_keys(&["N"]);
    left(&browser, 1);
    widths_and_colours(&browser, "review");
    browser.type_keys(&["n"]);
    until(
        &browser,
        "the end",
        "document.querySelector('#left').textContent.startsWith('No faces left')",
    );
    browser.click("#back");
    until(&browser, "the person", "document.querySelector('#trust')");
    // The made-up photos are so alike that one may count as a copy.
    let photos = "return document.querySelectorAll('#audit [data-photo], #audit .copy').length";
    assert_eq!(browser.run(photos), 2);
    browser.click("#look");
    until(&browser, "the end again", "document.querySelector('#review')");
    let kept = sandbox.run(&["profile", "show", "--json"]);
    assert_ne!(crate::sandbox::json_lines(&kept)[0]["look_alikes"], json!([]));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
