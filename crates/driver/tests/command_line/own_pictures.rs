//! `driver predict FILE…`: pictures of the user's own, good and bad.

use std::fs;
use std::path::Path;

use dataset::{Examples, Mnist};
use model::{Activation, Network};
use serde_json::Value;

use crate::place::Place;

const SIDE: usize = 28;

/// A place with a network that reads drawn digits, in `run`, and some that it was tested on.
fn with_network() -> (Place, Examples) {
    let place = Place::new();
    let digits = Mnist::drawn(7, 6000, 200);
    digits.save(&place.path("digits")).unwrap();
    place.succeed(
        "train --data digits --hidden 128 --epochs 12 --optimizer adam --output run --quiet",
    );
    (place, digits.test)
}

fn write_pgm(path: &Path, rows: usize, columns: usize, pixels: &[u8]) {
    let header = format!("P5 {columns} {rows} 255\n");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, [header.as_bytes(), pixels].concat()).unwrap();
}

/// Dark ink, four times as large as it was, off the middle of light paper.
fn on_paper(digit: &[u8]) -> Vec<u8> {
    let ink = |row: usize, column: usize| match (row.checked_sub(50), column.checked_sub(90)) {
        (Some(row), Some(column)) if row < 4 * SIDE && column < 4 * SIDE => {
            digit[row / 4 * SIDE + column / 4]
        }
        _ => 0,
    };
    (0..200 * 240).map(|i| 230 - (u32::from(ink(i / 240, i % 240)) * 3 / 4) as u8).collect()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// Runs to a status of 1; returns stdout and the lines of stderr.
fn partly(place: &Place, line: &str) -> (String, Vec<String>) {
    let output = place.output(line);
    assert_eq!(output.status.code(), Some(1), "{line}");
    let errors = String::from_utf8(output.stderr).unwrap();
    (String::from_utf8(output.stdout).unwrap(), errors.lines().map(str::to_owned).collect())
}

#[test]
fn pictures_are_read_as_the_test_images_that_they_show() {
    let (place, digits) = with_network();
    for i in 0..100 {
        let name = |folder: &str| place.path(&format!("{folder}/{i:03}.pgm"));
        write_pgm(&name("plain"), SIDE, SIDE, digits.image(i));
        write_pgm(&name("paper"), 200, 240, &on_paper(digits.image(i)));
    }
    let tested = lines(&place.succeed("predict --model run --json --index 0-99"));
    let as_is = lines(&place.succeed("predict --model run --json --as-is plain"));
    let found = lines(&place.succeed("predict --model run --json paper"));
    assert_eq!((tested.len(), as_is.len(), found.len()), (100, 100, 100));
    for (i, (tested, as_is)) in tested.iter().zip(&as_is).enumerate() {
        assert_eq!(as_is["file"], format!("plain/{i:03}.pgm"));
        for key in ["class", "label", "probability", "probabilities"] {
            assert_eq!(as_is[key], tested[key], "{key} of {i}");
        }
        let keys = as_is.as_object().unwrap().len();
        assert!(keys == 5 && tested["index"] == i && tested["file"].is_null(), "{as_is}");
    }
    let read = |lines: &[Value]| {
        let right = |(i, line): &(usize, &Value)| line["class"] == digits.label(*i);
        lines.iter().enumerate().filter(right).count()
    };
    assert!(read(&tested) >= 80, "{} of 100", read(&tested));
    assert!(read(&found) + 3 >= read(&tested), "{} and {}", read(&found), read(&tested));
}

#[test]
fn one_picture_is_drawn_and_several_make_a_table() {
    let (place, digits) = with_network();
    for i in 0..3 {
        write_pgm(&place.path(&format!("in/{i}.pgm")), 200, 240, &on_paper(digits.image(i)));
    }
    let all = lines(&place.succeed("predict --model run --json in"));
    let percent = |class: &Value, i: usize| {
        format!(
            "{:.2} %",
            100.0 * all[i]["probabilities"][class.as_u64().unwrap() as usize].as_f64().unwrap()
        )
    };

    let text = place.succeed("predict --model run in/1.pgm");
    let reading =
        format!("{} ({})", all[1]["label"].as_str().unwrap(), percent(&all[1]["class"], 1));
    assert!(text.contains("\n1.pgm\n") && text.contains(&reading), "{text}");
    assert!(text.contains('█') && !text.contains("label"), "{text}");
    for class in 0..10 {
        let bar = |line: &&str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            line.ends_with(&percent(&class.into(), 1))
                && words.contains(&class.to_string().as_str())
        };
        assert!(text.lines().any(|line| bar(&line)), "class {class}: {text}");
    }

    for line in ["predict --model run in/0.pgm in/1.pgm in/2.pgm", "predict --model run in/"] {
        let text = place.succeed(line);
        let rows: Vec<&str> = text.lines().skip_while(|row| !row.starts_with("picture")).collect();
        assert_eq!(rows.len(), 4, "{text}");
        for (i, row) in rows[1..].iter().enumerate() {
            let reading =
                format!("{} ({})", all[i]["label"].as_str().unwrap(), percent(&all[i]["class"], i));
            assert!(row.starts_with(&format!("in/{i}.pgm  {reading}  ")), "{text}");
        }
    }
}

