//! Timing several systems so that noise hits all alike.

use crate::problem::Problem;
use crate::systems::System;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// How much time to spend.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    /// How often it is each system's turn.
    pub(crate) rounds: usize,
    /// How long a turn lasts; at least one product is timed.
    pub(crate) turn: Duration,
}

/// A pool's threads go on spinning for a while after their work, and would take the cores from the system whose turn
/// is next. The longest to do so by default are Intel's OpenMP threads, with 200 ms.
const UNTIL_THREADS_SLEEP: Duration = Duration::from_millis(250);

/// What the products of one system took.
pub(crate) struct Times {
    /// In seconds; sorted, never empty.
    seconds: Vec<f64>,
}

impl Times {
    pub(crate) fn best(&self) -> f64 {
        self.seconds[0]
    }

    pub(crate) fn median(&self) -> f64 {
        self.seconds[self.seconds.len() / 2]
    }
}

/// Times the systems in turns, and between them the machine's peak, of which the best is kept in `peak`.
/// Called in a rayon pool of `threads` threads.
pub(crate) fn measure(
    systems: &[&dyn System],
    problem: &Problem,
    threads: usize,
    effort: Effort,
    peak: &mut f64,
) -> Vec<Times> {
    let mut c = vec![0.0; problem.shape.m * problem.shape.n];
    let mut seconds = vec![Vec::new(); systems.len()];
    for round in 0..effort.rounds {
        rest(threads);
        *peak = peak.max(peak_now(threads));
        for turn in 0..systems.len() {
            // Backwards every other time, so that nobody always follows the same system.
            let who = if round % 2 == 0 { turn } else { systems.len() - 1 - turn };
            rest(threads);
            systems[who].use_threads(threads);
            take_turn(effort.turn, &mut seconds[who], || {
                systems[who].multiply(problem, &mut c, threads);
            });
        }
    }
    let sorted = |mut seconds: Vec<f64>| {
        seconds.sort_by(f64::total_cmp);
        Times { seconds }
    };
    seconds.into_iter().map(sorted).collect()
}

/// Runs `product` again and again: at first to wake threads and fill caches, then timed, each by itself.
fn take_turn(length: Duration, seconds: &mut Vec<f64>, mut product: impl FnMut()) {
    let start = Instant::now();
    loop {
        product();
        if start.elapsed() >= length / 5 {
            break;
        }
    }
    let start = Instant::now();
    loop {
        let before = Instant::now();
        product();
        seconds.push(before.elapsed().as_secs_f64());
        if start.elapsed() >= length {
            break;
        }
    }
}

fn rest(threads: usize) {
    if threads > 1 {
        thread::sleep(UNTIL_THREADS_SLEEP);
    }
}

/// The sum of what the threads of the pool reach at the same time with nothing but fused multiply-adds, in GFLOP/s.
fn peak_now(threads: usize) -> f64 {
    let start = Barrier::new(threads);
    let each = rayon::broadcast(|_| {
        start.wait();
        kernels::peak::fma_gflops()
    });
    each.iter().sum()
}
