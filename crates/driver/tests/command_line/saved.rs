//! Networks that earlier runs have saved.

use std::fs;

use serde_json::Value;
use testing::write_examples;

use crate::place::{Place, SIDE, TEST, TRAIN, label};

#[test]
fn the_folder_of_a_run_stands_for_its_network() {
    let place = Place::new();
    place.train("out", "--epochs 1 --quiet");
    for line in ["evaluate --data data --model", "predict --data data --index 3 --model"] {
        let shown = |model| {
            let text = place.succeed(&format!("{line} {model}"));
            // All but the time.
            text.split("; 60 images in").next().unwrap().to_owned()
        };
        assert_eq!(shown("out"), shown("out/model.safetensors"));
    }
    let line = "train --data data --epochs 1 --quiet --init";
    place.succeed(&format!("{line} out --output a"));
    place.succeed(&format!("{line} out/model.safetensors --output b"));
    let read = |run: &str| fs::read(place.path(run).join("model.safetensors")).unwrap();
    assert!(read("a") == read("b"), "another network");
    let config: Value = serde_json::from_str(&place.read("a/config.json")).unwrap();
    assert!(config["init"].as_str().unwrap().ends_with("out/model.safetensors"), "{config}");

    fs::create_dir(place.path("empty")).unwrap();
    for line in
        ["evaluate --data data --model", "predict --data data --model", "train --data data --init"]
    {
        let error = place.fail(&format!("{line} empty"), 1);
        assert!(error.contains("empty holds no model.safetensors"), "{line}: {error}");
    }
}

#[test]
fn a_network_that_leaves_the_finite_numbers_is_an_error() {
    let place = Place::new();
    place.train("out", "--epochs 1 --quiet");
    // Every parameter is finite and so large that the sums of the first layer are, too, and those of the second are not.
    let path = place.path("out/model.safetensors");
    let mut file = fs::read(&path).unwrap();
    let header = u64::from_le_bytes(*file.first_chunk().unwrap()) as usize;
    file[8 + header..].as_chunks_mut().0.fill(1e30_f32.to_le_bytes());
    fs::write(&path, file).unwrap();

    let error = place.fail("evaluate --model out", 1);
    assert!(error.contains("the loss of out/model.safetensors is "), "{error}");
    let error = place.fail("predict --model out", 1);
    assert!(error.contains("a probability of test image 0 is "), "{error}");
    let error = place.fail("predict --model out --index 7,3", 1);
    assert!(error.contains("a probability of test image 7 is "), "{error}");
}

#[test]
fn a_first_layer_that_cannot_be_made_is_an_error() {
    let place = Place::new();
    // Images of 200×200 pixels.
    for name in ["train", "t10k"] {
        let pixels = vec![0; 2 * 200 * 200];
        write_examples(&place.path("data"), name, [200, 200], &pixels, &[0, 1]);
    }
    let error = place.fail("train --data data --hidden 65536 --output out", 1);
    for part in ["65536 units", "40000 pixels", "2,621,440,000", "2,147,483,648", "--hidden"] {
        assert!(error.contains(part), "no {part} in {error}");
    }
    assert!(!place.path("out").exists());
}

#[test]
fn training_goes_on_from_a_saved_network() {
    let place = Place::new();
    place.train("first", "--epochs 5 --quiet");
    let line = "train --data data --epochs 1 --quiet --no-shuffle --log-steps --init first/model.safetensors";
    place.succeed(&format!("{line} --output second"));
    let config: Value = serde_json::from_str(&place.read("second/config.json")).unwrap();
    assert_eq!(config["sizes"], Value::from(vec![64, 16, 3]));
    assert!(config["init"].as_str().unwrap().ends_with("model.safetensors"));
    // Its first step sees what the first training had reached.
    let reached = place.metrics("first/metrics.jsonl").pop().unwrap()["loss"].as_f64().unwrap();
    let starts = place.metrics("second/metrics.jsonl")[0]["loss"].as_f64().unwrap();
    let fresh = place.metrics("first/metrics.jsonl")[0]["loss"].as_f64().unwrap();
    assert!(
        starts < 0.5 * (reached + fresh),
        "starts at {starts}, after {reached}; a fresh one at {fresh}"
    );

    place.succeed(&format!("{line} --output third --hidden 16"));
    let error = place.fail(&format!("{line} --output fourth --hidden 8"), 1);
    assert!(
        error.contains("[16]") && error.contains("[8]") && error.contains("--hidden"),
        "{error}"
    );
    assert!(!place.path("fourth").exists());
}

#[test]
fn a_file_that_is_no_network_is_named() {
    let place = Place::new();
    fs::write(place.path("nonsense"), [b'x'; 5000]).unwrap();
    for model in ["nonsense", "missing"] {
        for line in [
            "evaluate --data data --model",
            "predict --data data --model",
            "train --data data --init",
        ] {
            let error = place.fail(&format!("{line} {model}"), 1);
            assert!(error.contains(model), "{line}: {error}");
        }
    }
}

#[test]
fn a_network_for_other_images_is_refused() {
    let place = Place::new();
    place.train("out", "--epochs 1 --quiet");
    // The same bytes as images of 4×8 pixels, twice as many of them.
    for (name, count) in [("train", 2 * TRAIN), ("t10k", 2 * TEST)] {
        let path = place.path(&format!("data/{name}-images-idx3-ubyte"));
        let pixels = fs::read(path).unwrap().split_off(16);
        let labels: Vec<u8> = (0..count).map(|i| label(i) as u8).collect();
        write_examples(&place.path("data"), name, [SIDE / 2, SIDE], &pixels, &labels);
    }
    for line in
        ["evaluate --data data --model", "predict --data data --model", "train --data data --init"]
    {
        let error = place.fail(&format!("{line} out/model.safetensors"), 1);
        assert!(error.contains("64 numbers") && error.contains("32 pixels"), "{error}");
    }
}
