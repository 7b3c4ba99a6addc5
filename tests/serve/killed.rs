//! Servers that end: killed while they work, and asked to.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::json;

use crate::client::{Server, answer, astronaut, form, form_type, head};
use crate::sandbox::Sandbox;

/// Every enrolment that was answered is there after kill -9, whole; nothing else is in the folder but
/// drafts.
#[test]
fn a_killed_server_loses_no_finished_enrolment() {
    let sandbox = Sandbox::new();
    let photo = astronaut();
    for round in 0..5u32 {
        let mut server = Server::start(&sandbox, &[]);
        let embedded = server.post("/api/embed", &[], &[("a.png", &photo)]).json();
        let body = json!({"name": format!("round {round}"), "photos": embedded["photos"]});
        let body = serde_json::to_vec(&body).unwrap();
        let request = [
            head("POST", "/api/people", &[("Content-Type", "application/json")], body.len()),
            body,
        ]
        .concat();
        let finished = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while let Ok(mut stream) =
                        std::net::TcpStream::connect(("127.0.0.1", server.port()))
                    {
                        let sent = std::io::Write::write_all(&mut stream, &request);
                        let Some(made) = sent.ok().and_then(|()| answer(stream)) else { break };
                        if let Ok(person) = serde_json::from_slice::<serde_json::Value>(&made.body)
                        {
                            assert_eq!(made.status, 201);
                            finished
                                .lock()
                                .unwrap()
                                .push(person["id"].as_str().unwrap().to_owned());
                        }
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(300 + 37 * u64::from(round)));
            // SIGKILL, and no word before it.
            let pid = server.child.id().to_string();
            assert!(
                std::process::Command::new("kill").args(["-9", &pid]).status().unwrap().success()
            );
        });
        server.child.wait().unwrap();
        let finished = finished.into_inner().unwrap();
        assert!(!finished.is_empty(), "nothing was finished in time");
        for id in finished {
            let path = sandbox.path(&format!("data/verify/people/{id}.json"));
            verify::profile::Profile::read(&path, || panic!("it is in clear")).unwrap();
        }
    }
}

/// Asked to end, a server takes nothing new and finishes what it took.
#[cfg(unix)]
#[test]
fn a_server_that_is_asked_to_end_finishes_what_it_took() {
    use std::io::Write;
    let mut server = Server::start(&Sandbox::new(), &[]);
    let body = form(&[], &[("a.png", &astronaut())]);
    let mut stream = server.connect();
    stream
        .write_all(&head("POST", "/api/embed", &[("Content-Type", &form_type())], body.len()))
        .unwrap();
    stream.write_all(&body[..1000]).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let pid = server.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    std::thread::sleep(Duration::from_millis(200));
    stream.write_all(&body[1000..]).unwrap();
    let last = answer(stream).unwrap();
    assert_eq!(
        (last.status, last.json()["photos"][0]["faces"].as_array().unwrap().len()),
        (200, 1)
    );
    assert!(server.child.wait().unwrap().success());
}
