//! The kernels beside their unfused or naive form: what fusing, skipping zeros and vectorizing are worth.
//!
//! ```text
//! cargo bench --bench kernels                    every row, under a minute
//! cargo bench --bench kernels -- train relu      the rows with one of these in their names
//! cargo bench --bench kernels -- --quick         less time, more noise
//! ```
//!
//! Both forms are checked before they are timed. Under `cargo test --benches` there is only the check, of the smaller
//! rows. The product itself, beside other libraries', is in `sgemm`.

mod cases;
#[path = "../support/mod.rs"]
mod support;

use cases::{CASES, Case, Work};
use std::process::ExitCode;
use support::arguments::{self, Arguments};
use support::crew::{self, Crew};
use support::measure::{Effort, Times, measure};
use support::table::{Table, micros, percent};

const FULL: Effort = Effort::new(8, 20);
const QUICK: Effort = Effort::new(3, 4);

/// The times of a pair of forms with some number of threads.
struct Row {
    name: String,
    other_name: &'static str,
    work: Work,
    /// Which crew.
    crew: usize,
    ours: Times,
    other: Times,
}

fn main() -> ExitCode {
    arguments::exit(run())
}

fn run() -> Result<(), String> {
    let arguments = Arguments::parse()?;
    let mut crews = Crew::one_and_all()?;
    let (mut checked, mut rows) = (0, Vec::new());
    for make in CASES {
        let mut case = make();
        let name = case.name();
        if !arguments.selects(&name, case.work().flops()) {
            continue;
        }
        eprintln!("{name}");
        // With all threads: there is more to go wrong.
        crews[crews.len() - 1].install(|| {
            case.ours();
            case.other();
            case.check().map_err(|error| format!("{name}: {error}"))
        })?;
        checked += 1;
        if arguments.bench {
            let effort = if arguments.quick { QUICK } else { FULL };
            rows.extend(compare(&mut *case, &mut crews, effort));
        }
    }
    if checked == 0 {
        return Err(arguments.nothing_selected());
    }
    if arguments.bench {
        print_table(&rows, &crews);
    } else {
        println!("{checked} operations right in both forms");
    }
    Ok(())
}

/// Times both forms of a case with each crew that is of use to it.
fn compare(case: &mut dyn Case, crews: &mut [Crew], effort: Effort) -> Vec<Row> {
    let crews = if case.forks() { crews } else { &mut crews[..1] };
    let times = measure(2 * crews.len(), effort, |who, turn| {
        crews[who / 2].turn(|| {
            if who % 2 == 0 {
                turn.time(|| case.ours());
            } else {
                turn.time(|| case.other());
            }
        });
    });
    let mut times = times.into_iter();
    let mut rows = Vec::new();
    while let (Some(ours), Some(other)) = (times.next(), times.next()) {
        let (name, other_name, work) = (case.name(), case.other_name(), case.work());
        rows.push(Row { name, other_name, work, crew: rows.len(), ours, other });
    }
    rows
}

fn print_table(rows: &[Row], crews: &[Crew]) {
    println!(
        "\nKernels beside their unfused or naive form: best (median). GFLOP/s and percent of peak count products with \
         zero, skipped or not.\n{}\n",
        crew::peaks(crews)
    );
    let mut table = Table::new([
        "operation",
        "threads",
        "ours, µs",
        "the other form",
        "its µs",
        "its / ours",
        "ours: speed",
        "of peak",
    ]);
    for row in rows {
        let crew = &crews[row.crew];
        let both = |times: &Times| format!("{} ({})", micros(times.best()), micros(times.median()));
        let (speed, of_peak) = match row.work {
            Work::Flops(flops) => {
                let gflops = flops as f64 / row.ours.best() / 1e9;
                (format!("{gflops:.1} GFLOP/s"), percent(gflops / crew.peak()))
            }
            Work::Bytes(bytes) => {
                (format!("{:.1} GB/s", bytes as f64 / row.ours.best() / 1e9), String::new())
            }
        };
        table.push(vec![
            row.name.clone(),
            crew.threads().to_string(),
            both(&row.ours),
            row.other_name.to_owned(),
            both(&row.other),
            format!("{:.2}", row.other.best() / row.ours.best()),
            speed,
            of_peak,
        ]);
    }
    table.print();
    println!();
}
