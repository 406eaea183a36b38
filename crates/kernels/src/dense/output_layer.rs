//! The last layer: logits, their loss and gradient, and what goes back through it.
//!
//! Few classes go a few rows at a time, through all of it while they are in cache. With many classes each of the two products is cut as
//! those of other layers are: by panels of its output, so that no thread brings all the weights into its cache (and none
//! transposes all of them).

use super::backward::{Backward, BackwardKernel, backward, check_shapes, transposed_lines};
use super::cut::{run_rows_in_parts, work_of};
use super::forward::{Forward, forward};
use super::input::{Input, InputRows};
use super::layer::{Activation, Parameters};
use crate::layout::{Panels, PanelsMut, PanelsRef, Targets};
use crate::parallel::{self, Side, Split};
use crate::rowwise::{CrossentropyRow, Score, SoftmaxRow};
use crate::scratch::with_scratch;
use crate::simd::{Isa, Kernel, LANES, Line, Simd};

/// Up to so many panels of classes go through the whole layer a few rows at a time.
const FEW_PANELS: usize = 4;

/// The output layer of a training step, a few rows at a time, while they are in cache: logits, their losses, the
/// gradient of `scale ·` the summed loss in `d_logits` (rows × classes) and, where there is a layer below,
/// [`backward()`](super::backward()) into `d_x`. Row i of `x` is to be recognized as row i of `targets`.
/// `scores` takes the score of each row.
///
/// # Panics
/// If shapes differ or a target is no class.
#[track_caller]
pub fn output_layer(
    x: Input<'_>,
    layer: &Parameters,
    targets: Targets<'_>,
    scale: f32,
    d_logits: &mut Panels,
    below: Option<(Option<&Panels>, &mut Panels)>,
    scores: &mut [Score],
) {
    if layer.weights.panels() > FEW_PANELS {
        forward(x, layer, Activation::Linear, d_logits);
        crossentropy_rows(layer.units(), targets, Some(scale), d_logits, scores);
        if let Some((mask, d_x)) = below {
            backward(d_logits, layer, mask, d_x);
        }
        return;
    }
    let (mask, d_x) = match below {
        Some((mask, d_x)) => {
            check_shapes(x.rows(), layer, mask, d_x);
            (mask.map(Panels::view), Some(d_x.view_mut()))
        }
        None => (None, None),
    };
    let rows = LogitRows { targets, logits: d_logits.view_mut(), scores };
    run(x, layer, OutputRows { x: x.by_rows(), rows, mask, d_x }, Some(scale));
}

/// The score of each row: [`output_layer`] for an evaluation, without a gradient. What it leaves in `logits`, which is
/// rows × classes, has no meaning.
///
/// # Panics
/// If shapes differ or a target is no class.
#[track_caller]
pub fn score(
    x: Input<'_>,
    layer: &Parameters,
    targets: Targets<'_>,
    logits: &mut Panels,
    scores: &mut [Score],
) {
    if layer.weights.panels() > FEW_PANELS {
        forward(x, layer, Activation::Linear, logits);
        crossentropy_rows(layer.units(), targets, None, logits, scores);
        return;
    }
    let rows = LogitRows { targets, logits: logits.view_mut(), scores };
    run(x, layer, OutputRows { x: x.by_rows(), rows, mask: None, d_x: None }, None);
}

/// The score of each row of logits and, with a `scale`, the gradient in their place.
#[track_caller]
fn crossentropy_rows(
    classes: usize,
    targets: Targets<'_>,
    scale: Option<f32>,
    logits: &mut Panels,
    scores: &mut [Score],
) {
    assert!(targets.len() == logits.rows() && scores.len() == logits.rows(), "targets and scores");
    let panels = logits.panels();
    // An exponential takes about as long as sixteen multiply-adds.
    let tasks = parallel::tasks_for(16 * logits.rows() * panels * LANES);
    let all = LogitRows { targets, logits: logits.view_mut(), scores };
    run_rows_in_parts(all, tasks, &|part: LogitRows<'_, '_>| {
        with_scratch(panels, |row| {
            Isa::active().run(LogitKernel { classes, scale, part, row });
        });
    });
}

/// Some rows of logits.
struct LogitRows<'a, 'b> {
    targets: Targets<'a>,
    /// Logits; later their gradient.
    logits: PanelsMut<'b>,
    scores: &'b mut [Score],
}

impl Split for LogitRows<'_, '_> {
    fn len(&self, _: Side) -> usize {
        self.scores.len()
    }

    /// By rows, always: a loss needs a whole row.
    fn split_at(self, _: Side, mid: usize) -> (Self, Self) {
        let Self { targets, logits, scores } = self;
        let (targets, targets_2) = targets.split_at(mid);
        let (logits, logits_2) = logits.split_at_row(mid);
        let (scores, scores_2) = scores.split_at_mut(mid);
        (
            Self { targets, logits, scores },
            Self { targets: targets_2, logits: logits_2, scores: scores_2 },
        )
    }
}

struct LogitKernel<'a, 'b, 'c> {
    classes: usize,
    /// Of the gradient; without one there is no gradient.
    scale: Option<f32>,
    part: LogitRows<'a, 'b>,
    /// Room for a row.
    row: &'c mut [Line],
}

