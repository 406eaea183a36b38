//! Which work is worth a task of its own, and cuts that cannot change a result.
//!
//! Work is split where its output is: each part of the output is computed whole by one task, in an order
//! that does not depend on where the cuts are. No sum is ever split between tasks. So the number of threads
//! decides who computes a number, never which number comes out.

/// Multiply-adds that are worth a task: about 5 µs of one core's arithmetic, a few times what a fork costs.
pub(crate) const WORTH_FORKING: usize = 250_000;

/// Tasks for `work` multiply-adds: one where it is too little to fork, else up to four for each thread,
/// so that a thread that is held up can leave tasks to the others.
pub(crate) fn tasks_for(work: usize) -> usize {
    let threads = rayon::current_num_threads();
    if threads == 1 || work < 2 * WORTH_FORKING {
        1
    } else {
        (4 * threads).min(work / WORTH_FORKING)
    }
}

/// Runs `work` inside rayon's current pool, so that what forks in it need not enter the pool each time.
pub fn enter<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    rayon::scope(|_| work())
}

/// Runs both, in parallel if the smaller of the two is worth a task: it is about `work` multiply-adds.
pub fn join<A: Send, B: Send>(
    work: usize,
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    if work < WORTH_FORKING { (a(), b()) } else { rayon::join(a, b) }
}

/// Which side of its output an operation is cut along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Each part gets some of the rows.
    Rows,
    /// Each part gets some of the columns; where the output lies in panels, some of the panels.
    Columns,
}

/// An operation that can be cut into two that have nothing to do with each other: each with its part of the output, and of
/// the operands what belongs to that.
pub(crate) trait Split: Send + Sized {
    /// Rows of the output, or its columns or panels.
    fn len(&self, side: Side) -> usize;
    /// The operation up to `mid`, and the rest.
    fn split_at(self, side: Side, mid: usize) -> (Self, Self);
}

/// Runs `operation` in parts of at most `grain` rows (or columns, or panels), in parallel.
pub(crate) fn run_in_parts<O: Split>(
    operation: O,
    side: Side,
    grain: usize,
    run: &(impl Fn(O) + Sync),
) {
    let len = operation.len(side);
    if len <= grain {
        if len > 0 {
            run(operation);
        }
        return;
    }
    // Halves of whole grains: equal parts where they divide.
    let mid = (len.div_ceil(grain) / 2) * grain;
    let (first, second) = operation.split_at(side, mid);
    rayon::join(
        || run_in_parts(first, side, grain, run),
        || run_in_parts(second, side, grain, run),
    );
}

/// A run of items that knows how many come before it.
struct Chunk<'a, T> {
    first: usize,
    items: &'a mut [T],
}

impl<T: Send> Split for Chunk<'_, T> {
    fn len(&self, _: Side) -> usize {
        self.items.len()
    }

    fn split_at(self, _: Side, mid: usize) -> (Self, Self) {
        let (left, right) = self.items.split_at_mut(mid);
        (Self { first: self.first, items: left }, Self { first: self.first + mid, items: right })
    }
}

/// Runs `body(first index, chunk)` for chunks of `items` of at most `grain` (not 0), in parallel.
pub fn for_each_chunk<T: Send>(
    items: &mut [T],
    grain: usize,
    body: &(impl Fn(usize, &mut [T]) + Sync),
) {
    run_in_parts(Chunk { first: 0, items }, Side::Rows, grain, &|chunk: Chunk<'_, T>| {
        body(chunk.first, chunk.items);
    });
}
