//! Access control, and the headers of every answer. A page of another site must not reach this server through the user's
//! browser, neither under another name for this machine (DNS rebinding) nor by its own form or script (cross-site request
//! forgery).

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::Shared;
use super::problem::Problem;
use crate::error::one_line;

/// The cookie that carries the token of a page.
const COOKIE: &str = "verify-token";
/// The longest error message of the router itself, in bytes.
const LONGEST_ERROR: usize = 4096;
/// The fewest characters of a token.
const SHORTEST_TOKEN: usize = 8;
/// What a page of this server may do: load from this server alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: \
                      data:; connect-src 'self'; media-src 'self' blob:; frame-src 'self' blob:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
/// The host names of this machine for itself.
const LOCAL_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];
/// Paths that need no token, to see whether the server is running.
const OPEN: [&str; 2] = ["/health", "/ready"];

/// The token that clients must send. Only its hash is kept, and hashes are compared, so that the time of comparing
/// reveals nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// # Errors
    /// A message with the valid form.
    pub fn new(text: &str) -> std::result::Result<Self, String> {
        let plain =
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        if text.len() < SHORTEST_TOKEN || !plain {
            return Err(format!(
                "give at least {SHORTEST_TOKEN} letters, digits or -._~; `openssl rand -hex 16` makes a token"
            ));
        }
        Ok(Self(Sha256::digest(text).into()))
    }

    fn is(&self, text: &str) -> bool {
        self.0 == <[u8; 32]>::from(Sha256::digest(text))
    }
}

