//! The page's numbers beside the program's.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dataset::{Mnist, Picture, fitted};
use drawing::Drawing;
use model::{Activation, Contributions, FitConfig, Network, Rmsprop, Trainer};
use tempfile::TempDir;
use testing::Random;

use crate::browser::Browser;

const PICTURES: usize = 1_000;
/// Pictures whose contributions are compared.
const EXPLAINED: usize = 100;
/// The most that two probabilities may differ by.
const TOLERANCE: f64 = 1e-5;
/// The most that contributions may differ by, as a part of the greatest of a picture.
const SHARE_TOLERANCE: f64 = 1e-4;

/// Writes the page of a network and opens it.
pub(crate) fn open(browser: &mut Browser, network: &Network, names: &[String], size: [usize; 2]) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("draw.html");
    let page = Drawing::new(network, names, size).unwrap().page("a network");
    fs::write(&file, page).unwrap();
    browser.open(&file);
    browser.wait_for("typeof network === 'object'");
}

/// The classes 0, 1 and so on.
pub(crate) fn numbers(classes: usize) -> Vec<String> {
    (0..classes).map(|class| class.to_string()).collect()
}

/// A network that has learned a little of the drawn digits.
pub(crate) fn trained(hidden: &[usize], activation: Activation, digits: &Mnist) -> Network {
    let sizes = [&[784], hidden, &[10]].concat();
    let network = Network::glorot_uniform(&sizes, activation, 3).unwrap();
    let mut trainer = Trainer::new(network, Rmsprop::keras3()).unwrap();
    let fit = FitConfig { epochs: 3, batch_size: 64, ..FitConfig::default() };
    trainer.fit(digits.train.rows(), digits.train.targets(), &fit).unwrap();
    trainer.into_network()
}

/// An expression for bytes.
fn bytes(bytes: &[u8]) -> String {
    format!("Uint8Array.from(atob('{}'), (letter) => letter.charCodeAt(0))", STANDARD.encode(bytes))
}

/// Networks of all kinds read a thousand drawn digits.
pub(crate) fn same_readings(browser: &mut Browser) -> String {
    let digits = Mnist::drawn(5, 4_000, PICTURES);
    let (mut worst, mut worst_share) = (0.0_f64, 0.0_f64);
    for (hidden, activation) in [
        (&[128][..], Activation::Relu),
        (&[48, 32], Activation::Relu),
        (&[24, 20], Activation::Linear),
        (&[], Activation::Relu),
    ] {
        let network = trained(hidden, activation, &digits);
        open(browser, &network, &numbers(10), [28, 28]);
        browser.value(&format!(
            "globalThis.pictures = {}; globalThis.picture = (i) => pictures.subarray(784 * i, 784 * (i + 1)); 0",
            bytes(digits.test.pixels())
        ));
        let expected = network.predict(digits.test.rows()).unwrap();
        let all = format!(
            "Array.from({{ length: {PICTURES} }}, (_, i) => Array.from(network.read(picture(i)))).flat()"
        );
        let found = browser.numbers(&all);
        assert_eq!(found.len(), expected.len());
        for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let difference = (found - f64::from(*expected)).abs();
            assert!(difference <= TOLERANCE, "picture {}: {found}, {expected}", i / 10);
            worst = worst.max(difference);
        }
        let contributions = Contributions::new(&network);
        for i in 0..EXPLAINED {
            let class = i % 10;
            let found = browser
                .numbers(&format!("(network.read(picture({i})), network.contributions({class}))"));
            let pixels = digits.test.image(i);
            let columns: Vec<u32> = (0..784).filter(|&j| pixels[j as usize] > 0).collect();
            let values: Vec<f32> =
                columns.iter().map(|&j| f32::from(pixels[j as usize]) / 255.0).collect();
            let mut expected = vec![0.0; 784];
            for (column, share) in
                columns.iter().zip(contributions.of(&columns, &values, class, None))
            {
                expected[*column as usize] = f64::from(share);
            }
            let most = expected.iter().fold(0.0_f64, |most, share| most.max(share.abs()));
            assert!(most > 0.0);
            for (found, expected) in found.iter().zip(&expected) {
                let difference = (found - expected).abs() / most;
                assert!(difference <= SHARE_TOLERANCE, "picture {i}: {found}, {expected}");
                worst_share = worst_share.max(difference);
            }
        }
    }
    format!(
        "{PICTURES} pictures, four networks: within {worst:.1e}; contributions within {worst_share:.1e} of the greatest"
    )
}

/// Lines drawn on fields of any size, brought into pictures of any size.
pub(crate) fn same_form(browser: &mut Browser) -> String {
    let network = Network::glorot_uniform(&[16, 2], Activation::Relu, 0).unwrap();
    open(browser, &network, &numbers(2), [4, 4]);
    let mut random = Random(17);
    let (mut drawings, mut differences) = (0, 0);
    for [rows, columns] in [[28, 28], [28, 28], [8, 8], [33, 20], [120, 120], [1, 40]] {
        for _ in 0..20 {
            let field = [280, 280 - random.below(60)];
            let lines: String = (0..1 + random.below(4))
                .map(|_| {
                    let mut place = || f64::from(280.0 * random.number()) + 140.0;
                    format!("ink.line({}, {}, {}, {});", place(), place(), place(), place())
                })
                .collect();
            browser.value(&format!(
                "globalThis.test = (() => {{ const ink = new Ink({}, {}, 9); {lines} return ink; }})(); 0",
                field[0], field[1]
            ));
            let ink: Vec<u8> = browser.numbers("test.pixels").iter().map(|&x| x as u8).collect();
            let placed = format!("placed(test, {rows}, {columns})");
            let Ok(expected) = fitted(&Picture::new(ink, field[0], field[1]), rows, columns) else {
                // All lines are beside the field.
                assert_eq!(browser.value(&placed), serde_json::Value::Null);
                continue;
            };
            let found = browser.numbers(&placed);
            for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
                let difference = (found - f64::from(*expected)).abs();
                assert!(
                    difference <= 1.0,
                    "{rows} × {columns}, pixel {i}: {found}, {expected}; {lines}"
                );
                differences += usize::from(difference > 0.0);
            }
            drawings += 1;
        }
    }
    format!("{drawings} drawings, {differences} pixels one level off, the others equal")
}
