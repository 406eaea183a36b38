//! `driver digits` as its users meet it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// Runs the program in `folder`.
fn driver(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driver"));
    command.args(line.split_whitespace()).current_dir(folder).env_clear().output().unwrap()
}

/// Runs to success, with nothing on stderr, and returns stdout.
fn succeed(folder: &Path, line: &str) -> String {
    let output = driver(folder, line);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && errors.is_empty(), "{line}: {}: {errors}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// Runs to a failure with `status` and returns its one line.
fn fail(folder: &Path, line: &str, status: i32) -> String {
    let output = driver(folder, line);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{line}: {errors}");
    assert!(errors.starts_with("error: ") && errors.lines().count() == 1, "{line}: {errors}");
    errors
}

#[test]
fn digits_are_written_in_mnists_format_and_read_again() {
    let place = tempfile::tempdir().unwrap();
    let read = |out: &str| NAMES.map(|name| fs::read(place.path().join(out).join(name)).unwrap());

    let text = succeed(place.path(), "digits --out a/b");
    assert_eq!(text, "Wrote 60,000 + 10,000 drawn digits of seed 0 to a/b\n");
    let files = read("a/b");
    let lengths = files.each_ref().map(Vec::len);
    assert_eq!(lengths, [16 + 60_000 * 784, 8 + 60_000, 16 + 10_000 * 784, 8 + 10_000]);
    assert_eq!(files[0][..16], [0, 0, 8, 3, 0, 0, 0xea, 0x60, 0, 0, 0, 28, 0, 0, 0, 28]);
    assert_eq!(files[3][..8], [0, 0, 8, 1, 0, 0, 0x27, 0x10]);

    succeed(place.path(), "digits --out zero --seed 0");
    assert!(read("zero") == files, "seed 0 is the default");
    succeed(place.path(), "digits --out zero --seed 18446744073709551615");
    assert!(read("zero") != files, "another seed draws others, and they replace the first");

    let text = succeed(place.path(), "train --data a/b --hidden 4 --epochs 1 --output run --quiet");
    assert!(text.contains("Test: loss"), "{text}");
}

#[test]
fn what_goes_wrong_takes_one_line() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("file"), "precious").unwrap();
    let message = fail(place.path(), "digits --out file", 1);
    assert!(message.contains("cannot write file"), "{message}");
    assert_eq!(fs::read_to_string(place.path().join("file")).unwrap(), "precious");

    assert!(fail(place.path(), "digits", 2).contains("--out <DIR>"));
    assert!(fail(place.path(), "digits --out x --seed -1", 2).contains("--seed"));
    assert!(!place.path().join("x").exists());
}
