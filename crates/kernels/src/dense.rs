//! The products of a dense layer, over operands that stay in panels: nothing is packed, no gradient is stored.
//!
//! | operation | product | what happens to a tile while it is in registers |
//! |---|---|---|
//! | [`forward`] | `X·W` | plus bias, then ReLU |
//! | [`output_layer`] | `X·W`, then `D·Wᵀ` | logits become loss and d_logits, then masked d_X, a few rows at a time |
//! | [`backward`] | `D·Wᵀ` | masked by where X is positive |
//! | [`train`] | `Xᵀ·D` | the optimizer's step: W and its state are read and written once |
//!
//! X comes dense or as lists of its non-zeros ([`Input`]); which one makes no difference to a single bit.

use crate::batch::Input;
use crate::isa::Isa;
use crate::panels::{Panels, PanelsMut, PanelsRef};
use crate::parallel::{self, Split};
use crate::rmsprop::{Lanes, Rmsprop};
use crate::rows::Targets;
use crate::sgemm::blocking::{KC, pieces};
use crate::sgemm::microkernel::{self, Sums, Tile, lines};
use crate::sgemm::with_scratch;
use crate::simd::{Kernel, LANES, Line, Simd};
use crate::softmax_crossentropy::{CrossentropyRow, Score, SoftmaxRow};
use crate::sparse::{self, GROUP, NonZeros};

/// What a layer does with its sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `max(x, 0)`.
    Relu,
    /// `x`.
    Linear,
}

/// A layer's kernel (inputs × units) and bias (1 × units), or anything of their shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// Inputs × units.
    pub kernel: Panels,
    /// 1 × units.
    pub bias: Panels,
}

impl Parameters {
    /// Zeros.
    pub fn zeros(inputs: usize, units: usize) -> Self {
        Self { kernel: Panels::zeros(inputs, units), bias: Panels::zeros(1, units) }
    }

    /// Numbers in a row of input.
    pub fn inputs(&self) -> usize {
        self.kernel.rows()
    }

    /// Numbers in a row of output.
    pub fn units(&self) -> usize {
        self.kernel.columns()
    }
}

/// `out ← activation(x · kernel + bias)`; `out` is rows × units.
///
/// # Panics
/// If shapes differ.
#[track_caller]
pub fn forward(x: Input<'_>, layer: &Parameters, activation: Activation, out: &mut Panels) {
    let (rows, inputs) = x.shape();
    assert_eq!(inputs, layer.inputs(), "columns of x are the layer's inputs");
    assert_eq!((out.rows(), out.columns()), (rows, layer.units()), "shape of out");
    let work = work_of(x) * layer.kernel.panels() * LANES;
    for_each_part(out.view_mut(), work, &|i, q, out| {
        Isa::active().run(Forward { x, layer, activation, i, q, out });
    });
}

/// Multiply-adds for one column.
fn work_of(x: Input<'_>) -> usize {
    match x {
        Input::Dense(panels) => panels.rows() * panels.columns(),
        Input::Sparse(non_zeros, _) => non_zeros.len(),
    }
}

/// Runs `body(first row, first panel, part)` for the parts of `out`: panels where there are enough, else rows.
fn for_each_part<'a>(
    out: PanelsMut<'a>,
    work: usize,
    body: &(impl Fn(usize, usize, PanelsMut<'a>) + Sync),
) {
    let pieces = parallel::pieces_for(work);
    if out.panels() >= pieces {
        let grain = out.panels().div_ceil(pieces);
        parallel::for_each_part(ByPanel(out), grain, &|q, out: ByPanel<'a>| body(0, q, out.0));
    } else {
        let grain = out.rows().div_ceil(pieces).next_multiple_of(LANES);
        parallel::for_each_part(ByRow(out), grain, &|i, out: ByRow<'a>| body(i, 0, out.0));
    }
}

struct ByPanel<'a>(PanelsMut<'a>);

impl Split for ByPanel<'_> {
    fn units(&self) -> usize {
        self.0.panels()
    }

    fn split(self, mid: usize) -> (Self, Self) {
        let (a, b) = self.0.split_at_panel(mid);
        (Self(a), Self(b))
    }
}

struct ByRow<'a>(PanelsMut<'a>);

