//! `driver export`, `import` and `show`.

use std::fs;

use crate::place::Place;

#[test]
fn a_network_leaves_and_comes_back_the_same() {
    let place = Place::new();
    place.train("out", "--epochs 1 --quiet");
    let model = fs::read(place.path("out/model.safetensors")).unwrap();
    for file in ["m.onnx", "--input bytes b.onnx", "m.npz", "--format keras k", "m.safetensors"] {
        place.succeed(&format!("export --model out {file}"));
        let name = file.rsplit(' ').next().unwrap();
        place.succeed(&format!("import {name} --out back"));
        assert!(fs::read(place.path("back")).unwrap() == model, "{file}");
    }
    let error = place.fail("export --model out m.pt", 1);
    assert!(error.contains("m.pt") && error.contains("--format"), "{error}");
    let error = place.fail("export --model out --input bytes m.npz", 1);
    assert!(error.contains("ask for ONNX"), "{error}");
    let error = place.fail("import data/train-labels-idx1-ubyte --out back", 1);
    assert!(error.contains("neither ONNX nor npz nor safetensors"), "{error}");
    assert!(fs::read(place.path("back")).unwrap() == model, "the old file is lost");
}

#[test]
fn show_says_what_the_input_is_and_how_it_was_trained() {
    let place = Place::new();
    place.train("out", "--epochs 1 --quiet");
    let text = place.succeed("show --model out");
    for part in
        ["dense_0 (relu)", "pictures of 8 x 8 pixels", "3 classes: 0 1 2", "1 epochs of batch 32"]
    {
        assert!(text.contains(part), "no {part} in {text}");
    }
    fs::remove_file(place.path("out/config.json")).unwrap();
    let text = place.succeed("show --model out/model.safetensors");
    assert!(text.contains("No config.json"), "{text}");
    for shell in ["bash", "zsh", "fish"] {
        assert!(place.succeed(&format!("completions {shell}")).contains("learning-rate"));
    }
}
