//! The products of a dense layer, over operands that stay in panels: nothing is packed, no gradient is stored.
//!
//! | operation | product | what happens to a tile while it is in registers |
//! |---|---|---|
//! | [`forward()`] | `X·W` | plus bias, then ReLU |
//! | [`output_layer()`] | `X·W`, then `D·Wᵀ` | logits become loss and d_logits, then masked d_X, a few rows at a time |
//! | [`backward()`] | `D·Wᵀ` | masked by where X is positive |
//! | [`train()`] | `Xᵀ·D` | the optimizer's step: W and its state are read and written once |
//!
//! X comes dense or as lists of its non-zeros ([`Input`]); which one makes no difference to a single bit.

mod backward;
mod forward;
mod output_layer;
mod train;

pub use backward::backward;
pub use forward::forward;
pub use output_layer::{output_layer, softmax};
pub use train::train;

use crate::batch::Input;
use crate::panels::{Panels, PanelsMut};
use crate::parallel::{self, Split};
use crate::sgemm::microkernel::Sums;
use crate::sgemm::with_scratch;
use crate::simd::{LANES, Line, Simd};
use crate::sparse::GROUP;

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

/// Multiply-adds for one column.
fn work_of(x: Input<'_>) -> usize {
    match x {
        Input::Dense(panels) => panels.rows() * panels.columns(),
        Input::Sparse(non_zeros, _) => non_zeros.len(),
    }
}

/// Panels of a part where `panels` are cut into about `pieces` parts, in whole groups: single panels take twice the time
/// (`sparse`). None where groups are too few to share out evenly: then the cut must go through the rows.
fn panels_each(panels: usize, pieces: usize) -> Option<usize> {
    let groups = panels.div_ceil(GROUP);
    let enough = pieces.min(2 * rayon::current_num_threads());
    (groups >= enough).then(|| groups.div_ceil(pieces) * GROUP)
}

/// Runs `body(first row, first panel, part)` for the parts of `out`: panels where there are enough, else rows.
fn for_each_part<'a>(
    out: PanelsMut<'a>,
    work: usize,
    body: &(impl Fn(usize, usize, PanelsMut<'a>) + Sync),
) {
    let pieces = parallel::pieces_for(work);
    if let Some(grain) = panels_each(out.panels(), pieces) {
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

/// Makes the scratch memory that steps of a network of these layers need, on every thread of the current pool:
/// a thread that first gets work in the middle of a training should not allocate then.
pub fn prepare_threads(layers: &[Parameters]) {
    let lines = layers.iter().map(transposed_lines).max().unwrap_or(0);
    rayon::broadcast(|_| with_scratch(lines, |_| ()));
}

/// Bytes of the scratch memory that [`prepare_threads`] makes, on all threads together.
pub fn scratch_bytes(layers: &[Parameters]) -> usize {
    let lines = layers.iter().map(transposed_lines).max().unwrap_or(0);
    lines * size_of::<Line>() * rayon::current_num_threads()
}

/// Lines of two panels of a layer's kernel, transposed.
fn transposed_lines(layer: &Parameters) -> usize {
    2 * layer.kernel.panels() * LANES
}
