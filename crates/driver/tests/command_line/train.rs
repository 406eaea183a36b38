//! `driver train`: its story, its files, its steps and epochs, and how it can fail.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::place::{Place, TRAIN};
use crate::text::{assert_close, number_after, test_line};

#[test]
fn training_tells_its_story() {
    let place = Place::new();
    let text = place.train("out", "--epochs 2 --threads 1");
    let first = text.lines().next().unwrap();
    assert!(first.contains(", 1 thread"), "{first}");
    assert_eq!(first.contains("not a release build"), cfg!(debug_assertions), "{first}");
    for part in [
        "train images  (300, 8, 8)      u8",
        "train labels  (300,)           u8",
        "test images   (60, 8, 8)       u8",
        "test labels   (60,)            u8",
        "\n  2   0 0 1\n",
        "\nEpoch 1/2  loss ",
        "\nEpoch 2/2  loss ",
        "; 60 images in ",
        "\nModel, settings and metrics are in out\n",
        "  test ",
    ] {
        assert!(text.contains(part), "no {part:?} in: {text}");
    }
    // 64·16 + 16 + 16·3 + 3 parameters.
    assert!(text.contains("1091") || text.contains("1,091"), "{text}");
    for i in 0..10 {
        assert!(text.contains(&format!("image {i}")), "image {i} is not shown: {text}");
    }
    assert!(!text.contains("image 10"), "{text}");
    assert!(
        text.lines().all(|line| line.starts_with("Data from") || line.chars().count() <= 80),
        "{text}"
    );
}

#[test]
fn training_writes_settings_metrics_and_model() {
    let place = Place::new();
    let text = place.train("some/where", "--epochs 3 --seed 7 --rmsprop keras3 --threads 2");

    let config: Value = serde_json::from_str(&place.read("some/where/config.json")).unwrap();
    for (pointer, expected) in [
        ("/sizes", Value::from(vec![64, 16, 3])),
        ("/parameters", 1091.into()),
        ("/epochs", 3.into()),
        ("/batch_size", 32.into()),
        ("/seed", 7.into()),
        ("/shuffle", true.into()),
        ("/threads", 2.into()),
        ("/rmsprop/form", "keras3".into()),
        ("/rmsprop/learning_rate", 0.01.into()),
        ("/init", Value::Null),
        ("/data/train", 300.into()),
        ("/data/test", 60.into()),
        ("/data/image", Value::from(vec![8, 8])),
        ("/data/classes", 3.into()),
        ("/version", env!("CARGO_PKG_VERSION").into()),
    ] {
        assert_eq!(config.pointer(pointer), Some(&expected), "{pointer} in {config}");
    }
    let folder = config.pointer("/data/folder").unwrap().as_str().unwrap();
    assert!(Path::new(folder).is_absolute() && folder.ends_with("data"), "{folder}");
    assert!(text.starts_with(config["isa"].as_str().unwrap()), "{text}");

    let metrics = place.metrics("some/where/metrics.jsonl");
    let events: Vec<_> = metrics.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["epoch", "epoch", "epoch", "evaluate"]);
    for (i, line) in metrics[..3].iter().enumerate() {
        assert_eq!(line["epoch"], i + 1);
        assert!(
            line["seconds"].as_f64().unwrap() > 0.0
                && line["images_per_second"].as_f64().unwrap() > 0.0,
            "{line}"
        );
        let share = line["test_accuracy"].as_f64().unwrap();
        assert!(
            (0.0..=1.0).contains(&share) && line["test_loss"].as_f64().unwrap() > 0.0,
            "{line}"
        );
    }
    // The test set after the last epoch is the test set at the end.
    assert_eq!(metrics[3]["loss"], metrics[2]["test_loss"]);
    assert_eq!(metrics[3]["accuracy"], metrics[2]["test_accuracy"]);
    assert_ne!(metrics[2]["loss"], metrics[2]["test_loss"]);
    let losses: Vec<f64> = metrics.iter().map(|line| line["loss"].as_f64().unwrap()).collect();
    assert!(losses.is_sorted_by(|a, b| a > b), "the loss does not fall: {losses:?}");
    assert!(metrics[3]["accuracy"].as_f64().unwrap() > 0.9, "{}", metrics[3]);
    assert!(metrics[3]["seconds"].as_f64().unwrap() > 0.0);

    let names: Vec<_> = fs::read_dir(place.path("some/where"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 3 + usize::from(cfg!(feature = "report")), "{names:?}");
    assert!(place.path("some/where/model.safetensors").metadata().unwrap().len() > 4 * 1091);
}

#[test]
fn a_run_without_output_gets_a_dated_folder() {
    let place = Place::new();
    let line = "train --data data --hidden 4 --epochs 1 --threads 1";
    for runs in 1..=2 {
        place.succeed(line);
        // The runs and, on Unix, the link.
        let entries = fs::read_dir(place.path("runs")).unwrap().count();
        assert_eq!(entries, runs + usize::from(cfg!(unix)));
    }
    #[cfg(unix)]
    {
        assert!(place.path("runs/latest").is_symlink());
        assert_eq!(place.metrics("runs/latest/metrics.jsonl").len(), 2);
        assert!(place.path("runs/latest/model.safetensors").is_file());
        let name = fs::read_link(place.path("runs/latest"))
            .unwrap()
            .into_os_string()
            .into_string()
            .unwrap();
        // 2026-11-23T20-31-05Z, perhaps with a number behind it.
        assert!(
            name.len() >= 20
                && name.starts_with("20")
                && name[..20].ends_with('Z')
                && !name.contains(':'),
            "{name}"
        );
    }
}

