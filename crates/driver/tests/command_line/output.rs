//! Commands whose output nobody takes.

use std::fs;
use std::io::{self, BufRead, BufReader, PipeWriter};
use std::process::Stdio;

use crate::place::Place;

/// A pipe whose reader has left.
fn closed() -> PipeWriter {
    let (_, writer) = io::pipe().unwrap();
    writer
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let place = Place::new();
    place.train("out", "--epochs 1 --quiet");
    for line in [
        "train --data data --hidden 4 --epochs 1",
        "train --data data --hidden 4 --epochs 1 --quiet",
        "evaluate --data data --model out/model.safetensors",
        "predict --data data --model out/model.safetensors",
        "--help",
    ] {
        let output = place.command(line).stdout(closed()).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{line}: {output:?}");
    }
}

#[test]
fn a_training_goes_on_without_a_reader() {
    let place = Place::new();
    let line = "train --data data --hidden 4 --epochs 3 --output";
    for (output, more) in [("told", ""), ("quiet", " --quiet")] {
        let status =
            place.command(&format!("{line} {output}{more}")).stdout(closed()).status().unwrap();
        assert!(status.success(), "{status}");
        place.assert_complete(output, 3);
    }
    // This one listens to the first epoch.
    let mut training =
        place.command(&format!("{line} left")).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(training.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("Epoch 1/3")));
    drop(lines);
    assert!(training.wait().unwrap().success());
    place.assert_complete("left", 3);
}

#[test]
fn a_closed_stderr_hides_what_is_said_there_and_nothing_else() {
    let place = Place::new();
    let status = |line: &str| {
        place.command(line).stdout(Stdio::null()).stderr(closed()).status().unwrap().code()
    };
    assert_eq!(status("train --data data --hidden 4 --epochs 1 --output out"), Some(0));
    place.assert_complete("out", 1);
    // No complaint, an error, and a command line that is wrong. (The training had a notice to give.)
    assert_eq!(status("evaluate --offline --model out/model.safetensors"), Some(0));
    assert_eq!(status("predict --data nowhere --model out/model.safetensors"), Some(1));
    assert_eq!(status("train --epochs 0"), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let place = Place::new();
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let fail = |line: &str| {
        let output = place.command(line).stdout(full()).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            error.starts_with("error: cannot write to standard output")
                && error.lines().count() == 1,
            "{error}"
        );
    };
    // Before the work, which would not be seen.
    fail("train --data data --hidden 4 --epochs 1 --output out");
    assert!(!place.path("out").exists());
    // After the work, which is kept.
    fail("train --data data --hidden 4 --epochs 1 --output out --quiet");
    place.assert_complete("out", 1);
}
