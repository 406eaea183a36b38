//! The first layer on pictures like MNIST's: lists of the non-zeros against every number. Both are ours.

use super::layers::element;
use super::matrix::{Layer, Matrix};
use super::{Case, Work};
use crate::support::check;
use crate::support::pictures::{self, MNIST_PIXELS};
use crate::support::random::Random;
use kernels::dense::{self, Activation, Batch, Input, Selection, State};
use kernels::rowwise::Rmsprop;
use kernels::{MatrixRef, Rows};
use model::Shuffler;

/// A batch in both forms, and row-major for the oracle.
struct Digits {
    lists: Batch,
    panels: Batch,
    values: Vec<f32>,
}

impl Digits {
    fn new(rows: usize) -> Self {
        // Multiples of 1/64 up to 1: as good as `Random::exact`.
        let exact = |byte: u8| f32::from(byte.div_ceil(4)) / 64.0;
        let values: Vec<f32> = pictures::like_digits(rows).into_iter().map(exact).collect();
        let from = Rows::floats(MatrixRef::new(&values, rows, MNIST_PIXELS));
        let [lists, panels] = [1.0, 0.0].map(|lists_below| {
            let mut batch = Batch::listing_below(lists_below, MNIST_PIXELS);
            batch.gather(&from, None, &Selection::Range(0..rows));
            batch
        });
        assert!(lists.is_listed() && !panels.is_listed());
        Self { lists, panels, values }
    }

    fn view(&self) -> MatrixRef<'_> {
        MatrixRef::new(&self.values, self.lists.rows(), MNIST_PIXELS)
    }

    /// As if no number were zero.
    fn product(&self, layer: &Layer) -> Work {
        Work::Flops(2 * self.values.len() * layer.units())
    }
}

pub(super) struct Forward {
    x: Digits,
    layer: Layer,
    /// In panels both, with lists and without.
    out: [Matrix; 2],
}

impl Forward {
    pub(super) fn new(rows: usize, units: usize) -> Self {
        Self {
            x: Digits::new(rows),
            layer: Layer::exact(&mut Random::new(), MNIST_PIXELS, units),
            out: [(); 2].map(|()| Matrix::unwritten(rows, units)),
        }
    }
}

impl Case for Forward {
    fn name(&self) -> String {
        let (rows, units) = (self.x.lists.rows(), self.layer.units());
        format!("forward {rows}x{MNIST_PIXELS}x{units}, zeros skipped")
    }

    fn other_name(&self) -> &'static str {
        "zeros multiplied"
    }

    fn work(&self) -> Work {
        self.x.product(&self.layer)
    }

    fn ours(&mut self) {
        let out = &mut self.out[0].panels;
        dense::forward(self.x.lists.input(), &self.layer.parameters, Activation::Relu, out);
    }

    fn other(&mut self) {
        let out = &mut self.out[1].panels;
        dense::forward(self.x.panels.input(), &self.layer.parameters, Activation::Relu, out);
    }

    fn check(&self) -> Result<(), String> {
        let Self { x, layer, out } = self;
        let [ours, other] = out.each_ref().map(|out| out.panels.to_row_major());
        check::equal("out", &ours, &other)?;
        Matrix::new(ours, layer.units()).check_samples("out", 0.0, |i, j| {
            (element(x.view(), layer.view(), i, j) + f64::from(layer.bias[j])).max(0.0)
        })
    }
}

pub(super) struct Train {
    x: Digits,
    d: Matrix,
    optimizer: Rmsprop,
    /// A layer and its mean squares, trained with lists and without.
    layers: [(Layer, State); 2],
}

impl Train {
    pub(super) fn new(rows: usize, units: usize) -> Self {
        let layer = |()| Layer::exact(&mut Random::new(), MNIST_PIXELS, units);
        Self {
            x: Digits::new(rows),
            d: Matrix::exact(&mut Random::new(), rows, units),
            optimizer: Rmsprop::keras2(),
            layers: [(); 2].map(|()| (layer(()), State::zeros(MNIST_PIXELS, units))),
        }
    }

    fn step(&mut self, which: usize) {
        let Self { x, d, optimizer, layers } = self;
        let x: Input<'_> = [&x.lists, &x.panels][which].input();
        let (layer, state) = &mut layers[which];
        dense::update(x, &d.panels, *optimizer, &mut layer.parameters, state);
    }
}

