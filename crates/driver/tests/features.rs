//! The program on files of sparse features, as its users meet it. The features are those that it draws itself, whose answer is
//! known: a word named `topic3.0` tells of class 3.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder to run in, with drawn features in `drawn/` and no trace of the user's own.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.succeed(
            "text-like --out drawn --rows 1500 --test-rows 400 --features 3000 --non-zeros 40 --classes 5 --seed 2",
        );
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn config(&self, run: &str) -> Value {
        serde_json::from_str(&self.read(&format!("{run}/config.json"))).unwrap()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_driver"));
        command.args(line.split_whitespace()).current_dir(self.0.path());
        command.env_clear().env("HOME", self.path("home"));
        command
    }

    fn output(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// Runs to success, and returns stdout and the notices.
    fn run(&self, line: &str) -> (String, String) {
        let output = self.output(line);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{line}: {errors}");
        (String::from_utf8(output.stdout).unwrap(), errors)
    }

    fn succeed(&self, line: &str) -> String {
        let (output, errors) = self.run(line);
        assert!(errors.is_empty(), "{line}: {errors}");
        output
    }

    /// Runs to a failure and returns its one line.
    fn fail(&self, line: &str) -> String {
        let output = self.output(line);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(1 | 2)), "{line}: {errors}");
        assert!(errors.starts_with("error: ") && errors.lines().count() == 1, "{line}: {errors}");
        errors
    }

    /// Trains a small network on the drawn features, with their names.
    fn train(&self, more: &str) -> String {
        self.succeed(&format!(
            "train --data drawn/train.svm --feature-names drawn/features.txt --hidden 24 --batch-size 64 --epochs 8 {more}"
        ))
    }
}

/// The accuracy in a line like "Test: loss 0.4647, accuracy 0.8992; …".
fn accuracy(output: &str) -> f64 {
    let (_, rest) = output.split_once("Test: loss ").expect(output);
    let (_, rest) = rest.split_once("accuracy ").expect(output);
    rest[..6].parse().expect(output)
}

#[test]
fn a_run_has_all_its_parts() {
    let place = Place::new();
    let output = place.train("--test drawn/test.svm --output run");
    for part in [
        "Data from drawn/train.svm and drawn/test.svm",
        "train rows    (1500, 3000)",
        "test rows     (400, 3000)",
        "Indices begin with 1",
        "5 classes: 0 1 2 3 4",
        "400 rows in",
        "rows/s",
        "what speaks for the reading",
    ] {
        assert!(output.contains(part), "no {part} in {output}");
    }
    assert!(!output.contains("image"), "{output}");
    assert!(accuracy(&output) > 0.75, "{output}");

    let data = &place.config("run")["data"];
    assert_eq!(data["kind"], "features");
    assert!(data["file"].as_str().unwrap().ends_with("/drawn/train.svm"));
    assert!(data["test_file"].as_str().unwrap().ends_with("/drawn/test.svm"));
    let counts =
        ["train", "test", "columns", "index_base", "classes"].map(|key| data[key].as_u64());
    assert_eq!(counts, [1500, 400, 3000, 1, 5].map(Some));
    assert!(data["held_out_seed"].is_null() && data["class_names"].is_null());
    assert_eq!(data["sha256"]["test"].as_str().unwrap().len(), 64);

    // The test set of the run, without being named; and its file, gzipped and elsewhere.
    let evaluated = place.succeed("evaluate --model run");
    assert_eq!(accuracy(&evaluated), accuracy(&output));
    assert!(evaluated.contains("drawn/test.svm"), "{evaluated}");
    let named = place.succeed("evaluate --model run --data drawn/test.svm");
    assert_eq!(accuracy(&named), accuracy(&output));
    let (_, notices) = place.run("evaluate --model run --data drawn/train.svm");
    assert!(notices.contains("was trained on rows of drawn/train.svm"), "{notices}");
    let more = place.read("drawn/test.svm") + "2 1:1\n";
    place.write("drawn/test.svm", &more);
    let (_, notices) = place.run("evaluate --model run");
    assert!(notices.contains("has changed since"), "{notices}");
    fs::rename(place.path("drawn/test.svm"), place.path("moved.svm")).unwrap();
    let error = place.fail("evaluate --model run");
    assert!(error.contains("drawn/test.svm") && error.contains("--data"), "{error}");
    let (_, notices) = place.run("evaluate --model run --data moved.svm");
    assert!(notices.contains("moved.svm is not that"), "{notices}");
}

