//! Where the program takes its images from, and what it says when it takes others. The mirrors are on this machine: no test
//! asks another one.

#[cfg(feature = "download")]
mod downloads;
mod formats;
mod labels;
mod place;
mod recorded;
#[cfg(feature = "download")]
mod server;

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use serde_json::Value;

use place::{Place, assert_contains, one_error};

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];
/// Nobody listens there.
const NOBODY: &str = "http://127.0.0.1:1/";
/// A training that takes no time.
const TRAIN: &str = "train --hidden 4 --epochs 1 --output out";

/// A data set of 20 images of 2×2 pixels in two classes that are easily told apart.
fn write_small(folder: &Path) {
    let labels = [0, 1].repeat(10);
    write_labelled(folder, &labels, &labels);
}

/// A data set of images of 2×2 pixels with these labels.
fn write_labelled(folder: &Path, train: &[u8], test: &[u8]) {
    fs::create_dir_all(folder).unwrap();
    for (name, labels) in [("train", train), ("t10k", test)] {
        let pixels: Vec<u8> = labels
            .iter()
            .flat_map(|label| if label % 2 == 0 { [0, 0, 255, 255] } else { [255, 255, 0, 0] })
            .collect();
        testing::write_examples(folder, name, [2, 2], &pixels, labels);
    }
}

#[test]
fn where_mnist_cannot_be_had_the_built_in_digits_do() {
    let place = Place::new();
    let cache = place.cache("mnist");
    let way_out = ["--data DIR", "MNIST_DIR", NAMES[3], NOBODY, cache.to_str().unwrap()];
    let assert_notice = |notice: &str, why: &str| {
        assert!(
            notice.starts_with("notice: using the built-in digits") && notice.ends_with('\n'),
            "{notice}"
        );
        assert_eq!(notice.lines().count(), 1, "{notice}");
        assert_contains(notice, &[why]);
        assert_contains(notice, &way_out);
    };

    let (story, notice) =
        place.succeed("train --hidden 4 --epochs 1 --output model --offline", NOBODY);
    assert_notice(&notice, "--offline");
    assert_contains(&story, &["Data from the built-in digits\n", "(60000, 28, 28)"]);
    assert!(!cache.exists(), "--offline made a folder for what it does not download");

    let why =
        if cfg!(feature = "download") { "127.0.0.1:1: " } else { "without the feature `download`" };
    let (_, notice) = place.succeed(&format!("{TRAIN} --quiet"), NOBODY);
    assert_notice(&notice, why);
    let recorded = place.recorded();
    assert_eq!((&recorded["dataset"], &recorded["folder"]), (&"digits".into(), &Value::Null));

    // Those who ask for them need no notice, and no network.
    let (_, notice) = place.succeed("predict --model model --dataset digits", "nonsense");
    assert_eq!(notice, "");

    // The network was trained on them; of a network that may have been trained on anything, nothing else takes the place
    // of MNIST.
    let (story, notice) = place.succeed("evaluate --model model", "nonsense");
    assert_eq!(notice, "");
    assert_contains(&story, &["\nData from the built-in digits\nTest: loss "]);
    fs::copy(place.path("model/model.safetensors"), place.path("alone")).unwrap();
    for line in ["evaluate --model alone", "predict --model alone"] {
        let error = place.fail(line, NOBODY);
        assert_contains(&error, &[why, "--dataset digits"]);
        assert_contains(&error, &way_out);
    }
}

#[test]
fn what_was_asked_for_by_name_is_not_replaced() {
    let place = Place::new();
    let why = if cfg!(feature = "download") {
        "no mirror delivers MNIST (127.0.0.1:1: "
    } else {
        "`download`"
    };
    for (line, parts) in [
        ("train --dataset mnist", [why, "--data DIR, set MNIST_DIR, or"]),
        ("train --dataset mnist --offline", ["--offline", "--data DIR, set MNIST_DIR, or"]),
        ("train --dataset fashion-mnist --offline", ["--offline", "pass --data DIR, or"]),
    ] {
        assert_contains(&place.fail(line, NOBODY), &parts);
    }
    assert!(!place.path("runs").exists());

    // Neither is a folder, however it is named.
    assert_contains(&place.fail("train --data nowhere", NOBODY), &["nowhere"]);
    let named = place.command("train", NOBODY).env("MNIST_DIR", "nowhere").output().unwrap();
    assert_contains(&one_error(named), &["MNIST_DIR", "nowhere"]);
}

