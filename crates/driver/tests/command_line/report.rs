//! `report.html` as a run leaves it.

use std::fs;
use std::iter::repeat_n;

use model::{Activation, Network};
use testing::write_examples;

use crate::place::{CLASSES, Place, SIDE, write_pictures};

impl Place {
    /// The report of the run in the folder `output`, checked for what every report must be.
    pub(crate) fn report(&self, output: &str) -> String {
        let html = self.read(&format!("{output}/report.html"));
        assert_balanced(&html);
        let without_names = html.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        for loads in ["http:", "https:", "<script", "<link", "@import", "url(", "\"//"] {
            assert!(!without_names.contains(loads), "{loads} in {html}");
        }
        let sources = html.matches("src=").count() + html.matches("href=").count();
        let mut pieces = html.split("=\"data:image/png;base64,");
        let mut words = pieces.next().unwrap().to_owned();
        let images: Vec<&str> = pieces.collect();
        assert_eq!(images.len(), sources, "{html}");
        // Any three letters may come up in an image.
        words.extend(images.iter().map(|image| image.split_once('"').unwrap().1));
        for broken in ["NaN", "inf ", "<td></td>", "<dd></dd>"] {
            assert!(!words.contains(broken), "{broken} in {html}");
        }
        assert!(html.len() < 2_000_000, "{} bytes", html.len());
        html
    }

    /// Replaces the data: image `i` is of class `i % classes` and has that pixel of `side × side` lit.
    fn write_classes(&self, classes: usize, side: usize, test_labels: impl Iterator<Item = u8>) {
        let images = |labels: &[u8]| -> Vec<u8> {
            let lit = |label: &u8, pixel| if usize::from(*label) == pixel { 255 } else { 0 };
            labels.iter().flat_map(|label| (0..side * side).map(move |i| lit(label, i))).collect()
        };
        let train: Vec<u8> = (0..4 * classes).map(|i| (i % classes) as u8).collect();
        for (name, labels) in [("train", train), ("t10k", test_labels.collect())] {
            write_examples(&self.path("data"), name, [side, side], &images(&labels), &labels);
        }
    }
}

/// Every element that is opened is closed, in its turn; every `&` begins an entity; attributes are quoted.
fn assert_balanced(html: &str) {
    let body = html.strip_prefix("<!DOCTYPE html>").expect(html);
    let mut open = Vec::new();
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect(piece);
        for part in [tag, text] {
            for entity in part.split('&').skip(1) {
                assert!(entity.split_once(';').is_some_and(|(name, _)| name.len() < 6), "{piece}");
            }
        }
        assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "before {text}");
        } else if !tag.ends_with('/') && !["meta", "img"].contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// The text of the cells of a class's row in the table of classes.
fn class_row(html: &str, class: usize) -> Vec<&str> {
    let row = html.split(&format!("<tr><th scope=\"row\">{class}</th>")).nth(1).expect(html);
    let cells = row.split("</tr>").next().unwrap().split("<td>").skip(1);
    cells.map(|cell| cell.trim_end_matches("</td>")).collect()
}

#[test]
fn training_leaves_a_page_about_itself() {
    let place = Place::new();
    let text = place.train("out", "--epochs 3 --threads 1");
    assert!(text.ends_with("\nThe whole run on a page: out/report.html\n"), "{text}");
    let html = place.report("out");
    // Two plots with a curve of the steps, one of the training, one of the test set; and the confusion matrix.
    assert_eq!(html.matches("<svg").count(), 3, "{html}");
    assert_eq!(
        html.matches("<polyline").count()
            - html.matches("stroke=\"#E3E6EA\" stroke-width=\"2\" points").count(),
        6
    );
    // Every one of the 16 units has its picture.
    assert_eq!(html.matches("alt=\"weights of unit ").count(), 16);
    for part in
        ["64 → 16 → 3, 1,091 parameters", "8×8 pixels, 3 classes", "<dt>Threads</dt><dd>1</dd>"]
    {
        assert!(html.contains(part), "no {part} in {html}");
    }
    let evaluated = place.metrics("out/metrics.jsonl").pop().unwrap();
    let percent = 100.0 * evaluated["accuracy"].as_f64().unwrap();
    assert!(
        html.contains(&format!("<strong>{percent:.2} %</strong> <span>test accuracy")),
        "{html}"
    );

    place.train("quiet", "--epochs 1 --quiet");
    place.report("quiet");
}

#[cfg(unix)]
#[test]
fn hostile_names_stay_names() {
    let place = Place::new();
    let name = "<i>a&b\"'<script>alert(1)</script>";
    place.train(name, "--epochs 1 --quiet");
    // The name has a folder in it.
    let html = place.read(&format!("{name}/report.html"));
    assert_balanced(&html);
    assert!(!html.contains("<script") && !html.contains("<i>a"), "{html}");
    assert!(html.contains("<h1>&lt;i&gt;a&amp;b"), "{html}");
}

