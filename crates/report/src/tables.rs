//! The lists of the report: classes, epochs, settings, machine and times.

use dataset::Set;
use maud::{Markup, Render, html};
use model::Network;

use crate::confusion::Confusion;
use crate::numbers::{count, decimal, percent, setting};
use crate::thinned::thinned;
use record::{Data, Images, Run};

/// With more epochs, the table shows only some, evenly chosen.
const MOST_EPOCHS: usize = 25;
/// With more layers, the sizes of those in the middle are left out.
const MOST_LAYERS: usize = 12;

/// How well each of the classes `shown` is read.
pub(crate) fn classes(
    confusion: &Confusion,
    shown: &[usize],
    names: &[String],
    heading: &str,
) -> Markup {
    let share = |share: Option<f64>| share.map_or("–".to_owned(), percent);
    html! {
        table {
            thead {
                tr { th { "Class" } th { (heading) } th { "Precision" } th { "Recall" } th { "F1" } }
            }
            tbody {
                @for &class in shown {
                    @let score = confusion.score(class);
                    tr {
                        th scope="row" { (names[class]) }
                        td { (count(score.images)) }
                        td { (share(score.precision)) }
                        td { (share(score.recall)) }
                        td { (share(score.f1)) }
                    }
                }
            }
        }
    }
}

/// The training in numbers.
pub(crate) fn epochs(run: &Run<'_>) -> Markup {
    let (every, shown) = thinned(run.epochs, MOST_EPOCHS);
    html! {
        @if every > 1 {
            p.note {
                (shown.len()) " of " (count(run.epochs.len())) " epochs: one in " (count(every)) ", the last among them."
            }
        }
        table {
            thead {
                tr {
                    th { "Epoch" } th { "Loss" } th { "Accuracy" } th { "Test loss" } th { "Test accuracy" }
                    th { "Seconds" } th { (run.test_set.plural()) "/s" }
                }
            }
            tbody {
                @for (report, test) in shown {
                    tr {
                        th scope="row" {
                            (count(report.epoch))
                            @if let Some(cut) = run.cut().filter(|cut| cut.epoch == report.epoch) {
                                ", " (count(cut.step)) " of " (count(cut.steps)) " steps"
                            }
                        }
                        td { (decimal(report.loss, 4)) }
                        td { (percent(report.accuracy)) }
                        td { (decimal(test.loss, 4)) }
                        td { (percent(test.accuracy)) }
                        td { (format!("{:.3}", report.seconds)) }
                        td { (count(report.images_per_second as usize)) }
                    }
                }
            }
        }
    }
}

/// The settings that would repeat the run.
pub(crate) fn settings(run: &Run<'_>) -> Markup {
    let config = run.config;
    let rmsprop = &config.rmsprop;
    let training = &config.training;
    let optimizer = match training.optimizer.as_str() {
        "adam" => "Adam (Keras 3's β and ε)".into(),
        "sgd" => "SGD (Nesterov's momentum of 0.9)".into(),
        _ => format!(
            "RMSprop ({}), ρ {}, ε {:e}",
            rmsprop.form,
            setting(rmsprop.rho),
            rmsprop.epsilon
        ),
    };
    let rate = match (training.schedule.as_str(), training.warmup) {
        ("constant", 0.0) => setting(training.learning_rate),
        (curve, warmup) => format!(
            "{}, {curve}, after a warm-up of {} of the steps",
            setting(training.learning_rate),
            percent(warmup)
        ),
    };
    let [train, test] = config.data.counts();
    let (examples, origin) = match &config.data {
        Data::Images(Images { image: [rows, columns], classes, folder, .. }) => (
            ("Images", format!("{rows}×{columns} pixels, {classes} classes")),
            folder.clone().unwrap_or_else(|| "the built-in digits".into()),
        ),
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
    };
    list(&[
        ("Network", &format!("{}, {} parameters", layers(&config.sizes), count(config.parameters))),
        ("Initial weights", &config.init.as_deref().unwrap_or("Glorot-uniform")),
        ("Optimizer", &optimizer),
        ("Learning rate", &rate),
        ("Distortion", &training.augment),
        ("Epochs", &count(config.epochs)),
        ("Batch size", &count(config.batch_size)),
        ("Order", &if config.shuffle { "shuffled in every epoch" } else { "as stored" }),
        ("Seed", &config.seed),
        (examples.0, &examples.1),
        ("Training and test set", &format!("{}, {}", count(train), count(test))),
        ("Data from", &origin),
    ])
}

/// The machine it ran on, and the times it took.
pub(crate) fn machine(run: &Run<'_>) -> Markup {
    let config = run.config;
    let fastest = run.whole_epochs().iter().map(|(report, _)| report.seconds).reduce(f64::min);
    let fastest = fastest.map_or("–".to_owned(), |seconds| format!("{seconds:.3} s"));
    let build = if config.release_build { "release" } else { "debug" };
    let processor = processor();
    list(&[
        ("Processor", &processor.as_deref().unwrap_or("unknown")),
        ("Instruction set", &config.isa),
        ("Threads", &config.threads),
        ("Program", &format!("driver {}, {build} build", config.version)),
        ("Started", &config.started),
        ("Start to test result", &format!("{:.2} s", run.seconds)),
        ("Training", &format!("{:.2} s", run.training_seconds())),
        ("Fastest epoch", &fastest),
        ("Test set, once", &format!("{:.3} s", run.test().seconds)),
    ])
}

/// What was evaluated: a network, on test examples of this `origin`, in so many seconds.
pub(crate) fn evaluated(network: &Network, test_set: Set<'_>, origin: &str, seconds: f64) -> Markup {
    let examples = test_set.plural();
    list(&[
        (
            "Network",
            &format!("{}, {} parameters", layers(&network.sizes()), count(network.parameter_count())),
        ),
        ("Data from", &origin),
        ("Test set", &format!("{} {examples}", count(test_set.len()))),
        ("Read once in", &format!("{seconds:.3} s")),
    ])
}

fn list(entries: &[(&str, &dyn Render)]) -> Markup {
    html! {
        dl {
            @for (name, value) in entries {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

/// The sizes of a network, from its inputs to its classes.
fn layers(sizes: &[usize]) -> String {
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

/// The name of this machine's processor, where the system tells it in a file.
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let (_, name) = text.lines().find(|line| line.starts_with("model name"))?.split_once(':')?;
    Some(name.trim().to_owned())
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
}
