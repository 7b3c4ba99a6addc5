//! The log of requests: a line each, without a name or an address of anybody.

use std::fs::File;

use serde_json::Value;

use crate::client::{Server, astronaut, wait_for};
use crate::sandbox::Sandbox;

/// The log's lines, once there are so many.
fn lines(sandbox: &Sandbox, count: usize) -> Vec<String> {
    wait_for("the log", || {
        let text = std::fs::read_to_string(sandbox.path("log")).unwrap();
        (text.lines().count() >= count).then(|| text.lines().map(str::to_owned).collect())
    })
}

#[test]
fn each_request_is_a_line_with_its_route_and_not_its_path() {
    for form in ["json", "text"] {
        let sandbox = Sandbox::new();
        let log = File::create(sandbox.path("log")).unwrap();
        let server = Server::saying(&sandbox, &["--log", form], log.into());
        server.post("/api/people", &[("name", b"Xenia")], &[("quill.png", &astronaut())]);
        assert_eq!(server.get("/api/people/xenia").status, 200);
        assert_eq!(server.get("/nowhere/xenia").status, 404);
        let lines = lines(&sandbox, 3);
        let all = lines.join("\n");
        assert_eq!(lines.len(), 3, "{all}");
        assert!(!all.to_lowercase().contains("xenia") && !all.contains("quill"), "{all}");
        if form == "text" {
            assert!(
                lines[1].contains("/api/people/{id}") && lines[1].contains("status=200"),
                "{all}"
            );
            continue;
        }
        let lines: Vec<Value> =
            lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of = |at: usize| {
            let line = &lines[at];
            assert!(line["milliseconds"].is_u64() && line["timestamp"].is_string(), "{line}");
            let text = |field: &str| line[field].as_str().unwrap().to_owned();
            (text("method"), text("route"), line["status"].as_u64().unwrap())
        };
        assert_eq!(of(0), ("POST".into(), "/api/people".into(), 201));
        assert_eq!(of(1), ("GET".into(), "/api/people/{id}".into(), 200));
        assert_eq!(of(2).2, 404);
    }
}
