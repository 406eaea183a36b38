//! The settings that would repeat a run.

use maud::Markup;
use record::{Data, Distortion, ImageFiles, Images, Run, TrainingSettings};

use crate::numbers::{count, percent, setting};
use crate::tables::list;

/// With more layers, the sizes of those in the middle are left out.
const MOST_LAYERS: usize = 12;

/// The settings that would repeat the run. What was not asked for is left out where the page is none the poorer for it.
pub(crate) fn settings(run: &Run<'_>) -> Markup {
    let config = run.config;
    let training = &config.training;
    let mut entries = vec![
        ("Recipe", training.recipe.clone().unwrap_or_else(|| "none".into())),
        ("Network", format!("{}, {} parameters", layers(&config.sizes), count(config.parameters))),
        ("Initial weights", config.init.clone().unwrap_or_else(|| "Glorot-uniform".into())),
        ("Optimizer", optimizer(run)),
        ("Learning rate", learning_rate(training)),
    ];
    if let Data::Images(_) = config.data {
        entries.push(("Distortion", distortion(training)));
    }
    entries.push(("Epochs", count(config.epochs)));
    if let Some(seconds) = training.time_limit_seconds {
        let found = format!("{} s, from which the epochs were found", setting(seconds));
        entries.push(("Time limit", found));
    }
    if let Some(patience) = training.early_stopping {
        let epochs = if patience == 1 { "epoch" } else { "epochs" };
        let rule = format!("after {} {epochs} without a lower validation loss", count(patience));
        entries.push(("Early stopping", rule));
    }
    let order = if config.shuffle { "shuffled in every epoch" } else { "as stored" };
    let (examples, origin) = data(&config.data);
    let [train, test] = config.data.counts();
    entries.extend([
        ("Batch size", count(config.batch_size)),
        ("Order", order.into()),
        ("Seed", config.seed.to_string()),
        examples,
        match training.validation {
            None => ("Training and test set", format!("{}, {}", count(train), count(test))),
            Some(held_out) => (
                "Training, validation and test set",
                format!("{}, {}, {}", count(train - held_out), count(held_out), count(test)),
            ),
        },
        ("Data from", origin),
    ]);
    list(&entries)
}

fn optimizer(run: &Run<'_>) -> String {
    let rmsprop = &run.config.rmsprop;
    match run.config.training.optimizer.as_str() {
        "adam" => "Adam (Keras 3’s β and ε)".into(),
        "sgd" => "SGD (Nesterov’s momentum of 0.9)".into(),
        _ => format!(
            "RMSprop ({}), ρ {}, ε {:e}",
            rmsprop.form,
            setting(rmsprop.rho),
            rmsprop.epsilon
        ),
    }
}

fn learning_rate(training: &TrainingSettings) -> String {
    let mut text = setting(training.learning_rate);
    if let Some(step) = training.step {
        let epochs = if step.every == 1 { "epoch" } else { "epochs" };
        text += &format!(", times {} every {} {epochs}", setting(step.factor), count(step.every));
    } else if training.schedule != "constant" {
        text += &format!(", {}", training.schedule);
    }
    if training.warmup > 0.0 {
        text += &format!(", after a warm-up of {} of the steps", percent(training.warmup));
    }
    text
}

fn distortion(training: &TrainingSettings) -> String {
    let Some(distortion) = training.distortion else { return "none".into() };
    let Distortion { rotation, scale, shear, shift, elastic, .. } = distortion;
    format!(
        "{}: rotation {}°, scale {}, shear {}, shift {} px, elastic {} px",
        training.augment,
        setting(rotation),
        percent(scale),
        setting(shear),
        setting(shift),
        setting(elastic)
    )
}

/// An entry that says what the examples are, and where they are from.
fn data(data: &Data) -> ((&'static str, String), String) {
    match data {
        Data::Images(Images { image: [rows, columns], classes, files, .. }) => {
            (("Images", format!("{rows}×{columns} pixels, {classes} classes")), origin(files))
        }
        Data::Features(files) => (
            ("Features", format!("{}, {} classes", count(files.columns), count(files.classes))),
            match (&files.test_file, files.held_out_seed) {
                (Some(test), _) => format!("{} and {test}", files.file),
                (None, Some(seed)) => {
                    format!("{}, of which a fifth is held out by seed {seed}", files.file)
                }
                (None, None) => files.file.clone(),
            },
        ),
    }
}

/// The sizes of a network, from its inputs to its classes.
pub(crate) fn layers(sizes: &[usize]) -> String {
    let listed =
        |sizes: &[usize]| sizes.iter().map(usize::to_string).collect::<Vec<String>>().join(" → ");
    if sizes.len() <= MOST_LAYERS {
        return listed(sizes);
    }
    let (first, last) = sizes.split_at(MOST_LAYERS / 2);
    let last = &last[last.len() - MOST_LAYERS / 2..];
    let left_out = count(sizes.len() - MOST_LAYERS);
    format!("{} → … ({left_out} more) … → {}", listed(first), listed(last))
}

/// Where images came from.
fn origin(files: &ImageFiles) -> String {
    match (files.place(), &files.test_file, files.held_out_seed) {
        (None, ..) => "the built-in digits".into(),
        (Some(place), Some(test), _) => format!("{place} and {test}"),
        (Some(place), None, Some(seed)) => {
            format!("{place}, of which a fifth is held out by seed {seed}")
        }
        (Some(place), None, None) => place.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_layers_those_at_the_ends_are_named() {
        assert_eq!(layers(&[784, 512, 10]), "784 → 512 → 10");
        let sizes: Vec<usize> = (1..=12).collect();
        assert_eq!(layers(&sizes), "1 → 2 → 3 → 4 → 5 → 6 → 7 → 8 → 9 → 10 → 11 → 12");
        let sizes: Vec<usize> = (1..=2000).collect();
        let expected =
            "1 → 2 → 3 → 4 → 5 → 6 → … (1,988 more) … → 1995 → 1996 → 1997 → 1998 → 1999 → 2000";
        assert_eq!(layers(&sizes), expected);
    }

    #[test]
    fn the_rate_and_the_distortion_are_told_in_numbers() {
        let example = TrainingSettings::default();
        assert_eq!(
            (learning_rate(&example), distortion(&example)),
            ("0.001".into(), "none".into())
        );
        let mut other = TrainingSettings {
            schedule: "step".into(),
            step: Some(record::StepSettings { every: 1, factor: 0.5 }),
            warmup: 0.02,
            augment: "mid".into(),
            distortion: Some(dataset::Augmentation::mid().into()),
            ..example
        };
        let expected = "0.001, times 0.5 every 1 epoch, after a warm-up of 2.00 % of the steps";
        assert_eq!(learning_rate(&other), expected);
        let expected = "mid: rotation 12.5°, scale 15.00 %, shear 0.15, shift 1 px, elastic 1 px";
        assert_eq!(distortion(&other), expected);
        (other.schedule, other.step, other.warmup) = ("cosine".into(), None, 0.0);
        assert_eq!(learning_rate(&other), "0.001, cosine");
    }
}
