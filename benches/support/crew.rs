//! Threads that work together, and the most they could do.

use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::Barrier;
use std::thread::available_parallelism;

/// A rayon pool, and the FMA peak of its threads.
pub(crate) struct Crew {
    pool: ThreadPool,
    peak: f64,
}

impl Crew {
    pub(crate) fn new(threads: usize) -> Result<Self, String> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| format!("no pool of {threads} threads: {error}"))?;
        Ok(Self { pool, peak: 0.0 })
    }

    /// A crew of one thread, and one of all cores if there are more.
    pub(crate) fn one_and_all() -> Result<Vec<Self>, String> {
        let mut sizes = vec![1, cores()];
        sizes.dedup();
        sizes.into_iter().map(Self::new).collect()
    }

    /// Crews of 1, 2, 4, … threads and of all cores.
    pub(crate) fn doubling() -> Result<Vec<Self>, String> {
        let cores = cores();
        let mut sizes = vec![1];
        while sizes[sizes.len() - 1] < cores {
            sizes.push((2 * sizes[sizes.len() - 1]).min(cores));
        }
        sizes.into_iter().map(Self::new).collect()
    }

    pub(crate) fn threads(&self) -> usize {
        self.pool.current_num_threads()
    }

    pub(crate) fn counted(&self) -> String {
        let threads = self.threads();
        format!("{threads} thread{}", if threads == 1 { "" } else { "s" })
    }

    /// The best sum, in GFLOP/s, that the threads reached together with nothing but fused multiply-adds, in any turn.
    pub(crate) fn peak(&self) -> f64 {
        self.peak
    }

    /// Runs `work` in the pool.
    pub(crate) fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.pool.install(work)
    }

    /// Looks how fast the machine is right now, then runs `work`. The pool is entered once: what is timed is an operation,
    /// not the way into a pool.
    pub(crate) fn turn<R: Send>(&mut self, work: impl FnOnce() -> R + Send) -> R {
        let (peak, result) = self.pool.install(|| (peak_now(), work()));
        self.peak = self.peak.max(peak);
        result
    }
}

fn cores() -> usize {
    available_parallelism().map_or(1, |cores| cores.get())
}

/// The speed that the threads of the current pool reach at the same time.
fn peak_now() -> f64 {
    let start = Barrier::new(rayon::current_num_threads());
    let each = rayon::broadcast(|_| {
        start.wait();
        kernels::measure::peak::fma_gflops()
    });
    each.iter().sum()
}

/// The peaks of several crews, for the line above a table.
pub(crate) fn peaks(crews: &[Crew]) -> String {
    let each = crews.iter().map(|crew| format!("{:.1} with {}", crew.peak(), crew.counted()));
    format!("Peak of fused multiply-adds, GFLOP/s: {}", each.collect::<Vec<_>>().join(", "))
}
