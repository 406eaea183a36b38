//! A folder to run the program in, and the small data sets in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use testing::Random;

pub(crate) const SIDE: usize = 8;
pub(crate) const CLASSES: usize = 3;
pub(crate) const TRAIN: usize = 300;
pub(crate) const TEST: usize = 60;

/// A folder to run in, with the data set in `data/` and no trace of the user's own.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir(place.path("home")).unwrap();
        fs::create_dir(place.path("data")).unwrap();
        write_bars(&place.path("data"), "train", TRAIN);
        write_bars(&place.path("data"), "t10k", TEST);
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The lines of a metrics file.
    pub(crate) fn metrics(&self, name: &str) -> Vec<Value> {
        self.read(name).lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_driver"));
        command.args(line.split_whitespace()).current_dir(self.0.path());
        command.env_clear().env("HOME", self.path("home"));
        // Nobody listens there: what is not on this machine stays away.
        command.env("MNIST_MIRROR", "http://127.0.0.1:1/");
        command
    }

    pub(crate) fn output(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// Runs to success, with nothing on stderr, and returns stdout.
    pub(crate) fn succeed(&self, line: &str) -> String {
        let output = self.output(line);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.success() && errors.is_empty(),
            "{line}: {}: {errors}",
            output.status
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs to a failure with `status` and returns its one line.
    pub(crate) fn fail(&self, line: &str, status: i32) -> String {
        let output = self.output(line);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}: {errors}");
        assert!(errors.starts_with("error: ") && errors.ends_with('\n'), "{line}: {errors}");
        assert_eq!(errors.lines().count(), 1, "{line}: {errors}");
        errors
    }

    /// Trains a small network well, into the folder `output`.
    pub(crate) fn train(&self, output: &str, more: &str) -> String {
        self.succeed(&format!(
            "train --data data --hidden 16 --batch-size 32 --learning-rate 0.01 --output {output} {more}"
        ))
    }
}

/// Images of `rows × columns` pixels, a bright stretch of a third of them in each: the first, the second or the last.
pub(crate) fn write_pictures(folder: &Path, [rows, columns]: [usize; 2]) {
    let pixels = rows * columns;
    let labels: Vec<u8> = (0..12).map(|i| label(i) as u8).collect();
    let lit = |label: usize| {
        (0..pixels).map(move |i| if i * CLASSES / pixels == label { 250 } else { 0 })
    };
    let images: Vec<u8> = labels.iter().flat_map(|&label| lit(label.into())).collect();
    for name in ["train", "t10k"] {
        testing::write_examples(folder, name, [rows, columns], &images, &labels);
    }
}

/// `count` images of noise with the bar of their class.
pub(crate) fn write_bars(folder: &Path, name: &str, count: usize) {
    let mut random = Random(count as u64);
    let labels: Vec<u8> = (0..count).map(|i| label(i) as u8).collect();
    let mut images = Vec::new();
    for &class in &labels {
        for pixel in 0..SIDE * SIDE {
            let bar = pixel / SIDE / 2 == usize::from(class);
            images.push(random.below(64) as u8 + if bar { 150 } else { 0 });
        }
    }
    testing::write_examples(folder, name, [SIDE, SIDE], &images, &labels);
}

/// The class of image `i`.
pub(crate) fn label(i: usize) -> usize {
    i % CLASSES
}
