//! A home of its own for the program: nothing of the user's is read or written.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use serde_json::Value;
use tempfile::TempDir;

/// A temporary folder that the program takes for the user's home and works in.
pub struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// A path in the sandbox.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Write a file, with the folders above it.
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Copy a file into the sandbox.
    pub fn copy(&self, from: &Path, name: &str) -> PathBuf {
        self.write(name, &std::fs::read(from).unwrap())
    }

    /// The profile's file, if no flag named another: that of the only person, or of Eileen to be.
    pub fn profile(&self) -> PathBuf {
        let people = self.path("data/sameface/people");
        let files = std::fs::read_dir(&people).into_iter().flatten().flatten();
        let is_profile = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json");
        let mut profiles = files.map(|file| file.path()).filter(is_profile);
        profiles.next().unwrap_or_else(|| people.join("eileen.json"))
    }

    /// The program, to be run in the sandbox.
    pub fn command<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Command {
        Command::from_std(self.process(args))
    }

    /// The same, to be run beside the test.
    pub fn process<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_verify"));
        command
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env_remove("CLICOLOR_FORCE")
            .env_remove("NO_COLOR")
            .env_remove("RUST_LOG")
            .args(args);
        // The developer's own settings; ffmpeg may have to be found by its variable.
        let is_setting = |name: &String| name.starts_with("VERIFY_") && name != "VERIFY_FFMPEG";
        for (name, _) in std::env::vars_os() {
            if let Some(name) = name.to_str().map(str::to_owned).filter(is_setting) {
                command.env_remove(name);
            }
        }
        command
    }

    /// Run the program and return what came of it.
    pub fn run(&self, args: &[&str]) -> Assert {
        self.command(args).assert()
    }

    /// Run the program, which must fail with one line that holds all of `parts`.
    pub fn fails(&self, args: &[&str], parts: &[&str]) {
        let assert = self.run(args).code(2).stdout("");
        let message = stderr(&assert);
        assert!(message.starts_with("verify: "), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        for part in parts {
            assert!(message.contains(part), "{part} is not in {message}");
        }
    }
}

/// What a run printed.
pub fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

/// What a run said on standard error.
pub fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// The JSON objects that a run printed, one a line.
pub fn json_lines(assert: &Assert) -> Vec<Value> {
    stdout(assert).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
