//! Pictures that are pasted into the page of `verify serve`.

use serde_json::json;

use crate::astronaut;
use crate::browser::{Browser, until};
use crate::sandbox::Sandbox;
use crate::serve::Server;

/// Paste a picture that was copied out of a program, as a browser hands it over.
fn paste(browser: &Browser, picture: &[u8]) {
    use base64::prelude::{BASE64_STANDARD, Engine};
    let script = format!(
        "const bytes = Uint8Array.from(atob('{}'), (c) => c.charCodeAt(0));
         const data = new DataTransfer();
         data.items.add(new File([bytes], 'image.png', {{ type: 'image/png' }}));
         document.body.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true, cancelable: true }}));",
        BASE64_STANDARD.encode(picture)
    );
    browser.run(&script);
}

#[test]
fn a_picture_is_pasted_to_enrol_to_check_and_to_add() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox);
    browser.visit(&server.address);
    until(&browser, "the zone", "document.querySelector('.drop')");
    assert!(browser.text(".drop").contains("paste a copied picture with Ctrl+V"));
    // Pictures of the same second are told apart.
    browser.run(
        "const Now = Date;
         window.Date = class extends Now { constructor() { super(2026, 0, 31, 12, 30, 15); } };",
    );
    let photo = std::fs::read(astronaut()).unwrap();
    browser.keys("#name", "Eileen");
    paste(&browser, &photo);
    until(&browser, "the audit", "document.querySelector('#audit')");
    let name = browser.text("#audit .name");
    assert_eq!(name, "pasted 2026-01-31 12:30:15.png");
    browser.click("[data-page=check]");
    until(
        &browser,
        "the zone",
        "document.querySelector('main .drop strong').textContent.includes('check')",
    );
    paste(&browser, &photo);
    until(&browser, "a verdict", "document.querySelectorAll('.result .verdict').length === 1");
    assert_eq!(browser.text(".result .verdict"), "✓ This is Eileen");
    // An address is no picture.
    browser.run(
        "const data = new DataTransfer();
         data.setData('text/plain', 'https://example.org/a.jpg');
         document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));",
    );
    until(&browser, "the hint", "!document.getElementById('trouble').hidden");
    assert!(browser.text("#trouble").contains("Copy the picture itself"));
    browser.click("[data-page=eileen]");
    until(&browser, "the person", "document.querySelector('#delete')");
    let pixels = image::open(astronaut()).unwrap();
    let mut other = std::io::Cursor::new(Vec::new());
    pixels
        .resize(300, 400, image::imageops::FilterType::Triangle)
        .write_to(&mut other, image::ImageFormat::Png)
        .unwrap();
    paste(&browser, &other.into_inner());
    until(&browser, "two photos", "document.querySelectorAll('#audit .faces li').length === 2");
    assert_eq!(json!(browser.complaints()), json!([]));
}
