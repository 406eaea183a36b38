//! Examples held out for validation, trainings that end early, and trainings that end in time.

use std::fs;

use dataset::{Examples, Mnist, Set, Validation};
use serde_json::{Value, json};
use testing::write_examples;

use crate::place::{Place, SIDE};
use crate::text::{number_after, test_line};

impl Place {
    fn config(&self, output: &str) -> Value {
        serde_json::from_str(&self.read(&format!("{output}/config.json"))).unwrap()
    }

    fn model(&self, output: &str) -> Vec<u8> {
        fs::read(self.path(output).join("model.safetensors")).unwrap()
    }

    /// The lines of one kind among the metrics of a run.
    fn events(&self, output: &str, kind: &str) -> Vec<Value> {
        let mut lines = self.metrics(&format!("{output}/metrics.jsonl"));
        lines.retain(|line| line["event"] == kind);
        lines
    }

    /// The loss of a run's network on the test set in the folder `data`.
    fn loss_on(&self, data: &str, model: &str) -> f64 {
        let output = self.output(&format!("evaluate --data {data} --model {model}"));
        assert!(output.status.success(), "{output:?}");
        number_after(test_line(&String::from_utf8(output.stdout).unwrap()), "loss")
    }

    /// Writes a data set into the folder `split`: its training set is what `count` held out of that of `data` leaves, its test
    /// set what is held out.
    fn write_split(&self, count: usize, seed: u64) {
        let train = Mnist::load_with_classes(&self.path("data"), 3).unwrap().train;
        let Validation { train: rest, held_out } =
            Validation::new(Set::Images(&train), count, seed).unwrap();
        fs::create_dir_all(self.path("split")).unwrap();
        for (name, indices) in [("train", rest), ("t10k", held_out)] {
            let of = |train: &Examples, i: u32| train.image(i as usize).to_vec();
            let images: Vec<u8> = indices.iter().flat_map(|&i| of(&train, i)).collect();
            let labels: Vec<u8> = indices.iter().map(|&i| train.label(i as usize)).collect();
            write_examples(&self.path("split"), name, [SIDE, SIDE], &images, &labels);
        }
    }
}

#[test]
fn what_is_held_out_is_tried_and_not_trained_on() {
    let place = Place::new();
    place.write_split(60, 4);
    let text = place.train("held", "--seed 4 --epochs 3 --validation 60");
    assert!(
        text.contains("\n60 training images are held out for validation, 240 are trained on\n"),
        "{text}"
    );
    assert!(text.contains("  val loss ") && text.contains("  val accuracy "), "{text}");
    place.succeed(
        "train --data split --hidden 16 --batch-size 32 --learning-rate 0.01 --seed 4 --epochs 3 --quiet --output split-run",
    );
    assert!(place.model("held") == place.model("split-run"), "other images were trained on");
    let [held, split] = ["held", "split-run"].map(|output| place.events(output, "epoch"));
    assert_eq!(held.len(), 3);
    for (held, split) in held.iter().zip(&split) {
        for name in ["loss", "accuracy"] {
            assert_eq!(held[name], split[name]);
            assert_eq!(held[format!("val_{name}")], split[format!("test_{name}")]);
            assert_eq!(held.get(format!("test_{name}")), None, "the test set is read at the end");
        }
    }
    let tested = place.events("held", "evaluate").pop().unwrap();
    assert!((tested["loss"].as_f64().unwrap() - place.loss_on("data", "held")).abs() < 1e-4);
    assert_eq!(place.config("held")["training"]["validation"], json!(60));

    // A share is as many; another seed holds others out; and all this at any number of threads.
    place.train("share", "--quiet --seed 4 --epochs 3 --validation 0.2 --threads 3");
    assert!(place.model("share") == place.model("held"));
    place.train("whole", "--quiet --seed 4 --epochs 3");
    assert!(place.model("whole") != place.model("held"));
}

