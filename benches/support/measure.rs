//! Timing several contestants in turns, so that noise hits all alike.

use std::thread;
use std::time::{Duration, Instant};

/// How much time to spend.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    /// How often it is each contestant's turn.
    pub(crate) rounds: usize,
    /// How long a turn lasts; at least one operation is timed.
    pub(crate) turn: Duration,
    /// Pause before a turn.
    pub(crate) rest: Duration,
}

impl Effort {
    /// Turns without a pause: the threads of a rayon pool sleep within microseconds.
    pub(crate) const fn new(rounds: usize, turn_millis: u64) -> Self {
        Self { rounds, turn: Duration::from_millis(turn_millis), rest: Duration::ZERO }
    }
}

/// The times of the operations of one contestant.
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

    /// The time that 99 of 100 operations did not exceed; `None` where there are too few to say.
    pub(crate) fn percentile_99(&self) -> Option<f64> {
        (self.seconds.len() >= 1000).then(|| self.seconds[self.seconds.len() * 99 / 100])
    }
}

/// The turn of one contestant.
pub(crate) struct Turn<'a> {
    length: Duration,
    seconds: &'a mut Vec<f64>,
}

impl Turn<'_> {
    /// Runs `operation` again and again: at first to wake threads and fill caches, then timed, each by itself.
    pub(crate) fn time(&mut self, mut operation: impl FnMut()) {
        let start = Instant::now();
        loop {
            operation();
            if start.elapsed() >= self.length / 5 {
                break;
            }
        }
        let start = Instant::now();
        loop {
            let before = Instant::now();
            operation();
            self.seconds.push(before.elapsed().as_secs_f64());
            if start.elapsed() >= self.length {
                break;
            }
        }
    }
}

/// Gives each of `count` contestants its turns: `take_turn(who, turn)` is to call [`Turn::time`].
pub(crate) fn measure(
    count: usize,
    effort: Effort,
    mut take_turn: impl FnMut(usize, &mut Turn<'_>),
) -> Vec<Times> {
    let mut seconds = vec![Vec::new(); count];
    for round in 0..effort.rounds {
        for turn in 0..count {
            // Backwards every other time, so that nobody always follows the same contestant.
            let who = if round % 2 == 0 { turn } else { count - 1 - turn };
            thread::sleep(effort.rest);
            take_turn(who, &mut Turn { length: effort.turn, seconds: &mut seconds[who] });
        }
    }
    let sorted = |mut seconds: Vec<f64>| {
        seconds.sort_by(f64::total_cmp);
        Times { seconds }
    };
    seconds.into_iter().map(sorted).collect()
}
