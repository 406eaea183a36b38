//! Softmax and crossentropy from logits, in one pass a row.
//!
//! With `s = Σ e^(z − max z)`: the probabilities are `e^(z − max z) / s`, the loss is `ln s − (z_y − max z)` (for a
//! distribution t: `Σ t·(ln s − (z − max z))`), its gradient `p − t`. No exponent is above 0, so nothing overflows,
//! and the loss never takes the logarithm of a probability, so it is finite where a probability is 0. It is summed in
//! f64: the difference of two finite f32 logits need not be one.
//!
//! NaN goes through: a row with a NaN among its logits, or with an infinite one that is the largest, has NaN for all its
//! probabilities and for its loss, and is not recognized.

use crate::layout::{MatrixMut, MatrixRef, Targets};
use crate::scratch::with_scratch;
use crate::simd::{Isa, Kernel, LANES, Line, Simd, exp};

/// The loss of one row or of several, and how many were recognized.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// The losses of the rows, summed.
    pub loss: f64,
    /// Rows whose largest logit is that of the target's likeliest class. Of equals, the first counts.
    pub correct: usize,
}

impl std::ops::AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.loss += other.loss;
        self.correct += other.correct;
    }
}

/// The target of one row.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    Class(usize),
    Distribution { matrix: MatrixRef<'a>, row: usize },
}

impl<'a> Targets<'a> {
    /// The target of row `i`.
    #[inline(always)]
    pub(crate) fn row(&self, i: usize) -> Target<'a> {
        match *self {
            Self::Classes(classes) => Target::Class(usize::from(classes[i])),
            Self::WideClasses(classes) => Target::Class(usize::from(classes[i])),
            Self::Distributions(matrix) => Target::Distribution { matrix, row: i },
        }
    }
}

/// Loss and correct predictions of `logits` (rows × classes), summed over the rows; writes the gradient of
/// `scale ·` the summed loss into `d_logits`, of the same shape. `scale = 1 / rows` makes it that of the mean.
///
/// The distributions of [`Targets::Distributions`] should each sum to 1.
///
/// # Panics
/// If shapes differ, a class index is no column, or there are no classes.
#[track_caller]
pub fn softmax_crossentropy(
    logits: MatrixRef<'_>,
    targets: Targets<'_>,
    scale: f32,
    d_logits: MatrixMut<'_>,
) -> Score {
    let (rows, classes) = (logits.rows(), logits.columns());
    assert!(classes > 0, "softmax of no classes");
    assert_eq!((d_logits.rows(), d_logits.columns()), (rows, classes), "shape of d_logits");
    assert_eq!(targets.len(), rows, "a target for each row");
    if let Targets::Distributions(matrix) = targets {
        assert_eq!(matrix.columns(), classes, "a number of the distribution for each class");
    }
    with_scratch(classes.div_ceil(LANES), |line| {
        Isa::active().run(CrossentropyRows { logits, targets, scale, d_logits, line })
    })
}

struct CrossentropyRows<'a, 'b, 'c> {
    logits: MatrixRef<'a>,
    targets: Targets<'a>,
    scale: f32,
    d_logits: MatrixMut<'b>,
    /// Room for a row.
    line: &'c mut [Line],
}

impl Kernel for CrossentropyRows<'_, '_, '_> {
    type Output = Score;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Score {
        let Self { logits, targets, scale, mut d_logits, line } = self;
        let classes = logits.columns();
        let mut score = Score::default();
        for i in 0..logits.rows() {
            read_row(simd, logits, i, line);
            let target = targets.row(i);
            let scale = Some(scale);
            score += CrossentropyRow { logits: line, classes, target, scale }.run(simd);
            write_row(simd, line, &mut d_logits, i);
        }
        score
    }
}

