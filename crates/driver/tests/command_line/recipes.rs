//! Settings that are chosen together, optimizers, schedules and distorted pictures.

use std::fs;

use serde_json::{Value, json};

use crate::place::Place;

#[test]
fn a_recipe_gives_what_is_not_given() {
    let place = Place::new();
    let settings = |output: &str| -> Value {
        serde_json::from_str(&place.read(&format!("{output}/config.json"))).unwrap()
    };
    place.succeed("train --data data --quiet --recipe fast --output fast");
    let fast = settings("fast");
    assert_eq!(
        fast["training"],
        json!({"recipe": "fast", "optimizer": "rmsprop", "learning_rate": 0.006, "schedule": "linear",
            "warmup": 0.1, "augment": "none",
            "step": null, "distortion": null, "validation": null, "early_stopping": null, "time_limit_seconds": null})
    );
    assert_eq!((&fast["sizes"], &fast["epochs"]), (&json!([64, 256, 3]), &json!(3)));

    // So few steps teach it nothing, and a notice says so.
    let run = place
        .output("train --data data --quiet --recipe good --epochs 2 --hidden 24 --output good");
    assert!(run.status.success(), "{run:?}");
    let good = settings("good");
    assert_eq!(
        good["training"],
        json!({"recipe": "good", "optimizer": "adam", "learning_rate": 0.002, "schedule": "cosine",
            "warmup": 0.02, "augment": "mid", "step": null,
            "distortion": {"rotation": 12.5, "scale": 0.15, "shear": 0.15, "shift": 1.0, "elastic": 1.0, "smoothness": 4.0},
            "validation": null, "early_stopping": null, "time_limit_seconds": null})
    );
    assert_eq!((&good["sizes"], &good["batch_size"]), (&json!([64, 24, 3]), &json!(256)));
    assert_eq!(good["epochs"], json!(2), "an option counts more than the recipe");

    place.train("plain", "--quiet");
    let plain = settings("plain");
    assert_eq!(
        plain["training"],
        json!({"recipe": null, "optimizer": "rmsprop", "learning_rate": 0.01, "schedule": "constant",
            "warmup": 0.0, "augment": "none",
            "step": null, "distortion": null, "validation": null, "early_stopping": null, "time_limit_seconds": null})
    );
}

#[test]
fn every_setting_makes_another_network_and_the_same_one_twice() {
    let place = Place::new();
    let model = |output: &str, more: &str| {
        place.train(output, &format!("--quiet --epochs 2 {more}"));
        fs::read(place.path(output).join("model.safetensors")).unwrap()
    };
    let mut models = vec![model("plain", "")];
    for (n, more) in [
        "--optimizer adam",
        "--optimizer sgd",
        "--schedule cosine",
        "--schedule linear",
        "--schedule step",
        "--schedule step --step-every 1 --step-factor 0.5",
        "--warmup 0.5",
        "--augment-elastic 2",
        "--validation 30",
        "--augment weak",
        "--augment strong",
    ]
    .into_iter()
    .enumerate()
    {
        let one = model(&format!("a{n}"), &format!("{more} --threads 1"));
        assert!(one == model(&format!("b{n}"), &format!("{more} --threads 3")), "{more}");
        assert!(!models.contains(&one), "{more} makes no difference");
        models.push(one);
    }
    assert!(model("again", "--schedule constant --augment none --warmup 0") == models[0]);
}

#[test]
fn what_makes_no_training_is_refused_in_a_line() {
    let place = Place::new();
    for (line, said) in [
        ("--warmup 1", "--warmup"),
        ("--warmup -0.1", "--warmup"),
        ("--warmup NaN", "--warmup"),
        ("--schedule zigzag", "--schedule"),
        ("--recipe cake", "--recipe"),
        ("--augment much", "--augment"),
        ("--optimizer lion", "--optimizer"),
    ] {
        let error = place.output(&format!("train --data data {line}"));
        let text = String::from_utf8(error.stderr).unwrap();
        assert_eq!(error.status.code(), Some(2), "{line}: {text}");
        assert!(text.contains(said), "{line}: {text}");
    }
    fs::write(place.path("rows.svm"), "0 1:1\n1 2:1\n".repeat(20)).unwrap();
    let error = place.fail("train --data rows.svm --augment mid", 1);
    assert!(error.contains("--augment none") && error.contains("features"), "{error}");
}

#[test]
fn a_required_accuracy_decides_the_exit_code_and_nothing_else() {
    let place = Place::new();
    let line = "train --data data --quiet --hidden 16 --batch-size 32 --learning-rate 0.01";
    place.succeed(&format!("{line} --require-accuracy 0.9 --output met"));
    let untrained = "train --data data --quiet --hidden 16 --learning-rate 1e-9 --epochs 1";
    let output = place.output(&format!("{untrained} --require-accuracy 0.99 --output missed"));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    let error = errors.lines().last().unwrap();
    assert!(error.starts_with("error: the test accuracy is 0."), "{errors}");
    assert!(error.contains("0.99") && error.contains("--require-accuracy"), "{errors}");
    assert!(place.path("missed/model.safetensors").exists(), "the run is saved all the same");
}
