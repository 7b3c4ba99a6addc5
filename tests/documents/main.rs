//! The documents: every command in them is one that the program understands, every link leads somewhere, and the
//! reference of commands is what the program itself says.
#![allow(clippy::panic, clippy::unwrap_used, missing_docs)]

mod fields;
mod figures;
mod links;
#[cfg(unix)]
mod printed;
mod reference;
mod shell;
#[cfg(unix)]
#[path = "../common/skipped.rs"]
mod skipped;

use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{Command, CommandFactory};
use sameface::cli::Cli;
#[cfg(unix)]
use skipped::skipped;

/// The folders whose Markdown files are documents.
const FOLDERS: [&str; 6] =
    ["", "docs", "python", "models", "models/yunet-sface", "models/mtcnn-dlib"];

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every document, as its path below the repository and its text.
fn documents() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        for entry in std::fs::read_dir(home().join(folder)).unwrap() {
            let name = entry.unwrap().file_name();
            let path = Path::new(folder).join(name);
            if path.extension().is_some_and(|ending| ending == "md") {
                let text = std::fs::read_to_string(home().join(&path)).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(found.len() > 20, "{found:?}");
    found.sort();
    found
}

/// What the program says against these arguments, if anything.
fn refused(command: &Command, words: &[String]) -> Option<clap::Error> {
    command
        .clone()
        .try_get_matches_from(words)
        .err()
        .filter(|error| !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion))
}

#[test]
fn the_program_understands_every_command_of_the_documents() {
    let program = Cli::command();
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        for (line, words) in shell::examples(&text) {
            tried += 1;
            if let Some(error) = refused(&program, &words) {
                wrong.push(format!("{}:{line}: {}\n{error}", path.display(), words.join(" ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 80, "only {tried} examples were found");
}

/// In a sentence a command may be cut short, but its name and its flags must exist.
#[test]
fn the_program_has_every_flag_that_a_sentence_names() {
    let program = Cli::command();
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        for (line, words) in shell::mentions(&text) {
            tried += 1;
            let unknown = refused(&program, &words).filter(|error| {
                matches!(error.kind(), ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand)
            });
            if let Some(error) = unknown {
                wrong.push(format!("{}:{line}: {}\n{error}", path.display(), words.join(" ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 200, "only {tried} mentions were found");
}

#[test]
fn make_has_every_target_of_the_documents() {
    let makefile = std::fs::read_to_string(home().join("Makefile")).unwrap();
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        for (line, target) in shell::targets(&text) {
            if !makefile.contains(&format!("\n{target}:")) {
                wrong.push(format!("{}:{line}: there is no `make {target}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let texts = documents();
    let wrong: Vec<_> = texts.iter().flat_map(|(path, text)| links::broken(path, text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_index_lists_every_document() {
    let index = std::fs::read_to_string(home().join("docs/index.md")).unwrap();
    for (path, _) in documents() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let listed =
            !path.starts_with("docs") || name == "index.md" || index.contains(&format!("({name})"));
        assert!(listed, "docs/index.md does not list {name}");
    }
}

/// `VERIFY_REGENERATE=1` writes the reference anew.
#[test]
fn the_reference_is_what_the_program_says() {
    let file = home().join("docs/reference.md");
    let wanted = reference::text(&mut Cli::command());
    if std::env::var_os("VERIFY_REGENERATE").is_some() {
        std::fs::write(&file, &wanted).unwrap();
    }
    let is = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(is == wanted, "docs/reference.md is out of date: run `make reference`");
}
