//! The program as its users meet it: arguments, files, output and errors, on a data set that is written here.
//!
//! Nothing here depends on real data or on time. The images are 8×8 with 3 classes, told apart by where a bright bar lies.

#[path = "command_line/folder.rs"]
mod folder;
#[path = "command_line/output.rs"]
mod output;
#[cfg(feature = "report")]
#[path = "command_line/report.rs"]
mod report;
#[path = "command_line/saved.rs"]
mod saved;
#[cfg(unix)]
#[path = "command_line/signals.rs"]
mod signals;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const SIDE: usize = 8;
const CLASSES: usize = 3;
const TRAIN: usize = 300;
const TEST: usize = 60;

/// A folder to run in, with the data set in `data/` and no trace of the user's own.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir(place.path("home")).unwrap();
        fs::create_dir(place.path("data")).unwrap();
        write_examples(&place.path("data"), "train", TRAIN);
        write_examples(&place.path("data"), "t10k", TEST);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The lines of a metrics file.
    fn metrics(&self, name: &str) -> Vec<Value> {
        self.read(name).lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_driver"));
        command.args(line.split_whitespace()).current_dir(self.0.path());
        command.env_clear().env("HOME", self.path("home"));
        // Nobody listens there: what is not on this machine stays away.
        command.env("MNIST_MIRROR", "http://127.0.0.1:1/");
        command
    }

    fn output(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// Runs to success, with nothing on stderr, and returns stdout.
    fn succeed(&self, line: &str) -> String {
        let output = self.output(line);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.success() && errors.is_empty(),
            "{line}: {}: {errors}",
            output.status
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs to a failure with `status` and returns its one line.
    fn fail(&self, line: &str, status: i32) -> String {
        let output = self.output(line);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}: {errors}");
        assert!(errors.starts_with("error: ") && errors.ends_with('\n'), "{line}: {errors}");
        assert_eq!(errors.lines().count(), 1, "{line}: {errors}");
        errors
    }

    /// Trains a small network well, into the folder `output`.
    fn train(&self, output: &str, more: &str) -> String {
        self.succeed(&format!(
            "train --data data --hidden 16 --batch-size 32 --learning-rate 0.01 --output {output} {more}"
        ))
    }
}

/// Images of `rows × columns` pixels, a bright stretch of a third of them in each: the first, the second or the last.
fn write_pictures(folder: &Path, [rows, columns]: [usize; 2]) {
    let pixels = rows * columns;
    for name in ["train", "t10k"] {
        let mut images = idx(0x0803, &[12, rows, columns]);
        let mut labels = idx(0x0801, &[12]);
        for class in (0..12).map(label) {
            labels.push(class as u8);
            images.extend((0..pixels).map(|i| if i * CLASSES / pixels == class { 250 } else { 0 }));
        }
        fs::write(folder.join(format!("{name}-images-idx3-ubyte")), images).unwrap();
        fs::write(folder.join(format!("{name}-labels-idx1-ubyte")), labels).unwrap();
    }
}

fn write_examples(folder: &Path, name: &str, count: usize) {
    let mut images = idx(0x0803, &[count, SIDE, SIDE]);
    let mut labels = idx(0x0801, &[count]);
    // Any sequence without a pattern of its own will do.
    let mut noise = count as u32;
    for i in 0..count {
        let class = label(i);
        labels.push(class as u8);
        for pixel in 0..SIDE * SIDE {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let bar = pixel / SIDE / 2 == class;
            images.push((noise >> 26) as u8 + if bar { 150 } else { 0 });
        }
    }
    fs::write(folder.join(format!("{name}-images-idx3-ubyte")), images).unwrap();
    fs::write(folder.join(format!("{name}-labels-idx1-ubyte")), labels).unwrap();
}

/// The class of image `i`.
fn label(i: usize) -> usize {
    i % CLASSES
}