/// The probabilities of `logits` (rows × classes), into `probabilities`, of the same shape.
///
/// # Panics
/// If shapes differ.
#[track_caller]
pub fn softmax(logits: MatrixRef<'_>, probabilities: MatrixMut<'_>) {
    let (rows, classes) = (logits.rows(), logits.columns());
    assert_eq!((probabilities.rows(), probabilities.columns()), (rows, classes), "shape");
    with_scratch(classes.div_ceil(LANES), |line| {
        Isa::active().run(SoftmaxRows { logits, probabilities, line });
    });
}

struct SoftmaxRows<'a, 'b, 'c> {
    logits: MatrixRef<'a>,
    probabilities: MatrixMut<'b>,
    /// Room for a row.
    line: &'c mut [Line],
}

impl Kernel for SoftmaxRows<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { logits, mut probabilities, line } = self;
        for i in 0..logits.rows() {
            read_row(simd, logits, i, line);
            SoftmaxRow { logits: line, classes: logits.columns() }.run(simd);
            write_row(simd, line, &mut probabilities, i);
        }
    }
}

/// Row `i` of a matrix, in lines.
#[inline(always)]
fn read_row<S: Simd>(simd: S, matrix: MatrixRef<'_>, i: usize, lines: &mut [Line]) {
    if let Some(row) = matrix.row(i) {
        for (line, part) in lines.iter_mut().zip(row.chunks(LANES)) {
            simd.store(simd.load_part(part), &mut line.0);
        }
        return;
    }
    for j in 0..matrix.columns() {
        lines[j / LANES].0[j % LANES] = matrix.get(i, j);
    }
}

/// Row `i` of a matrix, from lines.
#[inline(always)]
fn write_row<S: Simd>(simd: S, lines: &[Line], matrix: &mut MatrixMut<'_>, i: usize) {
    if matrix.column_stride() == 1 {
        let columns = matrix.columns();
        let row = matrix.row_part(i, 0, columns);
        for (line, part) in lines.iter().zip(row.chunks_mut(LANES)) {
            simd.store_part(simd.load(&line.0), part);
        }
        return;
    }
    for j in 0..matrix.columns() {
        *matrix.at(i, j) = lines[j / LANES].0[j % LANES];
    }
}

/// One row of logits, in lines, turned into probabilities. Padding becomes 0.
pub(crate) struct SoftmaxRow<'a> {
    pub(crate) logits: &'a mut [Line],
    pub(crate) classes: usize,
}

impl Kernel for SoftmaxRow<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let max = largest(simd, self.logits, self.classes);
        softmax_row(simd, self.logits, self.classes, max);
    }
}

/// The largest logit, NaN not counted. Padding becomes −∞.
#[inline(always)]
fn largest<S: Simd>(simd: S, logits: &mut [Line], classes: usize) -> f32 {
    if !classes.is_multiple_of(LANES) {
        logits[classes / LANES].0[classes % LANES..].fill(f32::NEG_INFINITY);
    }
    let mut max = simd.load(&logits[0].0);
    for line in &logits[1..] {
        max = simd.max(max, simd.load(&line.0));
    }
    simd.max_lane(max)
}

/// `Σ e^(z − max)`; `keep` says whether the powers take the place of the logits.
#[inline(always)]
fn sum_of_powers<S: Simd>(simd: S, logits: &mut [Line], max: f32, keep: bool) -> f32 {
    let mut sum = simd.splat(0.0);
    for line in logits {
        let e = exp(simd, simd.sub(simd.load(&line.0), simd.splat(max)));
        sum = simd.add(sum, e);
        if keep {
            simd.store(e, &mut line.0);
        }
    }
    simd.sum(sum)
}

/// Turns the logits into probabilities; gives `Σ e^(z − max)`.
#[inline(always)]
fn softmax_row<S: Simd>(simd: S, logits: &mut [Line], classes: usize, max: f32) -> f32 {
    let sum = sum_of_powers(simd, logits, max, true);
    for line in &mut *logits {
        simd.store(simd.div(simd.load(&line.0), simd.splat(sum)), &mut line.0);
    }
    // 0 / NaN is NaN, but padding stays 0.
    if sum.is_nan() && !classes.is_multiple_of(LANES) {
        logits[classes / LANES].0[classes % LANES..].fill(0.0);
    }
    sum
}

