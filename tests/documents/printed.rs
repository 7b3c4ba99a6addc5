//! The blocks of `console` in README and tutorial: their commands are run on the photos of `make demo`, and print what
//! stands below them. `VERIFY_REGENERATE=1` writes what they print into the documents.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The documents whose blocks are run, each in a folder of its own.
const DOCUMENTS: [&str; 2] = ["README.md", "docs/tutorial.md"];

#[test]
fn the_commands_of_readme_and_tutorial_print_what_is_shown() {
    let photos = super::home().join("target/demo/photos");
    if !photos.is_dir() {
        return super::skipped(
            "the output in README and tutorial, since `make demo` has not fetched its photos",
        );
    }
    for document in DOCUMENTS {
        let path = super::home().join(document);
        let shown = std::fs::read_to_string(&path).unwrap();
        let printed = run_all(&shown, &folder(&photos));
        if std::env::var_os("VERIFY_REGENERATE").is_some() {
            std::fs::write(&path, &printed).unwrap();
        } else if let Some((is, shows)) = difference(&printed, &shown) {
            panic!(
                "{document} shows\n{shows}\nbut the program prints\n{is}\nRun `make reference`."
            );
        }
    }
}

/// A folder with the photos, as the documents call them.
fn folder(photos: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("obama")).unwrap();
    for (from, to) in [("obama", "obama"), ("obama-new", ""), ("biden", "")] {
        for photo in std::fs::read_dir(photos.join(from)).unwrap() {
            let photo = photo.unwrap();
            std::fs::copy(photo.path(), folder.path().join(to).join(photo.file_name())).unwrap();
        }
    }
    folder
}

/// The document with what its commands print now.
fn run_all(document: &str, folder: &tempfile::TempDir) -> String {
    let mut text = String::new();
    let mut in_block = false;
    for line in document.lines() {
        if line.starts_with("```") {
            in_block = line == "```console";
        }
        let command = line.strip_prefix("$ ").filter(|_| in_block);
        if command.is_some() && !text.ends_with("```console\n") {
            text.push('\n');
        }
        if !in_block || command.is_some() || line.starts_with("```") {
            text.push_str(line);
            text.push('\n');
        }
        if let Some(command) = command {
            text.push_str(&run(command, folder.path()));
        }
    }
    text
}

/// What a command prints on both outputs, with `~` for the folder, which is its home too.
fn run(command: &str, folder: &Path) -> String {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_verify"));
    let path =
        format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    for variable in [
        "VERIFY_PEOPLE",
        "VERIFY_PROFILE",
        "VERIFY_INDEX",
        "VERIFY_PACK",
        "XDG_DATA_HOME",
        "XDG_CACHE_HOME",
    ] {
        shell.env_remove(variable);
    }
    let shell = shell.args(["-c", &format!("{{ {command}; }} 2>&1")]).current_dir(folder);
    let output =
        shell.env("HOME", folder).env("PATH", path).env("VERIFY_CONFIG", "none").output().unwrap();
    let home = folder.canonicalize().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.replace(home.to_str().unwrap(), "~").replace(folder.to_str().unwrap(), "~")
}

/// The first lines that differ otherwise than in the decimals of a number.
fn difference(is: &str, shows: &str) -> Option<(String, String)> {
    let mut lines = is.lines().zip(shows.lines());
    let found = lines.find(|(is, shows)| without_decimals(is) != without_decimals(shows));
    let found = found.map(|(is, shows)| (is.to_owned(), shows.to_owned()));
    found.or_else(|| {
        let (is, shows) = (is.lines().count(), shows.lines().count());
        (is != shows).then(|| (format!("{is} lines"), format!("{shows} lines")))
    })
}

/// A line with every digit after a point as 0: another processor may compute another last digit.
fn without_decimals(line: &str) -> String {
    let mut after_point = false;
    line.chars()
        .map(|letter| {
            after_point = letter == '.' || (after_point && letter.is_ascii_digit());
            if after_point && letter.is_ascii_digit() { '0' } else { letter }
        })
        .collect()
}

#[test]
fn a_difference_is_one_of_words() {
    assert!(difference("score 6.28\n", "score 6.27\n").is_none());
    assert!(
        difference("4 photos\n", "5 photos\n").is_some() && difference("a\nb\n", "a\n").is_some()
    );
}
