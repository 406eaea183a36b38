//! Signals that end a training: what was reached is saved.

use std::fs;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::folder::files;
use crate::place::{Place, write_bars};
use crate::text::{assert_close, number_after, test_line};

/// Sends a signal, as `kill -INT` does.
fn send(signal: &str, child: &Child) {
    let line = format!("kill -{signal} {}", child.id());
    assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success(), "{line}");
}

impl Place {
    /// Replaces the training set by as many images.
    fn write_training_set(&self, images: usize) {
        write_bars(&self.path("data"), "train", images);
    }

    /// Sends a signal to a training into `output` when it has written `lines` lines of metrics, and waits for its end.
    fn interrupt(&self, signal: &str, output: &str, lines: usize, more: &str) -> ExitStatus {
        let mut training = self.start(output, lines, more);
        send(signal, &training.0);
        training.0.wait().unwrap()
    }
}

#[test]
fn a_signal_ends_the_training_and_what_was_reached_is_saved() {
    let place = Place::new();
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let ended = place.interrupt(signal, signal, 3, "--hidden 4 --batch-size 32");
        assert_eq!(ended.code(), Some(status), "{ended}");
        let notice = place.read("stderr");
        assert!(
            notice.starts_with(&format!("notice: SIG{signal} ended the training ")),
            "{notice}"
        );
        assert_eq!(notice.lines().count(), 1, "{notice}");
        let story = place.read("stdout");
        assert!(
            story.contains(&format!("Model, settings and metrics are in {signal}\n")),
            "{story}"
        );
        assert!(!story.contains("image 0"), "who leaves wants no pictures: {story}");

        assert_eq!(place.names(signal), files());
        let config: Value =
            serde_json::from_str(&place.read(&format!("{signal}/config.json"))).unwrap();
        assert_eq!(config["epochs"], 1_000_000, "what was asked for");
        let mut metrics = place.metrics(&format!("{signal}/metrics.jsonl"));
        let [end, test] = [metrics.pop().unwrap(), metrics.pop().unwrap()];
        assert_eq!(
            (&end["event"], &end["signal"]),
            (&"interrupted".into(), &format!("SIG{signal}").into())
        );
        let [epoch, step, steps] =
            ["epoch", "step", "steps"].map(|name| end[name].as_u64().unwrap());
        assert!(steps == 10 && (1..=steps).contains(&step), "{end}");
        let whole = if step < steps { epoch - 1 } else { epoch };
        assert_eq!(metrics.len() as u64, whole, "{end}");
        assert!(whole >= 3 && metrics.iter().all(|line| line["event"] == "epoch"));
        // The model is the one that was tested.
        let model = format!("evaluate --data data --model {signal}/model.safetensors");
        let evaluated = place.succeed(&model);
        let loss = number_after(test_line(&evaluated), "loss");
        assert!((loss - test["loss"].as_f64().unwrap()).abs() < 1e-4, "{evaluated}{test}");
        assert_eq!(test["event"], "evaluate");
        // And it is a result, which is not overwritten.
        place.fail(&format!("train --data data --output {signal}"), 1);
    }
}

