//! Pages of runs of any size.

use std::path::Path;

use dataset::{Augmentation, Augmented, Examples, Images, Set};
use model::{Activation, EpochReport, Network, StepReport};
use record::{
    BestEpoch, Checksums, Config, Names, Optimizer, StepCurve, TestResult, TrainingSettings,
};
use testing::Random;

use super::*;
use crate::image::tests as image_tests;

/// The parts of a run, for reports of any size.
struct Made {
    config: Config,
    network: Network,
    test_set: Examples,
    epochs: Vec<(EpochReport, TestResult)>,
    steps: StepCurve,
}

impl Made {
    /// `images` of noise of `[rows, columns]`, labelled with all of the classes, read by a network of `hidden` layers
    /// that was never trained; and a training of `epochs × steps` steps with figures of all magnitudes.
    fn new(
        image: [usize; 2],
        images: usize,
        hidden: &[usize],
        classes: usize,
        [epochs, steps]: [usize; 2],
    ) -> Self {
        let mut random = Random(1);
        let pixels: usize = image.iter().product();
        let bytes = random.bytes(images * pixels);
        let labels = (0..images).map(|i| (i % classes) as u8).collect();
        let [rows, columns] = image;
        let test_set = Examples::new(Images::new(bytes, rows, columns).unwrap(), labels).unwrap();
        let sizes = [&[pixels], hidden, &[classes]].concat();
        let network = Network::glorot_uniform(&sizes, Activation::Relu, 0).unwrap();
        let test = TestResult::of(&network, Set::Images(&test_set)).unwrap();
        let mut magnitude =
            || 10_f64.powi(i32::from(random.byte()) / 2 - 40) * f64::from(random.bits());
        let epoch = |epoch| {
            let (loss, seconds) = (magnitude(), 1e5 * (epoch as f64).sqrt());
            let report =
                EpochReport { epoch, loss, accuracy: 0.5, seconds, images_per_second: 1e12 };
            let mut after = test;
            after.loss = magnitude();
            (report, after)
        };
        let reports = (1..=epochs).map(epoch).collect();
        let mut curve = StepCurve::new(epochs, steps);
        for i in 0..epochs * steps {
            let (loss, accuracy) = (magnitude(), i as f64 % 7.0 / 7.0);
            curve.push(&StepReport {
                epoch: i / steps + 1,
                step: i % steps + 1,
                steps,
                rows: 1,
                loss,
                accuracy,
                learning_rate: 1e-38 * (1 + i) as f64,
                running_loss: loss,
                running_accuracy: accuracy,
            });
        }
        let config = Config {
            version: "0",
            release_build: true,
            isa: "none",
            threads: 1,
            started: "now".into(),
            data: record::Data::Images(record::Images {
                dataset: None,
                files: record::ImageFiles {
                    folder: Some("f/".repeat(2000)),
                    ..record::ImageFiles::default()
                },
                train: usize::MAX,
                test: images,
                image,
                classes,
                class_names: None,
                sha256: Checksums { train: "f".repeat(64), test: "f".repeat(64) },
            }),
            parameters: network.parameter_count(),
            sizes,
            init: Some("i/".repeat(2000)),
            rmsprop: Optimizer {
                form: "keras2".into(),
                learning_rate: 3e-38,
                rho: 1e-38,
                epsilon: 1e-38,
            },
            training: TrainingSettings {
                recipe: Some("best".into()),
                optimizer: "rmsprop".into(),
                learning_rate: 3e-38,
                schedule: "cosine".into(),
                step: None,
                warmup: 0.123_456_789,
                augment: "strong".into(),
                distortion: Some(Augmentation::strong().into()),
                validation: Some(9_999_999),
                early_stopping: Some(usize::MAX),
                time_limit_seconds: Some(1e-30),
            },
            epochs,
            batch_size: usize::MAX,
            shuffle: true,
            seed: u64::MAX,
        };
        Self { config, network, test_set, epochs: reports, steps: curve }
    }

    fn page(&self, names: &[String]) -> String {
        let Self { config, network, test_set, epochs, steps } = self;
        let folder = Path::new("a run");
        let best = BestEpoch {
            epoch: 2,
            last: epochs.len(),
            epochs: usize::MAX,
            stopped_after: Some(1),
            loss: 1e-30,
            accuracy: 0.5,
        };
        let run = Run {
            config,
            folder,
            network,
            train_set: Set::Images(test_set),
            trained_on: Some(&[1, 2, 3, 5, 8, 13, 21, 22, 23, 24, 25, 26]),
            test_set: Set::Images(test_set),
            names: &Names::numbers(network.classes()),
            epochs,
            test: &epochs[0].1,
            best: config.training.early_stopping.map(|_| &best),
            steps,
            interruption: None,
            drawing: None,
            seconds: 1e9,
        };
        page_with(&run, names).unwrap()
    }
}

fn numbers(classes: usize) -> Vec<String> {
    (65_536 - classes..65_536).map(|class| class.to_string()).collect()
}

/// The text of a page, without tags and style.
fn text(html: &str) -> String {
    let (_, body) = html.split_once("</style>").unwrap();
    let texts = body.split('<').filter_map(|piece| Some(piece.split_once('>')?.1));
    texts.collect::<Vec<&str>>().join(" ")
}