impl Split for ByRow<'_> {
    fn units(&self) -> usize {
        self.0.rows()
    }

    fn split(self, mid: usize) -> (Self, Self) {
        let (a, b) = self.0.split_at_row(mid);
        (Self(a), Self(b))
    }
}

/// Rows from `i` on and panels from `q` on of a layer's output.
struct Forward<'a, 'b> {
    x: Input<'a>,
    layer: &'a Parameters,
    activation: Activation,
    i: usize,
    q: usize,
    out: PanelsMut<'b>,
}

impl Kernel for Forward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        match self.x {
            Input::Dense(x) => self.dense(simd, x),
            Input::Sparse(x, _) => self.sparse(simd, x),
        }
    }
}

impl Forward<'_, '_> {
    #[inline(always)]
    fn dense<S: Simd>(mut self, simd: S, x: &Panels) {
        let mut t = 0;
        while t < self.out.panels() {
            if S::TILE_PANELS == 2 && t + 2 <= self.out.panels() {
                self.dense_group::<S, 2>(simd, x, t);
                t += 2;
            } else {
                self.dense_group::<S, 1>(simd, x, t);
                t += 1;
            }
        }
    }

    #[inline(always)]
    fn dense_group<S: Simd, const P: usize>(&mut self, simd: S, x: &Panels, t: usize) {
        let &mut Self { layer, activation, i, q, ref mut out, .. } = self;
        let rows = out.rows();
        let (kernel, bias) = (group::<P>(&layer.kernel, q + t), group::<P>(&layer.bias, q + t));
        let mut into = IntoOut { out: out.group(t), i, bias, activation, add: false, last: false };
        // In pieces of k, so that a piece of the kernel's panels stays near for all rows.
        for (p, steps) in pieces(layer.inputs(), KC) {
            (into.add, into.last) = (p > 0, p + steps == layer.inputs());
            let kernel = kernel.map(|kernel| &kernel[p..p + steps]);
            microkernel::all_rows(simd, x.view(), (i, i + rows), p / LANES, kernel, &mut into);
        }
    }

    #[inline(always)]
    fn sparse<S: Simd>(mut self, simd: S, x: &NonZeros) {
        let mut t = 0;
        while t < self.out.panels() {
            if t + GROUP <= self.out.panels() {
                self.sparse_group::<S, GROUP>(simd, x, t);
                t += GROUP;
            } else {
                self.sparse_group::<S, 1>(simd, x, t);
                t += 1;
            }
        }
    }

    #[inline(always)]
    fn sparse_group<S: Simd, const P: usize>(&mut self, simd: S, x: &NonZeros, t: usize) {
        let Self { layer, activation, i, q, out, .. } = self;
        let (kernel, bias) = (group::<P>(&layer.kernel, *q + t), group::<P>(&layer.bias, *q + t));
        sparse::rows_times(simd, x, *i, kernel, bias, *activation, &mut out.group(t));
    }
}

/// Panels `q` to `q + P - 1`.
#[inline(always)]
fn group<const P: usize>(panels: &Panels, q: usize) -> [&[Line]; P] {
    let mut next = q;
    [(); P].map(|()| {
        next += 1;
        panels.panel(next - 1)
    })
}

#[inline(always)]
pub(crate) fn activate<S: Simd>(simd: S, activation: Activation, v: S::Vector) -> S::Vector {
    match activation {
        Activation::Relu => simd.max(v, simd.splat(0.0)),
        Activation::Linear => v,
    }
}

/// What a tile starts from: 0, or where earlier pieces of k left off. So a sum is one chain, wherever k is cut.
#[inline(always)]
fn start<S: Simd, const M: usize, const P: usize>(
    simd: S,
    add: bool,
    lines: &[&mut [Line]; P],
    i: usize,
) -> Sums<S::Vector, M, P> {
    let mut acc = [[simd.splat(0.0); P]; M];
    if add {
        for (r, acc) in acc.iter_mut().enumerate() {
            for (acc, lines) in acc.iter_mut().zip(lines) {
                *acc = simd.load(&lines[i + r].0);
            }
        }
    }
    acc
}

