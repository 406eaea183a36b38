//! `driver predict`: the pictures, their bars and colours, and their size.

use std::fs;

use crate::place::{CLASSES, Place, label, write_pictures};

#[test]
fn predict_shows_the_images_asked_for() {
    let place = Place::new();
    place.train("out", "--epochs 5 --quiet");
    let command = "predict --model out/model.safetensors --data data";
    let text = place.succeed(&format!("{command} --index 59 3"));
    // Each picture has the bars of its three classes on its right, below the line with its index.
    let tiles: Vec<Vec<&str>> =
        text.split("image ").skip(1).map(|tile| tile.lines().collect()).collect();
    assert_eq!(tiles.len(), 2, "{text}");
    for (tile, index) in tiles.iter().zip([59, 3]) {
        let class = label(index);
        assert_eq!(tile[0], index.to_string());
        // 8 pixels are four lines; class c has its bar in rows 2c and 2c + 1.
        for (row, line) in tile[1..=4].iter().enumerate() {
            assert_eq!(line.starts_with("████████  "), row == class, "{text}");
            assert!(row == class || line.is_empty() || line.starts_with("          "), "{text}");
        }
        for (i, line) in tile[1..=3].iter().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let percent: f64 = words[words.len() - 2].parse().unwrap();
            assert!(
                words[words.len() - 1] == "%" && words.contains(&i.to_string().as_str()),
                "{text}"
            );
            assert_eq!(percent > 100.0 / CLASSES as f64, i == class, "{text}");
        }
        assert!(tile[5].starts_with(&format!("{class} (")) && tile[5].ends_with(" %)"), "{text}");
        assert_eq!(tile[6], format!("label {class}"));
        assert!(tile.iter().all(|line| line.chars().count() <= 80), "{text}");
    }

    let all = place.succeed(command);
    assert!(all.contains("image 9") && !all.contains("image 10"), "{all}");
}

#[test]
fn pictures_of_any_size_fit_the_terminal() {
    let place = Place::new();
    for (i, size) in [[1, 2000], [2000, 1], [300, 300], [1, 1]].into_iter().enumerate() {
        write_pictures(&place.path("data"), size);
        let trained = place.train(&format!("out-{i}"), "--epochs 3");
        let (_, readings) = trained.split_once("as the network reads them").unwrap();
        let command = format!("predict --model out-{i}/model.safetensors --data data");
        let predicted = place.succeed(&command);
        let alone = place.succeed(&format!("{command} --index 1"));
        for text in [readings, &predicted, &alone] {
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{size:?}: {text}");
            // A picture's lines, and those above and below: its index, its reading, its label, bars and a blank one.
            let pictures = text.split("image ").skip(1);
            let highest = pictures.map(|picture| picture.lines().count()).max().unwrap();
            let most = if size[0] == 1 { 5..=8 } else { 11..=48 };
            assert!(most.contains(&highest), "{size:?}: {highest} lines: {text}");
            assert!(text.contains(['▀', '█']), "{size:?}: {text}");
        }
        // The one that is highest of all is as high as any may be.
        assert_eq!(alone.lines().count() > 43, size[0] == 2000 || size[0] == 300, "{alone}");
        assert!(alone.contains("label 1"), "{size:?}: {alone}");
    }
}

#[test]
fn colours_are_for_terminals_and_for_those_who_want_them() {
    let place = Place::new();
    place.train("out", "--epochs 1 --quiet");
    for arguments in ["", " --index 1"] {
        let line = format!("predict --model out/model.safetensors --data data{arguments}");
        for (variables, coloured) in [
            (&[] as &[(&str, &str)], false),
            (&[("CLICOLOR", "1")], false),
            (&[("CLICOLOR_FORCE", "1")], true),
            (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
            (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
        ] {
            let output = place.command(&line).envs(variables.iter().copied()).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            assert_eq!(text.contains("\x1b[38;5;"), coloured, "{variables:?}: {text}");
            assert_eq!(text.contains('\x1b'), coloured, "{variables:?}: {text}");
        }
    }
}

#[test]
fn a_wrong_reading_is_marked() {
    let place = Place::new();
    place.train("out", "--epochs 5 --quiet");
    let command = "predict --model out/model.safetensors --data data";
    assert!(!place.succeed(command).contains("wrong"));
    // A folder whose run has left no record: its test set may change.
    fs::remove_file(place.path("out/config.json")).unwrap();
    // The same images, every label one further: now every reading is wrong.
    let path = place.path("data/t10k-labels-idx1-ubyte");
    let mut labels = fs::read(&path).unwrap();
    labels[8..].iter_mut().for_each(|label| *label = (*label + 1) % CLASSES as u8);
    fs::write(path, labels).unwrap();
    assert_eq!(place.succeed(command).matches(", wrong").count(), 10);
}

#[test]
fn mistakes_are_shown_alone() {
    let place = Place::new();
    place.train("out", "--epochs 5 --quiet");
    let command = "predict --model out/model.safetensors --data data --mistakes";
    assert!(place.succeed(command).ends_with("0 of 60 test images read wrongly\n\n"));
    assert_eq!(place.succeed(&format!("{command} --json")), "");
    // Labels that are wrong for a few of the images.
    fs::remove_file(place.path("out/config.json")).unwrap();
    let path = place.path("data/t10k-labels-idx1-ubyte");
    let mut labels = fs::read(&path).unwrap();
    for index in [3, 17, 58] {
        labels[8 + index] = (labels[8 + index] + 1) % CLASSES as u8;
    }
    fs::write(path, labels).unwrap();

    let all = place.succeed(command);
    assert!(all.contains("\n3 of 60 test images read wrongly\n"), "{all}");
    assert!(
        ["image 3\u{20}", "image 17", "image 58"].iter().all(|name| all.contains(name)),
        "{all}"
    );
    assert_eq!((all.matches("image ").count(), all.matches(", wrong").count()), (3, 3), "{all}");
    let some = place.succeed(&format!("{command} --index 0-20"));
    assert!(some.contains("\n2 of 21 test images read wrongly\n"), "{some}");
    // With the bars of the classes.
    assert_eq!(some.matches(" %\n").count(), 2 * CLASSES, "{some}");
    let indices = |more: &str| -> Vec<u64> {
        let text = place.succeed(&format!("{command} --json{more}"));
        let line = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
        text.lines().map(|text| line(text)["index"].as_u64().unwrap()).collect()
    };
    assert_eq!(indices(""), [3, 17, 58]);
    assert_eq!(indices(" --index 10-58,2"), [17, 58]);
}

#[test]
fn an_image_that_is_not_there_is_named() {
    let place = Place::new();
    place.train("out", "--epochs 1 --quiet");
    let error = place.fail("predict --model out/model.safetensors --data data --index 0 60", 1);
    assert!(error.contains("no test image 60") && error.contains("0 to 59"), "{error}");
}