#[cfg(feature = "report")]
#[test]
fn the_report_names_the_topics() {
    let place = Place::new();
    place.train("--test drawn/test.svm --output run --quiet");
    let page = place.read("run/report.html");
    assert!(!page.contains("<img") && !page.contains("mages"), "a report of pictures");
    let (_, telling) = page.split_once("Most telling features").unwrap();
    let (telling, mistakes) = telling.split_once("Most confident mistakes").unwrap();
    let rows: Vec<&str> =
        telling.split("<tr>").filter(|row| row.contains("scope=\"row\"")).collect();
    assert_eq!(rows.len(), 5);
    for (class, row) in rows.iter().enumerate() {
        assert!(row.contains(&format!("<th scope=\"row\">{class}</th>")), "{row}");
        let own = row.matches(&format!("<span>topic{class}.")).count();
        assert!(own >= 8, "{own} of the ten most telling of class {class} are of its topic: {row}");
    }
    assert!(mistakes.contains("<th>Read as</th>") && mistakes.contains("<span>"), "{mistakes}");
}

#[test]
fn a_line_of_json_is_what_was_read() {
    let place = Place::new();
    let output = place.train("--test drawn/test.svm --output run");
    let lines = |line: &str| -> Vec<Value> {
        let text = place.succeed(line);
        text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    };
    let all = lines("predict --model run --json");
    assert_eq!(all.len(), 400);
    let mut right = 0;
    for (i, reading) in all.iter().enumerate() {
        assert_eq!(reading["index"], i);
        let list = |value: &Value| -> Vec<f64> {
            value.as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect()
        };
        let probabilities = list(&reading["probabilities"]);
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-5);
        let class = reading["class"].as_u64().unwrap() as usize;
        assert_eq!(reading["label"], class.to_string());
        let probability = reading["probability"].as_f64().unwrap();
        assert_eq!(probability, probabilities[class]);
        assert!(probabilities.iter().all(|&p| p <= probability));
        right += usize::from(reading["label"] == reading["expected"]);
    }
    assert_eq!((right as f64 / 400.0 * 1e4).round() / 1e4, accuracy(&output));
    assert_eq!(
        lines("predict --model run --json --index 3 7-9,0"),
        [3, 7, 8, 9, 0].map(|i| all[i].clone())
    );
    let error = place.fail("predict --model run --json --index 399-400");
    assert!(error.contains("there is no test row 400: --index goes from 0 to 399"), "{error}");
    for range in ["9-7", "-1", "1-", "a-b"] {
        assert!(place.fail(&format!("predict --model run --index {range}")).contains("0-99"));
    }
    // Whoever reads has seen enough.
    let mut child =
        place.command("predict --model run --json").stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn what_is_shown_has_names() {
    let place = Place::new();
    let rows = "night 1:1 3:0.1\nday 2:1\n".repeat(30);
    place.write("birds.svm", &rows);
    place.write("names.txt", "hoot\nsong\nrain\n");
    let output = place.succeed(
        "train --data birds.svm --feature-names names.txt --hidden 8 --epochs 30 --learning-rate 0.01 --output run",
    );
    for part in [
        "2 classes: day night",
        "a fifth of each class held out to test on, by seed 0",
        "hoot",
        "song",
    ] {
        assert!(output.contains(part), "no {part} in {output}");
    }
    let data = &place.config("run")["data"];
    assert_eq!(
        (&data["train"], &data["test"], &data["held_out_seed"]),
        (&48.into(), &12.into(), &0.into())
    );
    assert_eq!(data["class_names"], serde_json::json!(["day", "night"]));

    // The file alone knows the classes and where indices begin; features then go by their indices.
    fs::copy(place.path("run/model.safetensors"), place.path("alone.safetensors")).unwrap();
    place.write("owl.svm", "night 3:0.1 1:1\n");
    let shown = place.succeed("predict --model alone.safetensors --data owl.svm --index 0");
    assert!(shown.contains("row 0: read as night") && shown.contains("for night: 1"), "{shown}");
    let named =
        "predict --model alone.safetensors --data owl.svm --index 0 --feature-names names.txt";
    let shown = place.succeed(named);
    assert!(shown.contains("for night: hoot"), "{shown}");
    place.write("owl.svm", "night 0:1 1:1\n");
    assert!(
        place.fail("evaluate --model alone.safetensors --data owl.svm").contains("begin with 1")
    );
    place.write("owl.svm", "dusk 1:1\n");
    assert!(
        place.fail("evaluate --model alone.safetensors --data owl.svm").contains("are day, night")
    );
    // Features that the network has never seen.
    place.write("owl.svm", "night 1:1 7:1 4:2\n");
    let (_, notices) = place.run("evaluate --model alone.safetensors --data owl.svm");
    assert!(notices.contains("2 numbers of the test rows are left out"), "{notices}");
    // The names of a run may be gone.
    place.write("names.txt", "hoot\n");
    let (shown, notices) = place.run("predict --model run");
    assert!(notices.contains("features go by their indices") && notices.contains("1 lines for 3"));
    assert!(shown.contains("read as"), "{shown}");
}

