//! Labels that leave classes out, and the number of classes that is asked for.

use std::fs;

use serde_json::Value;

use crate::place::{Place, assert_contains};
use crate::{NAMES, NOBODY, TRAIN, write_labelled};

/// The notices about classes: so few images teach nothing, which is worth a notice of its own.
fn about_classes(notices: &str) -> String {
    let hint = |line: &&str| line.contains("than chance would");
    notices.lines().filter(|line| !hint(line)).map(|line| format!("{line}\n")).collect()
}

#[test]
fn classes_without_a_training_image_are_noticed() {
    let place = Place::new();
    write_labelled(&place.path("data"), &[0, 1, 0, 4, 3, 1], &[0, 2, 4, 2]);
    let (_, notices) = place.succeed(&format!("{TRAIN} --data data"), NOBODY);
    assert_eq!(
        about_classes(&notices),
        "notice: no training image is of class 2; the first with a label above 2 is image 3 (label 4)\n\
         notice: 2 test images are of class 2, without a training image; the first is image 1 (label 2)\n"
    );
    assert_eq!(place.recorded()["classes"], 5);

    // A class that is there, wherever its images are, is not worth a word.
    write_labelled(&place.path("data"), &[2, 1, 0, 4, 3], &[1, 1]);
    let (_, notices) = place.succeed(&format!("{TRAIN} --data data"), NOBODY);
    assert_eq!(about_classes(&notices), "");
}

#[test]
fn a_stray_label_makes_no_classes_by_itself() {
    let place = Place::new();
    let labels = [0, 1, 2, 0, 255, 1];
    write_labelled(&place.path("data"), &labels, &[0, 1]);
    let error = place.fail(&format!("{TRAIN} --data data"), NOBODY);
    assert_contains(
        &error,
        &["3, 4, 5, 6, 7 and 247 more", "above 254 is image 4 (label 255)", "--classes 256"],
    );
    assert!(!place.path("out").exists(), "a run that never was left a folder");

    // Either it is right ...
    let (story, notices) = place.succeed(&format!("{TRAIN} --data data --classes 256"), NOBODY);
    assert_contains(&notices, &["notice: no training image is of ", "image 4 (label 255)"]);
    assert_eq!(about_classes(&notices).lines().count(), 1, "{notices}");
    assert_contains(&story, &["(rows, 256)"]);
    assert_eq!(place.recorded()["classes"], 256);
    // ... or there are three classes, and it is wrong.
    let error = place.fail(&format!("{TRAIN} --data data --classes 3"), NOBODY);
    assert_contains(&error, &[NAMES[1], "image 4 has label 255", "3 classes", "256 classes"]);
    write_labelled(&place.path("data"), &[0, 1, 2], &[0, 3]);
    let error = place.fail(&format!("{TRAIN} --data data --classes 3"), NOBODY);
    assert_contains(&error, &[NAMES[3], "image 1 has label 3"]);
    let error = place.fail("train --dataset digits --classes 9", NOBODY);
    assert_contains(&error, &["10 classes", "more than 9"]);
    assert!(!place.path("runs").exists() && !place.path("out").exists());
}

#[test]
fn as_many_classes_as_asked_for() {
    let place = Place::new();
    // A test label that no training label reaches, and one that nothing does.
    write_labelled(&place.path("data"), &[0, 1, 2], &[0, 3]);
    let (story, notices) = place.succeed(&format!("{TRAIN} --data data --classes 5"), NOBODY);
    assert_eq!(
        about_classes(&notices),
        "notice: no training image is of the classes 3, 4\n\
         notice: 1 test image is of class 3, without a training image; the first is image 1 (label 3)\n"
    );
    assert_contains(&story, &["(rows, 5)", "\n  0   1 0 0 0 0\n"]);
    let config = fs::read_to_string(place.path("out/config.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&config).unwrap()["sizes"][2], 5);

    // Its run knew of the classes without an image; of other images, that is worth a word.
    let (_, notices) = place.succeed("evaluate --model out", NOBODY);
    assert_eq!(notices, "");
    fs::rename(place.path("out/model.safetensors"), place.path("alone")).unwrap();
    let (_, notices) = place.succeed("evaluate --model alone --data data", NOBODY);
    assert_eq!(notices, "notice: alone knows 5 classes, but no test image has a label above 3\n");

    // A network to start from has its number of classes.
    let line = "train --data data --init alone --epochs 1 --output more";
    let (_, notices) = place.succeed(line, NOBODY);
    assert_contains(&notices, &["of the classes 3, 4\n"]);
    let error = place.fail(&format!("{line} --classes 4"), NOBODY);
    assert_contains(&error, &["alone knows 5 classes", "--classes asks for 4"]);
    let labels = [0, 1, 2, 3, 4, 5];
    write_labelled(&place.path("data"), &labels, &labels);
    for (line, file) in [
        ("evaluate --model alone", NAMES[3]),
        ("predict --model alone", NAMES[3]),
        ("train --init alone", NAMES[1]),
    ] {
        let error = place.fail(&format!("{line} --data data"), NOBODY);
        assert_contains(&error, &[file, "image 5 has label 5", "alone knows 5 classes"]);
    }
}
