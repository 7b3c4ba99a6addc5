//! Clients that mean no good, or are broken: each gets its answer, and the next one is served.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::client::{Server, answer, astronaut, begin, form, form_type, head, refused, wait_for};

#[test]
fn pages_of_other_sites_get_nothing() {
    let server = Server::alone(&[]);
    let status = |method: &str, path: &str, name: &str, value: &str| {
        server.with(method, path, &[(name, value)]).status
    };
    for host in ["evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", ""] {
        assert_eq!(status("GET", "/", "Host", host), 403, "{host}");
    }
    for host in ["localhost", "127.0.0.1:7878", "[::1]:1"] {
        assert_eq!(status("GET", "/", "Host", host), 200, "{host}");
    }
    for origin in ["http://evil.example", "null", "http://localhost:1", "\u{fc}"] {
        assert_eq!(status("POST", "/api/check", "Origin", origin), 403, "{origin}");
        assert_eq!(status("DELETE", "/api/people/x", "Origin", origin), 403, "{origin}");
    }
    assert_eq!(status("GET", "/api/people", "Sec-Fetch-Site", "cross-site"), 403);
    assert_eq!(status("DELETE", "/api/people/x", "Origin", "http://localhost"), 404);
    let head = server.get("/api/people").head.to_lowercase();
    for kept in ["nosniff", "default-src 'none'", "no-store", "same-origin"] {
        assert!(head.contains(kept), "{kept}: {head}");
    }
    assert!(!head.contains("access-control"), "{head}");
}

#[test]
fn bodies_that_are_huge_truncated_or_nonsense_are_refused_in_a_line() {
    let server = Server::alone(&["--max-upload", "1"]);
    let huge = vec![0u8; 3 << 20];
    let kind = form_type();
    let announced = server.body("POST", "/api/embed", "image/png", &huge);
    assert_eq!(announced.status, 413);
    assert!(announced.json()["error"].as_str().unwrap().contains("1 MB"));
    // The same without saying so: in chunks.
    let mut chunked = b"POST /api/embed HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                        Transfer-Encoding: chunked\r\n\r\n300000\r\n"
        .to_vec();
    chunked.extend_from_slice(&huge);
    assert_eq!(server.raw(&chunked).status, 413);
    let broken = form(&[], &[("a.png", &astronaut()[..5000])]);
    let cases: [(&str, &str, &[u8], u16); 8] = [
        ("/api/embed", &kind, &broken[..300], 400),
        ("/api/embed", &kind, b"", 400),
        ("/api/embed", "multipart/form-data", b"x", 400),
        ("/api/embed", "image/png", b"", 400),
        ("/api/people", "application/json", b"{\"photos\": [", 400),
        ("/api/people", "application/json", b"{\"photos\": [], \"more\": 1}", 400),
        ("/api/people", "application/json", &[0xff; 100], 400),
        ("/api/check?far=7", "image/png", b"x", 404),
    ];
    for (path, kind, body, status) in cases {
        let answer = server.body("POST", path, kind, body);
        assert_eq!(answer.status, status, "{path} {kind}");
        let line = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(!line.is_empty() && !line.contains('\n'), "{line}");
    }
    // A body that breaks off leaves nobody waiting.
    let mut stream = server.connect();
    stream.write_all(&head("POST", "/api/embed", &[("Content-Type", &kind)], 5000)).unwrap();
    stream.write_all(&broken[..200]).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    if let Some(answer) = answer(stream) {
        assert_eq!(answer.status, 400, "{}", answer.head);
    }
    assert_eq!(server.post("/api/embed", &[], &[("a.png", &astronaut())]).status, 200);
    // What is allowed is taken, however large.
    let roomy = Server::alone(&["--max-upload", "8"]);
    let answer = roomy.post("/api/embed", &[], &[("a.png", &astronaut()), ("b.jpg", &huge)]);
    assert_eq!(answer.status, 200);
}

