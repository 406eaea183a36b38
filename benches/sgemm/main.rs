//! Our sgemm beside its rivals: GFLOP/s and percent of the machine's peak, one table for each number of threads.
//!
//! ```text
//! cargo bench --bench sgemm                      every row, minutes
//! cargo bench --bench sgemm -- 256 evaluate      the rows with one of these in their names
//! cargo bench --bench sgemm -- --quick           less time, more noise
//! BLAS_LIBS=/path/libopenblas.so.0:/path/libblis.so.4 cargo bench --bench sgemm
//! ```
//!
//! Each answer is checked before it is timed. Under `cargo test --benches` there is only the check, of the smaller rows.

mod blas;
mod problem;
#[path = "../support/mod.rs"]
mod support;
mod systems;

use blas::Blas;
use problem::{Problem, SHAPES, Shape};
use std::process::ExitCode;
use std::time::Duration;
use support::arguments::{self, Arguments};
use support::crew::Crew;
use support::measure::{Effort, Times, measure};
use support::table::{Table, percent};
use systems::{Gemm, MatrixMultiply, Ours, System};

const FULL: Effort = Effort::new(8, 40);
const QUICK: Effort = Effort::new(3, 10);
/// A library's threads go on spinning for a while after their work, and would take the cores from the system whose turn
/// is next. The longest to do so by default are Intel's OpenMP threads, with 200 ms.
const UNTIL_THREADS_SLEEP: Duration = Duration::from_millis(250);

fn main() -> ExitCode {
    arguments::exit(run())
}

fn run() -> Result<(), String> {
    let arguments = Arguments::parse()?;
    let selected = |shape: &Shape| arguments.selects(&shape.name(), shape.flops() as f64);
    let shapes: Vec<Shape> = SHAPES.into_iter().filter(selected).collect();
    if shapes.is_empty() {
        return Err(arguments.nothing_selected());
    }
    let libraries = load_libraries();
    let mut systems: Vec<&dyn System> = vec![&Ours, &MatrixMultiply, &Gemm];
    systems.extend(libraries.iter().map(|library| library as &dyn System));
    for mut crew in Crew::one_and_all()? {
        compare(&systems, &shapes, &mut crew, &arguments)?;
    }
    Ok(())
}

/// The libraries that `BLAS_LIBS` names; a line for each, whether it is there or not.
fn load_libraries() -> Vec<Blas> {
    let mut libraries = Vec::new();
    let paths = std::env::var_os("BLAS_LIBS").unwrap_or_default();
    for path in std::env::split_paths(&paths).filter(|path| !path.as_os_str().is_empty()) {
        match Blas::load(path.as_os_str()) {
            Ok((library, line)) => {
                println!("{line}");
                libraries.push(library);
            }
            Err(line) => println!("{line}"),
        }
    }
    libraries
}

/// Checks every system, then times them and prints the table.
fn compare(
    systems: &[&dyn System],
    shapes: &[Shape],
    crew: &mut Crew,
    arguments: &Arguments,
) -> Result<(), String> {
    let threads = crew.threads();
    let rest = if threads > 1 { UNTIL_THREADS_SLEEP } else { Duration::ZERO };
    let effort = Effort { rest, ..if arguments.quick { QUICK } else { FULL } };
    let mut rows = Vec::new();
    for &shape in shapes {
        eprintln!("{}, {}", shape.name(), crew.counted());
        let problem = Problem::new(shape);
        for system in systems {
            crew.install(|| check(*system, &problem, threads))
                .map_err(|error| format!("{}, {}: {error}", system.name(), crew.counted()))?;
        }
        if arguments.bench {
            let mut c = vec![0.0; shape.m * shape.n];
            let times = measure(systems.len(), effort, |who, turn| {
                crew.turn(|| {
                    systems[who].use_threads(threads);
                    turn.time(|| systems[who].multiply(&problem, &mut c, threads));
                });
            });
            rows.push((shape, times));
        }
    }
    if arguments.bench {
        print_table(systems, &rows, crew);
    } else {
        println!("{} right in {} products, {}", systems.len(), shapes.len(), crew.counted());
    }
    Ok(())
}

/// Multiplies into NaN, which must not survive.
fn check(system: &dyn System, problem: &Problem, threads: usize) -> Result<(), String> {
    let mut c = vec![f32::NAN; problem.shape.m * problem.shape.n];
    system.use_threads(threads);
    system.multiply(problem, &mut c, threads);
    problem.check(&c)
}

/// The peak is the best of the whole table, so this waits until every row is measured.
fn print_table(systems: &[&dyn System], rows: &[(Shape, Vec<Times>)], crew: &Crew) {
    println!(
        "\nsgemm, {}: GFLOP/s, best (median). Peak of fused multiply-adds: {:.1} GFLOP/s\n",
        crew.counted(),
        crew.peak()
    );
    let mut table = Table::new(["m x k x n"]);
    table.columns(systems.iter().map(|system| system.name()));
    table.columns(["ours / peak", "ours / best rival"]);
    for (shape, times) in rows {
        let gflops = |seconds: f64| shape.flops() as f64 / seconds / 1e9;
        let mut row = vec![shape.name()];
        row.extend(
            times.iter().map(|times| {
                format!("{:.1} ({:.0})", gflops(times.best()), gflops(times.median()))
            }),
        );
        let ours = gflops(times[0].best());
        let (rival, fastest) = systems[1..]
            .iter()
            .zip(&times[1..])
            .map(|(system, times)| (system.name(), gflops(times.best())))
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .expect("at least one rival");
        row.push(percent(ours / crew.peak()));
        row.push(format!("{:.2} {rival}", ours / fastest));
        table.push(row);
    }
    table.print();
    println!();
}