/// Tiles of a forward product on their way out. Bias and activation only after the last piece of k.
struct IntoOut<'a, const P: usize> {
    out: [&'a mut [Line]; P],
    /// The row of x that is row 0 of `out`.
    i: usize,
    bias: [&'a [Line]; P],
    activation: Activation,
    add: bool,
    last: bool,
}

impl<S: Simd, const P: usize> Tile<S, P> for IntoOut<'_, P> {
    #[inline(always)]
    fn start<const M: usize>(&mut self, simd: S, i: usize) -> Sums<S::Vector, M, P> {
        start(simd, self.add, &self.out, i - self.i)
    }

    #[inline(always)]
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>) {
        for (t, out) in self.out.iter_mut().enumerate() {
            let out = &mut out[i - self.i..][..M];
            for (acc, out) in acc.iter().zip(out) {
                let mut v = acc[t];
                if self.last {
                    v = activate(simd, self.activation, simd.add(v, simd.load(&self.bias[t][0].0)));
                }
                simd.store(v, &mut out.0);
            }
        }
    }
}

/// `d_x ← d · kernelᵀ`, then zero where `x` is not positive if `x` is what a ReLU gave (`mask`).
/// `d` is rows × units, `d_x` and `mask` are rows × inputs.
///
/// # Panics
/// If shapes differ.
#[track_caller]
pub fn backward(d: &Panels, layer: &Parameters, mask: Option<&Panels>, d_x: &mut Panels) {
    assert_eq!(d.columns(), layer.units(), "columns of d are the layer's units");
    check_backward(d.rows(), layer, mask, d_x);
    let work = d.rows() * d.columns() * layer.kernel.rows();
    for_each_part(d_x.view_mut(), work, &|i, q, d_x| {
        with_scratch(transposed_lines(layer), |transposed| {
            Isa::active().run(Backward {
                d: d.view(),
                i_of_d: i,
                layer,
                mask,
                i,
                q,
                d_x,
                transposed,
            });
        });
    });
}

/// Makes the scratch memory that steps of a network of these layers need, on every thread of the current pool:
/// a thread that first gets work in the middle of a training should not allocate then.
pub fn prepare_threads(layers: &[Parameters]) {
    let lines = layers.iter().map(transposed_lines).max().unwrap_or(0);
    rayon::broadcast(|_| with_scratch(lines, |_| ()));
}

/// Lines of two panels of a layer's kernel, transposed.
fn transposed_lines(layer: &Parameters) -> usize {
    2 * layer.kernel.panels() * LANES
}

#[track_caller]
fn check_backward(rows: usize, layer: &Parameters, mask: Option<&Panels>, d_x: &Panels) {
    assert_eq!((d_x.rows(), d_x.columns()), (rows, layer.inputs()), "shape of d_x");
    if let Some(mask) = mask {
        assert_eq!((mask.rows(), mask.columns()), (rows, layer.inputs()), "shape of the mask");
    }
}

/// Rows from `i` on and panels from `q` on of the gradient of a layer's input.
struct Backward<'a, 'b> {
    d: PanelsRef<'a>,
    /// The row of `d` that belongs to row `i`.
    i_of_d: usize,
    layer: &'a Parameters,
    mask: Option<&'a Panels>,
    i: usize,
    q: usize,
    d_x: PanelsMut<'b>,
    /// Room for two panels of the kernel, transposed.
    transposed: &'b mut [Line],
}

impl Kernel for Backward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { d, i_of_d, layer, mask, i, q, mut d_x, transposed } = self;
        let mut t = 0;
        while t < d_x.panels() {
            let part = BackwardGroup { d, i_of_d, layer, mask, i, q: q + t };
            if S::TILE_PANELS == 2 && t + 2 <= d_x.panels() {
                part.run(simd, d_x.group::<2>(t), transposed);
                t += 2;
            } else {
                part.run(simd, d_x.group::<1>(t), transposed);
                t += 1;
            }
        }
    }
}

