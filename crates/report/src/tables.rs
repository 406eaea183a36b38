//! The lists of the report: classes, epochs, machine and times.

use maud::{Markup, html};

use crate::confusion::Confusion;
use crate::numbers::{count, decimal, percent};
use crate::thinned::thinned;
use record::Run;

/// With more epochs, the table shows only some, evenly chosen.
const MOST_EPOCHS: usize = 25;

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
    let set = if run.is_validated() { "Validation" } else { "Test" };
    let best = run.best.map(|best| best.epoch);
    html! {
        @if every > 1 {
            p.note {
                (shown.len()) " of " (count(run.epochs.len())) " epochs: one in " (count(every)) ", the last among them."
            }
        }
        table {
            thead {
                tr {
                    th { "Epoch" } th { "Loss" } th { "Accuracy" } th { (set) " loss" } th { (set) " accuracy" }
                    th { "Seconds" } th { (run.test_set.plural()) "/s" }
                }
            }
            tbody {
                @for (report, after) in shown {
                    tr {
                        th scope="row" {
                            (count(report.epoch))
                            @if best == Some(report.epoch) { ", the best" }
                            @if let Some(cut) = run.cut().filter(|cut| cut.epoch == report.epoch) {
                                ", " (count(cut.step)) " of " (count(cut.steps)) " steps"
                            }
                        }
                        td { (decimal(report.loss, 4)) }
                        td { (percent(report.accuracy)) }
                        td { (decimal(after.loss, 4)) }
                        td { (percent(after.accuracy)) }
                        td { (format!("{:.3}", report.seconds)) }
                        td { (count(report.images_per_second as usize)) }
                    }
                }
            }
        }
    }
}

/// The machine it ran on, and the times it took.
pub(crate) fn machine(run: &Run<'_>) -> Markup {
    let config = run.config;
    let fastest = run.whole_epochs().iter().map(|(report, _)| report.seconds).reduce(f64::min);
    let fastest = fastest.map_or("–".to_owned(), |seconds| format!("{seconds:.3} s"));
    let build = if config.release_build { "release" } else { "debug" };
    let processor = processor();
    list(&[
        ("Processor", processor.unwrap_or_else(|| "unknown".into())),
        ("Instruction set", config.isa.into()),
        ("Threads", count(config.threads)),
        ("Program", format!("driver {}, {build} build", config.version)),
        ("Started", config.started.clone()),
        ("Start to test result", format!("{:.2} s", run.seconds)),
        ("Training", format!("{:.2} s", run.training_seconds())),
        ("Fastest epoch", fastest),
        ("Test set, once", format!("{:.3} s", run.test.seconds)),
    ])
}

/// Names, and what stands behind each.
pub(crate) fn list(entries: &[(&str, String)]) -> Markup {
    html! {
        dl {
            @for (name, value) in entries {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

/// The name of this machine's processor, where the system tells it in a file.
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let (_, name) = text.lines().find(|line| line.starts_with("model name"))?.split_once(':')?;
    Some(name.trim().to_owned())
}
