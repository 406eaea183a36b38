//! The promises of the layers, over shapes that nobody picked by hand: the same bits at any number of threads, for lists and
//! for tiles, from sparse rows and from others, on AVX2 and on AVX-512.
//!
//! Every kernel of a training step runs on every case. This test runs itself once for each instruction set.

use std::process::Command;

use kernels::dense::{self, Activation, Batch, Input, Parameters, Selection, State};
use kernels::rowwise::{Rmsprop, Score, rmsprop_step};
use kernels::{Csr, Isa, MatrixRef, Panels, Rows, Targets};
use rayon::{ThreadPool, ThreadPoolBuilder};
use testing::Random;

const CASES: usize = 500;
const THREADS: [usize; 4] = [2, 3, 4, 7];
/// Numbers in the largest matrix of a case.
const MOST: usize = 120_000;
const ASKED: &str = "KERNELS_ISA";

/// Makes the cases and their numbers.
struct Maker(Random);

impl Maker {
    /// A whole number in `1 ..= most`, small ones as often as large ones.
    fn size(&mut self, most: usize) -> usize {
        let bits = u64::from(most.ilog2()) + 1;
        let below = 2 << ((u64::from(self.0.bits()) * bits) >> 32);
        1 + self.0.bits() as usize % most.min(below)
    }

    fn panels(&mut self, rows: usize, columns: usize) -> Panels {
        let numbers = self.0.with_zeros(rows * columns, 0.0);
        Panels::from_matrix(MatrixRef::new(&numbers, rows, columns))
    }

    fn parameters(&mut self, inputs: usize, units: usize) -> Parameters {
        Parameters { weights: self.panels(inputs, units), bias: self.panels(1, units) }
    }

    /// The squares of such numbers.
    fn state(&mut self, inputs: usize, units: usize) -> State {
        let mut squares = |rows, columns| {
            let squares: Vec<f32> =
                self.0.with_zeros(rows * columns, 0.1).iter().map(|x| x * x).collect();
            Panels::from_matrix(MatrixRef::new(&squares, rows, columns))
        };
        State::new(Parameters { weights: squares(inputs, units), bias: squares(1, units) })
    }
}

/// A network of one hidden layer and what a step of it needs.
#[derive(Debug)]
struct Case {
    rows: usize,
    inputs: usize,
    hidden: usize,
    classes: usize,
    zeros: f64,
    optimizer: Rmsprop,
}

impl Case {
    fn random(random: &mut Maker) -> Self {
        let rows = random.size(300);
        let inputs = random.size((MOST / rows).min(20_000));
        let hidden = random.size((MOST / rows.max(inputs)).clamp(1, 1500));
        let classes = random.size((MOST / rows.max(hidden)).clamp(1, 256));
        let zeros = [0.0, 0.3, 0.8, 0.98, 1.0][random.0.bits() as usize % 5];
        let optimizer =
            if random.0.bits().is_multiple_of(2) { Rmsprop::keras2() } else { Rmsprop::keras3() };
        Self { rows, inputs, hidden, classes, zeros, optimizer }
    }
}

/// How the rows of a step lie in memory, and whether their zeros are left out.
#[derive(Clone, Copy, Debug)]
struct Form {
    sparse_rows: bool,
    lists: bool,
}

impl Form {
    fn all() -> [Self; 4] {
        [(false, true), (false, false), (true, true), (true, false)]
            .map(|(sparse_rows, lists)| Self { sparse_rows, lists })
    }
}

/// The same rows without their zeros, each from its last column to its first.
fn sparse(x: &[f32], columns: usize) -> Csr<'static> {
    let (mut starts, mut indices, mut values) = (vec![0], Vec::new(), Vec::new());
    for row in x.chunks(columns) {
        for (j, value) in row.iter().enumerate().rev().filter(|(_, value)| **value != 0.0) {
            indices.push(j as u32);
            values.push(*value);
        }
        starts.push(values.len());
    }
    Csr::new(starts, indices, values, columns).unwrap()
}

/// Everything that a step writes.
#[derive(PartialEq)]
struct Step {
    layers: [Parameters; 2],
    states: [State; 2],
    panels: [Panels; 5],
    scores: Vec<Score>,
    flat: [Vec<f32>; 2],
}