/// A few panels of [`Backward`].
struct BackwardGroup<'a> {
    d: PanelsRef<'a>,
    i_of_d: usize,
    layer: &'a Parameters,
    mask: Option<&'a Panels>,
    i: usize,
    q: usize,
}

impl BackwardGroup<'_> {
    #[inline(always)]
    fn run<S: Simd, const P: usize>(self, simd: S, d_x: [&mut [Line]; P], transposed: &mut [Line]) {
        let Self { d, i_of_d, layer, mask, i, q } = self;
        let (rows, units) = (d_x[0].len(), layer.units());
        // Sixteen rows of the kernel for each panel, transposed: panels of kernelᵀ.
        let steps = layer.kernel.panels() * LANES;
        for (t, transposed) in transposed.chunks_exact_mut(steps).take(P).enumerate() {
            let (blocks, _) = transposed.as_chunks_mut::<LANES>();
            for (p, block) in blocks.iter_mut().enumerate() {
                let kernel = &layer.kernel.panel(p)[(q + t) * LANES..];
                let mut from = [&Line::ZERO.0; LANES];
                for (from, line) in from.iter_mut().zip(kernel) {
                    *from = &line.0;
                }
                simd.transpose(from, block);
            }
        }
        let mut masks = [None; P];
        if let Some(mask) = mask {
            for (t, lines) in masks.iter_mut().enumerate() {
                *lines = Some(&mask.panel(q + t)[i..i + rows]);
            }
        }
        let mut into = IntoDx { d_x, i: i_of_d, masks, add: false, last: false };
        for (p, steps_now) in pieces(units, KC) {
            (into.add, into.last) = (p > 0, p + steps_now == units);
            let mut kernel: [&[Line]; P] = [&[]; P];
            for (t, kernel) in kernel.iter_mut().enumerate() {
                *kernel = &transposed[t * steps + p..][..steps_now];
            }
            let range = (i_of_d, i_of_d + rows);
            microkernel::all_rows(simd, d, range, p / LANES, kernel, &mut into);
        }
    }
}

/// Tiles of a backward product on their way out. The mask only after the last piece of k.
struct IntoDx<'a, const P: usize> {
    d_x: [&'a mut [Line]; P],
    /// The row of d that is row 0 of `d_x`.
    i: usize,
    masks: [Option<&'a [Line]>; P],
    add: bool,
    last: bool,
}

impl<S: Simd, const P: usize> Tile<S, P> for IntoDx<'_, P> {
    #[inline(always)]
    fn start<const M: usize>(&mut self, simd: S, i: usize) -> Sums<S::Vector, M, P> {
        start(simd, self.add, &self.d_x, i - self.i)
    }

    #[inline(always)]
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>) {
        let i = i - self.i;
        for (t, d_x) in self.d_x.iter_mut().enumerate() {
            let d_x = &mut d_x[i..][..M];
            for (r, (acc, d_x)) in acc.iter().zip(d_x).enumerate() {
                let mut v = acc[t];
                if let (true, Some(mask)) = (self.last, self.masks[t]) {
                    v = simd.where_positive(simd.load(&mask[i + r].0), v);
                }
                simd.store(v, &mut d_x.0);
            }
        }
    }
}

