//! Clients that mean no good, or are broken: each gets its answer, and the next one is served.

use std::io::Write;
use std::net::Shutdown;
use std::time::{Duration, Instant};

use crate::client::{Server, answer, astronaut, form, form_type, head};
use crate::sandbox::Sandbox;

#[test]
fn pages_of_other_sites_get_nothing() {
    let server = Server::start(&Sandbox::new(), &[]);
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
    let server = Server::start(&Sandbox::new(), &["--max-upload", "1"]);
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
    let roomy = Server::start(&Sandbox::new(), &["--max-upload", "8"]);
    let answer = roomy.post("/api/embed", &[], &[("a.png", &astronaut()), ("b.jpg", &huge)]);
    assert_eq!(answer.status, 200);
}

#[test]
fn deep_and_hostile_json_is_refused() {
    let server = Server::start(&Sandbox::new(), &[]);
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

/// A client that sends a byte now and then is cut off, while others are served meanwhile.
#[test]
fn slow_clients_hold_up_nobody_and_are_cut_off() {
    let server = Server::start(&Sandbox::new(), &[]);
    let slow: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = server.connect();
            stream
                .write_all(&head("POST", "/api/embed", &[("Content-Type", "image/png")], 100))
                .unwrap();
            stream
        })
        .collect();
    let began = Instant::now();
    assert_eq!(server.post("/api/embed", &[], &[("a.png", &astronaut())]).status, 200);
    assert!(began.elapsed() < Duration::from_secs(10));
    for stream in slow {
        assert_eq!(answer(stream).unwrap().status, 408);
    }
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
}

/// With more in flight than there is memory for, some are told to come again, and all are answered.
#[test]
fn a_server_with_too_much_to_do_says_so() {
    let server = Server::start(&Sandbox::new(), &["--max-upload", "2", "--threads", "1"]);
    let body = form(&[], &[("a.png", &vec![0u8; 1_900_000])]);
    // Two of the largest fit: these hold all of it but the end.
    let held: Vec<_> = (0..2)
        .map(|_| {
            let mut stream = server.connect();
            stream
                .write_all(&head(
                    "POST",
                    "/api/embed",
                    &[("Content-Type", &form_type())],
                    body.len(),
                ))
                .unwrap();
            stream.write_all(&body[..body.len() - 1000]).unwrap();
            stream
        })
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    let refused = server.body("POST", "/api/embed", &form_type(), &body);
    assert_eq!(refused.status, 503);
    assert!(refused.head.to_lowercase().contains("retry-after: 1"), "{}", refused.head);
    for mut stream in held {
        stream.write_all(&body[body.len() - 1000..]).unwrap();
        assert_eq!(answer(stream).unwrap().status, 200);
    }
    assert_eq!(server.post("/api/embed", &[], &[("a.png", &astronaut())]).status, 200);
}