/// Let a request through, or answer why not.
pub async fn guard(State(server): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = match allowed(&server, &request) {
        Ok(()) => next.run(request).await,
        Err(Refused::Problem(problem)) => problem.into_response(),
        Err(Refused::Welcome(token)) => welcome(&token),
    };
    response = worded(response).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Convert the router's own plain-text errors to the form of all others.
async fn worded(response: Response) -> Response {
    let status = response.status();
    let kind = text(response.headers(), header::CONTENT_TYPE).unwrap_or_default();
    if !(status.is_client_error() || status.is_server_error()) || !kind.starts_with("text/plain") {
        return response;
    }
    let message = to_bytes(response.into_body(), LONGEST_ERROR).await.unwrap_or_default();
    Problem::new(status, one_line(&String::from_utf8_lossy(&message))).into_response()
}

/// Why a request is not let through.
enum Refused {
    Problem(Problem),
    /// It has the token in its URL, which is moved to a cookie by a redirect.
    Welcome(String),
}

fn allowed(server: &Shared, request: &Request) -> std::result::Result<(), Refused> {
    let headers = request.headers();
    let refuse =
        |message: &str| Err(Refused::Problem(Problem::new(StatusCode::FORBIDDEN, message)));
    let host = text(headers, header::HOST).unwrap_or_default();
    if server.local && !is_local(host) {
        return refuse("the Host header is not a name of this machine; use http://localhost");
    }
    let path = request.uri().path();
    if path.starts_with("/api/") && is_from_elsewhere(request.method(), headers, host) {
        return refuse(
            "the request came from another site's page; only this server's own page may send it",
        );
    }
    let Some(token) = &server.token else { return Ok(()) };
    if OPEN.contains(&path) || bearer(headers).is_some_and(|text| token.is(text)) {
        return Ok(());
    }
    if cookie(headers).is_some_and(|text| token.is(text)) {
        return Ok(());
    }
    let offered = request.uri().query().and_then(|query| query.strip_prefix("token="));
    match offered {
        Some(offered) if path == "/" && token.is(offered) => {
            Err(Refused::Welcome(offered.to_owned()))
        }
        _ => Err(Refused::Problem(Problem::new(
            StatusCode::UNAUTHORIZED,
            "the token is missing or wrong; open /?token=TOKEN, or send Authorization: Bearer TOKEN",
        ))),
    }
}

/// Whether a browser's headers say that another site's page sent the request. Programs send no such headers.
fn is_from_elsewhere(method: &Method, headers: &HeaderMap, host: &str) -> bool {
    let site = text(headers, header::HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return true;
    }
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let origin = text(headers, header::ORIGIN);
    let own =
        |origin: &str| origin.split("://").nth(1).is_some_and(|o| o.eq_ignore_ascii_case(host));
    !reads && origin.is_some_and(|origin| !own(origin))
}

/// Whether a host name means this machine, ignoring case and a final dot.
fn is_local(host: &str) -> bool {
    let name = without_port(host);
    let name = name.strip_suffix('.').unwrap_or(name);
    LOCAL_NAMES.iter().any(|local| local.eq_ignore_ascii_case(name))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    // A header that is not text must not count as absent.
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    text(headers, header::AUTHORIZATION)?.strip_prefix("Bearer ")
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = text(headers, header::COOKIE)?.split("; ");
    cookies
        .filter_map(|cookie| cookie.split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|c| c.1)
}

fn welcome(token: &str) -> Response {
    let cookie = format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/");
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, "/")]).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_plain() {
        for bad in ["", "short", "with a space", "semi;colon-long", "ünïcödé-token"] {
            assert!(Token::new(bad).is_err(), "{bad}");
        }
    }

    /// A part of the token gives no access.
    #[test]
    fn a_token_is_the_whole_of_it() {
        const RIGHT: &str = "0123456789abcdef";
        let token = Token::new(RIGHT).unwrap();
        assert!(token.is(RIGHT));
        for at in 0..RIGHT.len() {
            let mut wrong = RIGHT.to_owned();
            wrong.replace_range(at..=at, "x");
            assert!(!token.is(&wrong) && !token.is(&RIGHT[..at]), "{wrong}");
        }
        assert!(!token.is("0123456789abcdef0") && !token.is(&RIGHT.to_uppercase()));
        // Nor is it enough that a part of its hash agrees.
        assert!((0..100_000).all(|other| !token.is(&format!("{other:016}"))));
    }

    #[test]
    fn the_tokens_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let response = welcome("0123456789abcdef");
        assert_eq!(response.headers()[header::LOCATION], "/");
        let set = response.headers()[header::SET_COOKIE].to_str().unwrap();
        let parts: Vec<&str> = set.split("; ").collect();
        assert_eq!(parts[0], "verify-token=0123456789abcdef");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(parts.contains(&part), "{part} is not in {set}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=b; verify-token=abc; c=d".parse().unwrap());
        assert_eq!(cookie(&headers), Some("abc"));
        headers.insert(header::COOKIE, "not-verify-token=abc".parse().unwrap());
        assert_eq!(cookie(&headers), None);
    }

    #[test]
    fn a_page_of_another_site_is_told_by_what_its_browser_sends() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs.iter().map(|(name, value)| {
                (header::HeaderName::from_static(name), HeaderValue::from_static(value))
            });
            pairs.collect::<HeaderMap>()
        };
        let from =
            |method, pairs: &[_]| is_from_elsewhere(&method, &headers(pairs), "localhost:7878");
        assert!(!from(Method::POST, &[]), "a program");
        assert!(!from(Method::POST, &[("origin", "http://localhost:7878")]));
        assert!(!from(Method::POST, &[("origin", "http://LocalHost:7878")]));
        assert!(from(Method::POST, &[("origin", "http://evil.example")]));
        assert!(from(Method::POST, &[("origin", "http://localhost:9")]), "another port");
        let changing = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        for method in changing {
            assert!(from(method.clone(), &[("origin", "null")]), "{method}");
            assert!(from(method.clone(), &[("origin", "http://evil.example")]), "{method}");
        }
        assert!(from(Method::GET, &[("sec-fetch-site", "cross-site")]));
        assert!(from(Method::GET, &[("sec-fetch-site", "same-site")]));
        assert!(!from(Method::GET, &[("sec-fetch-site", "same-origin")]));
    }

    #[test]
    fn a_host_is_known_with_and_without_its_port() {
        for (host, name) in [
            ("localhost:7878", "localhost"),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]:80", "[::1]"),
            ("localhost.evil.example:80", "localhost.evil.example"),
        ] {
            assert_eq!(without_port(host), name);
        }
        for host in ["LocalHost:80", "localhost.", "LOCALHOST.:7878", "[::1]:80", "127.0.0.1"] {
            assert!(is_local(host), "{host}");
        }
        for host in
            ["", ".", "localhost..", "localhost.evil.example", "xlocalhost", "?", "127.0.0.2"]
        {
            assert!(!is_local(host), "{host}");
        }
    }
}
