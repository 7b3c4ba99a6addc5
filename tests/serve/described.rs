//! The description that the server gives of itself: it holds together, and what every route answers is what
//! is described.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Answer, Server, astronaut, form, form_type, strangers_like};
use crate::sandbox::Sandbox;
use crate::schema::Schemas;

/// A server, with its description.
struct Described<'a> {
    server: &'a Server,
    document: Value,
    /// Operations that did what they are for.
    done: RefCell<BTreeSet<String>>,
}

impl<'a> Described<'a> {
    fn of(server: &'a Server, headers: &[(&str, &str)]) -> Self {
        let document = server.with("GET", "/openapi.json", headers).json();
        Self { server, document, done: RefCell::default() }
    }

    /// The methods and paths of all operations.
    fn operations(&self) -> Vec<(String, String)> {
        let paths = self.document["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone()))
        });
        operations.collect()
    }

    /// What is described of `status` of an operation, and what it refers to.
    fn described(&self, method: &str, route: &str, status: u16) -> &Value {
        let operation = &self.document["paths"][route][method.to_lowercase()];
        let response = &operation["responses"][status.to_string()];
        match response["$ref"].as_str() {
            Some(name) => self.document.pointer(&name[1..]).unwrap(),
            None => response,
        }
    }

    /// Assert that an answer is as it is described, and hand it on.
    fn check(&self, method: &str, route: &str, answer: Answer) -> Answer {
        let said = format!("{method} {route}: {} {:?}", answer.head, short(&answer.body));
        let response = self.described(method, route, answer.status);
        assert!(response["description"].is_string(), "the status is not described: {said}");
        let kind = kind(&answer);
        let content = &response["content"][&kind];
        assert!(content.is_object(), "the kind is not described: {said}");
        if kind == "application/json" {
            let schemas = Schemas(&self.document);
            let problems = schemas.problems(&content["schema"], &answer.json(), "");
            assert_eq!(problems, Vec::<String>::new(), "{said}");
        }
        if answer.status < 300 {
            self.done.borrow_mut().insert(format!("{method} {route}"));
        }
        answer
    }

    /// Ask for something without a body, as `route` with `{id}` filled in and `query` behind it.
    fn call(&self, method: &str, route: &str, query: &str) -> Answer {
        let path = route.replace("{id}", "eileen") + query;
        self.check(method, route, self.server.call(method, &path))
    }

    fn send(&self, method: &str, route: &str, json: &Value) -> Answer {
        let operation = &self.document["paths"][route][method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let problems = Schemas(&self.document).problems(schema, json, "");
        assert_eq!(problems, Vec::<String>::new(), "what {method} {route} is sent");
        let path = route.replace("{id}", "eileen");
        self.check(method, route, self.server.send(method, &path, json))
    }

    fn post(&self, route: &str, fields: &[(&str, &[u8])], photo: &str) -> Answer {
        let body = form(fields, &[(photo, &astronaut())]);
        let path = route.replace("{id}", "eileen");
        self.check("POST", route, self.server.body("POST", &path, &form_type(), &body))
    }
}

/// The kind of an answer's content, without its parameters.
fn kind(answer: &Answer) -> String {
    let mut lines = answer.head.lines().filter_map(|line| line.split_once(": "));
    let kind = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-type")).unwrap();
    kind.1.split(';').next().unwrap().to_owned()
}

fn short(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned()
}

/// All that others are referred to by.
fn references(value: &Value) -> Vec<&str> {
    let own = value["$ref"].as_str().into_iter();
    let below: Vec<&Value> = match value {
        Value::Object(fields) => fields.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    own.chain(below.into_iter().flat_map(references)).collect()
}

/// The first part of a JPEG of the portrait.
fn cut_off() -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let portrait = image::load_from_memory(&astronaut()).unwrap().into_rgb8();
    portrait.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let length = jpeg.get_ref().len() * 3 / 4;
    jpeg.into_inner()[..length].to_vec()
}

#[test]
fn the_description_holds_together() {
    let server = Server::start(&Sandbox::new(), &[]);
    let document = server.get("/openapi.json").json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    for reference in references(&document) {
        assert!(document.pointer(&reference[1..]).is_some(), "nothing is at {reference}");
    }
    let mut names = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path} says nothing");
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name), "{name} is the name of two operations");
            let parameters = operation["parameters"].as_array();
            let about = parameters.into_iter().flatten().any(|parameter| parameter["in"] == "path");
            assert_eq!(about, path.contains('{'), "{method} {path}");
        }
    }
}

