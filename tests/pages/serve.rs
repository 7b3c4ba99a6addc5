//! The page of `verify serve`, used as a person does who was told nothing.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use image::imageops::{FilterType, resize};
use serde_json::json;

use crate::astronaut;
use crate::browser::{Browser, END, ENTER, TAB, until};
use crate::ending::end;
use crate::sandbox::Sandbox;

/// A server on a port of its own, which ends with the test.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    pub fn start(sandbox: &Sandbox) -> Self {
        let mut command = sandbox.process(&["serve", "--no-open", "--port", "0", "--threads", "2"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("verify is running at ").unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Photos of one person that are no copies of each other, as far as that can be had from one photo.
fn photos(sandbox: &Sandbox) -> Vec<PathBuf> {
    let photo = image::open(astronaut()).unwrap().into_rgb8();
    [(1.0, 1.0), (0.72, 1.0), (1.0, 0.72)]
        .iter()
        .enumerate()
        .map(|(i, (across, up))| {
            let (width, height) = photo.dimensions();
            let side = |side: u32, factor: f64| (f64::from(side) * factor) as u32;
            let squeezed =
                resize(&photo, side(width, *across), side(height, *up), FilterType::Triangle);
            let path = sandbox.path(&format!("{i}.png"));
            squeezed.save(&path).unwrap();
            path
        })
        .collect()
}

/// Hand files to the zone's chooser, as its dialogue would.
pub fn choose(browser: &Browser, files: &[impl AsRef<Path>]) {
    let names: Vec<_> = files.iter().map(|file| file.as_ref().display().to_string()).collect();
    browser.keys("main input[type=file]:not([webkitdirectory])", &names.join("\n"));
}

pub fn shows(browser: &Browser, selector: &str) -> usize {
    let script = format!("return document.querySelectorAll({selector:?}).length");
    browser.run(&script).as_u64().unwrap() as usize
}

#[test]
fn somebody_is_enrolled_audited_checked_and_deleted_on_the_page() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox);
    browser.visit(&server.address);
    until(&browser, "the zone", "document.querySelector('.drop')");
    assert_eq!(browser.text("h2"), "Enrol a person");
    let mut enrolled = photos(&sandbox);
    enrolled.push(sandbox.copy(&astronaut(), "again.png"));
    enrolled.push(sandbox.write("<b>broken.jpg", b"no photo"));
    browser.keys("#name", "<i>Eileen</i>");
    choose(&browser, &enrolled);
    until(&browser, "the audit", "document.querySelector('#audit')");
    assert_eq!(browser.text("h2"), "<i>Eileen</i>");
    let trust = browser.text("#trust");
    assert!(trust.starts_with("Enrolled with 3 photos; 1 set aside, 1 copy."), "{trust}");
    assert!(browser.text("#audit").contains("not a photo"));
    assert_eq!(shows(&browser, "#audit img"), 4, "faces of this session are shown");
    browser.look("enrolled");
    keep_and_drop(&browser);
    look_alikes(&browser, &sandbox);
    check(&browser, &sandbox);
    slider(&browser);
    camera(&browser);
    widths_and_colours(&browser, "checked");
    browser.click("[data-page='i-eileen-i']");
    until(&browser, "the person", "document.querySelector('#delete')");
    browser.click("#map");
    until(&browser, "the map", "document.querySelector('iframe')");
    browser.run("window.confirm = () => true");
    browser.click("#delete");
    until(
        &browser,
        "the beginning",
        "document.querySelector('h2').textContent.startsWith('Enrol a person')",
    );
    assert!(!sandbox.path("data/sameface/people/i-eileen-i.json").exists());
    // A browser complains of every refusal, of the one that was meant too.
    let mut complaints = browser.complaints();
    let meant = ["/strangers - Failed", "status of 415"];
    complaints.retain(|complaint| !meant.iter().any(|meant| complaint.contains(meant)));
    assert_eq!(complaints, Vec::<String>::new());
}

