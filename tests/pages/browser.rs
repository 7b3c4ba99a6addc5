//! A headless Chromium, driven through ChromeDriver by the WebDriver protocol.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::skipped::skipped;

/// How often an element is looked for again that was replaced before anything could be done to it.
const TRIES: usize = 20;
/// The identifier under which WebDriver hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys that have no character.
pub const HOME: &str = "\u{e011}";
pub const END: &str = "\u{e010}";
pub const RIGHT: &str = "\u{e014}";
pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";

/// A browser with one window; it goes away when it is dropped.
pub struct Browser {
    driver: Child,
    session: String,
    _profile: TempDir,
}

impl Browser {
    /// Start one. `None`, and the test is skipped, if Chromium or ChromeDriver is missing.
    pub fn start() -> Option<Self> {
        let started = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut driver) = started else {
            skipped("no chromedriver; Debian: apt-get install chromium chromium-driver");
            return None;
        };
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| line.split_once("successfully on port ").map(|(_, p)| p.to_owned()));
        let port = port.expect("chromedriver says its port");
        let profile = TempDir::new().unwrap();
        let mut browser = Self {
            driver,
            session: format!("http://127.0.0.1:{}/session", port.trim_end_matches('.')),
            _profile: profile,
        };
        let folder = format!("--user-data-dir={}", browser._profile.path().display());
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1300,900",
            &folder,
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": args},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let made = browser.ask("", Some(&wanted));
        match made["sessionId"].as_str() {
            Some(id) => browser.session = format!("{}/{id}", browser.session),
            None if made.to_string().contains("cannot find Chrome binary") => {
                skipped("no chromium beside chromedriver");
                return None;
            }
            None => panic!("no session: {made}"),
        }
        Some(browser)
    }

    /// Ask the driver; `None` reads, a body does. The answer's value, an error's too.
    fn ask(&self, path: &str, body: Option<&Value>) -> Value {
        let agent = ureq::Agent::new_with_config(
            ureq::Agent::config_builder().http_status_as_error(false).build(),
        );
        let address = format!("{}{path}", self.session);
        let answer = match body {
            Some(body) => agent.post(&address).send(body.to_string()),
            None => agent.get(&address).call(),
        };
        let answer = answer.unwrap().body_mut().read_to_string().unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer["value"].clone()
    }

    /// As [`Self::ask`], which must go well.
    fn tell(&self, path: &str, body: &Value) -> Value {
        let answer = self.ask(path, Some(body));
        assert!(answer.get("error").is_none(), "{path} {body}: {answer}");
        answer
    }

    /// Go to a page on the disk.
    pub fn open(&self, page: &Path) {
        self.tell("/url", &json!({"url": format!("file://{}", page.display())}));
    }

    /// Go to an address.
    pub fn visit(&self, address: &str) {
        self.tell("/url", &json!({ "url": address }));
    }

    /// Make the window of this size, as far as the page is concerned.
    pub fn resize(&self, width: u32, height: u32) {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        let body = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": size});
        self.tell("/goog/cdp/execute", &body);
    }

    /// Save a picture of the whole page in the folder $VERIFY_LOOK, if it is set, for a person to look at.
    pub fn look(&self, name: &str) {
        let Some(folder) = std::env::var_os("VERIFY_LOOK") else { return };
        let body =
            json!({"cmd": "Page.captureScreenshot", "params": {"captureBeyondViewport": true}});
        let shot = self.tell("/goog/cdp/execute", &body);
        let bytes = BASE64_STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), bytes).unwrap();
    }

    /// Press keys one after the other, wherever the focus is.
    pub fn type_keys(&self, keys: &[&str]) {
        let presses: Vec<Value> = keys
            .iter()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key})))
            .collect();
        self.act("key", &json!(presses));
    }

    /// What a piece of script returns.
    pub fn run(&self, script: &str) -> Value {
        self.tell("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// The text of the element that a selector finds first.
    pub fn text(&self, selector: &str) -> String {
        let found = self.run(&format!("return document.querySelector({selector:?}).textContent"));
        found.as_str().unwrap_or_default().to_owned()
    }

    fn element(&self, selector: &str) -> Value {
        self.tell("/element", &json!({"using": "css selector", "value": selector}))
    }

    /// Do something to an element. If the page has put another in its place since it was found, nothing
    /// was done, and that one is meant.
    fn on(&self, selector: &str, what: &str, body: &Value) {
        for _ in 0..TRIES {
            let element = self.element(selector);
            let id = element[ELEMENT].as_str().unwrap();
            let answer = self.ask(&format!("/element/{id}/{what}"), Some(body));
            match answer["error"].as_str() {
                Some("stale element reference") => {}
                Some(_) => panic!("{selector} {what} {body}: {answer}"),
                None => return,
            }
        }
        panic!("{selector} is replaced all the time");
    }

    /// Click an element.
    pub fn click(&self, selector: &str) {
        self.on(selector, "click", &json!({}));
    }

    /// Type into an element.
    pub fn keys(&self, selector: &str, keys: &str) {
        self.on(selector, "value", &json!({"text": keys}));
    }

    fn act(&self, kind: &str, actions: &Value) {
        let mut device = json!({"type": kind, "id": kind, "actions": actions});
        if kind == "pointer" {
            device["parameters"] = json!({"pointerType": "mouse"});
        }
        self.tell("/actions", &json!({"actions": [device]}));
    }

    /// Point at an element's middle.
    pub fn point_at(&self, selector: &str) {
        let origin = self.element(selector);
        let to = json!({"type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": origin});
        self.act("pointer", &json!([to]));
    }

    /// Drag from an element's middle.
    pub fn drag(&self, selector: &str, by: [i32; 2]) {
        let origin = self.element(selector);
        let to = |origin: &Value, x: i32, y: i32| json!({"type": "pointerMove", "duration": 30, "x": x, "y": y, "origin": origin});
        self.act(
            "pointer",
            &json!([
                to(&origin, 0, 0),
                {"type": "pointerDown", "button": 0},
                to(&json!("pointer"), by[0], by[1]),
                {"type": "pointerUp", "button": 0},
            ]),
        );
    }

    /// Turn the wheel over an element's middle.
    pub fn wheel(&self, selector: &str, down: i32) {
        let origin = self.element(selector);
        let turn = json!({"type": "scroll", "x": 0, "y": 0, "deltaX": 0, "deltaY": down,
                          "duration": 0, "origin": origin});
        self.act("wheel", &json!([turn]));
    }

    /// Ask for dark colours, as the system would.
    pub fn go_dark(&self) {
        let dark = json!([{"name": "prefers-color-scheme", "value": "dark"}]);
        let body = json!({"cmd": "Emulation.setEmulatedMedia", "params": {"features": dark}});
        self.tell("/goog/cdp/execute", &body);
    }

    /// Where a window is that opens beside the first one, which stays the one that is used.
    pub fn opened(&self) -> String {
        let windows = || self.ask("/window/handles", None).as_array().cloned().unwrap_or_default();
        crate::waiting::wait_until("a window beside the first", || windows().len() > 1);
        let windows = windows();
        self.tell("/window", &json!({"handle": windows.last()}));
        let url = || self.ask("/url", None).as_str().unwrap_or_default().to_owned();
        crate::waiting::wait_until("its address", || url().starts_with("file:"));
        let url = url();
        self.tell("/window", &json!({"handle": windows[0]}));
        url
    }

    /// What the console holds that is an error or a warning, the policy's complaints among them.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.tell("/se/log", &json!({"type": "browser"}));
        let grave = |entry: &&Value| entry["level"] == "SEVERE" || entry["level"] == "WARNING";
        log.as_array().unwrap().iter().filter(grave).map(|entry| entry.to_string()).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let agent = ureq::Agent::new_with_defaults();
        let _ = agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Wait until a piece of script returns true.
pub fn until(browser: &Browser, what: &str, script: &str) {
    let began = Instant::now();
    while browser.run(&format!("return Boolean({script})")) != json!(true) {
        assert!(
            began.elapsed() < Duration::from_secs(120),
            "{what} does not come: {}",
            browser.text("body")
        );
        std::thread::sleep(Duration::from_millis(40));
    }
}
