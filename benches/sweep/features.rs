//! Training networks with one hidden layer on rows of sparse features like those of texts.

use crate::support::arguments::Arguments;
use crate::support::crew::{self, Crew};
use crate::support::measure::{Effort, measure};
use crate::support::table::Table;
use crate::support::training::{check_flops, network};
use dataset::{Features, TextLike, text_like};
use kernels::{MatrixRef, Rows};
use model::{FitConfig, Rmsprop, Trainer};
use std::hint::black_box;

const FULL: Effort = Effort::new(3, 30);
const QUICK: Effort = Effort::new(1, 3);
const ROWS: usize = 20_000;
const FEW_ROWS: usize = 4_096;
const BATCH_SIZE: usize = 128;
const CLASSES: usize = 20;
/// Rows that are also trained on with their zeros, to check.
const CHECKED_ROWS: usize = 8;

struct Point {
    name: String,
    features: usize,
    non_zeros: usize,
    hidden: usize,
}

impl Point {
    fn all() -> impl Iterator<Item = Self> {
        let features = [1_000, 10_000, 50_000, 200_000, 1_000_000].map(|features| Self {
            name: format!("features {features}"),
            features,
            non_zeros: 47,
            hidden: 256,
        });
        let non_zeros = [10, 100, 250, 1_000].map(|non_zeros| Self {
            name: format!("non-zeros {non_zeros}"),
            features: 50_000,
            non_zeros,
            hidden: 256,
        });
        let narrow = [50_000, 1_000_000].map(|features| Self {
            name: format!("hidden 128, features {features}, non-zeros 100"),
            features,
            non_zeros: 100,
            hidden: 128,
        });
        features.into_iter().chain(non_zeros).chain(narrow)
    }

    fn sizes(&self) -> [usize; 3] {
        [self.features, self.hidden, CLASSES]
    }

    /// The cost of checking it: its small share of non-zeros is not seen by the rows with their zeros.
    fn check_flops(&self) -> f64 {
        check_flops(&self.sizes())
    }
}

/// A point, the non-zeros of its rows, and the best seconds of each crew.
struct Measured {
    point: Point,
    non_zeros: usize,
    seconds: Vec<f64>,
}

/// Checks, times and prints the points that are wanted; gives their number.
pub(crate) fn sweep(arguments: &Arguments, crews: &mut [Crew]) -> Result<usize, String> {
    let (rows, effort) = if arguments.quick { (FEW_ROWS, QUICK) } else { (ROWS, FULL) };
    let rows = if arguments.bench { rows } else { CHECKED_ROWS };
    let mut measured = Vec::new();
    for point in Point::all() {
        if !arguments.selects(&point.name, point.check_flops()) {
            continue;
        }
        eprintln!("{}", point.name);
        let Point { features: columns, non_zeros, .. } = point;
        let drawn = text_like(&TextLike { rows, columns, non_zeros, classes: CLASSES, seed: 0 });
        check(&point, &drawn).map_err(|error| format!("{}: {error}", point.name))?;
        let mut seconds = Vec::new();
        if arguments.bench {
            let mut trainer = trainer(&point);
            let config = FitConfig {
                epochs: 1,
                batch_size: BATCH_SIZE,
                shuffle: true,
                seed: 0,
                ..FitConfig::default()
            };
            let mut epoch = || {
                black_box(trainer.fit(drawn.rows(), drawn.targets(), &config))
                    .expect("rows that fit");
            };
            let times =
                measure(crews.len(), effort, |who, turn| crews[who].turn(|| turn.time(&mut epoch)));
            seconds.extend(times.iter().map(|times| times.best()));
        }
        measured.push(Measured { point, non_zeros: drawn.csr().non_zeros(), seconds });
    }
    if arguments.bench && !measured.is_empty() {
        print_table(&measured, rows, crews);
    }
    Ok(measured.len())
}

fn trainer(point: &Point) -> Trainer {
    Trainer::new(network(&point.sizes()), Rmsprop::keras3()).expect("Keras's settings")
}

/// Whether two steps on the first rows give the losses that they give with all their zeros.
fn check(point: &Point, drawn: &Features) -> Result<(), String> {
    let columns = point.features;
    let few = drawn.part(0..CHECKED_ROWS);
    let mut dense = vec![0.0; CHECKED_ROWS * columns];
    for (i, row) in dense.chunks_mut(columns).enumerate() {
        let (indices, values) = few.row(i);
        indices.iter().zip(values).for_each(|(index, value)| row[*index as usize] = *value);
    }
    let labels = &drawn.labels()[..CHECKED_ROWS];
    let targets = kernels::Targets::WideClasses(labels);
    let config = FitConfig {
        epochs: 2,
        batch_size: CHECKED_ROWS,
        shuffle: false,
        seed: 0,
        ..FitConfig::default()
    };
    let losses = |rows: Rows<'_>| -> Result<Vec<f64>, String> {
        let history = trainer(point).fit(rows, targets, &config);
        let history = history.map_err(|error| error.to_string())?;
        Ok(history.iter().map(|epoch| epoch.loss).collect())
    };
    let sparse = losses(Rows::sparse(&few))?;
    let expected = losses(Rows::floats(MatrixRef::new(&dense, CHECKED_ROWS, columns)))?;
    if sparse != expected || sparse[1] >= sparse[0] {
        return Err(format!("losses {sparse:?}, with all zeros {expected:?}"));
    }
    Ok(())
}

fn print_table(measured: &[Measured], rows: usize, crews: &[Crew]) {
    println!(
        "\nTraining on {rows} rows like texts, {CLASSES} classes, batch {BATCH_SIZE}; hidden 256 and 47 non-zeros a row of 50,000 \
         features unless said: best ms an epoch, and ns a non-zero.\n{}\n",
        crew::peaks(crews)
    );
    let mut table = Table::new(["what varies", "non-zeros a row"]);
    for crew in crews {
        table.columns([format!("ms, {}", crew.counted()), "ns a non-zero".to_owned()]);
    }
    if crews.len() > 1 {
        table.columns(["first / last"]);
    }
    for Measured { point, non_zeros, seconds } in measured {
        let mut row = vec![point.name.clone(), format!("{:.1}", *non_zeros as f64 / rows as f64)];
        for seconds in seconds {
            row.push(format!("{:.0}", 1e3 * seconds));
            row.push(format!("{:.0}", 1e9 * seconds / *non_zeros as f64));
        }
        if let [one, .., all] = seconds[..] {
            row.push(format!("{:.2}", one / all));
        }
        table.push(row);
    }
    table.print();
    println!();
}
