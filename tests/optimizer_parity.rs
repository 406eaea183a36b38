//! The same 300 steps as Keras 3, with each of its optimizers that there is one of here: losses recorded by
//! `traces/make_optimizer_traces.py`. The network and its examples are the first case of `traces/keras.json`.

mod traces;

use kernels::{Rows, Targets};
use model::{
    Activation, Adam, FitConfig, LayerParameters, Network, Optimizer, Rmsprop, Sgd, Trainer,
};
use serde_json::Value;
use traces::{Steps, compare, numbers, relative};

/// Keras itself, in f32, stays within 5e-6 of its run in f64.
const TOLERANCE: f64 = 1e-5;
const STEPS: usize = 300;

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn size(object: &Value, key: &str) -> usize {
    object[key].as_u64().unwrap_or_else(|| panic!("no size {key:?}")) as usize
}

fn bytes(object: &Value, key: &str) -> Vec<u8> {
    numbers(object, key).into_iter().map(|number| number as u8).collect()
}

fn network(case: &Value) -> Network {
    let floats = |layer: &Value, key| numbers(layer, key).into_iter().map(|x| x as f32).collect();
    let layer = |layer: &Value| LayerParameters {
        inputs: size(layer, "inputs"),
        units: size(layer, "units"),
        activation: match layer["activation"].as_str() {
            Some("relu") => Activation::Relu,
            Some("softmax") => Activation::Softmax,
            other => panic!("activation {other:?}"),
        },
        weights: floats(layer, "kernel"),
        bias: floats(layer, "bias"),
    };
    let layers: Vec<LayerParameters> =
        case["initial"].as_array().expect("layers").iter().map(layer).collect();
    Network::from_parameters(&layers).expect("a network")
}

/// The optimizer of a run. What the run does not set is as Keras has it.
fn optimizer(name: &str, settings: &Value) -> Optimizer {
    let setting = |key: &str| settings[key].as_f64().unwrap_or_else(|| panic!("no {key:?}"));
    let learning_rate = setting("learning_rate");
    match name {
        "adam" => Adam { learning_rate, epsilon: setting("epsilon"), ..Adam::default() }.into(),
        "adamw" => Adam {
            learning_rate,
            epsilon: setting("epsilon"),
            weight_decay: setting("weight_decay"),
            ..Adam::adamw()
        }
        .into(),
        "sgd" => Sgd { learning_rate, ..Sgd::default() }.into(),
        "momentum" | "nesterov" => {
            let nesterov = settings["nesterov"].as_bool().unwrap_or(false);
            Sgd { learning_rate, momentum: setting("momentum"), nesterov }.into()
        }
        "rmsprop" => Rmsprop { learning_rate, ..Rmsprop::keras3() }.into(),
        other => panic!("optimizer {other:?}"),
    }
}

/// The losses of the first 300 steps on the case's examples, in order.
fn losses(case: &Value, optimizer: Optimizer) -> Vec<f64> {
    let (pixels, labels) = (bytes(case, "pixels"), bytes(case, "labels"));
    let batch_size = size(case, "batch_size");
    let config = FitConfig {
        epochs: STEPS.div_ceil(labels.len().div_ceil(batch_size)),
        batch_size,
        shuffle: false,
        ..FitConfig::default()
    };
    let mut trainer = Trainer::new(network(case), optimizer).expect("valid settings");
    let mut steps = Steps::default();
    let rows = Rows::bytes(&pixels, size(case, "inputs"));
    trainer.fit_observed(rows, Targets::Classes(&labels), &config, &mut steps).expect("a fit");
    assert_eq!(steps.losses.len(), steps.accuracies.len());
    steps.losses.truncate(STEPS);
    steps.losses
}

#[test]
fn three_hundred_steps_follow_keras() {
    let case = &json(include_str!("traces/keras.json"))["cases"][0];
    let trace = json(include_str!("traces/optimizers.json"));
    let runs = trace["runs"].as_object().expect("runs");
    assert_eq!(runs.len(), 6);
    for (name, run) in runs {
        let recorded = numbers(run, "step_losses");
        assert_eq!(recorded.len(), STEPS);
        let ours = losses(case, optimizer(name, &run["settings"]));
        compare(&ours, &recorded, relative, TOLERANCE)
            .unwrap_or_else(|report| panic!("{name}: {report}"));
    }
}

/// The tolerance is worth something only if it tells one optimizer's run from another's.
#[test]
fn another_optimizer_does_not_follow() {
    let case = &json(include_str!("traces/keras.json"))["cases"][0];
    let trace = json(include_str!("traces/optimizers.json"));
    let runs = &trace["runs"];
    for (name, other) in [("adam", "adamw"), ("momentum", "nesterov"), ("nesterov", "sgd")] {
        let mut settings = runs[name]["settings"].clone();
        if other == "adamw" {
            settings["weight_decay"] = 1e-3.into();
        }
        if other == "nesterov" {
            settings["nesterov"] = true.into();
        }
        let ours = losses(case, optimizer(other, &settings));
        let recorded = numbers(&runs[name], "step_losses");
        assert!(compare(&ours, &recorded, relative, TOLERANCE).is_err(), "{name} as {other}");
    }
}
