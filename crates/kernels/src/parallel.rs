//! Which work is worth a task of its own, and cuts that cannot change a result.
//!
//! Work is split where its output is: each part of the output is computed whole by one task, in an order
//! that does not depend on where the cuts are. No sum is ever split between tasks. So the number of threads
//! decides who computes a number, never which number comes out.

use std::hint;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

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
    if work < WORTH_FORKING { (a(), b()) } else { fork(a, b) }
}

/// Runs both in parallel. Who is done first stays awake for the other, for a while: a thread that falls asleep between two operations of
/// a step needs 50 µs to wake, as long as many of them take. The seed's epoch on two threads went from 0.21 to 0.18 s with it, one of
/// 784-512-10 with batches of 32 from 0.27 to 0.25 (2026-11-25, Intel Xeon).
pub(crate) fn fork<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    let a_is_done = AtomicBool::new(false);
    let (b_has_begun, b_is_done) = (AtomicBool::new(false), AtomicBool::new(false));
    rayon::join(
        || {
            let result = a();
            a_is_done.store(true, Ordering::Release);
            // If nobody has taken b, it is for this thread to do.
            if b_has_begun.load(Ordering::Acquire) {
                stay_awake_for(&b_is_done);
            }
            result
        },
        || {
            b_has_begun.store(true, Ordering::Release);
            let result = b();
            b_is_done.store(true, Ordering::Release);
            stay_awake_for(&a_is_done);
            result
        },
    )
}

/// How long a thread stays awake.
const AWAKE: Duration = Duration::from_micros(200);

/// Takes other tasks of the pool until `other` is done, for a while. Then it may go to sleep.
fn stay_awake_for(other: &AtomicBool) {
    let start = Instant::now();
    while !other.load(Ordering::Acquire) && start.elapsed() < AWAKE {
        if rayon::yield_now() != Some(rayon::Yield::Executed) {
            for _ in 0..8 {
                hint::spin_loop();
            }
        }
    }
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
    fork(|| run_in_parts(first, side, grain, run), || run_in_parts(second, side, grain, run));
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{self, AssertUnwindSafe};

    /// The sum of a range, by halves.
    fn sum(from: u64, to: u64) -> u64 {
        if to - from < 8 {
            return (from..to).sum();
        }
        let (a, b) = fork(|| sum(from, (from + to) / 2), || sum((from + to) / 2, to));
        a + b
    }

    #[test]
    fn forks_run_both_and_hand_on_panics_whatever_the_threads() {
        for threads in 1..=4 {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                for n in 0..2000 {
                    assert_eq!(sum(0, n), n * n.saturating_sub(1) / 2);
                }
                // Neither waits for ever for the other.
                for (a, b) in [(true, false), (false, true), (true, true)] {
                    let both = || fork(|| assert!(!a), || assert!(!b));
                    panic::catch_unwind(AssertUnwindSafe(both)).expect_err("one of them panics");
                    assert_eq!(sum(0, 100), 4950);
                }
            });
        }
    }
}