impl Kernel for LogitKernel<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { classes, scale, part, row } = self;
        let LogitRows { targets, mut logits, scores } = part;
        for (i, score) in scores.iter_mut().enumerate() {
            load_row(&logits, i, row);
            let target = targets.row(i);
            *score = CrossentropyRow { logits: row, classes, target, scale }.run(simd);
            if scale.is_some() {
                store_row(row, &mut logits, i);
            }
        }
    }
}

#[track_caller]
fn run(x: Input<'_>, layer: &Parameters, all: OutputRows<'_, '_>, scale: Option<f32>) {
    let (rows, panels) = (x.rows(), layer.weights.panels());
    assert_eq!(x.columns(), layer.inputs(), "columns of x are the layer's inputs");
    let LogitRows { targets, logits, scores } = &all.rows;
    assert_eq!((logits.rows(), logits.panels()), (rows, panels), "shape of the logits");
    assert!(targets.len() == rows && scores.len() == rows, "targets and scores");
    let work = work_of(x) * panels * LANES * if all.d_x.is_some() { 2 } else { 1 };
    run_rows_in_parts(all, parallel::tasks_for(work), &|part: OutputRows<'_, '_>| {
        with_scratch(transposed_lines(layer), |scratch| {
            Isa::active().run(OutputKernel { layer, scale, part, scratch });
        });
    });
}

/// Some rows of what goes through the output layer.
struct OutputRows<'a, 'b> {
    x: InputRows<'a>,
    rows: LogitRows<'a, 'b>,
    mask: Option<PanelsRef<'a>>,
    d_x: Option<PanelsMut<'b>>,
}

impl Split for OutputRows<'_, '_> {
    fn len(&self, side: Side) -> usize {
        self.rows.len(side)
    }

    fn split_at(self, side: Side, mid: usize) -> (Self, Self) {
        let Self { x, rows, mask, d_x } = self;
        let (x, x_2) = x.split_at(mid);
        let (rows, rows_2) = rows.split_at(side, mid);
        let (mask, mask_2) = mask.map(|mask| mask.split_at_row(mid)).unzip();
        let (d_x, d_x_2) = d_x.map(|d_x| d_x.split_at_row(mid)).unzip();
        (Self { x, rows, mask, d_x }, Self { x: x_2, rows: rows_2, mask: mask_2, d_x: d_x_2 })
    }
}

struct OutputKernel<'a, 'b, 'c> {
    layer: &'a Parameters,
    /// Of the gradient; without one there is no gradient.
    scale: Option<f32>,
    part: OutputRows<'a, 'b>,
    /// Room for two panels of the weights, transposed, or a row of logits.
    scratch: &'c mut [Line],
}

impl Kernel for OutputKernel<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { layer, scale, part, scratch } = self;
        let OutputRows { x, rows: LogitRows { targets, mut logits, scores }, mask, d_x } = part;
        let (view, classes, out) = (layer.view(), layer.units(), logits.reborrow());
        Forward { x, layer: view, activation: Activation::Linear, out }.run(simd);
        let row = &mut scratch[..logits.panels()];
        let part = LogitRows { targets, logits: logits.reborrow(), scores };
        LogitKernel { classes, scale, part, row }.run(simd);
        if let Some(d_x) = d_x {
            let (d, weights) = (logits.as_ref(), view.weights);
            let part = Backward { d, weights, units: classes, mask, d_x };
            BackwardKernel { part, transposed: scratch }.run(simd);
        }
    }
}

/// Row `i` of all panels, one line after the other.
#[inline(always)]
fn load_row(panels: &PanelsMut<'_>, i: usize, row: &mut [Line]) {
    let panels = panels.as_ref();
    for (q, line) in row.iter_mut().enumerate() {
        *line = panels.panel(q)[i];
    }
}

#[inline(always)]
fn store_row(row: &[Line], panels: &mut PanelsMut<'_>, i: usize) {
    for (q, line) in row.iter().enumerate() {
        panels.panel(q)[i] = *line;
    }
}

/// Turns logits (rows × classes) into probabilities.
pub fn softmax(logits: &mut Panels) {
    let (panels, classes) = (logits.panels(), logits.columns());
    let tasks = parallel::tasks_for(logits.rows() * classes * 16);
    let all = SoftmaxRows { logits: logits.view_mut() };
    run_rows_in_parts(all, tasks, &|part: SoftmaxRows<'_>| {
        with_scratch(panels, |row| {
            Isa::active().run(SoftmaxKernel { logits: part.logits, classes, row });
        });
    });
}

struct SoftmaxRows<'a> {
    logits: PanelsMut<'a>,
}

impl Split for SoftmaxRows<'_> {
    fn len(&self, _: Side) -> usize {
        self.logits.rows()
    }

    fn split_at(self, _: Side, mid: usize) -> (Self, Self) {
        let (above, below) = self.logits.split_at_row(mid);
        (Self { logits: above }, Self { logits: below })
    }
}

struct SoftmaxKernel<'a, 'b> {
    logits: PanelsMut<'a>,
    classes: usize,
    /// Room for a row.
    row: &'b mut [Line],
}

impl Kernel for SoftmaxKernel<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { mut logits, classes, row } = self;
        for i in 0..logits.rows() {
            load_row(&logits, i, row);
            SoftmaxRow { logits: row, classes }.run(simd);
            store_row(row, &mut logits, i);
        }
    }
}