/// The head of an IDX file.
fn idx(magic: u32, sizes: &[usize]) -> Vec<u8> {
    let numbers = [magic].into_iter().chain(sizes.iter().map(|&size| size as u32));
    numbers.flat_map(u32::to_be_bytes).collect()
}

/// The number after the word `name`.
fn number_after(text: &str, name: &str) -> f64 {
    let mut words = text.split_whitespace();
    words.find(|&word| word == name).unwrap_or_else(|| panic!("no {name} in: {text}"));
    words.next().unwrap().trim_end_matches([',', ';']).parse().unwrap()
}

fn test_line(text: &str) -> &str {
    text.lines()
        .find(|line| line.starts_with("Test:"))
        .unwrap_or_else(|| panic!("no test line in: {text}"))
}

fn assert_close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * a.abs(), "{a} is not {b}");
}

#[test]
fn training_tells_its_story() {
    let place = Place::new();
    let text = place.train("out", "--epochs 2 --threads 1");
    let first = text.lines().next().unwrap();
    assert!(first.contains(", 1 thread"), "{first}");
    assert_eq!(first.contains("not a release build"), cfg!(debug_assertions), "{first}");
    for part in [
        "train images  (300, 8, 8)      u8",
        "train labels  (300,)           u8",
        "test images   (60, 8, 8)       u8",
        "test labels   (60,)            u8",
        "\n  2   0 0 1\n",
        "\nEpoch 1/2  loss ",
        "\nEpoch 2/2  loss ",
        "; 60 images in ",
        "\nModel, settings and metrics are in out\n",
        "  test ",
    ] {
        assert!(text.contains(part), "no {part:?} in: {text}");
    }
    // 64·16 + 16 + 16·3 + 3 parameters.
    assert!(text.contains("1091") || text.contains("1,091"), "{text}");
    for i in 0..10 {
        assert!(text.contains(&format!("image {i}")), "image {i} is not shown: {text}");
    }
    assert!(!text.contains("image 10"), "{text}");
    assert!(
        text.lines().all(|line| line.starts_with("Data from") || line.chars().count() <= 80),
        "{text}"
    );
}

#[test]
fn training_writes_settings_metrics_and_model() {
    let place = Place::new();
    let text = place.train("some/where", "--epochs 3 --seed 7 --rmsprop keras3 --threads 2");

    let config: Value = serde_json::from_str(&place.read("some/where/config.json")).unwrap();
    for (pointer, expected) in [
        ("/sizes", Value::from(vec![64, 16, 3])),
        ("/parameters", 1091.into()),
        ("/epochs", 3.into()),
        ("/batch_size", 32.into()),
        ("/seed", 7.into()),
        ("/shuffle", true.into()),
        ("/threads", 2.into()),
        ("/rmsprop/form", "keras3".into()),
        ("/rmsprop/learning_rate", 0.01.into()),
        ("/init", Value::Null),
        ("/data/train", 300.into()),
        ("/data/test", 60.into()),
        ("/data/image", Value::from(vec![8, 8])),
        ("/data/classes", 3.into()),
        ("/version", env!("CARGO_PKG_VERSION").into()),
    ] {
        assert_eq!(config.pointer(pointer), Some(&expected), "{pointer} in {config}");
    }
    let folder = config.pointer("/data/folder").unwrap().as_str().unwrap();
    assert!(Path::new(folder).is_absolute() && folder.ends_with("data"), "{folder}");
    assert!(text.starts_with(config["isa"].as_str().unwrap()), "{text}");

    let metrics = place.metrics("some/where/metrics.jsonl");
    let events: Vec<_> = metrics.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["epoch", "epoch", "epoch", "evaluate"]);
    for (i, line) in metrics[..3].iter().enumerate() {
        assert_eq!(line["epoch"], i + 1);
        assert!(
            line["seconds"].as_f64().unwrap() > 0.0
                && line["images_per_second"].as_f64().unwrap() > 0.0,
            "{line}"
        );
        let share = line["test_accuracy"].as_f64().unwrap();
        assert!(
            (0.0..=1.0).contains(&share) && line["test_loss"].as_f64().unwrap() > 0.0,
            "{line}"
        );
    }
    // The test set after the last epoch is the test set at the end.
    assert_eq!(metrics[3]["loss"], metrics[2]["test_loss"]);
    assert_eq!(metrics[3]["accuracy"], metrics[2]["test_accuracy"]);
    assert_ne!(metrics[2]["loss"], metrics[2]["test_loss"]);
    let losses: Vec<f64> = metrics.iter().map(|line| line["loss"].as_f64().unwrap()).collect();
    assert!(losses.is_sorted_by(|a, b| a > b), "the loss does not fall: {losses:?}");
    assert!(metrics[3]["accuracy"].as_f64().unwrap() > 0.9, "{}", metrics[3]);
    assert!(metrics[3]["seconds"].as_f64().unwrap() > 0.0);

    let names: Vec<_> = fs::read_dir(place.path("some/where"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 3 + usize::from(cfg!(feature = "report")), "{names:?}");
    assert!(place.path("some/where/model.safetensors").metadata().unwrap().len() > 4 * 1091);
}

