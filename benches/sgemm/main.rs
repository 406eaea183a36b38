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
mod measure;
mod problem;
mod systems;
mod table;

use blas::Blas;
use measure::{Effort, Times, measure};
use problem::{Problem, SHAPES, Shape};
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Duration;
use systems::{Gemm, MatrixMultiply, Ours, System};
use table::Table;

const FULL: Effort = Effort { rounds: 8, turn: Duration::from_millis(40) };
const QUICK: Effort = Effort { rounds: 3, turn: Duration::from_millis(10) };
/// Products beyond this are not checked where nothing is timed: unoptimized, they take too long.
const SMALL_FLOPS: usize = 1 << 27;

struct Arguments {
    /// Whether to time; Cargo says so for `cargo bench`.
    bench: bool,
    quick: bool,
    filters: Vec<String>,
}

impl Arguments {
    fn parse() -> Result<Self, String> {
        let mut arguments = Self { bench: false, quick: false, filters: Vec::new() };
        for argument in std::env::args().skip(1) {
            match argument.as_str() {
                "--bench" => arguments.bench = true,
                "--quick" => arguments.quick = true,
                option if option.starts_with('-') => {
                    return Err(format!(
                        "unknown option {option}: there is --quick, and names of rows"
                    ));
                }
                _ => arguments.filters.push(argument),
            }
        }
        Ok(arguments)
    }

    fn selects(&self, shape: &Shape) -> bool {
        let name = shape.name();
        let wanted = |filter: &String| name.contains(filter.as_str());
        (self.bench || shape.flops() <= SMALL_FLOPS)
            && (self.filters.is_empty() || self.filters.iter().any(wanted))
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let arguments = Arguments::parse()?;
    let shapes: Vec<Shape> = SHAPES.into_iter().filter(|shape| arguments.selects(shape)).collect();
    if shapes.is_empty() {
        return Err(format!("no row has one of {:?} in its name", arguments.filters));
    }
    let libraries = load_libraries();
    let mut systems: Vec<&dyn System> = vec![&Ours, &MatrixMultiply, &Gemm];
    systems.extend(libraries.iter().map(|library| library as &dyn System));

    let cores = available_parallelism().map_or(1, |cores| cores.get());
    let mut thread_counts = vec![1, cores];
    thread_counts.dedup();
    for threads in thread_counts {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| format!("no pool of {threads} threads: {error}"))?;
        // Entered once: what is timed is a product, not the way into a pool.
        pool.install(|| compare(&systems, &shapes, threads, &arguments))?;
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
    threads: usize,
    arguments: &Arguments,
) -> Result<(), String> {
    let effort = if arguments.quick { QUICK } else { FULL };
    let mut peak = 0.0;
    let mut rows = Vec::new();
    for &shape in shapes {
        eprintln!("{}, {}", shape.name(), counted(threads));
        let problem = Problem::new(shape);
        for system in systems {
            check(*system, &problem, threads)?;
        }
        if arguments.bench {
            rows.push((shape, measure(systems, &problem, threads, effort, &mut peak)));
        }
    }
    if arguments.bench {
        print_table(systems, &rows, threads, peak);
    } else {
        println!("{} right in {} products, {}", systems.len(), shapes.len(), counted(threads));
    }
    Ok(())
}

/// Multiplies into NaN, which must not survive.
fn check(system: &dyn System, problem: &Problem, threads: usize) -> Result<(), String> {
    let mut c = vec![f32::NAN; problem.shape.m * problem.shape.n];
    system.use_threads(threads);
    system.multiply(problem, &mut c, threads);
    problem.check(&c).map_err(|error| format!("{}, {}: {error}", system.name(), counted(threads)))
}

/// The peak is the best of the whole table, so this waits until every row is measured.
fn print_table(systems: &[&dyn System], rows: &[(Shape, Vec<Times>)], threads: usize, peak: f64) {
    println!(
        "\nsgemm, {}: GFLOP/s, best (median). Peak of fused multiply-adds: {peak:.1} GFLOP/s\n",
        counted(threads)
    );
    let mut header = vec!["m x k x n".to_owned()];
    header.extend(systems.iter().map(|system| system.name().to_owned()));
    header.extend(["ours / peak".to_owned(), "ours / best rival".to_owned()]);
    let mut table = Table::new(header);
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
        row.push(format!("{:.0} %", 100.0 * ours / peak));
        row.push(format!("{:.2} {rival}", ours / fastest));
        table.push(row);
    }
    table.print();
    println!();
}

fn counted(threads: usize) -> String {
    format!("{threads} thread{}", if threads == 1 { "" } else { "s" })
}