/// A click leaves a photo out, another lets it count again.
fn keep_and_drop(browser: &Browser) {
    browser.click("#audit [data-photo='1.png'][aria-pressed=true]");
    until(
        browser,
        "the photo set aside",
        "document.querySelector(\"[data-photo='1.png'][aria-pressed=false]\")",
    );
    let trust = browser.text("#trust");
    assert!(trust.starts_with("Enrolled with 2 photos; 2 set aside"), "{trust}");
    assert!(browser.text("[data-photo='1.png']").contains("set aside by hand"));
    browser.click("#audit [data-photo='1.png']");
    until(
        browser,
        "the photo back",
        "document.querySelector(\"[data-photo='1.png'][aria-pressed=true]\")",
    );
}

/// Somebody is named who must not be taken for the person, and forgotten again.
fn look_alikes(browser: &Browser, sandbox: &Sandbox) {
    browser.keys("#apart", "<b>twin");
    let photo = sandbox.path("1.png").display().to_string();
    browser.keys("#look-alikes input[type=file]:not([webkitdirectory])", &photo);
    until(browser, "the twin", "document.querySelector('#look-alikes .known li')");
    assert_eq!(browser.text("#look-alikes .known li"), "<b>twin, 1 photo Forget");
    browser.click("#look-alikes .known li button");
    until(browser, "nobody", "!document.querySelector('#look-alikes .known li')");
    let news = browser.text("#news");
    assert_eq!(news, "<b>twin is no longer kept apart.");
    // Those whom a method may learn from, too few to set a threshold, and a photo that is not wanted.
    browser.click("#other-people summary");
    browser.keys("#negatives input[type=file]:not([webkitdirectory])", &photo);
    until(browser, "the other face", "document.querySelector('#negatives > p')");
    browser.click("#other-people summary");
    browser.keys("#strangers input[type=file]:not([webkitdirectory])", &photo);
    until(browser, "the refusal", "!document.getElementById('trouble').hidden");
    assert!(browser.text("#trouble").contains("fewer than 20 faces of strangers"));
    let photos = shows(browser, "#audit .faces li");
    browser.click("#audit [data-out]");
    until(
        browser,
        "one fewer",
        &format!("document.querySelectorAll('#audit .faces li').length < {photos}"),
    );
    assert!(browser.text("#news").contains("was removed"));
}

/// Verdicts on a match, on a photo without a face and on a broken one, none of which stops another.
fn check(browser: &Browser, sandbox: &Sandbox) {
    browser.click("[data-page=check]");
    until(
        browser,
        "the zone",
        "document.querySelector('main .drop strong').textContent.includes('check')",
    );
    let grey = sandbox.path("grey.png");
    image::RgbImage::from_pixel(90, 60, image::Rgb([128; 3])).save(&grey).unwrap();
    let photos = [grey, sandbox.path("<b>broken.jpg"), sandbox.path("0.png")];
    choose(browser, &photos);
    until(browser, "three verdicts", "document.querySelectorAll('.result .verdict').length === 3");
    let said = |n: usize| browser.text(&format!(".result:nth-child({n}) .verdict"));
    assert_eq!(said(1), "✓ This is <i>Eileen</i>");
    assert_eq!(said(2), "! Cannot be read");
    assert_eq!(said(3), "– No face found");
    let near = browser.text(".result:nth-child(1) .near");
    assert!(near.contains("0.png"), "{near}");
    until(browser, "the photo", "!document.querySelector('.result .photo').hidden");
    browser.look("checked");
}

/// The slider judges the shown faces again, says what it means, and is saved.
fn slider(browser: &Browser) {
    let slider = ".rate input";
    assert!(
        browser
            .text(".rate")
            .contains("Accepts one stranger in 10,000 among people like those it was measured on.")
    );
    browser.keys(slider, END);
    until(
        browser,
        "the words",
        "document.querySelector('.rate').textContent.includes('one stranger in 1,000,000 among people like')",
    );
    let strict = "document.querySelector('.result .scale').getAttribute('aria-label').includes('threshold 6.00')";
    until(browser, "the scale", strict);
    until(browser, "the change saved", "document.querySelector('#news').textContent === 'Saved.'");
}