#[test]
fn a_run_without_output_gets_a_dated_folder() {
    let place = Place::new();
    let line = "train --data data --hidden 4 --epochs 1 --threads 1";
    for runs in 1..=2 {
        place.succeed(line);
        // The runs and, on Unix, the link.
        let entries = fs::read_dir(place.path("runs")).unwrap().count();
        assert_eq!(entries, runs + usize::from(cfg!(unix)));
    }
    #[cfg(unix)]
    {
        assert!(place.path("runs/latest").is_symlink());
        assert_eq!(place.metrics("runs/latest/metrics.jsonl").len(), 2);
        assert!(place.path("runs/latest/model.safetensors").is_file());
        let name = fs::read_link(place.path("runs/latest"))
            .unwrap()
            .into_os_string()
            .into_string()
            .unwrap();
        // 2026-11-23T20-31-05Z, perhaps with a number behind it.
        assert!(
            name.len() >= 20
                && name.starts_with("20")
                && name[..20].ends_with('Z')
                && !name.contains(':'),
            "{name}"
        );
    }
}

#[test]
fn quiet_leaves_one_line() {
    let place = Place::new();
    let text = place.train("out", "--quiet --epochs 2");
    assert_eq!(text.lines().count(), 1, "{text}");
    let evaluated = place.metrics("out/metrics.jsonl").pop().unwrap();
    for name in ["loss", "accuracy"] {
        assert!(
            (number_after(test_line(&text), name) - evaluated[name].as_f64().unwrap()).abs() < 1e-4,
            "{text}"
        );
    }
    assert!(text.contains(" s since the start"), "{text}");
}

#[test]
fn steps_are_logged_and_add_up_to_the_epoch() {
    let place = Place::new();
    place.train("out", "--log-steps --epochs 2 --quiet");
    let metrics = place.metrics("out/metrics.jsonl");
    // 300 images in steps of 32: nine full ones and one of 12.
    assert_eq!(metrics.len(), 2 * (10 + 1) + 1);
    for (epoch, lines) in metrics[..22].chunks(11).enumerate() {
        let (steps, total) = (&lines[..10], &lines[10]);
        assert_eq!(total["event"], "epoch");
        assert_eq!(total["epoch"], epoch + 1);
        for name in ["loss", "accuracy"] {
            let mut sum = 0.0;
            for (i, line) in steps.iter().enumerate() {
                assert_eq!(
                    (&line["event"], &line["epoch"], &line["step"]),
                    (&"step".into(), &(epoch + 1).into(), &(i + 1).into())
                );
                sum += line[name].as_f64().unwrap() * if i < 9 { 32.0 } else { 12.0 };
            }
            assert_close(sum / TRAIN as f64, total[name].as_f64().unwrap());
        }
    }
}

