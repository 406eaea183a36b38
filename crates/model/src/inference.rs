//! Evaluating and predicting: forward products, a chunk of rows at a time.

use kernels::dense::{Batch, Parameters, Selection};
use kernels::parallel;
use kernels::rowwise::Score;
use kernels::{MatrixMut, Rows, Targets};

use crate::workspace::Workspace;
use crate::{DataError, ModelError, Network, layer, memory};

/// The mean loss of rows, and the share of them that are classified correctly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// Mean crossentropy of the rows, natural logarithm.
    pub loss: f64,
    /// Share of the rows whose most probable class is their target, between 0 and 1.
    pub accuracy: f64,
}

/// Rows that one task takes at a time: enough to use a panel of weights many times while it is in L1.
const ROWS_AT_A_TIME: usize = 128;
/// They are fewer where layers are so wide that the outputs of so many rows would take about as much memory as the weights,
/// but never fewer than about half a tile.
const FEWEST_ROWS_AT_A_TIME: usize = 8;
/// Numbers that a task may always have beside the weights: 8 MiB.
const NUMBERS_A_TASK: usize = 1 << 21;
/// For so many weights all tasks together may have another number.
const WEIGHTS_A_NUMBER: usize = 8;

impl Network {
    /// Mean loss and accuracy on rows with known targets.
    ///
    /// A row that holds NaN has a loss of NaN, and with it the mean. So has a row that holds an infinite number or whose sums
    /// leave the range of f32, unless ReLUs make 0 of every −∞ that comes of it. Such rows are not searched for beforehand.
    ///
    /// # Errors
    /// [`ModelError::Data`] if the rows or targets don't fit the network or there are none, [`ModelError::Memory`] if there is
    /// not enough memory.
    pub fn evaluate(&self, rows: Rows<'_>, targets: Targets<'_>) -> Result<Evaluation, ModelError> {
        self.evaluate_some(rows, targets, None)
    }

    /// [`Network::evaluate`] on the rows with the indices `chosen` alone: those held out of a fit, say. `targets` has one for
    /// each row, chosen or not. Nothing is copied.
    ///
    /// # Errors
    /// As [`Network::evaluate`], and [`ModelError::Data`] if there is no row of a chosen index or none is chosen.
    pub fn evaluate_chosen(
        &self,
        rows: Rows<'_>,
        targets: Targets<'_>,
        chosen: &[u32],
    ) -> Result<Evaluation, ModelError> {
        self.evaluate_some(rows, targets, Some(chosen))
    }

    fn evaluate_some(
        &self,
        rows: Rows<'_>,
        targets: Targets<'_>,
        chosen: Option<&[u32]>,
    ) -> Result<Evaluation, ModelError> {
        self.check_examples(&rows, &targets)?;
        check_chosen(chosen, rows.len())?;
        let count = chosen.map_or(rows.len(), <[u32]>::len);
        let grain = self.rows_at_a_time(&rows);
        self.check_memory(&rows, grain, count, size_of::<Score>())?;
        let mut scores = vec![Score::default(); count];
        parallel::enter(|| {
            parallel::for_each_chunk(&mut scores, grain, &|first, scores| {
                let range = first..first + scores.len();
                let selection = match chosen {
                    Some(chosen) => Selection::Indices(&chosen[range]),
                    None => Selection::Range(range),
                };
                let mut batch = Batch::for_inference(self.inputs());
                batch.gather(&rows, Some(&targets), &selection);
                Workspace::for_inference(self, scores.len()).score(self, &batch, scores);
            });
        });
        let mut total = Score::default();
        for score in scores {
            total += score;
        }
        let count = count as f64;
        Ok(Evaluation { loss: total.loss / count, accuracy: total.correct as f64 / count })
    }

    /// The probabilities of the classes for each row: rows × classes, row-major.
    ///
    /// A row that holds NaN has probabilities of NaN. So has a row that holds an infinite number or whose sums leave the range
    /// of f32, unless ReLUs make 0 of every −∞ that comes of it. The other rows are as they would be without it.
    ///
    /// # Errors
    /// [`ModelError::Data`] if the rows don't fit the network, [`ModelError::Memory`] if there is not enough memory.
    pub fn predict(&self, rows: Rows<'_>) -> Result<Vec<f32>, ModelError> {
        self.check_rows(&rows)?;
        let classes = self.classes();
        let grain = self.rows_at_a_time(&rows);
        self.check_memory(&rows, grain, rows.len(), classes * size_of::<f32>())?;
        let mut probabilities = vec![0.0; rows.len() * classes];
        parallel::enter(|| {
            let grain = grain * classes;
            parallel::for_each_chunk(&mut probabilities, grain, &|first, probabilities| {
                let (first, count) = (first / classes, probabilities.len() / classes);
                let mut batch = Batch::for_inference(self.inputs());
                batch.gather(&rows, None, &Selection::Range(first..first + count));
                Workspace::for_inference(self, count)
                    .probabilities(self, batch.input())
                    .copy_to(MatrixMut::new(probabilities, count, classes));
            });
        });
        Ok(probabilities)
    }

    /// How many of these rows a task takes. It decides about speed and memory; the results are the same.
    fn rows_at_a_time(&self, rows: &Rows<'_>) -> usize {
        let batch = Batch::bytes(ROWS_AT_A_TIME, rows, false) / ROWS_AT_A_TIME / size_of::<f32>();
        let row = batch + self.layers.iter().map(Parameters::units).sum::<usize>();
        let share = self.parameter_count() / (WEIGHTS_A_NUMBER * tasks());
        (share.max(NUMBERS_A_TASK) / row).clamp(FEWEST_ROWS_AT_A_TIME, ROWS_AT_A_TIME)
    }

    /// Bytes beside the results while evaluating or predicting rows like these, whatever their number.
    pub(crate) fn most_running_bytes(&self, rows: &Rows<'_>) -> usize {
        self.running_bytes(rows, self.rows_at_a_time(rows), usize::MAX)
    }

    fn running_bytes(&self, rows: &Rows<'_>, grain: usize, count: usize) -> usize {
        let tasks = tasks().min(count.div_ceil(grain));
        let at_a_time = grain.min(count);
        Batch::bytes(at_a_time, rows, false)
            .saturating_add(Workspace::inference_bytes(self, at_a_time))
            .saturating_mul(tasks)
    }

    /// An error if there is too little memory to take `count` of `rows`, `grain` at a time, with a result of `result_bytes` for
    /// each.
    fn check_memory(
        &self,
        rows: &Rows<'_>,
        grain: usize,
        count: usize,
        result_bytes: usize,
    ) -> Result<(), ModelError> {
        let bytes = self.running_bytes(rows, grain, count);
        let bytes = bytes.saturating_add(result_bytes.saturating_mul(count));
        let purpose = || format!("running {} on {count} rows", layer::name(&self.shapes()));
        memory::check(bytes, purpose, "take fewer threads, or fewer rows at once")
    }
}

/// An error if none is chosen, or one of the chosen is not there.
fn check_chosen(chosen: Option<&[u32]>, rows: usize) -> Result<(), DataError> {
    let Some(chosen) = chosen else { return Ok(()) };
    match chosen.iter().find(|&&index| index as usize >= rows) {
        _ if chosen.is_empty() => Err(DataError::NoRow),
        Some(&index) => Err(DataError::NoSuchRow { index, rows }),
        None => Ok(()),
    }
}

/// Tasks that hold buffers at a time. A thread that waits for the end of a product takes up another task meanwhile.
fn tasks() -> usize {
    2 * rayon::current_num_threads()
}
