//! The parts of the page of `verify serve` for several people: who is in a photo, whose face is meant,
//! and who looks like whom.

use std::path::PathBuf;

use image::RgbImage;
use serde_json::json;

use crate::browser::{Browser, ENTER, TAB, until};
use crate::people::{ANN, BOB, CYD, Person, Pose, UPRIGHT, photo};
use crate::sandbox::Sandbox;
use crate::serve::{Server, choose, shows, widths_and_colours};

/// Beside each other, of like size.
const LEFT: Pose = Pose { middle: (150.0, 170.0), ..UPRIGHT };
const RIGHT: Pose = Pose { middle: (440.0, 170.0), scale: 1.1, ..UPRIGHT };

fn save(sandbox: &Sandbox, name: &str, picture: RgbImage) -> PathBuf {
    let path = sandbox.path(name);
    picture.save(&path).unwrap();
    path
}

fn beside(left: &Person, right: &Person) -> RgbImage {
    photo((600, 360), &[(left, LEFT), (right, RIGHT)])
}

/// Ann on the left, and the same stranger five times.
fn crowd() -> RgbImage {
    let place = |at: u32| {
        let middle = (100.0 + 150.0 * f64::from(at), 110.0 + 60.0 * f64::from(at % 2));
        (if at == 0 { &ANN } else { &CYD }, Pose { middle, scale: 0.6, ..UPRIGHT })
    };
    photo((960, 360), &(0..6).map(place).collect::<Vec<_>>())
}

/// Bob and Cyd, who look alike, and Ann, who looks like neither.
fn three() -> Sandbox {
    let sandbox = Sandbox::new();
    for (person, file, name) in
        [(&ANN, "ann.png", "<i>Ann"), (&BOB, "bob.png", "Bob"), (&CYD, "cyd.png", "Cyd")]
    {
        save(&sandbox, file, photo((320, 320), &[(person, UPRIGHT)]));
        sandbox.run(&["enroll", file, "--name", name]).success();
    }
    sandbox
}

fn press(browser: &Browser, page: &str) {
    let button = format!("[data-page={page}]");
    until(browser, page, &format!("document.querySelector('{button}')"));
    browser.click(&button);
    let current = format!("document.querySelector('{button}[aria-current=page]')");
    until(browser, page, &current);
}