#[test]
fn every_epoch_has_an_order_of_its_own() {
    let place = Place::new();
    // So small a rate changes no weight: what a step sees depends on its images alone.
    let losses = |output: &str, more: &str| -> Vec<Vec<f64>> {
        place.succeed(&format!(
            "train --data data --hidden 4 --batch-size 30 --learning-rate 1e-30 --epochs 3 --log-steps --quiet \
             --output {output} {more}"
        ));
        let metrics = place.metrics(&format!("{output}/metrics.jsonl"));
        let steps = metrics.iter().filter(|line| line["event"] == "step");
        let losses: Vec<f64> = steps.map(|line| line["loss"].as_f64().unwrap()).collect();
        losses.chunks(TRAIN / 30).map(<[f64]>::to_vec).collect()
    };
    let stored = losses("stored", "--no-shuffle");
    assert!(stored[1] == stored[0] && stored[2] == stored[0], "{stored:?}");
    let shuffled = losses("shuffled", "");
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        assert_ne!(shuffled[a], shuffled[b], "epochs {} and {}", a + 1, b + 1);
    }
    assert_ne!(shuffled[0], stored[0]);
    // Every image once, in whatever order.
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
    for epoch in &shuffled {
        assert!((mean(epoch) - mean(&stored[0])).abs() < 1e-6, "{shuffled:?} {stored:?}");
    }
}

#[test]
fn evaluate_repeats_the_result_of_the_training() {
    let place = Place::new();
    let trained = place.train("out", "--epochs 2");
    let evaluated = place.succeed("evaluate --model out/model.safetensors --data data --threads 1");
    let lines =
        [&trained, &evaluated].map(|text| test_line(text).split(';').next().unwrap().to_owned());
    assert_eq!(lines[0], lines[1]);
    assert!(evaluated.lines().next().unwrap().contains(", 1 thread"), "{evaluated}");
    // Another network gives another result, so the equality above says something.
    let other = place.train("other", "--epochs 1 --seed 1");
    assert_ne!(test_line(&other).split(';').next().unwrap(), lines[0]);
}

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
fn the_same_seed_gives_the_same_bits() {
    let place = Place::new();
    place.train("a", "--quiet --epochs 2 --threads 1");
    place.train("b", "--quiet --epochs 2 --threads 3");
    place.train("c", "--quiet --epochs 2 --seed 1");
    place.train("d", "--quiet --epochs 2 --no-shuffle");
    place.train("e", "--quiet --epochs 2 --rmsprop keras3");
    // Without shuffling, the seed still draws the weights.
    place.train("f", "--quiet --epochs 2 --no-shuffle --seed 1");
    let model = |name: &str| fs::read(place.path(name).join("model.safetensors")).unwrap();
    assert!(model("a") == model("b"), "the number of threads changes the model");
    for name in ["c", "d", "e"] {
        assert!(model("a") != model(name), "{name} is no different");
    }
    assert!(model("d") != model("f"), "the weights do not follow the seed");
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
fn without_data_it_says_what_to_do() {
    let place = Place::new();
    for line in ["--dataset mnist", "train --dataset mnist", "train --dataset mnist --quiet"] {
        let error = place.fail(line, 1);
        assert!(error.contains("--data") && error.contains("MNIST_DIR"), "{error}");
    }
    assert!(!place.path("runs").exists(), "a run that never was left a folder");
    let error = place.fail("train --data nowhere", 1);
    assert!(error.contains("nowhere"), "{error}");
    // The variable is the way out that it promises.
    let output =
        place.command("train --hidden 4 --epochs 1").env("MNIST_DIR", "data").output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn wrong_arguments_are_named() {
    let place = Place::new();
    for (line, cause) in [
        ("train --data data --epochs 0", "--epochs"),
        ("train --data data --batch-size 0", "--batch-size"),
        ("train --data data --hidden 16,0", "--hidden"),
        ("train --data data --learning-rate -1", "--learning-rate"),
        ("train --data data --threads 2000", "--threads"),
        ("train --data data --momentum 0.9", "--momentum"),
        ("train --data data --hidden 65536,65536", "2,147,483,648"),
        ("train --data data --classes 1", "--classes"),
        ("evaluate --data data", "--model"),
        ("paint", "paint"),
    ] {
        let error = place.fail(line, 2);
        assert!(error.contains(cause), "{line}: {error}");
    }
    assert!(!place.path("runs").exists());
    let output = place.command("--version").env("KERNELS_ISA", "abacus").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let output = place.command("train --data data").env("KERNELS_ISA", "abacus").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("abacus") && error.lines().count() == 1, "{error}");
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
        let pixels = fs::read(&path).unwrap().split_off(16);
        fs::write(path, [idx(0x0803, &[count, SIDE / 2, SIDE]), pixels].concat()).unwrap();
        let mut labels = idx(0x0801, &[count]);
        labels.extend((0..count).map(|i| label(i) as u8));
        fs::write(place.path(&format!("data/{name}-labels-idx1-ubyte")), labels).unwrap();
    }
    for line in
        ["evaluate --data data --model", "predict --data data --model", "train --data data --init"]
    {
        let error = place.fail(&format!("{line} out/model.safetensors"), 1);
        assert!(error.contains("64 numbers") && error.contains("32 pixels"), "{error}");
    }
}