/// What a scan finds is looked through.
fn reviewed(sandbox: &Sandbox, described: &Described) {
    let pixels = image::open(crate::client::astronaut_file()).unwrap();
    std::fs::create_dir(sandbox.path("library")).unwrap();
    pixels.thumbnail(300, 300).save(sandbox.path("library/found.png")).unwrap();
    sandbox.run(&["scan", "library"]).success();
    let route = "/api/people/{id}/review";
    let found = described.call("GET", route, "?limit=5").json();
    let face = found["faces"][0]["face"].clone();
    let picture = described.call(
        "GET",
        &format!("{route}/face"),
        &format!("?face={}", face.as_str().unwrap()),
    );
    assert!(picture.body.starts_with(&[0xff, 0xd8, 0xff]));
    let answers = json!({"answers": [{"face": face, "answer": "yes"}]});
    let left = described.send("POST", route, &answers).json();
    assert_eq!((&left["yes"], &left["faces"]), (&json!(1), &json!([])), "{left}");
    let undone = described.call("POST", &format!("{route}/undo"), "").json();
    assert_eq!((&undone["undone"], &undone["faces"]), (&json!([face]), &found["faces"]));
}

/// Every operation is made to do what it is for.
#[test]
fn what_every_route_answers_is_what_is_described() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let described = Described::of(&server, &[]);
    for route in ["/health", "/ready", "/metrics", "/openapi.json", "/api/info"] {
        described.call("GET", route, "");
    }
    described.post("/api/people", &[("name", b"Eileen"), ("keep_faces", b"true")], "a.png");
    described.call("GET", "/api/people", "");
    let person = "/api/people/{id}";
    described.call("GET", person, "");
    described.send("PATCH", person, &json!({"far": 1e-5, "method": "nearest"}));
    let below = |name: &str| format!("{person}/{name}");
    described.post(&below("photos"), &[], "b.png");
    described.send("PATCH", &below("photos"), &json!({"photo": "b.png", "choice": "drop"}));
    described.call("GET", person, "");
    described.call("DELETE", &below("photos"), "?photo=b.png");
    let embedded = described.post("/api/embed", &[], "a.png").json();
    let asked = json!({"photos": embedded["photos"], "known": true, "least": 1});
    described.send("POST", "/api/faces", &asked);
    let strangers = strangers_like(&embedded["photos"][0]["faces"][0]);
    described.send("POST", &below("strangers"), &json!({ "photos": strangers }));
    described.post(&below("look-alikes"), &[("name", b"Twin")], "twin.png");
    described.post(&below("negatives"), &[], "other.png");
    described.call("GET", &below("face"), "?photo=a.png");
    reviewed(&sandbox, &described);
    for query in ["", "?format=svg&view=score", "?format=png"] {
        described.call("GET", &below("plot"), query);
    }
    for page in ["report", "export"] {
        described.call("GET", &below(page), "");
    }
    described.post("/api/check", &[], "c.png");
    described.post("/api/identify", &[], "c.png");
    assert_eq!(
        server.post("/api/people", &[("name", b"Twin")], &[("d.png", &astronaut())]).status,
        201
    );
    described.send("POST", &below("apart"), &json!({"other": "twin"}));
    described.call("DELETE", &below("strangers"), "");
    described.call("DELETE", &below("look-alikes"), "?name=Twin");
    for (route, query) in
        [("/api/check", "?photo=x.png&strict=true"), ("/api/embed", "?crops=true")]
    {
        for (kind, body) in
            [("image/png", &astronaut()[..]), ("image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0")]
        {
            let path = route.to_owned() + query;
            described.check("POST", route, server.body("POST", &path, kind, body));
        }
    }
    for route in ["/api/check", "/api/identify", "/api/embed"] {
        let part = server.body("POST", route, "image/jpeg", &cut_off());
        let said = described.check("POST", route, part).json();
        let photo = &said[if route == "/api/check" { "results" } else { "photos" }][0];
        assert_eq!(photo["truncated"], true, "{said}");
        assert!(photo["missing"].as_u64().is_some_and(|missing| missing > 10), "{said}");
    }
    described.call("DELETE", person, "");
    described.call("GET", "/api/people", "");
    let all = described.operations().into_iter().map(|(method, route)| method + " " + &route);
    assert_eq!(*described.done.borrow(), all.collect());
}

/// So are errors: of requests that make no sense, are about nobody, or come without the right to ask.
#[test]
fn what_goes_wrong_is_described_too() {
    let (sandbox, token) = (Sandbox::new(), ("Authorization", "Bearer 0123456789abcdef"));
    let server = Server::start(&sandbox, &["--token", "0123456789abcdef"]);
    let described = Described::of(&server, &[token]);
    let elsewhere = ("Host", "evil.example");
    let mut statuses = BTreeSet::new();
    for (method, route) in described.operations() {
        let path = route.replace("{id}", "nobody");
        let mut requests =
            vec![(path.clone(), vec![token]), (path.clone() + "?far=x", vec![token])];
        // What anybody may ask is not refused.
        if described.document["paths"][&route][method.to_lowercase()]["security"].is_null() {
            requests.extend([(path.clone(), vec![]), (path, vec![token, elsewhere])]);
        }
        for (path, headers) in requests {
            let answer = described.check(&method, &route, server.with(&method, &path, &headers));
            statuses.insert(answer.status);
        }
    }
    assert_eq!(statuses, [200, 400, 401, 403, 404].into());
}
