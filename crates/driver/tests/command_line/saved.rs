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
        let path = |kind: &str| place.path(&format!("data/{name}-{kind}-ubyte"));
        let images = [idx(0x0803, &[2, 200, 200]), vec![0; 2 * 200 * 200]].concat();
        fs::write(path("images-idx3"), images).unwrap();
        fs::write(path("labels-idx1"), [idx(0x0801, &[2]), vec![0, 1]].concat()).unwrap();
    }
    let error = place.fail("train --data data --hidden 65536 --output out", 1);
    for part in ["65536 units", "40000 pixels", "2,621,440,000", "2,147,483,648", "--hidden"] {
        assert!(error.contains(part), "no {part} in {error}");
    }
    assert!(!place.path("out").exists());
}