#[test]
fn an_image_that_is_not_there_is_named() {
    let place = Place::new();
    place.train("out", "--epochs 1 --quiet");
    let error = place.fail("predict --model out/model.safetensors --data data --index 0 60", 1);
    assert!(error.contains("no test image 60") && error.contains("0 to 59"), "{error}");
}

#[test]
fn a_training_that_teaches_nothing_says_so() {
    let place = Place::new();
    let notice = |line: &str| {
        let output = place.output(&format!("train --data data --quiet {line}"));
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(notice("--hidden 16 --epochs 2 --batch-size 32 --learning-rate 0.01"), "");
    for name in ["train", "t10k"] {
        let path = place.path(&format!("data/{name}-images-idx3-ubyte"));
        let mut images = fs::read(&path).unwrap();
        images[16..].fill(7);
        fs::write(path, images).unwrap();
    }
    let told = notice("--hidden 16 --epochs 2 --batch-size 32 --learning-rate 0.01 --output out");
    assert!(told.starts_with("notice: ") && told.lines().count() == 1, "{told}");
    assert!(told.contains("chance") && told.contains("--learning-rate"), "{told}");
    place.assert_complete("out", 2);
}

#[test]
fn a_training_that_diverges_saves_no_model() {
    let place = Place::new();
    let line = "train --data data --hidden 16 --learning-rate 3e38";
    let error = place.fail(&format!("{line} --epochs 2 --output out"), 1);
    // The first of its three steps blew up the weights, the second one's loss says so.
    assert!(error.contains("in epoch 1, step 2,"), "{error}");
    assert!(error.contains("--learning-rate below"), "{error}");
    assert!(!place.path("out/model.safetensors").exists());
    // Nothing is recorded of a training after its end.
    place.fail(&format!("{line} --epochs 2 --log-steps --output steps"), 1);
    let metrics = place.metrics("steps/metrics.jsonl");
    assert_eq!(metrics.len(), 2, "{metrics:?}");
    assert_eq!((&metrics[1]["step"], &metrics[1]["loss"]), (&2.into(), &Value::Null));
    // A single step: its loss, seen before the update, is sound, and only the test set shows the damage.
    let error = place.fail(&format!("{line} --epochs 1 --batch-size {TRAIN}"), 1);
    assert!(error.contains("in epoch 1, on the test set,"), "{error}");
    assert!(!place.path("runs/latest").is_symlink());
}
