//! `driver digits` as its users meet it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

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

#[test]
fn files_of_other_spellings_are_not_hidden() {
    let place = tempfile::tempdir().unwrap();
    for other in
        ["train-labels-idx1-ubyte.gz", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte.gz"]
    {
        fs::write(place.path().join(NAMES[0]), "precious").unwrap();
        fs::write(place.path().join(other), "precious").unwrap();
        let message = fail(place.path(), "digits --out .", 1);
        assert!(message.contains(other) && message.contains("another folder"), "{message}");
        assert_eq!(fs::read_to_string(place.path().join(NAMES[0])).unwrap(), "precious");
        assert_eq!(fs::read_dir(&place).unwrap().count(), 2, "something was written");
        fs::remove_file(place.path().join(other)).unwrap();
    }
}

/// The shell limits the size of a file, as a disk that is full does.
#[cfg(unix)]
#[test]
fn where_there_is_no_room_nothing_is_replaced() {
    let place = tempfile::tempdir().unwrap();
    for name in NAMES {
        fs::write(place.path().join(name), "precious").unwrap();
    }
    // Room for labels, and not for images. A write beyond the limit is an error where the signal is ignored.
    let script = format!(
        "trap '' XFSZ; ulimit -f 1000; exec {} digits --out .",
        env!("CARGO_BIN_EXE_driver")
    );
    let output = Command::new("sh").args(["-c", &script]).current_dir(&place).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(
        errors.starts_with("error: cannot write ./") && errors.lines().count() == 1,
        "{errors}"
    );
    assert!(!errors.contains(".partial"), "a name that nobody has given: {errors}");
    for name in NAMES {
        assert_eq!(fs::read_to_string(place.path().join(name)).unwrap(), "precious");
    }
    assert_eq!(fs::read_dir(&place).unwrap().count(), 4, "temporary files were left behind");
}

#[test]
fn what_a_killed_writer_left_is_removed_when_it_is_old() {
    let place = tempfile::tempdir().unwrap();
    let plant = |name: &str, age: u64| {
        let path = place.path().join(name);
        fs::write(&path, "half a file").unwrap();
        let time = SystemTime::now() - Duration::from_secs(age);
        fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        path
    };
    let old = plant("t10k-labels-idx1-ubyteA1b2C3.partial", 3700);
    // Another process may be about to move it to its place.
    let fresh = plant("t10k-labels-idx1-ubyteD4e5F6.partial", 60);
    let foreign = plant("film.partial", 3700);
    succeed(place.path(), "digits --out .");
    assert!(!old.exists(), "an old one is still there");
    assert!(fresh.exists() && foreign.exists(), "somebody's file is gone");
}