#[test]
fn the_held_out_rows_are_those_of_the_seed() {
    let place = Place::new();
    let trained = place.train("--output run --seed 7 --threads 1");
    assert!(
        trained.contains("by seed 7") && trained.contains("test rows     (299, 3000)"),
        "{trained}"
    );
    let evaluated = place.succeed("evaluate --model run");
    assert_eq!(accuracy(&evaluated), accuracy(&trained));
    assert!(evaluated.contains("by seed 7"), "{evaluated}");
    // The same bits at any number of threads, from a gzipped file as from a plain one.
    let plain = fs::read(place.path("drawn/train.svm")).unwrap();
    let model = fs::read(place.path("run/model.safetensors")).unwrap();
    place.train("--output again --seed 7 --threads 3");
    assert!(fs::read(place.path("again/model.safetensors")).unwrap() == model);
    let packed =
        Command::new("gzip").args(["-k", "drawn/train.svm"]).current_dir(place.0.path()).status();
    if packed.is_ok_and(|status| status.success()) {
        assert!(fs::read(place.path("drawn/train.svm.gz")).unwrap().len() < plain.len());
        let line = "train --data drawn/train.svm.gz --hidden 24 --batch-size 64 --epochs 8 --seed 7 --output packed";
        place.succeed(line);
        assert!(fs::read(place.path("packed/model.safetensors")).unwrap() == model);
        let (config, packed) = (place.config("run"), place.config("packed"));
        assert_eq!(config["data"]["sha256"], packed["data"]["sha256"]);
    }
}

#[test]
fn a_training_may_go_on() {
    let place = Place::new();
    let first = place.train("--test drawn/test.svm --output first --seed 1");
    let more = "train --data drawn/train.svm --test drawn/test.svm --init first --epochs 1 --output second";
    assert!(accuracy(&place.succeed(more)) > accuracy(&first) - 0.1);
    let error = place.fail("train --data drawn/train.svm --init first --features 2000");
    assert!(error.contains("takes 3000 features"), "{error}");
    // Fewer columns than the network has are no others.
    place.write("few.svm", &"0 1:1\n1 2:1\n4 9:1\n".repeat(5));
    let (output, _) = place.run("train --data few.svm --init first --epochs 1 --output third");
    assert!(output.contains("(12, 3000)"), "{output}");
}

