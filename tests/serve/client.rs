//! A server on a port of its own, and a client that sends what it is told to, byte by byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use sameface::decision::Population;
use sameface::pack::Pack;
use serde_json::{Value, json};

use crate::ending::end;
use crate::sandbox::Sandbox;

/// What a server says that waits for a body.
const CONTINUE: &[u8; 25] = b"HTTP/1.1 100 Continue\r\n\r\n";
/// What stands between the parts of a form.
const BOUNDARY: &str = "----parts";

/// How long a test waits for what has to come. Nobody waits so long unless the server is broken: the
/// machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Wait until `look` finds what has to come.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The file of a photo with one face.
pub fn astronaut_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/astronaut.png")
}

/// Its content.
pub fn astronaut() -> Vec<u8> {
    std::fs::read(astronaut_file()).unwrap()
}

/// A running server, which ends with the test.
pub struct Server {
    pub child: Child,
    port: u16,
    /// Its home, if nobody else needs it.
    _home: Option<Sandbox>,
}

/// What it answered.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {}{}", self.head, String::from_utf8_lossy(&self.body)))
    }
}

/// Assert that an answer is a refusal that says why in one line.
pub fn refused(answer: &Answer, status: u16, what: &str) {
    assert_eq!(answer.status, status, "{what}: {}", String::from_utf8_lossy(&answer.body));
    let line = answer.json()["error"].as_str().unwrap().to_owned();
    assert!(!line.is_empty() && !line.contains('\n'), "{what}: {line}");
}

impl Server {
    /// In a home of its own.
    pub fn alone(args: &[&str]) -> Self {
        let home = Sandbox::new();
        let mut server = Self::start(&home, args);
        server._home = Some(home);
        server
    }

    pub fn start(sandbox: &Sandbox, args: &[&str]) -> Self {
        Self::saying(sandbox, args, Stdio::inherit())
    }

    /// The same, whose words beside the output go elsewhere.
    pub fn saying(sandbox: &Sandbox, args: &[&str], to: Stdio) -> Self {
        let usual = ["serve", "--no-open", "--port", "0"];
        let mut command = sandbox.process(&[&usual, args].concat());
        let mut child = command.stderr(to).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap();
        Self { port: port.parse().unwrap_or_else(|_| panic!("{line}")), child, _home: None }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub fn get(&self, path: &str) -> Answer {
        self.with("GET", path, &[])
    }

    pub fn call(&self, method: &str, path: &str) -> Answer {
        self.with(method, path, &[])
    }

    /// A request without a body, with headers of one's own.
    pub fn with(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.raw(&head(method, path, headers, 0))
    }

    pub fn send(&self, method: &str, path: &str, json: &Value) -> Answer {
        self.body(method, path, "application/json", json.to_string().as_bytes())
    }

    pub fn body(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
        let head = head(method, path, &[("Content-Type", kind)], body.len());
        self.raw(&[head.as_slice(), body].concat())
    }

    /// A form of fields and photos.
    pub fn post(&self, path: &str, fields: &[(&str, &[u8])], photos: &[(&str, &[u8])]) -> Answer {
        self.body("POST", path, &form_type(), &form(fields, photos))
    }

    /// Send bytes, and read what comes back until the server closes.
    pub fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server that refuses early need not read all.
        let _ = stream.write_all(bytes);
        answer(stream).expect("an answer")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Everything received on a connection until it is closed; `None` if nothing is.
pub fn answer(mut stream: TcpStream) -> Option<Answer> {
    let mut bytes = Vec::new();
    // A connection that is reset has said what it had to say.
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head, body: bytes[end + 4..].to_vec() })
}

/// The head of a request of which `length` bytes follow.
pub fn head(method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> Vec<u8> {
    let mut head =
        format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        head += "Host: localhost\r\n";
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    (head + "\r\n").into_bytes()
}

/// Begin a request of which `length` bytes follow. When this returns, the server is at work on it.
pub fn begin(server: &Server, path: &str, kind: &str, length: usize) -> TcpStream {
    let headers = [("Content-Type", kind), ("Expect", "100-continue")];
    let mut stream = server.connect();
    stream.write_all(&head("POST", path, &headers, length)).unwrap();
    let mut told = [0; CONTINUE.len()];
    stream.read_exact(&mut told).unwrap();
    assert_eq!(told, *CONTINUE);
    stream
}

/// The kind of a form's body.
pub fn form_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// A form's body.
pub fn form(fields: &[(&str, &[u8])], photos: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    let fields = fields.iter().map(|(name, value)| (format!("name=\"{name}\""), *value));
    let photos =
        photos.iter().map(|(name, bytes)| (format!("name=\"photo\"; filename=\"{name}\""), *bytes));
    for (names, content) in fields.chain(photos) {
        let start = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {names}\r\n\r\n");
        body.extend_from_slice(start.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// Photos of 300 strangers who have much of a face that `/api/embed` found: made up from it.
pub fn strangers_like(face: &Value) -> Vec<Value> {
    let population = Population::of(&Pack::default_pack().unwrap()).unwrap();
    let strangers = population.strangers(300, 5).into_iter().map(|stranger| {
        let mut face = face.clone();
        let own = face["embedding"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap());
        let mixed: Vec<f64> = own.zip(&stranger).map(|(a, b)| 0.6 * a + f64::from(*b)).collect();
        let length = mixed.iter().map(|v| v * v).sum::<f64>().sqrt();
        face["embedding"] = mixed.iter().map(|v| v / length).collect();
        json!({"photo": "s.jpg", "faces": [face]})
    });
    strangers.collect()
}
