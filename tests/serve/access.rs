//! Who may ask for what: every route that is described, by every method, with and without the token,
//! from this machine and from the pages of other sites.

use serde_json::Value;

use crate::client::{Answer, Server, astronaut, head};
use crate::sandbox::Sandbox;

const TOKEN: &str = "0123456789abcdef";
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/// The only routes that are not described: the page and what it loads.
const PAGE: [&str; 2] = ["/", "/{asset}"];
/// What is sent along: it would change a person if it were let through.
const CHANGE: &[u8] = b"{\"far\": 0.01}";

type Headers = &'static [(&'static str, &'static str)];

/// How the token is given: the headers, what stands behind the path, and whether it is right.
const ASKERS: [(Headers, &str, bool); 9] = [
    (&[("Authorization", "Bearer 0123456789abcdef")], "", true),
    (&[("Cookie", "a=b; verify-token=0123456789abcdef")], "", true),
    (&[], "", false),
    (&[("Authorization", "Bearer 0123456789abcdee")], "", false),
    (&[("Authorization", "Basic 0123456789abcdef")], "", false),
    (&[("Authorization", "Bearer ")], "", false),
    (&[("Cookie", "verify-token=0123456789abcdee")], "", false),
    (&[("Cookie", "token=0123456789abcdef")], "", false),
    // The page alone takes it from the address, and puts it into a cookie.
    (&[], "?token=0123456789abcdef", false),
];

/// Where a request comes from, and what it may do with the right token.
#[derive(Clone, Copy, PartialEq)]
enum May {
    /// All that the token allows.
    All,
    /// Ask as a link on any page may, which that page cannot read; nothing of the API that may change
    /// something.
    Follow,
    /// Nothing of the API.
    NoApi,
    /// Nothing.
    Nothing,
}

const SITES: [(Headers, May); 8] = [
    (&[], May::All),
    (&[("Origin", "http://localhost"), ("Sec-Fetch-Site", "same-origin")], May::All),
    (&[("Sec-Fetch-Site", "none")], May::All),
    (&[("Origin", "http://evil.example")], May::Follow),
    (&[("Origin", "null")], May::Follow),
    (&[("Sec-Fetch-Site", "cross-site")], May::NoApi),
    (&[("Sec-Fetch-Site", "same-site")], May::NoApi),
    (&[("Host", "evil.example")], May::Nothing),
];

/// A path, whether it needs no token, and the methods that it has.
struct Route {
    path: String,
    open: bool,
    methods: Vec<String>,
}

impl Route {
    fn of((path, described): (&String, &Value)) -> Self {
        let methods = described.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters");
        let open = |method: &Value| method["security"].as_array().is_some_and(Vec::is_empty);
        Self {
            path: path.clone(),
            open: methods.clone().all(|(_, method)| open(method)),
            methods: methods.map(|(key, _)| key.to_uppercase()).collect(),
        }
    }

    fn of_page(path: &str) -> Self {
        Self { path: path.to_owned(), open: false, methods: vec!["GET".to_owned()] }
    }

    fn has(&self, method: &str) -> bool {
        let method = if method == "HEAD" { "GET" } else { method };
        self.methods.iter().any(|known| known == method)
    }

    /// Why a request is refused, as a status; none if it is let through.
    fn refusal(
        &self,
        method: &str,
        (_, query, right): (Headers, &str, bool),
        may: May,
    ) -> Option<u16> {
        let reads = method == "GET" || method == "HEAD";
        let allowed = match may {
            May::All => true,
            May::Follow => reads || !self.path.starts_with("/api/"),
            May::NoApi => !self.path.starts_with("/api/"),
            May::Nothing => false,
        };
        match (allowed, self.path == "/" && !query.is_empty()) {
            (false, _) => Some(403),
            (true, true) => Some(303),
            (true, false) if right || self.open => None,
            (true, false) => Some(401),
        }
    }
}

/// Everything that is kept of people, by its path.
fn kept(sandbox: &Sandbox) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let files = std::fs::read_dir(sandbox.path("data/sameface/people")).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| (file.clone(), std::fs::read(file).unwrap())).collect()
}

fn ask(server: &Server, method: &str, path: &str, headers: [Headers; 2]) -> Answer {
    let headers = [&[("Content-Type", "application/json")], headers[0], headers[1]].concat();
    server.raw(&[&head(method, path, &headers, CHANGE.len()), CHANGE].concat())
}

/// With the right to, a request is answered by its route; without, it is refused and nothing is changed.
#[test]
fn every_route_asks_for_the_token_and_refuses_other_sites() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &["--token", TOKEN]);
    let photo = [("Authorization", "Bearer 0123456789abcdef"), ("Content-Type", "image/png")];
    let photo = [head("POST", "/api/people", &photo, astronaut().len()), astronaut()].concat();
    assert_eq!(server.raw(&photo).json()["id"], "the-person");
    let before = kept(&sandbox);
    let described = ask(&server, "GET", "/openapi.json", [ASKERS[0].0, &[]]).json();
    let described = described["paths"].as_object().unwrap().iter().map(Route::of);
    for route in described.chain(PAGE.map(Route::of_page)) {
        for (method, asker, (site, may)) in METHODS.into_iter().flat_map(|method| {
            ASKERS.into_iter().flat_map(move |asker| SITES.map(|site| (method, asker, site)))
        }) {
            let refusal = route.refusal(method, asker, may);
            // What is let through is about nobody, so that the one who is there stays as she is.
            let id = if refusal.is_some() { "the-person" } else { "nobody" };
            let path = route.path.replace("{id}", id).replace("{asset}", "style.css") + asker.1;
            let answer = ask(&server, method, &path, [asker.0, site]);
            let said = format!("{method} {path} {:?} {site:?}: {}", asker.0, answer.head);
            match refusal {
                Some(status) => assert_eq!(answer.status, status, "{said}"),
                None if route.has(method) => {
                    assert!(![401, 403, 405].contains(&answer.status), "{said}");
                    assert!(answer.status < 500, "{said}");
                }
                None => assert_eq!(answer.status, 405, "{said}"),
            }
            assert!(!answer.head.to_lowercase().contains("access-control"), "{said}");
        }
    }
    assert_eq!(kept(&sandbox), before);
}

/// A route is added together with its description, except those of the page: there must be no others.
#[test]
fn every_route_is_described() {
    let source = include_str!("../../src/serve/api/mod.rs");
    let bare = |how: &str| {
        let routes = source.split(how).skip(1).map(|rest| rest.split('"').next().unwrap());
        routes.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(bare(".route(\""), PAGE);
    for other in [".route_service(", ".nest(", ".nest_service(", ".merge("] {
        assert_eq!(bare(other), Vec::<String>::new(), "{other}");
    }
    assert!(source.matches(".routes(routes!(").count() > 10, "the source was read");
}
