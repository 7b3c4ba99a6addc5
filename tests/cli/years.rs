//! When photos were taken: which years are missing, and which photos are far from all that was enrolled.

use crate::enrolled;
use crate::photos::astronaut;
use crate::sandbox::{Sandbox, json_lines, stdout};

/// The astronaut's photo under a name with a date; another file each time.
fn photo(sandbox: &Sandbox, name: &str) {
    let mut bytes = std::fs::read(astronaut()).unwrap();
    bytes.extend(name.bytes());
    sandbox.write(name, &bytes);
}

#[test]
fn years_that_are_missing_are_said_and_photos_far_from_all_others_too() {
    let sandbox = Sandbox::new();
    photo(&sandbox, "Eileen/IMG_20040731_120000.png");
    let said = stdout(&sandbox.run(&["enroll", "Eileen", "--born", "1956"]).success());
    assert!(said.contains("Years       2004\n"), "{said}");
    let shown = json_lines(&sandbox.run(&["profile", "show", "--json"]).success()).remove(0);
    assert_eq!(shown["years"]["years"][0]["year"], 2004, "{shown}");

    photo(&sandbox, "now/2026-11-27 10.00.00.png");
    photo(&sandbox, "now/IMG-20110101-WA0001.png");
    photo(&sandbox, "now/undated.png");
    let checked = json_lines(&sandbox.run(&["check", "now", "--json"]).success());
    let [late, sooner, undated] = &checked[..] else { panic!("{checked:?}") };
    assert_eq!(late["taken"], "2026-11-27");
    assert_eq!(late["far_in_time"]["years"], 22);
    assert_eq!(late["far_in_time"]["child"], false);
    assert_eq!(sooner["taken"], "2011-01-01");
    assert!(sooner["far_in_time"].is_null() && undated["taken"].is_null());
    let said = stdout(&sandbox.run(&["check", "now"]).success());
    assert!(
        said.contains("taken in 2026, 22 years from the nearest enrolled photo (2004)"),
        "{said}"
    );

    // A child changes sooner; the year of birth stays when the rest is changed.
    sandbox.run(&["enroll", "--born", "2003"]).success();
    sandbox.run(&["enroll", "--far", "1e-3"]).success();
    let checked = json_lines(&sandbox.run(&["check", "now", "--json"]).success());
    assert_eq!(checked[1]["far_in_time"]["child"], true);
    sandbox.run(&["enroll", "--born", "15"]).code(2);
}

#[test]
fn photos_without_a_date_say_nothing_of_years() {
    let sandbox = enrolled();
    let shown = json_lines(&sandbox.run(&["profile", "show", "--json"]).success()).remove(0);
    assert!(shown["years"].is_null());
    assert!(!stdout(&sandbox.run(&["profile", "show"]).success()).contains("Years"));
}
