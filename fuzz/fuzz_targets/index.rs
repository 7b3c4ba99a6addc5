//! Any bytes as an index. Plain bytes never get past SQLite's header, so an input is one of: a whole
//! file, changes of single bytes in a valid one, or values of any kind and length in a valid one's
//! rows, with a checksum that agrees with them.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rusqlite::Connection;
use rusqlite::types::Value;
use sameface::face::{Concern, Face, Point, Quality};
use sameface::index::{Folders, Index, Place, info};
use sameface::pipeline::{AnalysedFace, AnalysedPhoto, Cache, CachedPhoto, News, Stamp};
use sha2::{Digest, Sha256};

const ANALYSIS: &str = "pack, all views";
const STAMP: Stamp = Stamp { size: 1, modified: 2, changed: 3, inode: 4, settled: true };

#[derive(Debug, Arbitrary)]
enum Input<'a> {
    File(&'a [u8]),
    Bytes(Vec<(u32, u8)>),
    Row { width: u32, height: u32, faces: &'a [u8], embeddings: &'a [u8] },
    Values(Vec<(u8, Cell)>),
}

/// A value of any of SQLite's kinds.
#[derive(Debug, Arbitrary)]
enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

static FOLDER: LazyLock<PathBuf> =
    LazyLock::new(|| tempfile::tempdir().expect("a folder for the index").keep());
static VALID: LazyLock<Vec<u8>> = LazyLock::new(valid);

fuzz_target!(|input: Input| {
    let path = FOLDER.join("index.sqlite");
    for left in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "index.sqlite.lock"] {
        let _ = std::fs::remove_file(FOLDER.join(left));
    }
    if let Input::File(bytes) = input {
        std::fs::write(&path, bytes).expect("the index is written");
    } else {
        let mut bytes = VALID.clone();
        if let Input::Bytes(changes) = &input {
            for (at, value) in changes {
                let at = *at as usize % bytes.len();
                bytes[at] = *value;
            }
        }
        std::fs::write(&path, bytes).expect("the index is written");
    }
    match &input {
        Input::Row { width, height, faces, embeddings } => {
            row(&path, *width, *height, faces, embeddings)
        }
        Input::Values(cells) => values(&path, cells),
        _ => {}
    }
    ask(&path);
});

/// All that is asked of an index, and that a photo can be kept in whatever is left of it.
fn ask(path: &PathBuf) {
    let place = Place::named(path.clone());
    let _ = info(&place);
    let (index, _) = match Index::open(&place) {
        Ok(opened) => opened,
        Err(error) => return assert_eq!(error.to_string().lines().count(), 1, "{error}"),
    };
    let mut recall = index.reader(ANALYSIS);
    for number in 0..3 {
        check(recall.by_content(&sha(number)));
        check(recall.by_file(format!("/{number}").as_ref(), &STAMP));
    }
    drop(recall);
    index.keep(ANALYSIS, &photo(7), &News::Faces(Some(STAMP)));
    index.settle();
    let _ = index.prune(&[ANALYSIS.to_owned()], Folders::AreGone);
}

/// What is told of a photo is in order.
fn check(photo: Option<CachedPhoto>) {
    for face in photo.into_iter().flat_map(|photo| photo.faces) {
        let length: f32 = face.embedding.iter().map(|v| v * v).sum();
        assert!((0.99..1.01).contains(&length));
        assert!(face.face.landmarks.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
    }
}

fn row(path: &PathBuf, width: u32, height: u32, faces: &[u8], embeddings: &[u8]) {
    let connection = Connection::open(path).expect("a valid index");
    let analysis: i64 = connection
        .query_row("SELECT analysis FROM photos", [], |row| row.get(0))
        .expect("a row's analysis");
    let mut hash = Sha256::new();
    let mut content = [0; 32];
    content[31] = 1;
    hash.update(content);
    hash.update(analysis.to_le_bytes());
    hash.update(width.to_le_bytes());
    hash.update(height.to_le_bytes());
    hash.update((faces.len() as u64).to_le_bytes());
    hash.update(faces);
    hash.update(embeddings);
    let checksum = i64::from_le_bytes(hash.finalize()[..8].try_into().expect("eight bytes"));
    connection
        .execute(
            "UPDATE photos SET width = ?1, height = ?2, faces = ?3, embeddings = ?4, checksum = ?5
             WHERE sha256 = ?6",
            (width, height, faces, embeddings, checksum, content),
        )
        .expect("a row is changed");
}

fn values(path: &PathBuf, cells: &[(u8, Cell)]) {
    const COLUMNS: [(&str, &str); 12] = [
        ("photos", "sha256"),
        ("photos", "analysis"),
        ("photos", "width"),
        ("photos", "height"),
        ("photos", "faces"),
        ("photos", "embeddings"),
        ("photos", "checksum"),
        ("files", "sha256"),
        ("files", "size"),
        ("files", "path"),
        ("analyses", "identity"),
        ("analyses", "id"),
    ];
    let connection = Connection::open(path).expect("a valid index");
    for (column, cell) in cells.iter().take(8) {
        let (table, column) = COLUMNS[usize::from(*column) % COLUMNS.len()];
        let value = match cell {
            Cell::Null => Value::Null,
            Cell::Integer(value) => Value::Integer(*value),
            Cell::Real(value) => Value::Real(*value),
            Cell::Text(value) => Value::Text(value.clone()),
            Cell::Blob(value) => Value::Blob(value.clone()),
        };
        // Some values are refused by the tables themselves.
        let _ =
            connection.execute(&format!("UPDATE OR REPLACE {table} SET {column} = ?1"), [value]);
    }
}

/// An index of three photos with none to two faces.
fn valid() -> Vec<u8> {
    let path = FOLDER.join("valid.sqlite");
    let (index, _) = Index::open(&Place::named(path.clone())).expect("a new index");
    for number in 0..3 {
        index.keep(ANALYSIS, &photo(number), &News::Faces(Some(STAMP)));
    }
    index.settle();
    drop(index);
    let connection = Connection::open(&path).expect("a valid index");
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;")
        .expect("one file holds it all");
    drop(connection);
    std::fs::read(&path).expect("the index is read")
}

fn sha(number: u64) -> String {
    format!("{number:064x}")
}

fn photo(number: u64) -> AnalysedPhoto {
    let landmarks = [Point { x: 1.0, y: 2.0 }; 5];
    let face = Face { bounds: [1.0; 4].into(), confidence: 1.0, landmarks };
    let concerns = vec![Concern::Small];
    let quality =
        Quality { eye_distance: 9.0, sharpness: 0.3, yaw: 1.5, confidence: 1.0, concerns };
    let face = AnalysedFace { face, quality, embedding: vec![0.6, 0.8] };
    AnalysedPhoto {
        path: format!("/{number}").into(),
        at: None,
        sha256: sha(number),
        width: 640,
        height: 480,
        faces: vec![face; number as usize % 3],
        missing: None,
        taken: None,
    }
}