/// The output layer of a training step, a few rows at a time, while they are in cache: logits, their losses, the
/// gradient of `scale ·` the summed loss in `d_logits` (rows × classes) and, where there is a layer below,
/// [`backward`] into `d_x`. Row i of `x` is to be recognized as row `order[i]` of `targets`.
/// `scores` takes the score of each row.
///
/// # Panics
/// If shapes differ or a target is no class.
#[track_caller]
pub fn output_layer(
    x: Input<'_>,
    layer: &Parameters,
    (targets, order): (Targets<'_>, &[u32]),
    scale: f32,
    d_logits: &mut Panels,
    below: Option<(Option<&Panels>, &mut Panels)>,
    scores: &mut [Score],
) {
    let (rows, inputs) = x.shape();
    assert_eq!(inputs, layer.inputs(), "columns of x are the layer's inputs");
    assert_eq!((d_logits.rows(), d_logits.columns()), (rows, layer.units()), "shape of d_logits");
    assert!(order.len() == rows && scores.len() == rows, "a target and a score for each row");
    let (mask, d_x) = match below {
        Some((mask, d_x)) => {
            check_backward(rows, layer, mask, d_x);
            (mask, Some(d_x.view_mut()))
        }
        None => (None, None),
    };
    let work = work_of(x) * layer.kernel.panels() * LANES * if d_x.is_some() { 2 } else { 1 };
    let grain = rows.div_ceil(parallel::pieces_for(work)).next_multiple_of(LANES);
    let part = OutputRows { d_logits: d_logits.view_mut(), d_x, scores };
    parallel::for_each_part(part, grain, &|i, part: OutputRows<'_>| {
        with_scratch(transposed_lines(layer), |scratch| {
            let kernel = OutputLayer { x, layer, mask, targets, order, scale, i, part, scratch };
            Isa::active().run(kernel);
        });
    });
}

struct OutputRows<'a> {
    d_logits: PanelsMut<'a>,
    d_x: Option<PanelsMut<'a>>,
    scores: &'a mut [Score],
}

impl Split for OutputRows<'_> {
    fn units(&self) -> usize {
        self.scores.len()
    }

    fn split(self, mid: usize) -> (Self, Self) {
        let (d_logits, d_logits_below) = self.d_logits.split_at_row(mid);
        let (d_x, d_x_below) = self.d_x.map(|d_x| d_x.split_at_row(mid)).unzip();
        let (scores, scores_below) = self.scores.split_at_mut(mid);
        (
            Self { d_logits, d_x, scores },
            Self { d_logits: d_logits_below, d_x: d_x_below, scores: scores_below },
        )
    }
}

struct OutputLayer<'a, 'b> {
    x: Input<'a>,
    layer: &'a Parameters,
    mask: Option<&'a Panels>,
    targets: Targets<'a>,
    order: &'a [u32],
    scale: f32,
    i: usize,
    part: OutputRows<'b>,
    /// Room for two panels of the kernel, transposed, or a row of logits.
    scratch: &'b mut [Line],
}

impl Kernel for OutputLayer<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { x, layer, mask, targets, order, scale, i, part, scratch } = self;
        let OutputRows { mut d_logits, d_x, scores } = part;
        let out = d_logits.reborrow();
        Forward { x, layer, activation: Activation::Linear, i, q: 0, out }.run(simd);
        let row = &mut scratch[..d_logits.panels()];
        for (r, score) in scores.iter_mut().enumerate() {
            load_row(&mut d_logits, r, row);
            let target = targets.row(order[i + r] as usize);
            *score =
                CrossentropyRow { logits: row, classes: layer.units(), target, scale }.run(simd);
            store_row(row, &mut d_logits, r);
        }
        if let Some(d_x) = d_x {
            let d = d_logits.as_ref();
            Backward { d, i_of_d: 0, layer, mask, i, q: 0, d_x, transposed: scratch }.run(simd);
        }
    }
}

/// Row `r` of all panels, one line after the other.
#[inline(always)]
fn load_row(panels: &mut PanelsMut<'_>, r: usize, row: &mut [Line]) {
    for (q, line) in row.iter_mut().enumerate() {
        *line = panels.panel(q)[r];
    }
}

#[inline(always)]
fn store_row(row: &[Line], panels: &mut PanelsMut<'_>, r: usize) {
    for (q, line) in row.iter().enumerate() {
        panels.panel(q)[r] = *line;
    }
}

/// Turns logits (rows × classes) into probabilities.
pub fn softmax(logits: &mut Panels) {
    let (panels, classes) = (logits.panels(), logits.columns());
    let grain = logits.rows().div_ceil(parallel::pieces_for(logits.rows() * classes * 16));
    parallel::for_each_part(ByRow(logits.view_mut()), grain, &|_, part: ByRow<'_>| {
        with_scratch(panels, |row| {
            Isa::active().run(SoftmaxRows { logits: part.0, classes, row });
        });
    });
}

