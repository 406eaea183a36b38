//! Whose a run's folder is, and what becomes of what an earlier run left in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::place::Place;

/// A training under way, which is killed when the test is done with it.
pub(super) struct Training(pub(super) Child);

impl Drop for Training {
    fn drop(&mut self) {
        // It may be over already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Place {
    /// Starts a training into the folder `output` that would last for hours, and waits for `lines` lines of metrics.
    /// Its output goes to the files `stdout` and `stderr`.
    pub(crate) fn start(&self, output: &str, lines: usize, more: &str) -> Training {
        let line = format!("train --data data --epochs 1000000 --output {output} {more}");
        let [out, errors] =
            ["stdout", "stderr"].map(|name| fs::File::create(self.path(name)).unwrap());
        let mut command = self.command(&line);
        self.wait_for(command.stdout(out).stderr(errors), lines, || Some(self.path(output)))
    }

    /// Starts a training and waits for `lines` lines of metrics in its folder, if that is known.
    pub(crate) fn wait_for(
        &self,
        command: &mut Command,
        lines: usize,
        folder: impl Fn() -> Option<PathBuf>,
    ) -> Training {
        let mut training = Training(command.spawn().unwrap());
        let written = || {
            let metrics = fs::read(folder()?.join("metrics.jsonl")).ok()?;
            Some(metrics.iter().filter(|&&byte| byte == b'\n').count())
        };
        while written().is_none_or(|written| written < lines) {
            let ended = training.0.try_wait().unwrap();
            assert!(ended.is_none(), "{command:?}: {ended:?}");
            thread::sleep(Duration::from_millis(1));
        }
        training
    }

    /// The names in a folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Checks that a folder holds a run of `epochs` epochs that went well, and nothing else.
    pub(crate) fn assert_complete(&self, folder: &str, epochs: usize) {
        assert_eq!(self.names(folder), files());
        let metrics = self.metrics(&format!("{folder}/metrics.jsonl"));
        assert_eq!(metrics.len(), epochs + 1, "{metrics:?}");
        assert_eq!(metrics[epochs]["event"], "evaluate");
    }
}

/// The files that a training leaves.
pub(super) fn files() -> Vec<&'static str> {
    let report = cfg!(feature = "report").then_some("report.html");
    ["config.json", "metrics.jsonl", "model.safetensors"].into_iter().chain(report).collect()
}

#[test]
fn an_earlier_run_is_not_overwritten() {
    let place = Place::new();
    place.train("out", "--epochs 1 --quiet");
    let before = fs::read(place.path("out/model.safetensors")).unwrap();
    let error = place.fail("train --data data --epochs 1 --seed 5 --output out", 1);
    assert!(error.contains("already exists") && error.contains("--output"), "{error}");
    assert!(fs::read(place.path("out/model.safetensors")).unwrap() == before);
    place.assert_complete("out", 1);

    fs::write(place.path("file"), "").unwrap();
    let error = place.fail("train --data data --output file/out", 1);
    assert!(error.contains("cannot create") && error.contains("file/out"), "{error}");
}

#[test]
fn a_run_without_model_leaves_its_folder_to_the_next() {
    let place = Place::new();
    let line = "train --data data --hidden 16 --learning-rate 3e38 --log-steps --output out";
    place.fail(&format!("{line} --seed 5"), 1);
    assert_eq!(place.names("out"), ["config.json", "metrics.jsonl"]);
    assert!(!place.metrics("out/metrics.jsonl").is_empty());

    place.train("out", "--epochs 2 --quiet");
    place.assert_complete("out", 2);
    let config: Value = serde_json::from_str(&place.read("out/config.json")).unwrap();
    assert_eq!(config["seed"], 0, "the settings are those of the run that failed");
}

#[test]
fn of_two_runs_in_a_folder_one_fails() {
    let place = Place::new();
    let training = place.start("out", 20, "--hidden 4");
    let line = "train --data data --hidden 4 --epochs 1 --quiet --output out";
    let error = place.fail(line, 1);
    assert!(error.contains("another run") && error.contains("--output"), "{error}");
    assert!(!place.metrics("out/metrics.jsonl").is_empty(), "the run at work lost its metrics");

    // Killed, it is at work no longer. Its metrics were longer than those of the next.
    drop(training);
    place.succeed(line);
    place.assert_complete("out", 1);
}

