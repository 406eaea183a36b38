//! The data of a saved network's run: recorded, taken again, and missed when it is another.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::place::{Place, assert_contains, one_error};
use crate::{NAMES, NOBODY, TRAIN, write_labelled, write_small};

impl Place {
    /// Trains on the small data set in `data/`, into `out/`.
    fn train(&self) {
        write_small(&self.path("data"));
        let (_, notice) = self.succeed(&format!("{TRAIN} --data data"), NOBODY);
        assert_eq!(notice, "");
    }

    /// Runs to success; the notices.
    fn notices(&self, line: &str) -> Vec<String> {
        let (_, notices) = self.succeed(line, NOBODY);
        notices.lines().map(String::from).collect()
    }
}

#[test]
fn a_network_is_tested_on_the_data_of_its_run() {
    let place = Place::new();
    place.train();
    write_labelled(&place.path("other"), &[0, 1], &[1]);
    let recorded = place.path("data").canonicalize().unwrap();
    for model in ["out", "out/model.safetensors"] {
        for command in ["evaluate", "predict"] {
            // Not even where a variable names other data.
            let mut run = place.command(&format!("{command} --model {model}"), NOBODY);
            let output = run.env("MNIST_DIR", place.path("other")).output().unwrap();
            assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
            let text = String::from_utf8(output.stdout).unwrap();
            let folder = text.lines().nth(1).unwrap().strip_prefix("Data from ").expect(&text);
            assert_eq!(Path::new(folder).canonicalize().unwrap(), recorded);
        }
    }
    let (text, _) = place.succeed("evaluate --model out", NOBODY);
    assert_contains(text.lines().nth(2).unwrap(), &["Test: loss ", "; 20 images in "]);

    // Who has no record names the data.
    fs::copy(place.path("out/model.safetensors"), place.path("alone")).unwrap();
    let mut run = place.command("evaluate --model alone", NOBODY);
    let output = run.env("MNIST_DIR", "other").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_contains(&text, &["\nData from other\n", "; 1 images in "]);

    fs::remove_file(place.path("data").join(NAMES[3])).unwrap();
    let ways = ["out/model.safetensors", "--data PATH", "--dataset NAME"];
    let error = place.fail("evaluate --model out", NOBODY);
    assert_contains(&error, &[&[NAMES[3]][..], &ways].concat());
    fs::remove_dir_all(place.path("data")).unwrap();
    let mut run = place.command("predict --model out", NOBODY);
    let error = one_error(run.env("MNIST_DIR", "other").output().unwrap());
    assert_contains(&error, &[&["data'"][..], &ways].concat());
}