#[test]
fn a_broken_picture_keeps_nobody_from_reading_the_others() {
    let (place, digits) = with_network();
    write_pgm(&place.path("in/a.pgm"), 200, 240, &on_paper(digits.image(0)));
    write_pgm(&place.path("in/d.pgm"), 200, 240, &on_paper(digits.image(1)));
    fs::write(place.path("in/.hidden"), "of some system").unwrap();
    fs::create_dir(place.path("in/further")).unwrap();
    place.succeed("predict --model run in");

    // In a folder, other files may be; what is named has to be a picture.
    fs::write(place.path("in/notes.txt"), "not a picture").unwrap();
    let output = place.output("predict --model run --json in");
    let notice = String::from_utf8(output.stderr).unwrap();
    assert_eq!(notice, "notice: passed over a file that is no picture: in/notes.txt\n");
    assert!(output.status.success() && output.stdout.iter().filter(|&&b| b == b'\n').count() == 2);
    let error = place.fail("predict --model run in/notes.txt", 1);
    assert!(error.contains("in/notes.txt: it is no PNG, JPEG, WebP or PGM"), "{error}");

    fs::remove_file(place.path("in/notes.txt")).unwrap();
    fs::write(place.path("in/b.pgm"), "P5 30 30 255\nshort").unwrap();
    write_pgm(&place.path("in/c.pgm"), 40, 40, &[255; 1600]);
    for (line, broken) in [
        ("predict --model run --json in", vec!["in/b.pgm: ", "in/c.pgm: there is nothing"]),
        ("predict --model run --json in/a.pgm nowhere in/d.pgm", vec!["nowhere: cannot be read"]),
    ] {
        let (text, errors) = partly(&place, line);
        let files: Vec<Value> = lines(&text).iter().map(|line| line["file"].clone()).collect();
        assert_eq!(files, ["in/a.pgm", "in/d.pgm"], "{line}");
        assert_eq!(errors.len(), broken.len(), "{errors:?}");
        for (error, start) in errors.iter().zip(broken) {
            assert!(error.starts_with(&format!("error: {start}")), "{error}");
        }
    }
    let error = place.fail("predict --model run in/c.pgm", 1);
    assert!(error.contains("in/c.pgm: there is nothing on its ground"), "{error}");
    let error = place.fail("predict --model run in/further", 1);
    assert!(error.contains("no picture in in/further"), "{error}");
}

#[test]
fn pictures_have_to_fit_the_network() {
    let place = Place::new();
    place.train("run", "--epochs 1 --quiet");
    write_pgm(&place.path("a.pgm"), 30, 20, &[9; 600]);
    let error = place.fail("predict --model run --as-is a.pgm", 1);
    assert!(error.contains("a.pgm: it has 30 × 20 pixels, and the network takes 8 × 8"), "{error}");

    crate::place::write_pictures(&place.path("data"), [2, 5]);
    place.train("oblong", "--epochs 5 --quiet");
    let error = place.fail("predict --model oblong --as-is a.pgm", 1);
    assert!(error.contains("the network takes 2 × 5"), "{error}");
    // A bar across light paper.
    let bar: Vec<u8> = (0..600).map(|i| if (200..300).contains(&i) { 40 } else { 220 }).collect();
    write_pgm(&place.path("bar.pgm"), 30, 20, &bar);
    place.succeed("predict --model oblong bar.pgm");
    // A file that says nothing of its input.
    let network = Network::glorot_uniform(&[10, 2], Activation::Relu, 0).unwrap();
    network.save(&place.path("bare.safetensors")).unwrap();
    let error = place.fail("predict --model bare.safetensors bar.pgm", 1);
    assert!(error.contains("takes 10 numbers") && error.contains("which size"), "{error}");

    fs::write(place.path("rows.svm"), "a 1:1\nb 2:1\n".repeat(20)).unwrap();
    place.succeed("train --data rows.svm --hidden 4 --epochs 1 --output features --quiet");
    let error = place.fail("predict --model features a.pgm", 1);
    assert!(error.contains("trained on features, not on pictures"), "{error}");

    for line in [
        "predict --model run a.pgm --index 3",
        "predict --model run a.pgm --data data",
        "predict --model run a.pgm --dataset digits",
        "predict --model run a.pgm --mistakes",
    ] {
        assert!(place.fail(line, 2).contains("cannot be used with"), "{line}");
    }
    assert!(place.fail("predict --model run --as-is", 2).contains("FILE"));
}