#[test]
fn what_is_no_runs_is_not_taken_over() {
    let place = Place::new();
    let line = "train --data data --hidden 4 --epochs 1 --quiet --output out";
    let config = r#"{"started": "yesterday"}"#;
    for (files, named) in [
        (&[("config.json", config)] as &[_], "config.json"),
        (&[("config.json", config), ("metrics.jsonl", "")], "config.json"),
        (&[("config.json", "[1"), ("metrics.jsonl", "")], "config.json"),
        (&[("metrics.jsonl", "{\"loss\": 0.5}\n")], "metrics.jsonl"),
        (&[("metrics.jsonl", "precious\n")], "metrics.jsonl"),
    ] {
        fs::create_dir(place.path("out")).unwrap();
        for (name, text) in files {
            fs::write(place.path("out").join(name), text).unwrap();
        }
        let error = place.fail(line, 1);
        assert!(error.contains(named) && error.contains("already exists"), "{error}");
        for (name, text) in files {
            assert_eq!(&place.read(&format!("out/{name}")), text);
        }
        assert_eq!(place.names("out").len(), files.len(), "{:?}", place.names("out"));
        fs::remove_dir_all(place.path("out")).unwrap();
    }
}

/// The shell limits the size of a file, and the system kills who writes beyond.
#[cfg(unix)]
#[test]
fn what_a_killed_run_left_half_written_is_removed() {
    let place = Place::new();
    fs::create_dir(place.path("out")).unwrap();
    let foreign = ["film.partial", "notes-config.json.partial", ".tmpA1b2C3"];
    for name in foreign.iter().chain(&["config.json.partial", "report.html.partial"]) {
        fs::write(place.path("out").join(name), "half a file").unwrap();
    }
    let line = "train --data data --hidden 512 --epochs 1 --quiet --output out";
    let script = format!("ulimit -f 64; exec {} {line}", env!("CARGO_BIN_EXE_driver"));
    let mut shell = Command::new("sh");
    let status = shell.args(["-c", &script]).current_dir(place.path("")).status().unwrap();
    assert_eq!(status.code(), None, "{status}");
    let left = place.names("out");
    assert!(left.iter().any(|name| name.starts_with("model.safetensors")), "{left:?}");
    assert!(!left.iter().any(|name| name == "model.safetensors"), "{left:?}");

    place.succeed(line);
    for name in foreign {
        fs::remove_file(place.path("out").join(name)).expect("somebody's file is gone");
    }
    place.assert_complete("out", 1);
}

/// As above, but who writes beyond gets an error, as on a disk that is full.
#[cfg(unix)]
#[test]
fn without_room_for_the_model_nothing_half_written_stays() {
    let place = Place::new();
    let line = "train --data data --hidden 512 --epochs 1 --quiet --output out";
    let script =
        format!("trap '' XFSZ; ulimit -f 64; exec {} {line}", env!("CARGO_BIN_EXE_driver"));
    let mut shell = Command::new("sh");
    let output = shell.args(["-c", &script]).current_dir(place.path("")).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.starts_with("error: cannot write out/model.safetensors: "), "{error}");
    assert!(error.lines().count() == 1 && !error.contains(".partial"), "{error}");
    assert_eq!(place.names("out"), ["config.json", "metrics.jsonl"]);
    place.succeed(line);
    place.assert_complete("out", 1);
}

#[cfg(unix)]
#[test]
fn links_of_killed_runs_are_removed() {
    use std::os::unix::fs::symlink;

    let place = Place::new();
    let training = place.start("runs/busy", 1, "--hidden 4");
    fs::create_dir(place.path("runs/dead")).unwrap();
    fs::write(place.path("runs/dead/metrics.jsonl"), "").unwrap();
    fs::write(place.path("runs/text.latest"), "").unwrap();
    for name in ["busy", "dead", "gone"] {
        symlink(name, place.path(&format!("runs/{name}.latest"))).unwrap();
    }
    symlink("dead", place.path("runs/other.latest")).unwrap();
    place.succeed("train --data data --hidden 4 --epochs 1 --quiet");
    let mut names = place.names("runs");
    names.retain(|name| !name.starts_with("20"));
    let kept = ["busy", "busy.latest", "dead", "latest", "other.latest", "text.latest"];
    assert_eq!(names, kept);
    drop(training);
}

#[cfg(unix)]
#[test]
fn latest_that_is_no_link_costs_a_notice() {
    let place = Place::new();
    fs::create_dir_all(place.path("runs/latest/mine")).unwrap();
    let output = place.output("train --data data --hidden 4 --epochs 1 --quiet");
    let notice = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{notice}");
    assert!(notice.starts_with("notice: runs/latest ") && notice.lines().count() == 1, "{notice}");
    assert!(place.path("runs/latest/mine").is_dir());
    let [run, _] = &place.names("runs")[..] else { panic!("{:?}", place.names("runs")) };
    place.assert_complete(&format!("runs/{run}"), 1);
}