#[test]
fn an_epoch_that_was_cut_shows_its_steps() {
    let place = Place::new();
    place.write_training_set(30_000);
    let ended =
        place.interrupt("INT", "out", 20, "--hidden 512,512 --batch-size 1 --log-steps --quiet");
    assert_eq!(ended.code(), Some(130), "{ended}");
    let told = place.read("stdout");
    assert!(told.starts_with("Test: ") && told.lines().count() == 1, "{told}");

    let mut metrics = place.metrics("out/metrics.jsonl");
    let [end, test] = [metrics.pop().unwrap(), metrics.pop().unwrap()];
    let step = end["step"].as_u64().unwrap();
    assert!((20..30_000).contains(&step), "{end}");
    assert_eq!((&end["epoch"], &end["steps"]), (&1.into(), &30_000.into()));
    assert_eq!(metrics.len() as u64, step, "as many steps are recorded, and no epoch");
    for name in ["loss", "accuracy"] {
        let sum: f64 = metrics.iter().map(|line| line[name].as_f64().unwrap()).sum();
        assert_close(sum / step as f64, end[name].as_f64().unwrap());
    }
    assert_eq!(test["event"], "evaluate");
    let notice = place.read("stderr");
    let place_in_words = format!("in epoch 1 of 1000000, after step {step} of 30000");
    assert!(notice.contains(&place_in_words), "{notice}");

    #[cfg(feature = "report")]
    {
        let html = place.report("out");
        assert!(html.contains(&format!("SIGINT ended the training {place_in_words}.")), "{html}");
        let steps = count(step);
        assert!(
            html.contains(&format!("<th scope=\"row\">1, {steps} of 30,000 steps</th>")),
            "{html}"
        );
        assert!(html.contains("<dt>Fastest epoch</dt><dd>–</dd>"), "{html}");
    }
}

/// 20000 as 20,000.
#[cfg(feature = "report")]
fn count(number: u64) -> String {
    match number {
        ..1000 => number.to_string(),
        _ => format!("{},{:03}", number / 1000, number % 1000),
    }
}

/// The first signal has the training say that it ends. Nobody makes room for that on stderr, so it waits.
#[cfg(target_os = "linux")]
#[test]
fn a_second_signal_ends_the_program_at_once() {
    use std::io::{self, Write};

    let place = Place::new();
    let (_reader, mut full) = io::pipe().unwrap();
    full.write_all(&[0; 1 << 16]).unwrap();
    let mut command =
        place.command("train --data data --hidden 4 --epochs 1000000 --quiet --output out");
    let mut training = place.wait_for(command.stderr(full), 1, || Some(place.path("out")));
    let ended = (0..1000).find_map(|_| {
        send("INT", &training.0);
        // Signals that wait together are one.
        thread::sleep(Duration::from_millis(10));
        training.0.try_wait().unwrap()
    });
    let ended = ended.expect("no signal ends it");
    assert_eq!(ended.code(), Some(130), "{ended}");
    assert_eq!(place.names("out"), ["config.json", "metrics.jsonl"], "it has gone on");
    place.train("out", "--epochs 1 --quiet");
}

#[test]
fn an_interrupted_run_is_the_latest() {
    let place = Place::new();
    let run = || fs::read_dir(place.path("runs")).ok()?.next()?.ok().map(|entry| entry.path());
    let mut command = place.command("train --data data --hidden 4 --epochs 1000000 --quiet");
    let mut training = place.wait_for(&mut command, 1, run);
    send("TERM", &training.0);
    assert_eq!(training.0.wait().unwrap().code(), Some(143));
    assert!(place.path("runs/latest/model.safetensors").is_file());
}

/// Whether this process was started with SIGINT ignored, as far as the system tells.
#[cfg(feature = "download")]
fn interrupts_are_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    ignored & (1 << (2 - 1)) != 0
}

/// A mirror that takes calls and never answers.
#[cfg(feature = "download")]
#[test]
fn where_there_is_nothing_to_save_a_signal_just_ends_the_program() {
    use std::os::unix::process::ExitStatusExt;

    let place = Place::new();
    let mirror = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", mirror.local_addr().unwrap());
    for (signal, number) in [("INT", 2), ("TERM", 15)] {
        // A job in the background of a script begins with SIGINT ignored, and so does all that it starts.
        if signal == "INT" && interrupts_are_ignored() {
            eprintln!("SIGINT is ignored here: its default action cannot be seen");
            continue;
        }
        let mut driver = place.command("train --quiet").env("MNIST_MIRROR", &url).spawn().unwrap();
        let _call = mirror.accept().unwrap();
        send(signal, &driver);
        let ended = driver.wait().unwrap();
        assert_eq!(ended.signal(), Some(number), "{ended}");
    }
    assert!(!place.path("runs").exists());
}
