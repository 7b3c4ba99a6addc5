//! The pages as their reader has them: in a real browser, with files of hostile names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod browser;
#[cfg(feature = "serve")]
#[path = "../common/ending.rs"]
mod ending;
mod evaluation;
#[cfg(feature = "serve")]
mod faces;
#[cfg(feature = "serve")]
mod paste;
#[cfg(feature = "serve")]
#[path = "../common/people.rs"]
mod people;
#[cfg(feature = "serve")]
mod review;
#[path = "../cli/sandbox.rs"]
mod sandbox;
mod serve;
#[path = "../common/skipped.rs"]
mod skipped;
#[path = "../common/waiting.rs"]
mod waiting;
#[cfg(feature = "serve")]
mod who;

use std::path::{Path, PathBuf};

use browser::{Browser, END, HOME, RIGHT, until};
use sandbox::{Sandbox, json_lines, stderr};

/// A name that would be markup, were it not escaped.
const NAME: &str = "<script>alert(1)</script>";
/// A file of such a name; no file's name holds a slash, but a folder and a file together do.
const PHOTO: &str = "<script>alert(1)</script>.jpg";
const IMAGE: &str = "<img src=x onerror=alert(2)>.jpg";

fn astronaut() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/astronaut.png")
}

/// A sandbox in which the astronaut is enrolled, with photos of her to be laid over.
fn enrolled() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), &format!("Eileen/{IMAGE}"));
    sandbox.copy(&astronaut(), "Eileen/copy.png");
    sandbox.copy(&astronaut(), &format!("friends/{PHOTO}"));
    sandbox.copy(&astronaut(), "friends/2.png");
    sandbox.run(&["enroll", "Eileen", "--name", NAME]).success();
    assert!(sandbox.profile().exists());
    sandbox
}

#[test]
fn a_page_of_a_plot_can_be_pointed_at_zoomed_and_asked() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = enrolled();
    sandbox.run(&["plot", "plot.html", "--with", "friends"]).success();
    browser.open(&sandbox.path("plot.html"));
    assert_eq!(browser.text("h1"), format!("Which faces match {NAME}?"));
    assert_eq!(browser.run("return document.querySelectorAll('#faces .face').length"), 4);
    hover(&browser);
    slider(&browser);
    zoom(&browser);
    groups_and_views(&browser);
    keyboard(&browser);
    // A click opens the photo beside the page.
    browser.click("#zoom-reset");
    browser.click("#faces .face[data-i='3']");
    let opened = browser.opened();
    assert!(opened.contains("Eileen/%3Cimg%20src"), "{opened}");
    browser.go_dark();
    let paper = browser.run("return getComputedStyle(document.body).backgroundColor");
    assert_eq!(paper, "rgb(21, 23, 26)");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Pointing at a face shows it, its name and its score, as text.
fn hover(browser: &Browser) {
    assert_eq!(browser.run("return document.getElementById('card').hidden"), true);
    browser.point_at("#faces .face[data-i='3']");
    assert_eq!(browser.text("#card strong"), IMAGE);
    assert!(browser.text("#card").contains("score 6."), "{}", browser.text("#card"));
    until(browser, "the face", "document.querySelector('#card img').naturalWidth === 96");
    // Two elements for the face and its words, and none that a name brought along.
    assert_eq!(browser.run("return document.querySelectorAll('#card > *').length"), 2);
    assert_eq!(browser.run("return document.querySelectorAll('#card img').length"), 1);
    let by_folder = browser.run("return document.querySelectorAll('script').length");
    assert_eq!(by_folder, 2, "the data and the page's own");
    browser.point_at("h1");
    assert_eq!(browser.run("return document.getElementById('card').hidden"), true);
}

/// The slider moves the threshold and recolours.
fn slider(browser: &Browser) {
    let matches = || browser.text("#n-match");
    assert_eq!(matches(), "4");
    assert!(
        browser.text("#accepts").contains("4.00: accepts one stranger in 10,000 among people like")
    );
    browser.keys("#threshold", END);
    assert!(browser.text("#accepts").contains("6.90: accepts one stranger in 7,900,000"));
    assert_eq!((matches().as_str(), browser.text("#n-uncertain").as_str()), ("0", "4"));
    let class = browser.run("return document.querySelector('#faces .face').className.baseVal");
    assert!(class.as_str().unwrap().contains("uncertain"), "{class}");
    browser.keys("#threshold", HOME);
    assert!(browser.text("#accepts").contains("0.50: accepts one stranger in 3.2"));
    browser.click("#reset-threshold");
    assert_eq!(matches(), "4");
}

/// Buttons and wheel zoom, dragging moves.
fn zoom(browser: &Browser) {
    let state = || {
        let script = "const face = document.querySelector('#faces .face'); \
                      return [document.getElementById('plane').dataset.zoom, \
                              face.getAttribute('transform')]";
        browser.run(script).to_string()
    };
    let first = state();
    let changes = |what: &str, act: &dyn Fn()| {
        let before = state();
        act();
        waiting::wait_until(what, || state() != before);
    };
    changes("a zoom by the button", &|| browser.click("#zoom-in"));
    changes("a zoom by the wheel", &|| browser.wheel("#plane", -400));
    changes("a move", &|| browser.drag("#plane", [60, 40]));
    browser.click("#zoom-reset");
    assert_eq!(state(), first);
}