#[test]
fn what_is_in_the_cache_is_not_asked_for() {
    let place = Place::new();
    let mirror = TcpListener::bind("127.0.0.1:0").unwrap();
    mirror.set_nonblocking(true).unwrap();
    let url = format!("http://{}/", mirror.local_addr().unwrap());
    write_small(&place.cache("mnist"));
    write_small(&place.cache("fashion-mnist"));
    write_small(&place.path("data"));
    for (options, name, folder) in [
        ("", Some("mnist"), place.cache("mnist")),
        ("--dataset mnist", Some("mnist"), place.cache("mnist")),
        ("--dataset fashion-mnist", Some("fashion-mnist"), place.cache("fashion-mnist")),
        ("--data data", None, place.path("data")),
    ] {
        let line = format!("{TRAIN} --batch-size 1 --learning-rate 0.01 {options}");
        let (story, notice) = place.succeed(&line, &url);
        // The name of a published data set is for that data set.
        let expected = name.map_or(String::new(), |name| {
            let folder = folder.display();
            format!("notice: what lies in {folder} is not {name} as it was published\n")
        });
        assert_eq!(notice, expected, "{options}");
        let recorded = place.recorded();
        assert_eq!(recorded["dataset"], Value::Null, "{options}");
        let recorded = Path::new(recorded["folder"].as_str().unwrap());
        assert!(recorded.is_absolute(), "{options}: {recorded:?}");
        assert_eq!(recorded.canonicalize().unwrap(), folder.canonicalize().unwrap(), "{options}");
        let named = if name.is_some() { folder.to_str().unwrap() } else { "data" };
        assert_contains(&story, &[&format!("Data from {named}\n")]);
    }
    assert!(mirror.accept().is_err(), "somebody called");
}

#[test]
fn damage_in_the_cache_is_not_passed_over() {
    let place = Place::new();
    write_small(&place.cache("mnist"));
    let damaged = place.cache("mnist").join(NAMES[2]);
    fs::write(&damaged, &fs::read(&damaged).unwrap()[..50]).unwrap();
    for line in ["train", "train --dataset mnist"] {
        assert_contains(&place.fail(line, NOBODY), &[damaged.to_str().unwrap(), "or delete it"]);
    }
    // In a folder that was named, nothing is the program's to replace.
    fs::rename(place.cache("mnist"), place.path("named")).unwrap();
    let by_option = place.command("train --data named", NOBODY).output().unwrap();
    let by_variable = place.command("train", NOBODY).env("MNIST_DIR", "named").output().unwrap();
    for error in [by_option, by_variable].map(one_error) {
        assert!(error.contains(NAMES[2]) && !error.contains("delete"), "{error}");
    }
}

#[test]
fn a_mirror_that_is_no_url_is_refused() {
    let place = Place::new();
    for mirror in [
        "notaurl",
        "ftp://127.0.0.1/",
        "http://",
        "https:///mnist/",
        "http:// /",
        " ",
        "/mnt/mnist",
    ] {
        for line in ["train", "train --dataset mnist", "train --offline"] {
            let error = place.fail(line, mirror);
            assert_contains(&error, &["MNIST_MIRROR", mirror, "http:// or https://"]);
        }
    }
    assert!(!place.path("runs").exists());
    // Set to nothing, it is not set; and nobody needs it who does not ask for MNIST.
    let (_, notice) = place.succeed(&format!("{TRAIN} --quiet --offline"), "");
    assert_contains(&notice, &["notice: using the built-in digits", "storage.googleapis.com"]);
    write_small(&place.path("data"));
    write_small(&place.cache("fashion-mnist"));
    for options in ["--data data", "--dataset fashion-mnist"] {
        fs::remove_dir_all(place.path("out")).unwrap();
        place.succeed(&format!("{TRAIN} {options}"), "notaurl");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_called_what_it_is() {
    use std::os::unix::fs::symlink;

    let place = Place::new();
    let folder = place.path("data");
    let replace_by = |index: usize, kind: &str, extension: &str| {
        let plain = folder.join(NAMES[index]);
        let path = folder.join(format!("{}{extension}", NAMES[index]));
        fs::remove_file(plain).unwrap();
        match kind {
            "a folder" => fs::create_dir(path).unwrap(),
            "a link to nothing" => symlink("nowhere", path).unwrap(),
            "a socket" => drop(std::os::unix::net::UnixListener::bind(path).unwrap()),
            _ => {
                assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success())
            }
        }
    };
    for (index, kind) in
        ["a folder", "a named pipe", "a socket", "a link to nothing"].into_iter().enumerate()
    {
        for extension in ["", ".gz"] {
            write_small(&folder);
            replace_by(index, kind, extension);
            let expected = format!("{}{extension} is {kind}", NAMES[index]);
            assert_contains(&place.fail("train --data data", NOBODY), &[&expected]);
            let named = place.command("train", NOBODY).env("MNIST_DIR", "data").output().unwrap();
            assert_contains(&one_error(named), &["MNIST_DIR", &expected]);
            fs::remove_dir_all(&folder).unwrap();
        }
    }
}

#[test]
fn colour_pictures_are_called_so() {
    let place = Place::new();
    let folder = place.path("data");
    write_small(&folder);
    let head = [0, 0, 8, 4, 0, 0, 0, 20, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3];
    fs::write(folder.join(NAMES[0]), [&head, &[7; 240][..]].concat()).unwrap();
    let error = place.fail("train --data data", NOBODY);
    assert_contains(&error, &[NAMES[0], "colour pictures are not supported", "[20, 2, 2, 3]"]);
}