#[test]
fn the_largest_page_is_below_two_megabytes() {
    // Everything beyond its limit at once, and nothing that could be compressed.
    let names: Vec<String> = (0..256).map(|class| format!("{class:&<60}")).collect();
    let made = Made::new([200, 200], 300, &[128, 64], 256, [10_000, 10]);
    let html = made.page(&names);
    assert!((500_000..2_000_000).contains(&html.len()), "{} bytes", html.len());
    for part in [
        "The 20 of ",
        "What the 32 strongest of 128 units",
        "Images of 200×200 pixels are drawn in 128×128.",
        "Images of 200×200 pixels are drawn in 96×96.",
        "The 100,000 steps are drawn as 500 means of neighbours. Of the 10,000 epochs, one in 20 is drawn.",
        "25 of 10,000 epochs: one in 400, the last among them.",
        "<th scope=\"row\">10,000</th>",
    ] {
        assert!(html.contains(part), "no {part} in the page");
    }
    assert!(!html.contains("<th scope=\"row\">9,900</th>"));
    for (part, count) in
        [("alt=\"test image ", 20), ("alt=\"weights of unit ", 32), ("alt=\"training image ", 50)]
    {
        assert_eq!(html.matches(part).count(), count, "{part}");
    }
}

#[test]
fn a_small_page_leaves_nothing_out() {
    let html = Made::new([4, 4], 30, &[16], 3, [2, 5]).page(&numbers(3));
    for limit in ["means of neighbours", "one in", " of 3 classes", "are drawn in", "thicker"] {
        assert!(!html.contains(limit), "{limit} in {html}");
    }
}

#[test]
fn validation_stands_beside_training_and_the_best_epoch_is_marked() {
    let made = Made::new([4, 4], 30, &[16], 3, [3, 5]);
    let html = made.page(&numbers(3));
    for part in [
        "<li class=\"test\">validation set</li>",
        "<th>Validation loss</th>",
        "<th scope=\"row\">2, the best</th>",
        "The network is that of epoch 2",
        "<strong>50.00 %</strong> <span>validation accuracy",
        "<dt>Training, validation and test set</dt>",
        "<h3>Learning rate</h3>",
    ] {
        assert!(html.contains(part), "no {part} in {html}");
    }
    assert!(!html.contains("Test loss"), "{html}");
    let plain =
        Made { config: Config { training: TrainingSettings::default(), ..made.config }, ..made };
    let html = plain.page(&numbers(3));
    for part in ["alidation", "the best", "Distorted", "Time limit"] {
        assert!(!html.contains(part), "{part} in {html}");
    }
    assert!(
        html.contains("<li class=\"test\">test set</li>") && html.contains("<th>Test loss</th>")
    );
}

/// The sheet has what the epochs saw, of the pictures that were trained on.
#[test]
fn distorted_pictures_are_those_of_the_training() {
    let made = Made::new([6, 5], 30, &[16], 3, [1, 5]);
    let html = made.page(&numbers(3));
    let distorted = Augmented::new(&made.test_set, Augmentation::strong(), u64::MAX).unwrap();
    let drawn = |name: &str| {
        let (before, _) = html.split_once(&format!("\" alt=\"{name}\"")).expect(name);
        image_tests::decoded(before.rsplit_once("src=\"").unwrap().1).2
    };
    for i in [1, 2, 3, 5, 8, 13, 21, 22, 23, 24] {
        let ink = |pixels: &[u8]| pixels.iter().map(|pixel| 255 - pixel).collect::<Vec<u8>>();
        let grey = |pixels: Vec<[u8; 4]>| pixels.iter().map(|rgba| rgba[0]).collect::<Vec<u8>>();
        let name = format!("training image {i}");
        assert_eq!(grey(drawn(&name)), ink(made.test_set.image(i)));
        for epoch in 1..=4 {
            let name = format!("{name}, distorted for epoch {epoch}");
            assert_eq!(grey(drawn(&name)), ink(&distorted.augment_one(epoch, i)), "{name}");
        }
    }
    assert_eq!(html.matches("alt=\"training image ").count(), 50);
}

#[test]
fn thin_pictures_are_made_visible() {
    for (image, shape) in [([1, 2000], "8.0000"), ([2000, 1], "0.1250")] {
        let html = Made::new(image, 60, &[40], 3, [1, 1]).page(&numbers(3));
        let found = html.matches(&format!("aspect-ratio:{shape}")).count();
        assert_eq!(found, 20 + 32 + 50, "{image:?}");
        assert!(html.contains(&format!("Images of {}×{} pixels", image[0], image[1])));
    }
}

#[test]
fn no_magnitude_makes_long_numbers() {
    let mut made = Made::new([4, 4], 30, &[16], 3, [30, 5]);
    for factor in [1e30, 1e-30, 1e38] {
        let mut layers = made.network.parameters();
        layers.iter_mut().for_each(|layer| {
            layer.weights.iter_mut().for_each(|weight| *weight *= factor / weight.abs().max(0.5));
        });
        made.network = Network::from_parameters(&layers).unwrap();
        let text = text(&made.page(&numbers(3)));
        for broken in ["NaN", "inf"] {
            assert!(!text.contains(broken), "{factor:e}: {broken} in {text}");
        }
        // The seed is shown as it was given.
        let text = text.replace(&u64::MAX.to_string(), "");
        let numbers = text.split(|c: char| !c.is_ascii_digit());
        let longest = numbers.max_by_key(|digits| digits.len()).unwrap();
        assert!(longest.len() <= 10, "{factor:e}: {longest} in {text}");
    }
}

#[test]
fn classes_have_the_names_they_are_given() {
    let names: Vec<String> =
        ["short", "<a class & its name>", &"long name ".repeat(6)].map(str::to_owned).into();
    let html = Made::new([4, 4], 30, &[8], 3, [1, 1]).page(&names);
    for part in [
        "<th scope=\"row\">short</th>",
        "<th scope=\"row\">&lt;a class &amp; its name&gt;</th>",
        &format!("<th scope=\"row\">{}</th>", names[2]),
        "<text class=\"row\"",
        ">long name long na…</text>",
    ] {
        assert!(html.contains(part), "no {part} in {html}");
    }
    assert!(!html.contains("<a class"), "{html}");
}