#[test]
fn what_goes_wrong_takes_one_line() {
    let place = Place::new();
    place.write("ok.svm", &"a 1:1\nb 2:1\n".repeat(10));
    place.write("one.svm", "a 1:1\na 2:1\n");
    place.write("huge.svm", &"a 1:1\nb 2:1\nb 4000000000:1\n".repeat(3));
    place.write("names.txt", "x\ny\nz\n");
    fs::create_dir(place.path("folder")).unwrap();
    for (line, causes) in [
        ("train --data one.svm", &["one.svm", "label a"][..]),
        ("train --data huge.svm", &["4000000000 features", "line 3 of huge.svm", "--hidden"]),
        ("train --data nothing.svm", &["nothing.svm"]),
        ("train --data ok.svm --test folder", &["folder: it is a folder"]),
        ("train --data ok.svm --test nothing", &["nothing"]),
        ("train --data ok.svm --feature-names names.txt", &["names.txt", "3 lines for 2 features"]),
        ("train --data ok.svm --feature-names nothing", &["nothing"]),
        ("train --data ok.svm --features 1", &["line 2", "index 2"]),
        ("train --data ok.svm --features 0", &["--features"]),
        ("train --data ok.svm --classes 2", &["label a", "0, 1"]),
        ("train --test ok.svm", &["--data"]),
        ("train --data folder --test ok.svm", &["--test"]),
        ("train --data folder --feature-names names.txt", &["--feature-names"]),
        ("text-like --out drawn --features 100 --classes 50", &["100 features", "--features"]),
    ] {
        let error = place.fail(line);
        for cause in causes {
            assert!(error.contains(cause), "{line}: no {cause} in {error}");
        }
    }
    assert!(!place.path("runs").exists(), "a run that did not begin has left something");
}

#[test]
fn classes_may_be_more_than_the_rows_name() {
    let place = Place::new();
    place.write("few.svm", &"0 1:1\n3 2:1\n".repeat(10));
    let (output, _) = place.run("train --data few.svm --classes 300 --hidden 4 --output run");
    assert!(output.contains("300 classes: 0 1 2") && output.contains("and 280 more"), "{output}");
    assert_eq!(place.config("run")["sizes"], serde_json::json!([2, 4, 300]));
}

#[test]
fn drawn_files_are_the_same_for_a_seed() {
    let place = Place::new();
    let line = "text-like --rows 1500 --test-rows 400 --features 3000 --non-zeros 40 --classes 5";
    place.succeed(&format!("{line} --seed 2 --out again"));
    place.succeed(&format!("{line} --seed 3 --out other"));
    for name in ["train.svm", "test.svm", "features.txt"] {
        let text = place.read(&format!("drawn/{name}"));
        assert_eq!(text, place.read(&format!("again/{name}")));
        assert_ne!(text, place.read(&format!("other/{name}")));
    }
    assert_eq!(place.read("drawn/features.txt").lines().count(), 3000);
    assert_eq!(place.read("drawn/test.svm").lines().count(), 400);
}

#[cfg(feature = "report")]
#[test]
fn an_evaluation_has_a_page_and_a_drawing_has_none() {
    let place = Place::new();
    place.train("--test drawn/test.svm --output run --quiet");
    place.succeed("evaluate --model run --report page.html");
    let [run, page] = ["run/report.html", "page.html"].map(|name| place.read(name));
    let part = |html: &str| {
        let telling = html.split("<h2>Most telling features</h2>").nth(1).expect(html);
        telling
            .split("<h2>Epochs</h2>")
            .next()
            .unwrap()
            .split("<h2>Network and data</h2>")
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(part(&run), part(&page));
    assert!(part(&page).contains("topic3."), "{page}");
    assert!(page.contains("drawn/test.svm") && page.contains("400 rows"), "{page}");

    let error = place.fail("draw --model run");
    assert!(error.contains("run/model.safetensors") && error.contains("features"), "{error}");
}