#[test]
fn deep_and_hostile_json_is_refused() {
    let server = Server::alone(&[]);
    let deep = "[".repeat(100_000);
    for body in [deep.as_str(), "{\"photos\": 1e999}", "{\"far\": \"x\", \"photos\": []}", "nul"] {
        assert_eq!(
            server.body("POST", "/api/people", "application/json", body.as_bytes()).status,
            400
        );
    }
    for id in ["..%2F..%2Fetc%2Fpasswd", "%00", "A", "a%2Fb", "%ff", "x".repeat(3000).as_str()] {
        let status = server.get(&format!("/api/people/{id}")).status;
        assert!(status == 404 || status == 400, "{id}: {status}");
    }
}

/// Clients that send a byte now and then hold up nobody, and are cut off once they send nothing.
#[test]
fn slow_clients_hold_up_nobody_and_are_cut_off() {
    let server = Server::alone(&[]);
    let mut slow: Vec<_> =
        (0..40).map(|_| begin(&server, "/api/embed", "image/png", 1000)).collect();
    let (served, being_served) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let slow = &mut slow;
        // Often enough that none of them is cut off, and too few bytes for any to come to its end.
        scope.spawn(move || {
            while being_served.recv_timeout(Duration::from_secs(1))
                == Err(RecvTimeoutError::Timeout)
            {
                slow.iter_mut().for_each(|stream| drop(stream.write_all(b"x")));
            }
        });
        assert_eq!(server.post("/api/embed", &[], &[("a.png", &astronaut())]).status, 200);
        drop(served);
    });
    for stream in slow {
        refused(&answer(stream).unwrap(), 408, "a slow client");
    }
}

/// Whoever opens as many connections as there may be, and asks nothing, keeps others out for a while
/// and not for good.
#[test]
fn connections_that_ask_nothing_are_closed() {
    const CONNECTIONS: usize = 512;
    let server = Server::alone(&[]);
    let silent: Vec<_> = (0..CONNECTIONS).map(|_| server.connect()).collect();
    assert_eq!(server.get("/health").status, 200);
    drop(silent);
}

/// With more in flight than there is memory for, some are told to come again at once, and what was
/// taken is finished.
#[test]
fn a_server_with_too_much_to_do_says_so() {
    let server = Server::alone(&["--max-upload", "2", "--threads", "1"]);
    let png = [&b"\x89PNG\r\n\x1a\n"[..], &[0; 1_900_000]].concat();
    let body = form(&[], &[("a.png", &png)]);
    let (most, end) = body.split_at(body.len() - 1000);
    // There is memory for two of these. Nobody sends the end, so that none gives back what it has.
    let mut held: Vec<_> =
        (0..3).map(|_| begin(&server, "/api/embed", &form_type(), body.len())).collect();
    for stream in &mut held {
        // Who is refused need not be heard out.
        let _ = stream.write_all(most);
    }
    let first = wait_for("a refusal", || held.iter().position(is_answered));
    let answered = answer(held.remove(first)).unwrap();
    refused(&answered, 503, "more than there is memory for");
    assert!(answered.head.to_lowercase().contains("retry-after: 1"), "{}", answered.head);
    let finished = held.into_iter().map(|mut stream| {
        let _ = stream.write_all(end);
        answer(stream).unwrap().status
    });
    // Two that are refused in the same moment may make room for one another too late.
    let finished: Vec<u16> = finished.collect();
    assert!(finished.contains(&200), "{finished:?}");
    assert!(finished.iter().all(|status| [200, 503].contains(status)), "{finished:?}");
    assert_eq!(server.post("/api/embed", &[], &[("a.png", &astronaut())]).status, 200);
}

/// Whether something has come back on a connection.
fn is_answered(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let some = stream.peek(&mut [0]).is_ok_and(|bytes| bytes > 0);
    stream.set_nonblocking(false).unwrap();
    some
}
