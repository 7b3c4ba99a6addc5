//! The file and variables beside a command line, without running a command.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Command, CommandFactory};

use super::candidates::{candidates, flags, named, that_count};
use super::parse::glance;
use super::{Place, file, parse};
use crate::cli::Cli;

/// A file with this text, and what the command line comes to with it.
fn parsed(text: &str, line: &str) -> Result<Cli, String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let mut given: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    given.insert(1, format!("--config={}", file.path().display()).into());
    parse(given).map_err(|error| {
        let said = error.to_string();
        let name = file.path().display().to_string();
        said.strip_prefix(&name).map_or_else(|| said.clone(), |rest| format!("FILE{rest}"))
    })
}

/// What the parser made of a command's arguments, to compare.
fn seen(text: &str, line: &str) -> String {
    format!("{:?}", parsed(text, line).unwrap().command)
}

#[test]
fn what_the_file_says_counts_as_if_it_were_given() {
    for (text, line, same) in [
        ("", "verify scan a", "verify scan a"),
        ("far = 1e-5", "verify scan a", "verify scan a --far 0.00001"),
        ("far = '1e-5'", "verify scan a", "verify scan a --far 1e-5"),
        ("[scan]\nall = true\njson = false", "verify scan a", "verify scan a --all"),
        ("[scan]\nall = true", "verify check a", "verify check a"),
        ("all = true", "verify scan a", "verify scan a --all"),
        (
            "exclude = ['*.png', 'b/']",
            "verify scan a",
            "verify scan a --exclude *.png --exclude b/",
        ),
        ("exclude = '*.png'", "verify scan a", "verify scan a --exclude *.png"),
        ("limit = 4", "verify scan a", "verify scan a --limit 4"),
        ("far = 1e-5\n[scan]\nfar = 1e-4", "verify scan a", "verify scan a --far 1e-4"),
        (
            "[eval]\nenrolled = [1, 3]",
            "verify eval --people a",
            "verify eval --people a --enrolled 1,3",
        ),
        ("[embed]\nout = 'a.npy'", "verify embed a", "verify embed a --out a.npy"),
        ("[people]\njson = true", "verify people list", "verify people list --json"),
        ("[people.list]\njson = true", "verify people list", "verify people list --json"),
        ("[people.list]\njson = true", "verify people", "verify people"),
        // Flags before the command, a file that is called like it, and what is no flag at all.
        ("all = true", "verify --threads 2 scan scan", "verify --threads 2 scan scan --all"),
        (
            "all = true",
            "verify --person scan scan a -- --b",
            "verify --person scan scan a --all -- --b",
        ),
    ] {
        assert_eq!(seen(text, line), seen("", same), "{text:?} {line}");
    }
}

#[test]
fn a_flag_counts_before_the_file() {
    for (text, line, same) in [
        ("far = 1e-5", "verify scan a --far 1e-3", "verify scan a --far 1e-3"),
        ("far = 1e-5", "verify scan a --threshold 3", "verify scan a --threshold 3"),
        ("[scan]\nthreshold = 3\n", "verify scan a --far 1e-3", "verify scan a --far 1e-3"),
        ("far = 1e-5\n[scan]\nthreshold = 3", "verify scan a", "verify scan a --threshold 3"),
        ("[scan]\ncsv = true", "verify scan a --json", "verify scan a --json"),
        ("json = true", "verify scan a --json=false", "verify scan a"),
        ("json = true", "verify scan a --json", "verify scan a --json"),
        ("json = true", "verify scan a --csv", "verify scan a --csv"),
        ("exclude = ['a']", "verify scan a --exclude b", "verify scan a --exclude b"),
    ] {
        assert_eq!(seen(text, line), seen("", same), "{text:?} {line}");
    }
    let common = |text, line| parsed(text, line).unwrap().common;
    let person = common("profile = 'p.json'", "verify check a --person Ann");
    assert_eq!((person.profile, person.person.as_deref()), (None, Some("Ann")));
    let indexed = common("no-index = true", "verify check a --index x");
    assert!(!indexed.no_index && indexed.index.is_some());
    assert_eq!(common("quiet = true", "verify check a -v").verbose, 1);
    assert_eq!(common("verbose = 2", "verify check a").verbose, 2);
    assert_eq!(common("people = 'x'", "verify eval --people y").people, Some("x".into()));
    let eval = "verify eval --positives a --negatives b";
    assert_eq!(common("people = 'x'", eval).people, Some("x".into()), "and not that of eval");
    assert_eq!(seen("people = 'x'", eval), seen("", eval));
    assert_eq!(common("pack = 'x'", "verify pack show").pack.as_deref(), Some("x"));
}