/// Groups go and come back, layouts change.
fn groups_and_views(browser: &Browser) {
    let shown = "return [...document.querySelectorAll('#faces .face')]\
                 .filter((face) => face.style.display !== 'none').length";
    browser.click("#group-0");
    assert_eq!(browser.run(shown), 2);
    assert_eq!(browser.text("#n-match"), "2");
    browser.click("#group-0");
    assert_eq!(browser.run(shown), 4);
    browser.click("#view-score");
    assert!(browser.text("#back").contains("Score: 2 is one stranger in 100"));
    assert_eq!(browser.run("return document.querySelectorAll('#lines .side').length"), 1);
    browser.click("#view-pca");
    assert!(browser.text("#back").contains("Component 1"));
    assert_eq!(browser.run("return document.querySelectorAll('#lines path.border').length"), 1);
}

/// All of it without a mouse.
fn keyboard(browser: &Browser) {
    browser.keys("#plane", RIGHT);
    assert!(browser.text("#said").contains("score 6."), "{}", browser.text("#said"));
    let first = browser.text("#said");
    browser.keys("#plane", &RIGHT.repeat(3));
    assert_ne!(browser.text("#said"), first);
    browser.keys("#plane", "++");
    assert_eq!(browser.run("return document.getElementById('plane').dataset.zoom"), "1.960");
    browser.keys("#plane", "0");
    assert_eq!(browser.run("return document.getElementById('plane').dataset.zoom"), "1.000");
}

#[test]
fn a_report_is_read_without_a_script() {
    let sandbox = enrolled();
    let run = sandbox.run(&["report", "report.html", "--json"]).success();
    let expected = &json_lines(&run)[0];
    assert_eq!((&expected["kept"], &expected["strangers"]), (&1.into(), &50_000.into()));
    assert!(expected["reject"].is_null() && expected["accept"]["high"].as_f64().unwrap() < 0.01);
    let page = std::fs::read_to_string(sandbox.path("report.html")).unwrap();
    assert!(!page.contains("<script") && !page.contains("<img src=x"), "markup from a name");
    assert!(
        !page.contains("http://")
            || page.matches("http://").count() == page.matches("http://www.w3.org").count()
    );
    let Some(browser) = Browser::start() else { return };
    browser.open(&sandbox.path("report.html"));
    assert_eq!(browser.text("h1"), format!("Report on {NAME}"));
    assert!(browser.text("#trust").contains("made from one photo cannot be tested"));
    assert_eq!(browser.text("#least strong"), IMAGE);
    assert!(browser.text("#copies").contains("same picture as <img src=x"));
    assert_eq!(browser.run("return document.querySelectorAll('figure svg').length"), 3);
    assert_eq!(browser.run("return document.querySelector('#least img').naturalWidth"), 96);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn pages_without_faces_hold_none() {
    let sandbox = enrolled();
    for (command, page) in [("plot", "plot.html"), ("report", "report.html")] {
        let whole = |args: &[&str]| {
            sandbox.run(&[&[command, page], args].concat()).success();
            std::fs::read_to_string(sandbox.path(page)).unwrap()
        };
        assert!(whole(&[]).contains("data:image/jpeg"), "{command}");
        let bare = whole(&["--no-thumbnails"]);
        assert!(!bare.contains("data:image"), "{command}");
        assert!(bare.contains("It contains file names"), "{command}");
    }
}

#[test]
fn photos_that_are_gone_are_told_of_and_drawn_as_points() {
    let sandbox = enrolled();
    std::fs::remove_dir_all(sandbox.path("Eileen")).unwrap();
    let run = sandbox.run(&["plot", "plot.png", "--thumbnails", "--with", "friends"]).success();
    assert!(
        stderr(&run).contains("2 faces cannot be shown, because the photo is gone or has changed")
    );
    sandbox.run(&["sheet", "sheet.png"]).success();
    sandbox.run(&["report", "report.html"]).success();
    sandbox.fails(&["report", "report.png"], &["report.png: a page's name must end in .html"]);
    sandbox.fails(&["plot", "plot.gif"], &["plot.gif: cannot be drawn", ".html"]);
}

#[test]
fn checked_photos_are_drawn_into() {
    let sandbox = enrolled();
    let check = |args: &[&str]| sandbox.run(&[&["check"], args].concat());
    check(&["friends/2.png", "--annotate", "seen.png"]).success();
    let seen = image::open(sandbox.path("seen.png")).unwrap();
    assert!(seen.width() >= 900 && seen.height() > seen.width(), "{}", seen.height());
    check(&["friends", "--annotate", "seen"]).success();
    let mut names: Vec<_> = std::fs::read_dir(sandbox.path("seen"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["2.jpg", "script>.jpg"]);
    sandbox.fails(&["check", "friends", "--annotate", "one.jpg"], &["--annotate", "name a folder"]);
    let own = ["check", "friends/2.png", "--annotate", "friends/2.png"];
    let said = stderr(&sandbox.run(&own).code(2));
    assert!(said.contains("friends/2.png would be overwritten"), "{said}");
    assert_eq!(
        std::fs::read(sandbox.path("friends/2.png")).unwrap(),
        std::fs::read(astronaut()).unwrap()
    );
}