impl Step {
    /// Runs every kernel of a training step on numbers that follow from `seed`.
    fn run(case: &Case, seed: u64, form: Form, pool: &ThreadPool) -> Self {
        let &Case { rows, inputs, hidden, classes, zeros, ref optimizer } = case;
        let mut random = Maker(Random(seed));
        let x = random.0.with_zeros(rows * inputs, zeros);
        let mut layers = [random.parameters(inputs, hidden), random.parameters(hidden, classes)];
        let mut states = [random.state(inputs, hidden), random.state(hidden, classes)];
        let labels: Vec<u8> =
            (0..rows).map(|_| (random.0.bits() as usize % classes) as u8).collect();
        let order: Vec<u32> = (0..rows as u32).rev().collect();
        let [mut w, v, g] = [0; 3].map(|_| random.0.with_zeros(inputs * hidden, 0.1));
        let mut v: Vec<f32> = v.iter().map(|v| v * v).collect();
        let nothing = |columns| {
            let numbers = vec![f32::NAN; rows * columns];
            Panels::from_matrix(MatrixRef::new(&numbers, rows, columns))
        };
        let [mut out, mut d_out, mut d_x] = [nothing(hidden), nothing(hidden), nothing(inputs)];
        let [mut d_logits, mut probabilities] = [nothing(classes), nothing(classes)];
        let mut scores = vec![Score::default(); rows];
        pool.install(|| {
            let mut batch = Batch::listing_below(if form.lists { 1.0 } else { -1.0 }, inputs);
            let csr = sparse(&x, inputs);
            let from = if form.sparse_rows {
                Rows::sparse(&csr)
            } else {
                Rows::floats(MatrixRef::new(&x, rows, inputs))
            };
            let targets = Targets::Classes(&labels);
            batch.gather(&from, Some(&targets), &Selection::Indices(&order));
            assert_eq!(batch.is_listed(), form.lists);
            dense::forward(batch.input(), &layers[0], Activation::Relu, &mut out);
            dense::forward(Input::Panels(&out), &layers[1], Activation::Linear, &mut probabilities);
            dense::softmax(&mut probabilities);
            dense::output_layer(
                Input::Panels(&out),
                &layers[1],
                batch.targets(),
                1.0 / rows as f32,
                &mut d_logits,
                Some((Some(&out), &mut d_out)),
                &mut scores,
            );
            dense::backward(&d_out, &layers[0], None, &mut d_x);
            dense::update(batch.input(), &d_out, optimizer, &mut layers[0], &mut states[0]);
            dense::update(
                Input::Panels(&out),
                &d_logits,
                optimizer,
                &mut layers[1],
                &mut states[1],
            );
            rmsprop_step(optimizer, &mut w, &mut v, &g);
        });
        let panels = [out, d_out, d_x, d_logits, probabilities];
        Self { layers, states, panels, scores, flat: [w, v] }
    }

    /// A digest of every number (FNV-1a).
    fn digest(&self, case: &Case) -> u64 {
        let mut digest = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |bits: u64| digest = (digest ^ bits).wrapping_mul(0x100_0000_01b3);
        let parameters = self.layers.iter().flat_map(|layer| [&layer.weights, &layer.bias]);
        for panels in parameters.chain(&self.panels) {
            panels.to_row_major().iter().for_each(|x| add(x.to_bits().into()));
        }
        for (state, layer) in self.states.iter().zip(&self.layers) {
            for at in 0..layer.inputs() * layer.units() {
                let (p, j) = (at / layer.units(), at % layer.units());
                add(state.mean_square(&case.optimizer, p, j).to_bits().into());
            }
        }
        for score in &self.scores {
            add(score.loss.to_bits());
            add(score.correct as u64);
        }
        self.flat.iter().flatten().for_each(|x| add(x.to_bits().into()));
        digest
    }
}

#[test]
fn same_bits_for_any_threads_lists_tiles_and_instruction_sets() {
    if std::env::var_os(ASKED).is_some() {
        println!("digest {:016x}", digest_of_all_cases());
        return;
    }
    let mut digests = Vec::new();
    for isa in Isa::available() {
        let output = Command::new(std::env::current_exe().unwrap())
            .arg("--nocapture")
            .env(ASKED, isa.short_name())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let digest = text.split("digest ").nth(1).and_then(|rest| rest.lines().next());
        let said = String::from_utf8_lossy(&output.stderr);
        let digest = digest.unwrap_or_else(|| panic!("{}: {said}", isa.name())).to_owned();
        // Each step of the portable sums is rounded twice: other bits.
        if isa.short_name() != "portable" {
            digests.push(digest);
        }
    }
    assert!(digests.windows(2).all(|pair| pair[0] == pair[1]), "{digests:?}");
}

fn digest_of_all_cases() -> u64 {
    let pool = |threads| ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let (one_thread, pools) = (pool(1), THREADS.map(|threads| (threads, pool(threads))));
    let mut random = Maker(Random(7));
    let mut digest = 0_u64;
    for number in 0..CASES {
        let (case, seed) = (Case::random(&mut random), number as u64);
        let forms = Form::all();
        let expected = Step::run(&case, seed, forms[0], &one_thread);
        let (threads, pool) = &pools[number % 4];
        for form in forms {
            let step = Step::run(&case, seed, form, &one_thread);
            assert!(step == expected, "one thread, {form:?}: {case:?}");
            let step = Step::run(&case, seed, form, pool);
            assert!(step == expected, "{threads} threads, {form:?}: {case:?}");
        }
        digest = digest.rotate_left(1) ^ expected.digest(&case);
    }
    digest
}