struct SoftmaxRows<'a> {
    logits: PanelsMut<'a>,
    classes: usize,
    row: &'a mut [Line],
}

impl Kernel for SoftmaxRows<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { mut logits, classes, row } = self;
        for r in 0..logits.rows() {
            load_row(&mut logits, r, row);
            SoftmaxRow { logits: row, classes }.run(simd);
            store_row(row, &mut logits, r);
        }
    }
}

/// A training step for one layer: the gradients `xᵀ·d` and the column sums of `d` (rows × units), and with them
/// the optimizer's step, while they are in registers. `mean_square` is the optimizer's state.
///
/// # Panics
/// If shapes differ.
#[track_caller]
pub fn train(
    x: Input<'_>,
    d: &Panels,
    optimizer: &Rmsprop,
    layer: &mut Parameters,
    mean_square: &mut Parameters,
) {
    let (rows, inputs) = x.shape();
    assert_eq!((d.rows(), d.columns()), (rows, layer.units()), "shape of d");
    assert_eq!(inputs, layer.inputs(), "columns of x are the layer's inputs");
    assert_eq!(
        (mean_square.inputs(), mean_square.units()),
        (layer.inputs(), layer.units()),
        "shape of the optimizer's state"
    );
    let (panels, inputs) = (layer.kernel.panels(), layer.inputs());
    let work = (work_of(x) + 16 * inputs) * panels * LANES;
    let pieces = parallel::pieces_for(work);
    let by_rows = panels < pieces;
    let grain = if by_rows {
        inputs.div_ceil(pieces).next_multiple_of(LANES)
    } else {
        panels.div_ceil(pieces)
    };
    let destination = Destination {
        by_rows,
        kernel: layer.kernel.view_mut(),
        kernel_state: mean_square.kernel.view_mut(),
        bias: layer.bias.view_mut(),
        bias_state: mean_square.bias.view_mut(),
    };
    parallel::for_each_part(destination, grain, &|from, part: Destination<'_>| {
        let (p, q) = if by_rows { (from, 0) } else { (0, from) };
        Isa::active().run(Train { x, d, optimizer, p, q, part });
    });
}

/// A part of a layer and of the optimizer's state for it. Of parts by rows, the first has the bias.
struct Destination<'a> {
    by_rows: bool,
    kernel: PanelsMut<'a>,
    kernel_state: PanelsMut<'a>,
    bias: PanelsMut<'a>,
    bias_state: PanelsMut<'a>,
}

impl<'a> Split for Destination<'a> {
    fn units(&self) -> usize {
        if self.by_rows { self.kernel.rows() } else { self.kernel.panels() }
    }

    fn split(self, mid: usize) -> (Self, Self) {
        let by_rows = self.by_rows;
        let cut = if by_rows {
            |panels: PanelsMut<'a>, mid: usize| {
                let mid = mid.min(panels.rows());
                panels.split_at_row(mid)
            }
        } else {
            PanelsMut::split_at_panel
        };
        let (kernel, kernel_2) = cut(self.kernel, mid);
        let (kernel_state, kernel_state_2) = cut(self.kernel_state, mid);
        let (bias, bias_2) = cut(self.bias, mid);
        let (bias_state, bias_state_2) = cut(self.bias_state, mid);
        (
            Self { by_rows, kernel, kernel_state, bias, bias_state },
            Self {
                by_rows,
                kernel: kernel_2,
                kernel_state: kernel_state_2,
                bias: bias_2,
                bias_state: bias_state_2,
            },
        )
    }
}

/// Rows from `p` on and panels from `q` on of a layer.
struct Train<'a, 'b> {
    x: Input<'a>,
    d: &'a Panels,
    optimizer: &'a Rmsprop,
    p: usize,
    q: usize,
    part: Destination<'b>,
}

