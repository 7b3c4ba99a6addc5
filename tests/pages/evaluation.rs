//! The page of an evaluation, as its reader has it.

use super::browser::Browser;
use super::sandbox::Sandbox;
use super::{NAME, astronaut};

#[test]
fn the_page_of_an_evaluation_shows_its_figures_and_names_as_text() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = Sandbox::new();
    for name in ["a/1.png", "a/2.png", "a/3.png", "b/1.png", "b/2.png", "b/3.png"] {
        sandbox.copy(&astronaut(), &format!("people/{name}"));
    }
    sandbox.write("groups.csv", format!("person,{NAME}\na,{NAME}\nb,other\n").as_bytes());
    let args = ["eval", "--people", "people", "--enrolled", "1", "--method", "centroid"];
    let args = [&args[..], &["--group", "groups.csv", "--out", "out.html"]].concat();
    sandbox.run(&args).success();
    browser.open(&sandbox.path("out.html"));
    assert_eq!(browser.text("h1"), "Evaluation: 2 people with 1 enrolled photo each");
    let count =
        |what: &str| browser.run(&format!("return document.querySelectorAll('{what}').length"));
    assert_eq!(count("figure svg"), 3, "of two people there is no zoo");
    assert_eq!(count(".groups tbody tr:first-child th"), 3, "a table for each threshold");
    assert_eq!(browser.text(".groups tbody th"), NAME);
    assert_eq!(count("script"), 0);
    let wide = browser.run("return document.body.scrollWidth > window.innerWidth");
    assert_eq!(wide, false, "nothing reaches beyond the window");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
