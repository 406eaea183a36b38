//! The last layer: logits, their loss and gradient, and what goes back through it, a few rows at a time.

use super::backward::{Backward, check_backward};
use super::forward::Forward;
use super::{Activation, ByRow, Parameters, transposed_lines, work_of};
use crate::batch::Input;
use crate::isa::Isa;
use crate::panels::{Panels, PanelsMut};
use crate::parallel::{self, Split};
use crate::rows::Targets;
use crate::sgemm::with_scratch;
use crate::simd::{Kernel, LANES, Line, Simd};
use crate::softmax_crossentropy::{CrossentropyRow, Score, SoftmaxRow};

/// The output layer of a training step, a few rows at a time, while they are in cache: logits, their losses, the
/// gradient of `scale ·` the summed loss in `d_logits` (rows × classes) and, where there is a layer below,
/// [`backward()`](super::backward()) into `d_x`. Row i of `x` is to be recognized as row `order[i]` of `targets`.
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