#[test]
fn the_test_files_are_enough_to_test() {
    let place = Place::new();
    place.train();
    let whole: Vec<String> = ["evaluate --model out", "predict --model out --index 3"]
        .map(|line| place.succeed(line, NOBODY).0)
        .into();
    let shown =
        |text: &str| text[text.find("\nData").unwrap()..].split("; ").next().unwrap().to_owned();
    for name in &NAMES[..2] {
        fs::remove_file(place.path("data").join(name)).unwrap();
    }
    fs::copy(place.path("out/model.safetensors"), place.path("alone")).unwrap();
    for (i, command) in ["evaluate", "predict --index 3"].into_iter().enumerate() {
        let (text, notices) = place.succeed(&format!("{command} --model out"), NOBODY);
        assert_eq!((shown(&text), &*notices), (shown(&whole[i]), ""));
        let (text, notices) =
            place.succeed(&format!("{command} --model alone --data data"), NOBODY);
        assert_contains(&text, &["\nData from data\n"]);
        assert_eq!(notices, "");
        let mut run = place.command(&format!("{command} --model alone"), NOBODY);
        let output = run.env("MNIST_DIR", "data").output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
    // To train takes all four.
    let error = place.fail("train --data data --output more", NOBODY);
    assert_contains(&error, &["data: lacks ", NAMES[0], NAMES[1]]);
    assert!(!error.contains(NAMES[2]) && !place.path("more").exists(), "{error}");
}

#[test]
fn another_test_set_than_that_of_the_run_is_noticed() {
    let place = Place::new();
    place.train();
    // The folder is not what counts, nor is the training set.
    write_small(&place.path("copy"));
    assert_eq!(place.notices("evaluate --model out --data copy"), [""; 0]);
    write_labelled(&place.path("copy"), &[1, 0], &[0, 1].repeat(10));
    assert_eq!(place.notices("evaluate --model out --data copy"), [""; 0]);

    let recorded = place.path("data").canonicalize().unwrap();
    write_labelled(&place.path("other"), &[0, 1].repeat(10), &[1, 0].repeat(10));
    for command in ["evaluate", "predict"] {
        let notices = place.notices(&format!("{command} --model out --data other"));
        assert_eq!(notices.len(), 1, "{notices:?}");
        let names = ["notice: out/model.safetensors ", recorded.to_str().unwrap(), "from other"];
        assert_contains(&notices[0], &names);
    }

    write_labelled(&place.path("data"), &[0, 1].repeat(10), &[1, 0].repeat(10));
    for line in ["evaluate --model out", "evaluate --model out --data data"] {
        let notices = place.notices(line);
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert_contains(&notices[0], &["has changed since out/model.safetensors was trained"]);
    }
}

#[test]
fn a_test_set_in_the_place_of_mnist_is_noticed() {
    let place = Place::new();
    place.train();
    fs::rename(place.path("out/model.safetensors"), place.path("alone")).unwrap();
    write_small(&place.cache("mnist"));
    let folder = place.cache("mnist");
    let expected =
        format!("notice: what lies in {} is not mnist as it was published", folder.display());
    for line in ["evaluate --model alone", "predict --model alone --dataset mnist"] {
        assert_eq!(place.notices(line), [expected.as_str()], "{line}");
    }
    // The variable may name any data, unless it is asked for MNIST.
    for (line, expected) in [
        ("evaluate --model alone", ""),
        (
            "evaluate --model alone --dataset mnist",
            "notice: what lies in data is not mnist as it was published\n",
        ),
    ] {
        let output = place.command(line, NOBODY).env("MNIST_DIR", "data").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), expected, "{line}");
    }
}

#[test]
fn checksums_are_of_contents_and_sizes() {
    let place = Place::new();
    let checksums = |train: &[u8], test: &[u8]| {
        write_labelled(&place.path("data"), train, test);
        place.succeed(&format!("{TRAIN} --data data"), NOBODY);
        let sums = place.recorded()["sha256"].take();
        let [train, test] = ["train", "test"].map(|part| sums[part].as_str().unwrap().to_owned());
        for sum in [&train, &test] {
            assert!(sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit()), "{sum}");
        }
        [train, test]
    };
    let [train, test] = checksums(&[0, 1, 0], &[1, 0]);
    assert_ne!(train, test);
    assert_eq!(checksums(&[0, 1, 0], &[1, 0]), [train.clone(), test.clone()]);
    let [other_train, same_test] = checksums(&[0, 1, 1], &[1, 0]);
    assert_eq!(same_test, test);
    assert_ne!(other_train, train);
    let [as_test, as_train] = checksums(&[1, 0], &[0, 1, 0]);
    assert_eq!([as_train, as_test], [train, test]);
}

#[test]
fn a_published_data_set_may_have_moved() {
    let place = Place::new();
    place.train();
    // As if the folder had held MNIST: it is looked for where MNIST is, and nowhere else.
    let path = place.path("out/config.json");
    let mut config: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    config["data"]["dataset"] = "mnist".into();
    fs::write(&path, config.to_string()).unwrap();
    fs::rename(place.path("data"), place.path("moved")).unwrap();
    assert_contains(&place.fail("evaluate --model out", NOBODY), &["MNIST is not on this machine"]);
    let mut run = place.command("evaluate --model out", NOBODY);
    let output = run.env("MNIST_DIR", "moved").output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert_contains(&String::from_utf8(output.stdout).unwrap(), &["\nData from moved\n"]);
}
