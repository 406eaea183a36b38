//! Where the lists of non-zeros stop paying: a layer's forward product and training step on the same batch, as lists and as
//! panels, at growing density. the threshold of `kernels::dense::Batch` is what this table says.

use crate::support::arguments::Arguments;
use crate::support::check;
use crate::support::crew::Crew;
use crate::support::measure::{Effort, measure};
use crate::support::pictures::{self, MNIST_PIXELS};
use crate::support::random::Random;
use crate::support::table::{Table, micros, percent};
use kernels::dense::{self, Activation, Batch, Parameters, Selection, State};
use kernels::rowwise::Rmsprop;
use kernels::{MatrixRef, Panels, Rows};

const FULL: Effort = Effort::new(4, 20);
const QUICK: Effort = Effort::new(2, 2);

const DENSITIES: [f64; 11] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
const WIDTHS: [usize; 3] = [64, 512, 2048];
const BATCH_SIZE: usize = 128;

/// A batch as lists and as panels.
type Forms = [Batch; 2];
/// The shares of non-zeros up to which [`Batch::gather`] lists: always, and never.
const FORMS: [f64; 2] = [1.0, 0.0];

/// Best seconds with lists and with panels.
#[derive(Clone, Copy)]
struct Pair {
    lists: f64,
    panels: f64,
}

impl Pair {
    /// Above 1 where lists pay.
    fn gain(&self) -> f64 {
        self.panels / self.lists
    }

    fn plus(&self, other: &Pair) -> Pair {
        Pair { lists: self.lists + other.lists, panels: self.panels + other.panels }
    }
}

struct Measured {
    density: f64,
    /// Gathering the batch, on one thread.
    gathering: Pair,
    /// For each width, for each crew.
    products: Vec<Vec<Pair>>,
}

/// Checks, times and prints the densities that are wanted; gives their number.
pub(crate) fn sweep(arguments: &Arguments, crews: &mut [Crew]) -> Result<usize, String> {
    let effort = if arguments.quick { QUICK } else { FULL };
    let mut measured = Vec::new();
    let mut checked = 0;
    for density in DENSITIES {
        let name = format!("lists or panels, density {}", percent(density));
        // Without optimization, one width is slow enough.
        if !arguments.selects(&name, 0.0) {
            continue;
        }
        eprintln!("{name}");
        let pixels = pictures::in_runs(&mut Random::new(), BATCH_SIZE * MNIST_PIXELS, density);
        let mut forms: Forms = FORMS.map(|below| Batch::listing_below(below, MNIST_PIXELS));
        forms.iter_mut().for_each(|form| gather(&pixels, form));
        for width in if arguments.bench { &WIDTHS[..] } else { &WIDTHS[..1] } {
            crews[crews.len() - 1]
                .install(|| check_forms(&forms, *width))
                .map_err(|error| format!("{name}, width {width}: {error}"))?;
        }
        checked += 1;
        if arguments.bench {
            let gathering = time_gathering(&pixels, &mut forms, &mut crews[0], effort);
            let products = WIDTHS.map(|width| time_products(&forms, width, crews, effort)).to_vec();
            let density = pictures::density(&pixels);
            measured.push(Measured { density, gathering, products });
        }
    }
    if !measured.is_empty() {
        print_table(&measured, crews);
    }
    Ok(checked)
}

fn gather(pixels: &[u8], batch: &mut Batch) {
    let rows = Rows::bytes(pixels, MNIST_PIXELS);
    batch.gather(&rows, None, &Selection::Range(0..rows.len()));
}

/// A layer in training on one batch, again and again.
struct Layer {
    parameters: Parameters,
    state: State,
    out: Panels,
    d: Panels,
    optimizer: Rmsprop,
}

impl Layer {
    fn new(width: usize) -> Self {
        let mut random = Random::new();
        let mut panels = |rows: usize, columns: usize| {
            Panels::from_matrix(MatrixRef::new(&random.exact(rows * columns), rows, columns))
        };
        Self {
            parameters: Parameters { weights: panels(MNIST_PIXELS, width), bias: panels(1, width) },
            state: State::zeros(MNIST_PIXELS, width),
            out: Panels::zeros(BATCH_SIZE, width),
            d: panels(BATCH_SIZE, width),
            optimizer: Rmsprop::keras2(),
        }
    }