#[test]
fn pictures_that_are_held_out_are_not_distorted() {
    let place = Place::new();
    place.write_split(50, 0);
    place.train("run", "--quiet --epochs 2 --validation 50 --augment strong");
    let last = place.events("run", "epoch").pop().unwrap();
    let loss = place.loss_on("split", "run");
    assert!((last["val_loss"].as_f64().unwrap() - loss).abs() < 1e-4, "{last}, not {loss}");
}

#[test]
fn features_are_held_out_like_pictures() {
    let place = Place::new();
    let rows: String = (0..200).map(|i| format!("{} {}:1\n", i % 2, 1 + i % 2)).collect();
    fs::write(place.path("rows.svm"), rows).unwrap();
    let line = "train --data rows.svm --test rows.svm --hidden 4 --learning-rate 0.1 --output run";
    let text = place.succeed(&format!("{line} --epochs 3 --validation 40"));
    assert!(text.contains("40 training rows are held out for validation, 160 are"), "{text}");
    let last = place.events("run", "epoch").pop().unwrap();
    assert_eq!(last["val_accuracy"], json!(1.0));
}

#[test]
fn the_network_of_the_best_epoch_is_kept() {
    let place = Place::new();
    place.write_split(60, 0);
    // With so large a rate the loss goes up and down.
    let line = "train --data data --hidden 16 --batch-size 32 --learning-rate 0.3 --validation 60";
    for patience in [1, 3] {
        let output = &format!("after-{patience}");
        let text = place
            .output(&format!("{line} --epochs 400 --early-stopping {patience} --output {output}"));
        let text = String::from_utf8(text.stdout).unwrap();
        let losses: Vec<f64> = place
            .events(output, "epoch")
            .iter()
            .map(|epoch| epoch["val_loss"].as_f64().unwrap())
            .collect();
        let best = place.events(output, "best").pop().unwrap();
        let epoch = best["epoch"].as_u64().unwrap() as usize;
        let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
        assert_eq!(losses[epoch - 1], least, "{best}");
        assert_eq!(losses.len(), epoch + patience, "{best}, {losses:?}");
        assert!(losses.len() < 400);
        assert_eq!(
            (&best["val_loss"], &best["last_epoch"], &best["stopped"]),
            (&json!(least), &json!(losses.len()), &json!(true))
        );
        let told = format!("\nThe training ended after epoch {} of 400: ", losses.len());
        let kept = format!("The network is that of epoch {epoch}, validation loss ");
        assert!(text.contains(&told) && text.contains(&kept), "{text}");
        // What is saved is that network, and the last result is its own.
        let saved = place.loss_on("split", output);
        assert!((saved - least).abs() < 1e-4 * least.max(1.0), "{saved}, not {least}");
        let tested = place.events(output, "evaluate").pop().unwrap()["loss"].as_f64().unwrap();
        let loss = place.loss_on("data", output);
        assert!((loss - tested).abs() < 1e-4 * tested.max(1.0), "{loss}, not {tested}");
    }
    // A training that gets better to its end is not ended, and its last network is the best.
    place.train("patient", "--quiet --epochs 3 --validation 60 --early-stopping 3");
    let best = place.events("patient", "best").pop().unwrap();
    assert_eq!((&best["epoch"], &best["stopped"]), (&json!(3), &json!(false)));
    place.train("plain", "--quiet --epochs 3 --validation 60");
    assert!(place.model("patient") == place.model("plain"));
    assert!(place.events("plain", "best").is_empty());
}

