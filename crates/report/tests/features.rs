//! The page about a training on features.

use dataset::{FeatureNames, Features, Set};
use kernels::Csr;
use model::{Activation, EpochReport, Network};
use record::{Checksums, Config, Data, FeatureFiles, Names, Optimizer, Run, StepCurve, TestResult};

/// The page of a network that was never trained, on `rows` rows of 40 numbers in 100 columns, with `names`.
fn page(rows: usize, names: Names, scale: f32) -> String {
    let classes = names.classes.len();
    let columns: Vec<u32> =
        (0..rows).flat_map(|i| (0..40).map(move |j| (j * 2 + i % 3) as u32)).collect();
    let values =
        (0..columns.len()).map(|i| scale * (1.0 + (i * 7 % 13) as f32)).collect::<Vec<_>>();
    let starts: Vec<usize> = (0..=rows).map(|i| 40 * i).collect();
    let labels = (0..rows).map(|i| (i % classes) as u16).collect();
    let features = Features::new(Csr::new(starts, columns, values, 100).unwrap(), labels);
    let network = Network::glorot_uniform(&[100, 16, classes], Activation::Relu, 1).unwrap();
    let test = TestResult::of(&network, Set::Features(&features)).unwrap();
    let epoch =
        EpochReport { epoch: 1, loss: 1.0, accuracy: 0.5, seconds: 1.0, images_per_second: 1.0 };
    let config = Config {
        version: "0",
        release_build: true,
        isa: "none",
        threads: 1,
        started: "now".into(),
        data: Data::Features(FeatureFiles {
            file: "<train>.svm".into(),
            test_file: None,
            held_out_seed: Some(77),
            feature_names: None,
            train: 1_234,
            test: rows,
            columns: 100,
            index_base: names.base,
            classes,
            class_names: None,
            sha256: Checksums { train: "f".repeat(64), test: "f".repeat(64) },
        }),
        sizes: network.sizes(),
        parameters: network.parameter_count(),
        init: None,
        rmsprop: Optimizer { form: "keras2".into(), learning_rate: 0.001, rho: 0.9, epsilon: 1e-7 },
        training: record::TrainingSettings::default(),
        epochs: 1,
        batch_size: 1,
        shuffle: true,
        seed: 0,
    };
    report::page(&Run {
        config: &config,
        folder: "a run".as_ref(),
        network: &network,
        train_set: Set::Features(&features),
        trained_on: None,
        test_set: Set::Features(&features),
        names: &names,
        interruption: None,
        best: None,
        epochs: &[(epoch, test)],
        test: &test,
        steps: &StepCurve::new(1, 1),
        seconds: 1.0,
    })
    .unwrap()
}

fn named(classes: Vec<String>, features: &str) -> Names {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names");
    std::fs::write(&path, format!("{features}\n").repeat(100)).unwrap();
    Names { classes, features: Some(FeatureNames::load(&path, 100).unwrap()), base: 1 }
}

#[test]
fn it_lists_features_and_draws_none() {
    let html = page(60, Names { base: 1, ..Names::numbers(3) }, 1.0);
    for part in [
        "Most telling features",
        "Most confident mistakes",
        "rows read wrong",
        "Test rows by label",
        "Share of rows read right",
        "&lt;train&gt;.svm, of which a fifth is held out by seed 77",
        "1,234, 60",
    ] {
        assert!(html.contains(part), "no {part} in {html}");
    }
    assert!(!html.contains("mages") && !html.contains("<img"), "{html}");
    // Indices are those of the file, from 1: columns 0 to 81 have numbers.
    let (_, html) = html.split_once("Most telling").unwrap();
    let indices = html.match_indices("<span>").map(|(at, _)| {
        html[at + 6..].split(' ').next().unwrap().parse::<usize>().expect("an index")
    });
    let (least, most) = indices.fold((usize::MAX, 0), |(a, b), i| (a.min(i), b.max(i)));
    assert!(least >= 1 && most <= 81, "{least} to {most}");
}

#[test]
fn with_many_classes_and_long_names_it_stays_small() {
    let name = |class: usize| format!("<class> {class:&<80}");
    let names = named((0..3_000).map(name).collect(), &"<b>&".repeat(40));
    let html = page(9_000, names, 1.0);
    assert!((200_000..2_000_000).contains(&html.len()), "{} bytes", html.len());
    assert!(!html.contains("<class>") && !html.contains("<b>&"), "names that are markup");
    assert!(html.contains("The 20 of ") && html.contains("The 256 of 3,000 classes"));
}

#[test]
fn sums_beyond_all_numbers_are_not_listed() {
    for scale in [1e37, 1e30, 1e-37] {
        let html = page(60, Names::numbers(3), scale);
        let (_, telling) = html.split_once("Most telling features").unwrap();
        let (telling, _) = telling.split_once("<h2>Epochs").unwrap();
        assert!(!telling.contains("inf") && !telling.contains("NaN"), "{scale}: {telling}");
    }
}
