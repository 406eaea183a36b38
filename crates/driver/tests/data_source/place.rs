//! Where the program runs: with a home of its own, a mirror of its own, and nothing else.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder to run in, with the user's cache in it.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn cache(&self, data_set: &str) -> PathBuf {
        let caches = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
        self.path(caches).join(data_set)
    }

    /// A command that knows a mirror, and nothing of the machine it runs on.
    pub(crate) fn command(&self, line: &str, mirror: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_driver"));
        command.args(line.split_whitespace()).current_dir(self.0.path());
        command.env_clear().env("HOME", self.0.path()).env("MNIST_MIRROR", mirror);
        command
    }

    /// Runs to success; what it says on stdout and on stderr.
    pub(crate) fn succeed(&self, line: &str, mirror: &str) -> (String, String) {
        let output = self.command(line, mirror).output().unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
        (text(output.stdout), text(output.stderr))
    }

    /// Runs to a failure; its one line.
    pub(crate) fn fail(&self, line: &str, mirror: &str) -> String {
        one_error(self.command(line, mirror).output().unwrap())
    }

    /// The account of the images in `config.json`.
    pub(crate) fn recorded(&self) -> Value {
        let config = fs::read_to_string(self.path("out/config.json")).unwrap();
        fs::remove_dir_all(self.path("out")).unwrap();
        serde_json::from_str::<Value>(&config).unwrap()["data"].take()
    }
}

pub(crate) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

pub(crate) fn one_error(output: Output) -> String {
    let error = text(output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.starts_with("error: ") && error.lines().count() == 1, "{error}");
    error
}

pub(crate) fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in: {text}");
    }
}
