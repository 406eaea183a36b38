//! The same run as Keras, step by step: tiny networks, recorded by `traces/make_trace.py`
//! under Keras 2.10's RMSprop (epsilon outside the root) and under Keras 3's (inside).

mod traces;

use kernels::{MatrixRef, Rows, Targets};
use model::{Activation, EpsilonPlacement, FitConfig, LayerParameters, Network, Rmsprop, Trainer};
use serde_json::Value;
use traces::{Steps, compare, numbers, relative};

/// A NumPy version of the runs, in f32 and in f64, stays within 2e-7 of Keras in every loss and every weight.
const LOSS_TOLERANCE: f64 = 1e-6;
const WEIGHT_TOLERANCE: f64 = 1e-6;

const FORMS: [(&str, EpsilonPlacement); 2] =
    [("keras2", EpsilonPlacement::OutsideRoot), ("keras3", EpsilonPlacement::InsideRoot)];

fn cases() -> Vec<Value> {
    let trace: Value = serde_json::from_str(include_str!("traces/keras.json")).expect("JSON");
    trace["cases"].as_array().expect("cases").clone()
}

fn floats(object: &Value, key: &str) -> Vec<f32> {
    numbers(object, key).into_iter().map(|number| number as f32).collect()
}

fn bytes(object: &Value, key: &str) -> Vec<u8> {
    numbers(object, key).into_iter().map(|number| number as u8).collect()
}

fn size(object: &Value, key: &str) -> usize {
    object[key].as_u64().unwrap_or_else(|| panic!("no size {key:?}")) as usize
}

fn layers(array: &Value) -> Vec<LayerParameters> {
    let layer = |layer: &Value| LayerParameters {
        inputs: size(layer, "inputs"),
        units: size(layer, "units"),
        activation: match layer["activation"].as_str() {
            Some("relu") => Activation::Relu,
            Some("linear") => Activation::Linear,
            Some("softmax") => Activation::Softmax,
            other => panic!("activation {other:?}"),
        },
        weights: floats(layer, "kernel"),
        bias: floats(layer, "bias"),
    };
    array.as_array().expect("layers").iter().map(layer).collect()
}

fn rmsprop(settings: &Value, epsilon_placement: EpsilonPlacement) -> Rmsprop {
    let setting = |key: &str| settings[key].as_f64().expect("a setting");
    Rmsprop {
        learning_rate: setting("learning_rate"),
        rho: setting("rho"),
        epsilon: setting("epsilon"),
        epsilon_placement,
    }
}

/// Trains as `case` says, without shuffling; `rows` and `targets` hold its data in one form or another.
fn train(
    case: &Value,
    rows: Rows<'_>,
    targets: Targets<'_>,
    placement: EpsilonPlacement,
) -> (Steps, Vec<LayerParameters>) {
    let network = Network::from_parameters(&layers(&case["initial"])).expect("a network");
    let optimizer = rmsprop(&case["settings"], placement);
    let mut trainer = Trainer::new(network, optimizer).expect("valid settings");
    let config = FitConfig {
        epochs: size(case, "epochs"),
        batch_size: size(case, "batch_size"),
        shuffle: false,
        seed: 0,
        ..FitConfig::default()
    };
    let mut steps = Steps::default();
    trainer.fit_observed(rows, targets, &config, &mut steps).expect("a fit");
    (steps, trainer.network().parameters())
}

/// Whether a run is the recorded one; the error names the first part that is not.
fn follow(recorded: &Value, steps: &Steps, parameters: &[LayerParameters]) -> Result<(), String> {
    let named = |name: String| move |report: String| format!("{name}: {report}");
    let losses = numbers(recorded, "step_losses");
    compare(&steps.losses, &losses, relative, LOSS_TOLERANCE).map_err(named("losses".into()))?;
    // Shares of at most 8 rows: they differ by an eighth or more, or only in rounding.
    let accuracies = numbers(recorded, "step_accuracies");
    compare(&steps.accuracies, &accuracies, absolute, 1e-6).map_err(named("accuracies".into()))?;

    let expected = layers(&recorded["final"]);
    assert_eq!(parameters.len(), expected.len(), "layers");
    for (n, (ours, theirs)) in parameters.iter().zip(&expected).enumerate() {
        assert_eq!(
            (ours.inputs, ours.units, ours.activation),
            (theirs.inputs, theirs.units, theirs.activation),
            "layer {n}"
        );
        for (what, ours, theirs) in
            [("weights", &ours.weights, &theirs.weights), ("bias", &ours.bias, &theirs.bias)]
        {
            compare(&widened(ours), &widened(theirs), absolute, WEIGHT_TOLERANCE)
                .map_err(named(format!("{what} of layer {n}")))?;
        }
    }
    Ok(())
}

fn absolute(ours: f64, recorded: f64) -> f64 {
    (ours - recorded).abs()
}

fn widened(floats: &[f32]) -> Vec<f64> {
    floats.iter().copied().map(f64::from).collect()
}

#[test]
fn bytes_and_classes_follow_keras() {
    for case in cases() {
        let (pixels, labels) = (bytes(&case, "pixels"), bytes(&case, "labels"));
        let rows = Rows::bytes(&pixels, size(&case, "inputs"));
        for (key, placement) in FORMS {
            let (steps, parameters) = train(&case, rows, Targets::Classes(&labels), placement);
            follow(&case[key], &steps, &parameters)
                .unwrap_or_else(|report| panic!("{}, {key}: {report}", case["name"]));
        }
    }
}

#[test]
fn floats_and_one_hot_rows_follow_keras() {
    for case in cases() {
        let (inputs, classes) = (size(&case, "inputs"), size(&case, "classes"));
        let labels = bytes(&case, "labels");
        let values: Vec<f32> =
            bytes(&case, "pixels").iter().map(|&byte| f32::from(byte) / 255.0).collect();
        let mut one_hot = vec![0.0; labels.len() * classes];
        for (row, &label) in one_hot.chunks_exact_mut(classes).zip(&labels) {
            row[usize::from(label)] = 1.0;
        }
        let rows = Rows::floats(MatrixRef::new(&values, labels.len(), inputs));
        let targets = Targets::Distributions(MatrixRef::new(&one_hot, labels.len(), classes));
        for (key, placement) in FORMS {
            let (steps, parameters) = train(&case, rows, targets, placement);
            follow(&case[key], &steps, &parameters)
                .unwrap_or_else(|report| panic!("{}, {key}: {report}", case["name"]));
        }
    }
}

/// The tolerances are worth something only if they tell the two forms of RMSprop apart.
#[test]
fn a_misplaced_epsilon_does_not_follow() {
    for case in cases() {
        let (pixels, labels) = (bytes(&case, "pixels"), bytes(&case, "labels"));
        let rows = Rows::bytes(&pixels, size(&case, "inputs"));
        let [(keras2, outside), (keras3, inside)] = FORMS;
        for (key, wrong) in [(keras2, inside), (keras3, outside)] {
            let (steps, parameters) = train(&case, rows, Targets::Classes(&labels), wrong);
            assert!(follow(&case[key], &steps, &parameters).is_err(), "{}, {key}", case["name"]);
        }
    }
}