/// One row of logits, in lines: its score. With a `scale`, the row becomes the gradient of `scale ·` its loss, and its padding
/// 0; without, what is left in it has no meaning.
pub(crate) struct CrossentropyRow<'a> {
    pub(crate) logits: &'a mut [Line],
    pub(crate) classes: usize,
    pub(crate) target: Target<'a>,
    pub(crate) scale: Option<f32>,
}

/// A target, as the loss of one row of logits needs it.
struct Aim {
    /// The class that should be recognized: the target's likeliest, the first of equals.
    class: usize,
    /// `Σ t·(max − z)`.
    distance: f64,
    /// `Σ t`.
    sum: f64,
}

impl Kernel for CrossentropyRow<'_> {
    type Output = Score;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Score {
        let Self { logits, classes, target, scale } = self;
        let max = largest(simd, logits, classes);
        // Both are asked of the logits before these are overwritten.
        let predicted = first_equal(simd, logits, max).unwrap_or(0);
        let aim = aim(logits, classes, max, target);
        let sum = match scale {
            None => sum_of_powers(simd, logits, max, false),
            Some(scale) => {
                let sum = softmax_row(simd, logits, classes, max);
                subtract(target, classes, logits);
                for line in logits {
                    simd.store(simd.mul(simd.load(&line.0), simd.splat(scale)), &mut line.0);
                }
                sum
            }
        };
        let loss = aim.sum * f64::from(sum).ln() + aim.distance;
        Score { loss, correct: usize::from(predicted == aim.class && !sum.is_nan()) }
    }
}

/// The first class with this logit. (Padding, which is −∞, comes last.)
#[inline(always)]
fn first_equal<S: Simd>(simd: S, logits: &[Line], max: f32) -> Option<usize> {
    for (q, line) in logits.iter().enumerate() {
        let equal = simd.equals(simd.load(&line.0), simd.splat(max));
        if equal != 0 {
            return Some(q * LANES + equal.trailing_zeros() as usize);
        }
    }
    None
}

#[inline(always)]
fn logit(logits: &[Line], j: usize) -> f32 {
    logits[j / LANES].0[j % LANES]
}

/// Reads off the logits, before they are overwritten, all that the loss needs of the target. Differences are taken before they
/// are multiplied by t: a sum `Σ t·z` of large logits would leave no digits for `ln s`.
#[inline(always)]
fn aim(logits: &[Line], classes: usize, max: f32, target: Target<'_>) -> Aim {
    let distance = |j: usize| f64::from(max) - f64::from(logit(logits, j));
    match target {
        Target::Class(y) => {
            assert!(y < classes, "class {y} of {classes}");
            Aim { class: y, distance: distance(y), sum: 1.0 }
        }
        Target::Distribution { matrix, row } => {
            let mut aim = Aim { class: 0, distance: 0.0, sum: 0.0 };
            for j in 0..classes {
                let t = matrix.get(row, j);
                // A class that is not asked for may have a logit of −∞.
                if t != 0.0 {
                    aim.distance += f64::from(t) * distance(j);
                }
                aim.sum += f64::from(t);
                if t > matrix.get(row, aim.class) {
                    aim.class = j;
                }
            }
            aim
        }
    }
}

/// `p ← p − t`.
#[inline(always)]
fn subtract(target: Target<'_>, classes: usize, p: &mut [Line]) {
    match target {
        Target::Class(y) => p[y / LANES].0[y % LANES] -= 1.0,
        Target::Distribution { matrix, row } => {
            for j in 0..classes {
                p[j / LANES].0[j % LANES] -= matrix.get(row, j);
            }
        }
    }
}