#[test]
fn what_the_file_cannot_say_is_one_line_with_the_file_the_key_and_what_to_do() {
    for (text, parts) in [
        ("thread = 2", &["FILE: \"thread\" is not a flag of any command", "--help"][..]),
        (
            "[scan]\nport = 1",
            &["FILE: \"port\" is not a flag of `verify scan`", "verify scan --help"],
        ),
        ("[scam]\nall = true", &["FILE: [scam] is not a command", "remove the table"]),
        ("[decode]\n", &["[decode] is not a command"]),
        ("config = 'x'", &["\"config\" is not a flag"]),
        ("json = 'yes'", &["FILE: json = \"yes\": give true or false"]),
        ("threads = true", &["FILE: threads = true: give a text or a number"]),
        ("threads = [1]", &["threads = [1]: give a text or a number"]),
        ("verbose = 'much'", &["verbose", "a number from 0 to 9"]),
        ("exclude = [true]", &["exclude", "a list"]),
        ("threads = 0", &["FILE: threads = \"0\": give a number of threads from 1 to 256"]),
        ("device = 'gpu'", &["FILE: device = \"gpu\": give one of auto, cpu"]),
        ("[scan]\nsort = 'name'", &["FILE: sort = \"name\": give one of score"]),
        ("json = true\ncsv = true", &["FILE: ", "cannot be used with"]),
        ("a = ", &["FILE: line 1: ", "--config none"]),
        ("json = true\n\na b", &["FILE: line 3: "]),
    ] {
        let said = parsed(text, "verify scan a").unwrap_err();
        for part in parts {
            assert!(said.contains(part), "{part:?} is not in {said:?}");
        }
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let gone = ["verify", "scan", "a", "--config", "/gone/c.toml"].map(OsString::from);
    assert!(parse(gone.into()).unwrap_err().to_string().contains("/gone/c.toml"));
    let none = ["verify", "scan", "a", "--config", "none"].map(OsString::from);
    assert!(parse(none.into()).is_ok());
    // These work beside a file that cannot be used.
    for line in ["verify config path", "verify man", "verify completions bash"] {
        assert!(parsed("thread = 2", line).is_ok(), "{line}");
    }
}

/// Every flag of every command can be asked what it excludes.
#[test]
fn conflicts_are_known_of_all_flags() {
    fn all(command: &Command) {
        for one in flags(command) {
            let _ = command.get_arg_conflicts_with(one);
        }
        command.get_subcommands().for_each(all);
    }
    let mut command = Cli::command();
    command.build();
    all(&command);
}

#[test]
fn a_variable_counts_before_the_file_and_after_a_flag() {
    // Which variables there are is the system's business; here the rank alone is told.
    let mut command = Cli::command();
    command.build();
    let place = Place::Named(PathBuf::from("c.toml"));
    let entries = vec![file::Entry {
        table: Vec::new(),
        flag: "threads".into(),
        words: vec!["--threads=3".into()],
        value: "3".into(),
    }];
    let path = ["scan".to_owned()];
    let found = candidates(&command, &path, &entries, &place);
    assert!(
        found
            .iter()
            .all(|one| (one.rank == 0)
                == matches!(one.origin, super::candidates::Origin::Variable(_)))
    );
    let leaf = named(&command, &path).unwrap();
    let line = |words: &str| words.split(' ').map(OsString::from).collect::<Vec<_>>();
    let counting = |words: &str| {
        let matches = glance(&Cli::command(), &line(words)).unwrap();
        let (_, below) = matches.subcommand().unwrap();
        that_count(leaf, below, &found).iter().any(|one| one.flag == "threads")
    };
    assert!(counting("verify scan a") && !counting("verify scan a --threads 2"));
    assert!(!counting("verify --threads 2 scan a"));
}