/// On a machine that gets slower all the time a run may end at its limit, and has no other to be compared with.
#[test]
fn a_time_limit_finds_a_number_of_epochs_that_can_be_repeated() {
    let place = Place::new();
    let settings = "--schedule cosine --warmup 0.1 --validation 50 --augment weak";
    for attempt in 0..10 {
        let output = &format!("limited-{attempt}");
        let line = "train --dataset digits --hidden 16 --learning-rate 0.01 --time-limit 3s";
        let run = place.output(&format!("{line} {settings} --output {output}"));
        assert!(run.status.success(), "{run:?}");
        let config = place.config(output);
        assert_eq!(config["training"]["time_limit_seconds"], json!(3.0));
        let epochs = config["epochs"].as_u64().unwrap();
        let text = String::from_utf8(run.stdout).unwrap();
        assert!(text.contains(&format!("the same network again: --epochs {epochs}\n")), "{text}");
        let taken = place.events(output, "epoch").len() as u64;
        let ended = place.events(output, "interrupted");
        if let Some(end) = ended.first() {
            // It says so, and what was reached is saved.
            let told = String::from_utf8(run.stderr).unwrap();
            assert!(told.contains("the time limit ended the training "), "{told}");
            assert!(end["signal"].is_null() && taken <= epochs, "{end}");
            assert!(!place.model(output).is_empty());
            continue;
        }
        assert_eq!(taken, epochs);
        let line = line.replace("--time-limit 3s", &format!("--epochs {epochs}"));
        place.output(&format!("{line} {settings} --output again --threads 1"));
        assert!(place.model(output) == place.model("again"), "{epochs} epochs, other bits");
        return;
    }
    eprintln!("no run came to its end within its time: none was repeated");
}

#[test]
fn a_time_that_is_too_short_ends_the_training_at_once() {
    let place = Place::new();
    let run = place.output("train --data data --hidden 4 --time-limit 1ns --output run");
    let told = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success(), "{told}");
    assert!(told.contains("notice: the time limit ended the training in epoch 1 of 1"), "{told}");
    assert_eq!(place.config("run")["epochs"], json!(1));
    let end = place.events("run", "interrupted").pop().unwrap();
    assert_eq!((&end["step"], &end["signal"]), (&json!(1), &Value::Null));
    assert!(!place.model("run").is_empty());
}

#[test]
fn single_limits_of_a_distortion_count_instead_of_the_strength() {
    let place = Place::new();
    let train = |output: &str, more: &str| {
        place.train(output, &format!("--quiet --epochs 2 {more}"));
        place.config(output)["training"].clone()
    };
    let mid = train("mid", "--augment mid");
    let like_mid = "--augment-rotation 12.5 --augment-scale 0.15 --augment-shear 0.15 --augment-elastic 1 --augment-shift 1";
    for (output, more) in
        [("weak", "--augment weak "), ("none", ""), ("strong", "--augment strong ")]
    {
        let one = train(output, &format!("{more}{like_mid}"));
        assert!(place.model("mid") == place.model(output), "{more}");
        assert_eq!((&one["distortion"], &one["augment"]), (&mid["distortion"], &json!(output)));
    }
    let shifted = train("shifted", "--augment-shift 1.5");
    assert_eq!(shifted["distortion"]["shift"], json!(1.5));
    assert_eq!(shifted["distortion"]["rotation"], json!(0.0));
    train("plain", "");
    assert!(place.model("shifted") != place.model("plain"));
}

#[test]
fn what_makes_no_validation_and_no_time_is_refused_in_a_line() {
    let place = Place::new();
    for (line, status, said) in [
        ("--validation 0", 2, "--validation"),
        ("--validation 1.0", 2, "--validation"),
        ("--validation -1", 2, "--validation"),
        ("--validation NaN", 2, "--validation"),
        ("--validation 300", 1, "holds 300 of 300 training images out"),
        ("--validation 0.0001", 1, "holds 0 of 300 training images out"),
        ("--early-stopping 3", 2, "--validation"),
        ("--validation 30 --early-stopping 0", 2, "--early-stopping"),
        ("--time-limit 0s", 2, "--time-limit"),
        ("--time-limit 5", 2, "--time-limit"),
        ("--time-limit 5s --epochs 3", 2, "--epochs"),
        ("--augment-rotation x", 2, "--augment-rotation"),
        ("--augment-rotation -3", 1, "rotation"),
        ("--augment-scale NaN", 1, "scale"),
        ("--step-every 3", 2, "--schedule step"),
        ("--schedule cosine --step-factor 0.5", 2, "--schedule step"),
        ("--schedule step --step-factor 0", 2, "--step-factor"),
    ] {
        let error = place.fail(&format!("train --data data {line}"), status);
        assert!(error.contains(said), "{line}: {error}");
    }
    assert!(!place.path("runs").exists(), "a command that fails leaves no folder");
}
