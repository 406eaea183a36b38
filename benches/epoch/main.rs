//! The waits of a user: an epoch of training, an evaluation, a prediction, against the machine's limit.
//!
//! ```text
//! cargo bench --bench epoch                      every row, minutes
//! cargo bench --bench epoch -- predict 2048      the rows with one of these in their names
//! cargo bench --bench epoch -- --quick           fewer rows, less time, more noise
//! ```
//!
//! The pictures are MNIST's if `MNIST_DIR` names its folder or it lies in `../shared/mnist` or the user's cache folder, and
//! made up with as much ink if not. Each network is checked before it is timed. Under `cargo test --benches` there is only
//! the check, of the smaller networks.

mod data;
mod scenarios;
#[path = "../support/mod.rs"]
mod support;

use data::Data;
use scenarios::{SMALL, Scenario, scenarios};
use std::process::ExitCode;
use support::arguments::{self, Arguments};
use support::crew::{self, Crew};
use support::measure::{Effort, Times, measure};
use support::table::{Table, percent, time};

const FULL: Effort = Effort::new(5, 300);
const QUICK: Effort = Effort::new(2, 30);

fn main() -> ExitCode {
    arguments::exit(run())
}

fn run() -> Result<(), String> {
    let arguments = Arguments::parse()?;
    let data = Data::load()?;
    println!("{}", data.origin);
    let selected =
        |scenario: &Scenario<'_>| arguments.selects(&scenario.name, scenario.check_flops);
    let scenarios: Vec<_> =
        scenarios(&data, arguments.quick).into_iter().filter(selected).collect();
    if scenarios.is_empty() {
        return Err(arguments.nothing_selected());
    }
    let mut crews = Crew::one_and_all()?;
    let mut measured = Vec::new();
    for mut scenario in scenarios {
        eprintln!("{}", scenario.name);
        crews[crews.len() - 1]
            .install(&*scenario.check)
            .map_err(|error| format!("{}: {error}", scenario.name))?;
        let times = if arguments.bench {
            let effort = if arguments.quick { QUICK } else { FULL };
            let used = if scenario.alone { 1 } else { crews.len() };
            measure(used, effort, |who, turn| {
                crews[who].turn(|| turn.time(&mut *scenario.work));
            })
        } else {
            Vec::new()
        };
        measured.push((scenario, times));
    }
    if arguments.bench {
        print_table(&measured, &crews);
    } else {
        println!("{} networks right", measured.len());
    }
    Ok(())
}

fn print_table(measured: &[(Scenario<'_>, Vec<Times>)], crews: &[Crew]) {
    println!(
        "\nTime of each; GFLOP/s and percent of peak count products with zero, skipped or not.\n{}\n",
        crew::peaks(crews)
    );
    let mut table = Table::new([
        "what",
        "rows",
        "threads",
        "best",
        "median",
        "99th percentile",
        "GFLOP/s",
        "of peak",
    ]);
    for (scenario, times) in measured {
        for (times, crew) in times.iter().zip(crews) {
            let gflops = scenario.flops / times.best() / 1e9;
            table.push(vec![
                scenario.name.clone(),
                scenario.rows.to_string(),
                crew.threads().to_string(),
                time(times.best()),
                time(times.median()),
                times.percentile_99().map(time).unwrap_or_default(),
                format!("{gflops:.1}"),
                percent(gflops / crew.peak()),
            ]);
        }
    }
    table.print();
    println!();
    // Work too small to share must not suffer from threads that could have shared it.
    for (scenario, times) in measured.iter().filter(|(scenario, _)| scenario.name.contains(SMALL)) {
        if let [one, .., all] = &times[..] {
            let (best, median) = (all.best() / one.best(), all.median() / one.median());
            let threads = crews[crews.len() - 1].counted();
            println!(
                "{}: {threads} take {best:.2} of the time of 1 (medians: {median:.2})",
                scenario.name
            );
        }
    }
}