/// A photo of the camera is checked like any other; the browser's simulated camera shows nobody.
fn camera(browser: &Browser) {
    let press = |label: &str| {
        let find = format!(
            "[...document.querySelectorAll('main button')].find((b) => b.textContent === {label:?})"
        );
        until(browser, label, &find);
        browser.run(&format!("{find}.click()"));
    };
    press("Use the camera");
    until(browser, "a picture", "document.querySelector('video')?.videoWidth > 0");
    press("Take the photo");
    until(
        browser,
        "the verdict",
        "document.querySelector('.result h3').textContent.startsWith('camera')",
    );
    assert_eq!(browser.text(".result .verdict"), "– No face found");
    assert_eq!(shows(browser, "video"), 0, "the camera is off");
}

/// Nothing is wider than a phone, and dark is dark.
pub fn widths_and_colours(browser: &Browser, name: &str) {
    browser.resize(360, 740);
    let wide = "return document.documentElement.scrollWidth <= window.innerWidth";
    assert_eq!(browser.run(wide), json!(true));
    browser.look(&format!("{name}-phone"));
    browser.resize(1300, 900);
    browser.go_dark();
    let paper = browser.run("return getComputedStyle(document.body).backgroundColor");
    assert_eq!(paper, "rgb(21, 23, 26)");
    until(browser, "the colours", "!document.getAnimations().length");
    browser.look(&format!("{name}-dark"));
}

#[test]
fn a_folder_of_three_hundred_comes_through_by_the_keyboard_alone() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = Sandbox::new();
    let photo = std::fs::read(astronaut()).unwrap();
    let names: Vec<PathBuf> = (0..300u16)
        .map(|number| {
            // What comes after a PNG's end is another file and the same picture.
            let bytes = [photo.as_slice(), &number.to_le_bytes()].concat();
            sandbox.write(&format!("many/{number:03}.png"), &bytes)
        })
        .collect();
    let server = Server::start(&sandbox);
    browser.visit(&server.address);
    until(&browser, "the zone", "document.querySelector('.drop')");
    // The name, then the first chooser, are reached and told by their keys.
    browser.type_keys(&[TAB, TAB, TAB, TAB, "M", "a", "n", "y", TAB]);
    assert_eq!(browser.run("return document.activeElement.textContent"), "Choose photos");
    choose(&browser, &names);
    until(&browser, "progress", "document.querySelector('progress')?.value > 8");
    until(&browser, "the audit", "document.querySelector('#audit')");
    assert!(browser.text("#trust").contains("299 copies"), "{}", browser.text("#trust"));
    // The audit comes a moment before the list of pages is drawn again.
    until(&browser, "the list of pages", "document.querySelector('[data-page=check]')");
    browser.run("document.querySelector('[data-page=check]').focus()");
    browser.type_keys(&[ENTER]);
    until(&browser, "the check", "document.querySelector('h2').textContent === 'Check photos'");
    choose(&browser, &names);
    until(
        &browser,
        "the verdicts",
        "document.querySelectorAll('.result .verdict.match').length === 300",
    );
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// The pictures of docs/gallery.md, of the people of `make demo`, into $VERIFY_LOOK.
#[test]
#[ignore = "make gallery runs it"]
fn the_gallery() {
    let browser = Browser::start().unwrap();
    let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/demo/photos");
    let of = |person: &str| -> Vec<PathBuf> {
        let files = std::fs::read_dir(photos.join(person)).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    };
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox);
    browser.resize(1000, 800);
    browser.visit(&server.address);
    until(&browser, "the zone", "document.querySelector('.drop')");
    browser.keys("#name", "Obama");
    choose(&browser, &of("obama"));
    until(&browser, "the faces", "document.querySelectorAll('#audit img').length === 4");
    browser.look("serve-person");
    browser.click("[data-page=check]");
    until(&browser, "the zone", "document.querySelector('h2').textContent === 'Check photos'");
    choose(&browser, &[of("biden"), of("obama-new")].concat());
    until(&browser, "the photos", "document.querySelectorAll('.result .photo img').length === 2");
    browser.look("serve-check");
}