impl Kernel for Train<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { x, d, optimizer, p, q, mut part } = self;
        let lanes = optimizer.lanes(simd);
        match x {
            Input::Dense(x) => {
                let mut t = 0;
                while t < part.kernel.panels() {
                    if S::TILE_PANELS == 2 && t + 2 <= part.kernel.panels() {
                        part.step_dense::<S, 2>(lanes, x, p, group(d, q + t), t);
                        t += 2;
                    } else {
                        part.step_dense::<S, 1>(lanes, x, p, group(d, q + t), t);
                        t += 1;
                    }
                }
            }
            Input::Sparse(x, _) => {
                let mut t = 0;
                while t < part.kernel.panels() {
                    if t + GROUP <= part.kernel.panels() {
                        part.step_sparse::<S, GROUP>(lanes, x, p, group(d, q + t), t);
                        t += GROUP;
                    } else {
                        part.step_sparse::<S, 1>(lanes, x, p, group(d, q + t), t);
                        t += 1;
                    }
                }
            }
        }
        if part.bias.rows() > 0 {
            for t in 0..part.bias.panels() {
                let mut sum = simd.splat(0.0);
                for d in d.panel(q + t) {
                    sum = simd.add(sum, simd.load(&d.0));
                }
                let (bias, state) = (part.bias.panel(t), part.bias_state.panel(t));
                lanes.step(&mut bias[0].0, &mut state[0].0, sum);
            }
        }
    }
}

impl Destination<'_> {
    /// Steps panels from `t` on; row r of this part belongs to column `p + r` of x.
    #[inline(always)]
    fn step_dense<S: Simd, const P: usize>(
        &mut self,
        lanes: Lanes<S>,
        x: &Panels,
        p: usize,
        d: [&[Line]; P],
        t: usize,
    ) {
        let rows = self.kernel.rows();
        let (kernel, state) = (self.kernel.group::<P>(t), self.kernel_state.group::<P>(t));
        let mut step = StepTile { lanes, kernel, state };
        for b in 0..rows.div_ceil(LANES) {
            let range = (b * LANES, LANES.min(rows - b * LANES));
            let x = x.panel(p / LANES + b);
            microkernel::all_columns(lanes.simd(), x, range, lines(d), &mut step);
        }
    }

    /// Steps panels from `t` on; row r of this part belongs to column `p + r` of x.
    #[inline(always)]
    fn step_sparse<S: Simd, const P: usize>(
        &mut self,
        lanes: Lanes<S>,
        x: &NonZeros,
        p: usize,
        d: [&[Line]; P],
        t: usize,
    ) {
        let rows = self.kernel.rows();
        let (kernel, mut state) = (self.kernel.group::<P>(t), self.kernel_state.group::<P>(t));
        for r in 0..rows {
            match sparse::column_times(lanes.simd(), x, p + r, d) {
                Some(g) => {
                    for t in 0..P {
                        lanes.step(&mut kernel[t][r].0, &mut state[t][r].0, g[t]);
                    }
                }
                // The gradient is exactly 0: the parameters stay.
                None => {
                    for state in &mut state {
                        lanes.decay(&mut state[r].0);
                    }
                }
            }
        }
    }
}

/// Tiles of a gradient go into the optimizer's step.
struct StepTile<'a, S: Simd, const P: usize> {
    lanes: Lanes<S>,
    kernel: [&'a mut [Line]; P],
    state: [&'a mut [Line]; P],
}

impl<S: Simd, const P: usize> Tile<S, P> for StepTile<'_, S, P> {
    #[inline(always)]
    fn take<const M: usize>(&mut self, _: S, i: usize, acc: Sums<S::Vector, M, P>) {
        for (t, (kernel, state)) in self.kernel.iter_mut().zip(&mut self.state).enumerate() {
            let rows = kernel[i..][..M].iter_mut().zip(&mut state[i..][..M]);
            for (acc, (w, v)) in acc.iter().zip(rows) {
                self.lanes.step(&mut w.0, &mut v.0, acc[t]);
            }
        }
    }
}
