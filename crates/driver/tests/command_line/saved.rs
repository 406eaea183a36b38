//! Networks that earlier runs have saved.

use super::*;

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