#[test]
fn quiet_leaves_one_line() {
    let place = Place::new();
    let text = place.train("out", "--quiet --epochs 2");
    assert_eq!(text.lines().count(), 1, "{text}");
    let evaluated = place.metrics("out/metrics.jsonl").pop().unwrap();
    for name in ["loss", "accuracy"] {
        assert!(
            (number_after(test_line(&text), name) - evaluated[name].as_f64().unwrap()).abs() < 1e-4,
            "{text}"
        );
    }
    assert!(text.contains(" s since the start"), "{text}");
}

#[test]
fn steps_are_logged_and_add_up_to_the_epoch() {
    let place = Place::new();
    place.train("out", "--log-steps --epochs 2 --quiet");
    let metrics = place.metrics("out/metrics.jsonl");
    // 300 images in steps of 32: nine full ones and one of 12.
    assert_eq!(metrics.len(), 2 * (10 + 1) + 1);
    for (epoch, lines) in metrics[..22].chunks(11).enumerate() {
        let (steps, total) = (&lines[..10], &lines[10]);
        assert_eq!(total["event"], "epoch");
        assert_eq!(total["epoch"], epoch + 1);
        for name in ["loss", "accuracy"] {
            let mut sum = 0.0;
            for (i, line) in steps.iter().enumerate() {
                assert_eq!(
                    (&line["event"], &line["epoch"], &line["step"]),
                    (&"step".into(), &(epoch + 1).into(), &(i + 1).into())
                );
                sum += line[name].as_f64().unwrap() * if i < 9 { 32.0 } else { 12.0 };
            }
            assert_close(sum / TRAIN as f64, total[name].as_f64().unwrap());
        }
    }
}

#[test]
fn every_epoch_has_an_order_of_its_own() {
    let place = Place::new();
    // So small a rate changes no weight: what a step sees depends on its images alone.
    let losses = |output: &str, more: &str| -> Vec<Vec<f64>> {
        place.succeed(&format!(
            "train --data data --hidden 4 --batch-size 30 --learning-rate 1e-30 --epochs 3 --log-steps --quiet \
             --output {output} {more}"
        ));
        let metrics = place.metrics(&format!("{output}/metrics.jsonl"));
        let steps = metrics.iter().filter(|line| line["event"] == "step");
        let losses: Vec<f64> = steps.map(|line| line["loss"].as_f64().unwrap()).collect();
        losses.chunks(TRAIN / 30).map(<[f64]>::to_vec).collect()
    };
    let stored = losses("stored", "--no-shuffle");
    assert!(stored[1] == stored[0] && stored[2] == stored[0], "{stored:?}");
    let shuffled = losses("shuffled", "");
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        assert_ne!(shuffled[a], shuffled[b], "epochs {} and {}", a + 1, b + 1);
    }
    assert_ne!(shuffled[0], stored[0]);
    // Every image once, in whatever order.
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
    for epoch in &shuffled {
        assert!((mean(epoch) - mean(&stored[0])).abs() < 1e-6, "{shuffled:?} {stored:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let place = Place::new();
    place.train("a", "--quiet --epochs 2 --threads 1");
    place.train("b", "--quiet --epochs 2 --threads 3");
    place.train("c", "--quiet --epochs 2 --seed 1");
    place.train("d", "--quiet --epochs 2 --no-shuffle");
    place.train("e", "--quiet --epochs 2 --rmsprop keras3");
    // Without shuffling, the seed still draws the weights.
    place.train("f", "--quiet --epochs 2 --no-shuffle --seed 1");
    let model = |name: &str| fs::read(place.path(name).join("model.safetensors")).unwrap();
    assert!(model("a") == model("b"), "the number of threads changes the model");
    for name in ["c", "d", "e"] {
        assert!(model("a") != model(name), "{name} is no different");
    }
    assert!(model("d") != model("f"), "the weights do not follow the seed");
}

#[test]
fn a_training_that_teaches_nothing_says_so() {
    let place = Place::new();
    let notice = |line: &str| {
        let output = place.output(&format!("train --data data --quiet {line}"));
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(notice("--hidden 16 --epochs 2 --batch-size 32 --learning-rate 0.01"), "");
    for name in ["train", "t10k"] {
        let path = place.path(&format!("data/{name}-images-idx3-ubyte"));
        let mut images = fs::read(&path).unwrap();
        images[16..].fill(7);
        fs::write(path, images).unwrap();
    }
    let told = notice("--hidden 16 --epochs 2 --batch-size 32 --learning-rate 0.01 --output out");
    assert!(told.starts_with("notice: ") && told.lines().count() == 1, "{told}");
    assert!(told.contains("chance") && told.contains("--learning-rate"), "{told}");
    place.assert_complete("out", 2);
}

#[test]
fn a_training_that_diverges_saves_no_model() {
    let place = Place::new();
    let line = "train --data data --hidden 16 --learning-rate 3e38";
    let error = place.fail(&format!("{line} --epochs 2 --output out"), 1);
    // The first of its three steps blew up the weights, the second one's loss says so.
    assert!(error.contains("in epoch 1, step 2,"), "{error}");
    assert!(error.contains("--learning-rate below"), "{error}");
    assert!(!place.path("out/model.safetensors").exists());
    // Nothing is recorded of a training after its end.
    place.fail(&format!("{line} --epochs 2 --log-steps --output steps"), 1);
    let metrics = place.metrics("steps/metrics.jsonl");
    assert_eq!(metrics.len(), 2, "{metrics:?}");
    assert_eq!((&metrics[1]["step"], &metrics[1]["loss"]), (&2.into(), &Value::Null));
    // A single step: its loss, seen before the update, is sound, and only the test set shows the damage.
    let error = place.fail(&format!("{line} --epochs 1 --batch-size {TRAIN}"), 1);
    assert!(error.contains("in epoch 1, on the test set,"), "{error}");
    assert!(!place.path("runs/latest").is_symlink());
}
