//! What is worth forking, and splitting that cannot change a result.
//!
//! Work is split where its output is: each piece of the output is computed whole by one task, in an order
//! that does not depend on where the cuts are. No sum is ever split between tasks. So the number of threads
//! decides who computes a number, never which number comes out.

/// Multiply-adds that are worth a task: about 5 µs of one core's arithmetic, a few times what a fork costs.
pub(crate) const WORTH_FORKING: usize = 250_000;

/// Pieces for `work` multiply-adds: one where it is too little to fork, else up to four for each thread,
/// so that a thread that is held up can leave pieces to the others.
pub(crate) fn pieces_for(work: usize) -> usize {
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

/// An output that can be split into two disjoint parts.
pub(crate) trait Split: Send + Sized {
    /// How many units there are to split between.
    fn units(&self) -> usize;
    /// The first `mid` units and the rest.
    fn split(self, mid: usize) -> (Self, Self);
}

impl<T: Send> Split for &mut [T] {
    fn units(&self) -> usize {
        self.len()
    }

    fn split(self, mid: usize) -> (Self, Self) {
        self.split_at_mut(mid)
    }
}

/// Runs `body(first unit, part)` for parts of `output` of at most `grain` units, in parallel.
pub(crate) fn for_each_part<O: Split>(output: O, grain: usize, body: &(impl Fn(usize, O) + Sync)) {
    fn go<O: Split>(first: usize, output: O, grain: usize, body: &(impl Fn(usize, O) + Sync)) {
        let units = output.units();
        if units <= grain {
            body(first, output);
            return;
        }
        // Halves of whole grains: equal parts where they divide.
        let mid = (units.div_ceil(grain) / 2) * grain;
        let (left, right) = output.split(mid);
        rayon::join(|| go(first, left, grain, body), || go(first + mid, right, grain, body));
    }
    if output.units() > 0 {
        go(0, output, grain.max(1), body);
    }
}

/// Runs `body(first index, chunk)` for chunks of `items` of at most `grain`, in parallel.
pub fn for_each_chunk<T: Send>(
    items: &mut [T],
    grain: usize,
    body: &(impl Fn(usize, &mut [T]) + Sync),
) {
    for_each_part(items, grain, &|first, chunk: &mut [T]| body(first, chunk));
}

impl<A: Split, B: Split> Split for (A, B) {
    fn units(&self) -> usize {
        debug_assert_eq!(self.0.units(), self.1.units());
        self.0.units()
    }

    fn split(self, mid: usize) -> (Self, Self) {
        let (a, c) = self.0.split(mid);
        let (b, d) = self.1.split(mid);
        ((a, b), (c, d))
    }
}
