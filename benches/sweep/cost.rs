//! Training networks with one hidden layer: one thing varies, the others stay as in the example.

use crate::support::arguments::Arguments;
use crate::support::crew::{self, Crew};
use crate::support::measure::{Effort, measure};
use crate::support::pictures::{self, MNIST_DENSITY, MNIST_PIXELS, Pictures};
use crate::support::random::Random;
use crate::support::table::{Table, percent};
use crate::support::training::{Training, check, check_flops, training_flops};
use std::hint::black_box;

const FULL: Effort = Effort::new(3, 60);
const QUICK: Effort = Effort::new(1, 5);
/// A multiple of every batch size.
const ROWS: usize = 8192;
const FEW_ROWS: usize = 2048;

const BATCH_SIZES: [usize; 7] = [16, 32, 64, 128, 256, 512, 1024];
const WIDTHS: [usize; 7] = [64, 128, 256, 512, 1024, 2048, 4096];
const DENSITIES: [f64; 8] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0];

struct Point {
    name: String,
    batch_size: usize,
    width: usize,
    density: f64,
}

impl Point {
    const EXAMPLE: Self =
        Self { name: String::new(), batch_size: 128, width: 512, density: MNIST_DENSITY };

    fn all() -> impl Iterator<Item = Self> {
        let sizes = BATCH_SIZES.map(|batch_size| Self {
            name: format!("batch {batch_size}"),
            batch_size,
            ..Self::EXAMPLE
        });
        let widths =
            WIDTHS.map(|width| Self { name: format!("width {width}"), width, ..Self::EXAMPLE });
        let densities = DENSITIES.map(|density| Self {
            name: format!("density {}", percent(density)),
            density,
            ..Self::EXAMPLE
        });
        sizes.into_iter().chain(widths).chain(densities)
    }

    fn sizes(&self) -> [usize; 3] {
        [MNIST_PIXELS, self.width, 10]
    }
}

/// A point, whether zeros are skipped there, and the best seconds of each crew.
struct Measured {
    point: Point,
    zeros_are_skipped: bool,
    seconds: Vec<f64>,
}

/// Checks, times and prints the points that are wanted; gives their number.
pub(crate) fn sweep(arguments: &Arguments, crews: &mut [Crew]) -> Result<usize, String> {
    let (rows, effort) = if arguments.quick { (FEW_ROWS, QUICK) } else { (ROWS, FULL) };
    let mut measured = Vec::new();
    for point in Point::all() {
        let sizes = point.sizes();
        if !arguments.selects(&point.name, check_flops(&sizes)) {
            continue;
        }
        eprintln!("{}", point.name);
        let pixels = pictures::in_runs(&mut Random::new(), rows * MNIST_PIXELS, point.density);
        let labels = pictures::labels(rows);
        let pictures = Pictures { pixels: &pixels, labels: &labels };
        crews[crews.len() - 1]
            .install(|| check(&sizes, pictures))
            .map_err(|error| format!("{}: {error}", point.name))?;
        let mut seconds = Vec::new();
        if arguments.bench {
            let mut training = Training::new(&sizes, pictures, point.batch_size);
            let mut epoch = || {
                black_box(training.epoch());
            };
            let times =
                measure(crews.len(), effort, |who, turn| crews[who].turn(|| turn.time(&mut epoch)));
            seconds.extend(times.iter().map(|times| times.best() / rows as f64));
        }
        let zeros_are_skipped = pictures.zeros_are_skipped();
        measured.push(Measured { point, zeros_are_skipped, seconds });
    }
    if arguments.bench && !measured.is_empty() {
        print_table(&measured, crews);
    }
    Ok(measured.len())
}

fn print_table(measured: &[Measured], crews: &[Crew]) {
    let Point { batch_size, width, density, .. } = Point::EXAMPLE;
    println!(
        "\nTraining {MNIST_PIXELS}-width-10 around batch {batch_size}, width {width}, density {}: best µs a sample. \
         Percent of peak counts products with zero, skipped or not.\n{}\n",
        percent(density),
        crew::peaks(crews)
    );
    let mut table = Table::new(["what varies", "zeros"]);
    for crew in crews {
        table.columns([format!("µs, {}", crew.counted()), "of peak".to_owned()]);
    }
    if crews.len() > 1 {
        table.columns(["first / last"]);
    }
    for Measured { point, zeros_are_skipped, seconds } in measured {
        let zeros = if *zeros_are_skipped { "skipped" } else { "multiplied" };
        let mut row = vec![point.name.clone(), zeros.to_owned()];
        for (seconds, crew) in seconds.iter().zip(crews) {
            let gflops = training_flops(&point.sizes()) / seconds / 1e9;
            row.extend([format!("{:.2}", 1e6 * seconds), percent(gflops / crew.peak())]);
        }
        if let [one, .., all] = seconds[..] {
            row.push(format!("{:.2}", one / all));
        }
        table.push(row);
    }
    table.print();
    println!();
}