    fn step(&mut self, batch: &Batch) {
        let Self { parameters, state, out, d, optimizer } = self;
        dense::forward(batch.input(), parameters, Activation::Relu, out);
        dense::update(batch.input(), d, *optimizer, parameters, state);
    }
}

/// Both forms are to give the same bits. That they are the right ones is checked in `kernels`.
fn check_forms(forms: &Forms, width: usize) -> Result<(), String> {
    if !forms[0].is_listed() || forms[1].is_listed() {
        return Err("a form that was not asked for".into());
    }
    let [lists, panels] = forms.each_ref().map(|form| {
        let mut layer = Layer::new(width);
        layer.step(form);
        [layer.out.to_row_major(), layer.parameters.weights.to_row_major()]
    });
    for (what, (lists, panels)) in ["out", "weights"].iter().zip(lists.iter().zip(&panels)) {
        check::equal(what, lists, panels)?;
    }
    Ok(())
}

fn time_gathering(pixels: &[u8], forms: &mut Forms, crew: &mut Crew, effort: Effort) -> Pair {
    let times = measure(2, effort, |who, turn| {
        crew.turn(|| turn.time(|| gather(pixels, &mut forms[who])));
    });
    Pair { lists: times[0].best(), panels: times[1].best() }
}

/// A pair for each crew.
fn time_products(forms: &Forms, width: usize, crews: &mut [Crew], effort: Effort) -> Vec<Pair> {
    let mut layer = Layer::new(width);
    let times = measure(2 * crews.len(), effort, |who, turn| {
        crews[who / 2].turn(|| turn.time(|| layer.step(&forms[who % 2])));
    });
    times
        .chunks_exact(2)
        .map(|pair| Pair { lists: pair[0].best(), panels: pair[1].best() })
        .collect()
}

fn print_table(measured: &[Measured], crews: &[Crew]) {
    println!(
        "\nLists of non-zeros or panels of all numbers: best µs of forward and training step of a layer of {MNIST_PIXELS} \
         inputs, batch {BATCH_SIZE}, and of gathering the batch.\n"
    );
    let mut table = Table::new(["density", "threads"]);
    for width in WIDTHS {
        table.columns(
            [&format!("width {width}: lists"), "panels", "panels / lists"].map(String::from),
        );
    }
    table.columns(["gathering: lists", "panels"]);
    for at in measured {
        for (which, crew) in crews.iter().enumerate() {
            let mut row = vec![percent(at.density), crew.threads().to_string()];
            for products in &at.products {
                let pair = products[which];
                row.extend([
                    micros(pair.lists),
                    micros(pair.panels),
                    format!("{:.2}", pair.gain()),
                ]);
            }
            let Pair { lists, panels } = at.gathering;
            // One thread gathers, whatever the others do.
            row.extend(
                [lists, panels].map(
                    |seconds| {
                        if which == 0 { micros(seconds) } else { String::new() }
                    },
                ),
            );
            table.push(row);
        }
    }
    table.print();
    println!();
    for (which, crew) in crews.iter().enumerate() {
        for (w, width) in WIDTHS.iter().enumerate() {
            let products = |at: &Measured| at.products[w][which];
            let alone = crossing(measured, |at| products(at).gain());
            let gathered = crossing(measured, |at| products(at).plus(&at.gathering).gain());
            println!(
                "{}, width {width}: lists pay {alone}; with gathering, {gathered}",
                crew.counted()
            );
        }
    }
}

/// Up to which density lists pay, between two measured ones on a straight line.
fn crossing(measured: &[Measured], gain: impl Fn(&Measured) -> f64) -> String {
    let Some(over) = measured.iter().position(|at| gain(at) < 1.0) else {
        return "everywhere".into();
    };
    let Some(under) = over.checked_sub(1) else {
        return "nowhere".into();
    };
    let [under, over] =
        [under, over].map(|which| (measured[which].density, gain(&measured[which])));
    let density = under.0 + (over.0 - under.0) * (under.1 - 1.0) / (under.1 - over.1);
    format!("up to {}", percent(density))
}
