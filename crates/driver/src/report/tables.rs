//! What the report lists: classes, epochs, settings, machine and times.

use indicatif::HumanCount;
use maud::{Markup, Render, html};

use super::confusion::Confusion;
use super::{Run, percent, thinned};

/// With more epochs, the table shows only some, evenly chosen.
const MOST_EPOCHS: usize = 25;

/// How well each class is read.
pub(super) fn classes(confusion: &Confusion) -> Markup {
    let share = |share: Option<f64>| share.map_or("–".to_owned(), percent);
    html! {
        table {
            thead {
                tr { th { "Class" } th { "Images" } th { "Precision" } th { "Recall" } th { "F1" } }
            }
            tbody {
                @for (class, score) in confusion.scores().enumerate() {
                    tr {
                        th scope="row" { (class) }
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
pub(super) fn epochs(run: &Run<'_>) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th { "Epoch" } th { "Loss" } th { "Accuracy" } th { "Test loss" } th { "Test accuracy" }
                    th { "Seconds" } th { "Images/s" }
                }
            }
            tbody {
                @for (report, test) in thinned(run.epochs, MOST_EPOCHS) {
                    tr {
                        th scope="row" {
                            (report.epoch)
                            @if let Some(cut) = run.cut().filter(|cut| cut.epoch == report.epoch) {
                                ", " (count(cut.step)) " of " (count(cut.steps)) " steps"
                            }
                        }
                        td { (format!("{:.4}", report.loss)) }
                        td { (percent(report.accuracy)) }
                        td { (format!("{:.4}", test.loss)) }
                        td { (percent(test.accuracy)) }
                        td { (format!("{:.3}", report.seconds)) }
                        td { (count(report.images_per_second as usize)) }
                    }
                }
            }
        }
    }
}

/// What would repeat the run.
pub(super) fn settings(run: &Run<'_>) -> Markup {
    let config = run.config;
    let (data, rmsprop) = (&config.data, &config.rmsprop);
    let sizes: Vec<String> = config.sizes.iter().map(usize::to_string).collect();
    let [rows, columns] = data.image;
    list(&[
        ("Network", &format!("{}, {} parameters", sizes.join(" → "), count(config.parameters))),
        ("Initial weights", &config.init.as_deref().unwrap_or("Glorot-uniform")),
        ("Optimizer", &format!("RMSprop ({})", rmsprop.form)),
        ("Learning rate", &rmsprop.learning_rate),
        ("ρ, ε", &format!("{}, {:e}", rmsprop.rho, rmsprop.epsilon)),
        ("Epochs", &config.epochs),
        ("Batch size", &config.batch_size),
        ("Order", &if config.shuffle { "shuffled in every epoch" } else { "as stored" }),
        ("Seed", &config.seed),
        ("Images", &format!("{rows}×{columns} pixels, {} classes", data.classes)),
        ("Training and test set", &format!("{}, {}", count(data.train), count(data.test))),
        ("Data from", &data.folder.as_deref().unwrap_or("the built-in digits")),
    ])
}

/// What it ran on, and how long it took.
pub(super) fn machine(run: &Run<'_>) -> Markup {
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

fn list(entries: &[(&str, &dyn Render)]) -> Markup {
    html! {
        dl {
            @for (name, value) in entries {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

/// 10000 as 10,000.
pub(super) fn count(number: usize) -> String {
    HumanCount(number as u64).to_string()
}

/// The name of this machine's processor, where the system tells it in a file.
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let (_, name) = text.lines().find(|line| line.starts_with("model name"))?.split_once(':')?;
    Some(name.trim().to_owned())
}