impl Case for Train {
    fn name(&self) -> String {
        let (rows, units) = (self.x.lists.rows(), self.d.columns());
        format!("train {MNIST_PIXELS}x{rows}x{units}, zeros skipped")
    }

    fn other_name(&self) -> &'static str {
        "zeros multiplied"
    }

    fn work(&self) -> Work {
        self.x.product(&self.layers[0].0)
    }

    fn ours(&mut self) {
        self.step(0);
    }

    fn other(&mut self) {
        self.step(1);
    }

    fn check(&self) -> Result<(), String> {
        let [(ours, our_state), (other, other_state)] = &self.layers;
        let values = |layer: &Layer| layer.parameters.weights.to_row_major();
        check::equal("weights", &values(ours), &values(other))?;
        for at in check::samples(self.d.columns() * MNIST_PIXELS) {
            let (i, j) = (at / self.d.columns(), at % self.d.columns());
            let g = element(self.x.view().transpose(), self.d.view(), i, j);
            let v = (1.0 - self.optimizer.rho) * g * g;
            let what = format!("mean square ({i}, {j})");
            let mean_square = |state: &State| state.mean_square(&self.optimizer, i, j);
            check::equal(&what, &[mean_square(our_state)], &[mean_square(other_state)])?;
            check::close(&what, mean_square(our_state).into(), v, 1e-6 * v)?;
        }
        Ok(())
    }
}

/// Gathering batches from bytes: listing the non-zeros by row and by column, or scaling every byte into panels. As in a
/// shuffled epoch, each batch lies somewhere else in more pictures than caches hold.
pub(super) struct Gather {
    pixels: Vec<u8>,
    order: Vec<u32>,
    rows: usize,
    lists: Batches,
    panels: Batches,
}

/// One form, and how many batches of the epoch it has gathered.
struct Batches {
    batch: Batch,
    taken: usize,
}

impl Batches {
    fn new(lists_below: f64) -> Self {
        Self { batch: Batch::listing_below(lists_below, MNIST_PIXELS), taken: 0 }
    }

    fn gather_next(&mut self, pixels: &[u8], order: &[u32], rows: usize) {
        let batches = order.len() / rows;
        let order = &order[self.taken % batches * rows..][..rows];
        let rows = Rows::bytes(pixels, MNIST_PIXELS);
        self.batch.gather(&rows, None, &Selection::Indices(order));
        self.taken += 1;
    }
}

impl Gather {
    const PICTURES: usize = 60_000;

    pub(super) fn new(rows: usize) -> Self {
        let mut order: Vec<u32> = (0..Self::PICTURES as u32).collect();
        Shuffler::new(42).shuffle(&mut order);
        Self {
            pixels: pictures::like_digits(Self::PICTURES),
            order,
            rows,
            lists: Batches::new(1.0),
            panels: Batches::new(0.0),
        }
    }
}

impl Case for Gather {
    fn name(&self) -> String {
        format!("gather {}x{MNIST_PIXELS}, zeros skipped", self.rows)
    }

    fn other_name(&self) -> &'static str {
        "zeros kept"
    }

    /// Bytes read.
    fn work(&self) -> Work {
        Work::Bytes(self.rows * MNIST_PIXELS)
    }

    fn forks(&self) -> bool {
        false
    }

    fn ours(&mut self) {
        self.lists.gather_next(&self.pixels, &self.order, self.rows);
    }

    fn other(&mut self) {
        self.panels.gather_next(&self.pixels, &self.order, self.rows);
    }

    fn check(&self) -> Result<(), String> {
        let (Input::Lists(lists), Input::Gathered(panels, _)) =
            (self.lists.batch.input(), self.panels.batch.input())
        else {
            return Err("a form that was not asked for".into());
        };
        let row = |&row: &u32| &self.pixels[row as usize * MNIST_PIXELS..][..MNIST_PIXELS];
        let bytes: Vec<u8> = self.order[..self.rows].iter().flat_map(row).copied().collect();
        let lit = bytes.iter().filter(|&&byte| byte != 0).count();
        check::close("non-zeros", lists.len() as f64, lit as f64, 0.0)?;
        let scaled: Vec<f32> = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
        check::equal("panels", &panels.to_row_major(), &scaled)
    }
}
