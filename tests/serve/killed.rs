//! Servers that end: killed while they work, and asked to.

use std::sync::Mutex;

use serde_json::json;

use crate::client::{PATIENCE, Server, answer, astronaut, begin, form, form_type, head, wait_for};
use crate::sandbox::Sandbox;

/// Every enrolment that was answered is there after kill -9, whole; nothing else is in the folder but
/// drafts.
#[test]
fn a_killed_server_loses_no_finished_enrolment() {
    let sandbox = Sandbox::new();
    let photo = astronaut();
    for round in 0..5 {
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
                        stream.set_read_timeout(Some(PATIENCE)).unwrap();
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
            wait_for("an enrolment", || (finished.lock().unwrap().len() > 3 * round).then_some(()));
            // SIGKILL, and no word before it, while the clients go on asking.
            let pid = server.child.id().to_string();
            assert!(
                std::process::Command::new("kill").args(["-9", &pid]).status().unwrap().success()
            );
        });
        server.child.wait().unwrap();
        for id in finished.into_inner().unwrap() {
            let path = sandbox.path(&format!("data/sameface/people/{id}.json"));
            sameface::profile::Profile::read(&path, || panic!("it is in clear")).unwrap();
        }
    }
}

/// Asked to end, a server takes nothing new and finishes what it took.
#[cfg(unix)]
#[test]
fn a_server_that_is_asked_to_end_finishes_what_it_took() {
    use std::io::Write;
    let mut server = Server::alone(&[]);
    let body = form(&[], &[("a.png", &astronaut())]);
    let mut stream = begin(&server, "/api/embed", &form_type(), body.len());
    let pid = server.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    wait_for("the end of what is taken", || {
        std::net::TcpStream::connect(("127.0.0.1", server.port())).err()
    });
    stream.write_all(&body).unwrap();
    let last = answer(stream).unwrap();
    assert_eq!(
        (last.status, last.json()["photos"][0]["faces"].as_array().unwrap().len()),
        (200, 1)
    );
    assert!(server.child.wait().unwrap().success());
}
