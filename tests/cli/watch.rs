//! Folders that are watched: what arrives is told once, whatever happens meanwhile.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::Value;

use crate::enrolled;
use crate::photos::{astronaut, scene};
use crate::sandbox::Sandbox;
use crate::waiting::wait_until;

/// A program that watches the folder `in`.
struct Watching {
    program: Child,
    said: Receiver<String>,
}

impl Watching {
    /// Start it, and wait until the first pass is done.
    fn start(sandbox: &Sandbox, args: &[&str]) -> Self {
        let args = [&["scan", "in", "--watch", "--json"], args].concat();
        let mut program = sandbox
            .process(&args)
            .stdout(
                std::fs::File::options()
                    .append(true)
                    .create(true)
                    .open(sandbox.path("list"))
                    .unwrap(),
            )
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, said) = channel();
        let lines = BufReader::new(program.stderr.take().unwrap()).lines();
        std::thread::spawn(move || {
            lines.map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let mut watching = Self { program, said };
        watching.hears("watching 1 path");
        watching
    }

    /// Wait until it says this.
    fn hears(&mut self, what: &str) {
        let mut all = String::new();
        wait_until(what, || {
            all.extend(self.said.try_iter());
            assert!(self.program.try_wait().unwrap().is_none(), "it has ended: {all}");
            all.contains(what)
        });
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// A photo of the enrolled person whose file is another than any before.
fn arrives(sandbox: &Sandbox, name: &str) -> PathBuf {
    let mut bytes = std::fs::read(astronaut()).unwrap();
    bytes.extend(name.bytes());
    sandbox.write(&format!("in/{name}"), &bytes)
}

/// The names of the photos in a file of JSON lines.
fn told(sandbox: &Sandbox, file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(sandbox.path(file)).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let photo = |line: &str| {
        let match_: Value = serde_json::from_str(line).unwrap();
        assert_eq!(match_["verdict"], "match");
        let path = PathBuf::from(match_["photo"].as_str().unwrap());
        path.file_name().unwrap().to_string_lossy().into_owned()
    };
    whole.lines().map(photo).collect()
}

#[test]
fn what_arrives_is_told_once_however_often_the_program_is_killed() {
    let sandbox = enrolled();
    arrives(&sandbox, "1.png");
    sandbox.write("in/nobody.jpg", &scene());
    // A command that fails until there is a certain file.
    let run = "--run=test -e may-run && { cat; echo; } >> ran";
    let mut watching = Watching::start(&sandbox, &[run]);
    assert_eq!(told(&sandbox, "list"), ["1.png"]);
    arrives(&sandbox, "new/folder/2.png");
    watching.hears("2.png: the command of --run ended with");
    assert_eq!(told(&sandbox, "list"), ["1.png", "2.png"]);
    drop(watching);

    arrives(&sandbox, "3.png");
    sandbox.write("may-run", b"");
    let watching = Watching::start(&sandbox, &[run]);
    assert_eq!(told(&sandbox, "list"), ["1.png", "2.png", "3.png"]);
    assert_eq!(told(&sandbox, "ran"), ["1.png", "3.png", "2.png"], "in the order of the folder");
    drop(watching);

    let watching = Watching::start(&sandbox, &[run]);
    // The same photo under another name, and a file that is none, are nothing new.
    std::fs::copy(sandbox.path("in/1.png"), sandbox.path("in/copy.png")).unwrap();
    sandbox.write("in/notes.txt", b"x");
    arrives(&sandbox, "4.png");
    wait_until("the last photo", || told(&sandbox, "ran").len() > 3);
    assert_eq!(told(&sandbox, "list"), ["1.png", "2.png", "3.png", "4.png"]);
    assert_eq!(told(&sandbox, "ran"), ["1.png", "3.png", "2.png", "4.png"]);
    drop(watching);

    // What is noted goes with the profile.
    let noted = beside(&sandbox);
    assert!(noted.exists());
    sandbox.run(&["profile", "delete", "--yes"]).success();
    assert!(!noted.exists());
}

/// The file that records the notifications.
fn beside(sandbox: &Sandbox) -> PathBuf {
    sandbox.profile().with_extension("json.told")
}

#[test]
fn beside_an_encrypted_profile_nothing_is_noted() {
    let sandbox = enrolled();
    arrives(&sandbox, "1.png");
    drop(Watching::start(&sandbox, &[]));
    assert!(beside(&sandbox).exists());
    sandbox.write("key", b"correct horse battery staple\n");
    sandbox.run(&["profile", "encrypt", "--key-file", "key"]).success();
    assert!(!beside(&sandbox).exists(), "it goes once the profile is encrypted");
    for everyone in [&[][..], &["--everyone"]] {
        let key = [&["--key-file", "key"], everyone].concat();
        drop(Watching::start(&sandbox, &key));
    }
    let people = sandbox.profile().parent().unwrap().to_owned();
    let files = std::fs::read_dir(people).unwrap().map(|file| file.unwrap().path());
    let noted: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|e| e == "told")).collect();
    assert!(noted.is_empty(), "{noted:?}");
    let list = std::fs::read_to_string(sandbox.path("list")).unwrap();
    assert_eq!(list.lines().count(), 3, "each start tells all again: {list}");
}

#[test]
fn a_match_is_posted_until_it_is_taken() {
    let sandbox = enrolled();
    arrives(&sandbox, "1.png");
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/found", server.local_addr().unwrap());
    let (sender, posted) = channel();
    std::thread::spawn(move || {
        for status in ["500 Broken", "302 Elsewhere\r\nLocation: http://example.org/", "204 Taken"]
        {
            let (mut stream, _) = server.accept().unwrap();
            let mut request = BufReader::new(&mut stream);
            let (mut head, mut line) = (String::new(), String::new());
            while request.read_line(&mut line).unwrap() > 2 {
                head += &line.to_lowercase();
                line.clear();
            }
            let length = head.split("content-length: ").nth(1).unwrap();
            let length: usize = length.split('\r').next().unwrap().parse().unwrap();
            let mut body = vec![0; length];
            request.read_exact(&mut body).unwrap();
            let answer =
                format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            sender.send((head, body)).unwrap();
        }
    });
    let mut watching = Watching::start(&sandbox, &["--post", &url]);
    watching.hears("302");
    let mut all = Vec::new();
    wait_until("the photo to be taken", || {
        all.extend(posted.try_iter());
        all.len() == 3
    });
    for (head, body) in all {
        assert!(head.contains("content-type: application/json"), "{head}");
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["verdict"], "match");
    }
    assert_eq!(told(&sandbox, "list"), ["1.png"]);
}

#[test]
fn nothing_is_sent_to_another_machine_unless_that_is_asked_for() {
    let sandbox = enrolled();
    sandbox.write("in/nobody.jpg", &scene());
    let to = ["scan", "in", "--watch", "--post"];
    let post = |url| [&to[..], &[url]].concat();
    sandbox.fails(
        &post("http://192.0.2.1/found"),
        &["--post http://192.0.2.1/found", "--post-elsewhere"],
    );
    let wrong = sandbox.run(&post("localhost/found")).code(2);
    assert!(crate::stderr(&wrong).contains("give a URL such as http://localhost:8123/found"));
    for other in ["--all", "--sort=score", "--limit=1", "--dry-run"] {
        sandbox.run(&["scan", "in", "--watch", "--copy-to", "out", other]).code(2);
    }
    sandbox.run(&["scan", "in", "--run", "true"]).code(2);
}
