//! `driver draw`, and `train --draw`.

use model::{Activation, Description, Input, Network};

use crate::place::{CLASSES, Place, SIDE};

/// The size of the pictures that the page of a network reads.
fn description(page: &str) -> serde_json::Value {
    let text = page.split("id=\"description\" type=\"application/json\">").nth(1).expect(page);
    serde_json::from_str(text.split("</script>").next().unwrap()).unwrap()
}

#[test]
fn draw_writes_a_page_with_the_network() {
    let place = Place::new();
    place.train("run", "--epochs 1 --quiet");
    let said = place.succeed("draw --model run");
    assert_eq!(said, "A page to draw on: run/draw.html\n");
    let page = place.read("run/draw.html");
    assert!(
        page.starts_with("<!DOCTYPE html>") && page.contains("run/model.safetensors · 64 → 16 → 3"),
        "{page}"
    );
    let found = description(&page);
    let layers = serde_json::json!([
        {"inputs": SIDE * SIDE, "units": 16, "relu": true},
        {"inputs": 16, "units": CLASSES, "relu": false},
    ]);
    assert_eq!(
        (&found["layers"], &found["rows"], &found["columns"]),
        (&layers, &SIDE.into(), &SIDE.into())
    );
    assert_eq!(found["classes"], serde_json::json!(["0", "1", "2"]));

    let said = place.succeed("draw --model run/model.safetensors --out page.html --no-open");
    assert_eq!(said, "A page to draw on: page.html\n");
    assert_eq!(description(&place.read("page.html")), found);
}

#[test]
fn the_size_is_what_the_file_says_or_a_square() {
    let place = Place::new();
    let network = Network::glorot_uniform(&[12, 2], Activation::Relu, 0).unwrap();
    let save = |input| {
        let classes = Some(vec!["cat".to_owned(), "dog".to_owned()]);
        let description = Description { input, classes, index_base: None };
        network.save_with_notes(&place.path("model"), &description.to_notes()).unwrap();
    };
    save(Some(Input::Pictures { rows: 3, columns: 4 }));
    place.succeed("draw --model model");
    let found = description(&place.read("draw.html"));
    assert_eq!((&found["rows"], &found["columns"]), (&3.into(), &4.into()));
    assert_eq!(found["classes"], serde_json::json!(["cat", "dog"]));

    for (input, cause) in [
        (None, "takes 12 numbers, and its file does not say"),
        (Some(Input::Features), "is trained on features"),
        (Some(Input::Pictures { rows: 3, columns: 3 }), "3 x 3"),
    ] {
        save(input);
        let error = place.fail("draw --model model", 1);
        assert!(error.contains("model") && error.contains(cause), "{error}");
    }
    let error = place.fail("draw --model data", 1);
    assert!(error.contains("holds no model.safetensors"), "{error}");
    let square = Network::glorot_uniform(&[25, 2], Activation::Relu, 0).unwrap();
    square.save(&place.path("square")).unwrap();
    place.succeed("draw --model square --out square.html");
    assert_eq!(description(&place.read("square.html"))["rows"], 5);
}

#[test]
fn a_run_leaves_a_page_that_its_report_links() {
    let place = Place::new();
    let said = place.train("run", "--epochs 1 --draw");
    assert!(said.ends_with("A page to draw on: run/draw.html\n"), "{said}");
    let link = "<a href=\"draw.html\">";
    assert!(place.read("run/report.html").contains(link));
    let written = place.read("run/draw.html");
    place.succeed("draw --model run");
    assert_eq!(place.read("run/draw.html"), written);

    place.train("without", "--epochs 1 --quiet");
    assert!(!place.read("without/report.html").contains(link));
    assert!(!place.path("without/draw.html").exists());

    std::fs::write(place.path("rows.svm"), "0 1:1\n1 2:1\n".repeat(10)).unwrap();
    let error = place.fail("train --data rows.svm --draw --output rows", 1);
    assert!(error.contains("--draw") && error.contains("features"), "{error}");
    assert!(!place.path("rows").exists());
}