/// What is said of a card's faces, from left to right.
fn faces(browser: &Browser, card: usize) -> Vec<String> {
    let script = format!(
        "return [...document.querySelectorAll('.result:nth-child({card}) .named li')].map((li) => li.textContent)"
    );
    let said = browser.run(&script);
    said.as_array().unwrap().iter().map(|said| said.as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_face_is_named_and_two_who_look_alike_are_told_apart() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = three();
    let server = Server::start(&sandbox);
    browser.visit(&server.address);
    names(&browser, &sandbox);
    told_apart(&browser);
    // Nobody is left whose face Cyd's is.
    browser.run("window.confirm = () => true");
    press(&browser, "cyd");
    until(&browser, "Cyd", "document.querySelector('#delete')");
    browser.click("#delete");
    until(&browser, "Cyd gone", "!document.querySelector('[data-page=cyd]')");
    press(&browser, "identify");
    let photos = [
        save(&sandbox, "crowd.png", crowd()),
        sandbox.path("cyd.png"),
        save(&sandbox, "two.png", beside(&CYD, &ANN)),
    ];
    choose(&browser, &photos);
    until(&browser, "the cards", "document.querySelectorAll('.result').length === 3");
    let unknown = &faces(&browser, 1)[0];
    assert!(unknown.starts_with("unknown, like <i>Ann ("), "{unknown}");
    assert!(unknown.ends_with("), who is another face here"), "{unknown}");
    assert_eq!(browser.text(".result .verdict"), "✓ <i>Ann, 1 unknown");
    until(&browser, "the labels", "document.querySelectorAll('.photo .tag').length === 9");
    assert_eq!(faces(&browser, 3).len(), 6);
    // Among many, strangers are marked by their place in the list.
    let labels = "return [...document.querySelectorAll('.result:nth-child(3) .tag')].map((tag) => tag.textContent).join()";
    assert_eq!(browser.run(labels), "<i>Ann,2,3,4,5,6");
    widths_and_colours(&browser, "identified");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Names from left to right, in words and in the photo; a photo without a face and a broken one stop
/// no other.
fn names(browser: &Browser, sandbox: &Sandbox) {
    press(browser, "identify");
    assert_eq!(browser.text("h2"), "Who is it?");
    let grey = RgbImage::from_pixel(90, 60, image::Rgb([128; 3]));
    let photos = [
        save(sandbox, "grey.png", grey),
        sandbox.write("<b>broken.jpg", b"no photo"),
        save(sandbox, "both.png", beside(&BOB, &ANN)),
    ];
    choose(browser, &photos);
    until(browser, "three cards", "document.querySelectorAll('.result .verdict').length === 3");
    assert_eq!(browser.text("#tally"), "3 photos of 3 analysed: 2 faces, 2 recognised");
    until(
        browser,
        "the news",
        "document.querySelector('#news').textContent === document.querySelector('#tally').textContent",
    );
    let said = |n: usize| browser.text(&format!(".result:nth-child({n}) .verdict"));
    assert_eq!(said(1), "✓ Bob, <i>Ann");
    assert_eq!(said(2), "! Cannot be read");
    assert_eq!(said(3), "– No face found");
    let named = faces(browser, 1);
    assert!(
        named[0].starts_with("Bob, score ") && named[0].contains(" %; also like Cyd ("),
        "{named:?}"
    );
    assert!(named[1].starts_with("<i>Ann, score "), "{named:?}");
    until(browser, "the labels", "document.querySelectorAll('.photo .tag').length === 2");
    assert_eq!(browser.text(".photo .tag.match"), "Bob");
    // A label is where its face is, and within the photo.
    let places = "const photo = document.querySelector('.result .photo').getBoundingClientRect(); \
        return [...document.querySelectorAll('.result:first-child .tag')].map((tag) => tag.getBoundingClientRect()) \
          .map(({ left, right, bottom }) => left >= photo.left && right <= photo.right && bottom <= photo.bottom + 1 \
            && (left + right) / 2 < (photo.left + photo.right) / 2)";
    assert_eq!(browser.run(places), json!([true, false]));
    browser.look("identified");
}

/// A click tells two people apart, for both.
fn told_apart(browser: &Browser) {
    press(browser, "bob");
    until(browser, "who looks alike", "document.querySelector('.alike li')");
    let said = browser.text(".alike li");
    assert!(said.starts_with("Cyd looks like Bob: photos of one match the other."), "{said}");
    assert_eq!(shows(browser, "[data-apart]"), 1, "Ann looks like nobody");
    widths_and_colours(browser, "alike");
    browser.click("[data-apart=cyd]");
    until(browser, "both apart", "document.querySelector('#look-alikes .known li')");
    assert_eq!(browser.text("#look-alikes .known li"), "Cyd, 1 photo Forget");
    assert_eq!(shows(browser, "[data-apart]"), 0);
    until(browser, "the news", "document.querySelector('#news').textContent.includes('apart')");
    assert_eq!(browser.text("#news"), "Bob and Cyd are kept apart.");
    let focused = browser.run("return document.activeElement.id");
    assert_eq!(focused, "look-alikes");
    press(browser, "cyd");
    until(browser, "the other", "document.querySelector('h2').textContent === 'Cyd'");
    assert_eq!(browser.text("#look-alikes .known li"), "Bob, 1 photo Forget");
}

#[test]
fn somebody_is_picked_from_a_photo_of_two_by_the_keyboard() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = Sandbox::new();
    let both = save(&sandbox, "both.png", beside(&ANN, &BOB));
    let server = Server::start(&sandbox);
    browser.visit(&server.address);
    until(&browser, "the zone", "document.querySelector('.drop')");
    browser.keys("#name", "Bob");
    choose(&browser, &[&both]);
    until(&browser, "the question", "document.querySelector('.whose')");
    assert_eq!(browser.text("#whose"), "Whose face is it?");
    assert_eq!(shows(&browser, ".whose button img"), 2);
    widths_and_colours(&browser, "whose");
    // Left without an answer, nobody is enrolled and another photo can be given.
    browser.click(".whose > button");
    until(
        &browser,
        "the zone",
        "!document.querySelector('.whose') && !document.querySelector('.drop').hidden",
    );
    choose(&browser, &[&both]);
    until(&browser, "the question", "document.querySelector('.whose')");
    let second = browser.run("return document.querySelector(\"[data-face='2'] img\").src");
    browser.type_keys(&[TAB, ENTER]);
    until(&browser, "the audit", "document.querySelector('#audit')");
    assert_eq!(browser.text("#audit .which"), "face 2 of 2 from the left");
    assert_eq!(browser.run("return document.querySelector('#audit img').src"), second);
    assert_eq!(shows(&browser, "[data-page=check]"), 1);
    assert_eq!(shows(&browser, "[data-page=identify]"), 0, "of one person alone");
    browser.look("picked");
    press(&browser, "check");
    choose(&browser, &[save(&sandbox, "bob.png", photo((320, 320), &[(&BOB, UPRIGHT)]))]);
    until(&browser, "the verdict", "document.querySelector('.result .verdict')");
    assert_eq!(browser.text(".result .verdict"), "✓ This is Bob");
    // Of several photos nothing is asked: the face that is in most of them is meant.
    browser.click("[data-page=new]");
    until(&browser, "the zone", "document.querySelector('#name')");
    browser.keys("#name", "Ann");
    choose(&browser, &[both, save(&sandbox, "ann.png", photo((320, 320), &[(&ANN, UPRIGHT)]))]);
    until(
        &browser,
        "Ann",
        "document.querySelector('#audit') && document.querySelector('h2').textContent === 'Ann'",
    );
    until(&browser, "the other page", "document.querySelector('[data-page=identify]')");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