#[test]
fn the_most_confident_mistakes_are_shown() {
    let place = Place::new();
    place.train("right", "--epochs 5 --quiet");
    let html = place.report("right");
    assert!(html.contains("None: all 60 test images are read right."), "{html}");
    assert!(!html.contains("test image "), "{html}");

    // The same images, every third label one further.
    let path = place.path("data/t10k-labels-idx1-ubyte");
    let mut labels = fs::read(&path).unwrap();
    labels[8..].iter_mut().step_by(3).for_each(|label| *label = (*label + 1) % CLASSES as u8);
    fs::write(&path, &labels).unwrap();
    place.train("wrong", "--epochs 5 --quiet");
    let html = place.report("wrong");
    let shown: Vec<&str> = html.split("alt=\"test image ").skip(1).collect();
    assert_eq!(shown.len(), 20, "{html}");
    let mut last = f64::INFINITY;
    for mistake in shown {
        let index: usize = mistake.split('"').next().unwrap().parse().unwrap();
        let after = |name: &str| {
            let rest = mistake.split(&format!("{name} <b>")).nth(1).unwrap();
            let (class, rest) = rest.split_once("</b></dt><dd>").unwrap();
            let number = rest
                .split(" %")
                .next()
                .unwrap()
                .trim_start_matches("&lt; ")
                .trim_start_matches("&gt; ");
            (class.parse::<usize>().unwrap(), number.parse::<f64>().unwrap())
        };
        let ((reading, probability), (label, _)) = (after("read as"), after("label"));
        assert!(index.is_multiple_of(3) && label == usize::from(labels[8 + index]), "{mistake}");
        assert_ne!(reading, label);
        assert!(probability <= last, "{probability} after {last}");
        last = probability;
    }
}

#[test]
fn an_evaluation_has_the_page_of_a_run_without_the_training() {
    let place = Place::new();
    place.train("run", "--epochs 1 --quiet");
    fs::create_dir(place.path("again")).unwrap();
    let said = place.succeed("evaluate --model run --report again/report.html");
    assert!(said.ends_with("on a page: again/report.html\n"), "{said}");
    let [run, again] = ["run", "again"].map(|folder| place.report(folder));
    // The same classes, mistakes and weights, and no curves.
    let parts = |html: &str| {
        let from = html.find("<h2>Classes</h2>").expect("classes");
        let to = html.find("Below each: the unit").expect("weights");
        html[from..to].to_owned()
    };
    assert_eq!(parts(&run), parts(&again));
    assert!(!again.contains("<polyline") && !again.contains("Epochs"), "{again}");
    for part in ["<h1>run/model.safetensors</h1>", "64 → 16 → 3, 1,091 parameters", "60 images"]
    {
        assert!(again.contains(part), "no {part} in {again}");
    }

    // Other data, and a place that there is not.
    write_pictures(&place.path("home"), [8, 8]);
    place.output("evaluate --model run --data home --report again/report.html");
    let other = place.report("again");
    assert!(other.contains("12 images") && parts(&other) != parts(&run), "{other}");
    let error = place.fail("evaluate --model run --report nowhere/page.html", 1);
    assert!(error.contains("cannot write nowhere/page.html"), "{error}");
}

#[test]
fn any_number_of_classes_makes_a_page() {
    let place = Place::new();
    for (classes, side) in [(2, 3), (26, 8), (256, 16)] {
        place.write_classes(classes, side, (0..classes).map(|class| class as u8));
        let output = format!("of-{classes}");
        place.train(&output, "--epochs 9 --quiet");
        let html = place.report(&output);
        assert_eq!(html.matches("<th scope=\"row\">").count(), classes + 9, "classes and epochs");
        assert_eq!(html.contains("counts are left out"), classes == 256);
    }
}

#[test]
fn shares_of_nothing_are_dashes() {
    let place = Place::new();
    // Only images of class 0, which the network knows well.
    place.write_classes(3, 4, repeat_n(0, 30));
    place.train("out", "--epochs 60 --quiet");
    let html = place.report("out");
    assert_eq!(class_row(&html, 0), ["30", "100.00 %", "100.00 %", "100.00 %"]);
    for class in [1, 2] {
        assert_eq!(class_row(&html, class), ["0", "–", "–", "–"]);
    }
}

#[test]
fn a_network_without_hidden_layer_has_a_page() {
    let place = Place::new();
    let network = Network::glorot_uniform(&[SIDE * SIDE, CLASSES], Activation::Relu, 0).unwrap();
    network.save(&place.path("flat")).unwrap();
    place.succeed("train --data data --init flat --learning-rate 0.01 --epochs 3 --output out");
    let html = place.report("out");
    assert!(html.contains("3 strongest of 3 classes"), "{html}");
    assert_eq!(html.matches("alt=\"weights of unit ").count(), 3);
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_printed_costs_no_report() {
    let place = Place::new();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let line = "train --data data --hidden 4 --epochs 1 --quiet --output out";
    let output = place.command(line).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    place.report("out");
}
