//! Signals that end a training before its time.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// The signals that ask a program to end: Ctrl-C, and what `kill` sends.
const SIGNALS: [Signal; 2] =
    [Signal { number: SIGINT, name: "SIGINT" }, Signal { number: SIGTERM, name: "SIGTERM" }];

/// A signal that asks the program to end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signal {
    number: i32,
    /// As in `SIGINT`.
    pub(crate) name: &'static str,
}

impl Signal {
    /// The exit status of a program that it ended, as shells report it.
    fn status(self) -> u8 {
        128 + self.number as u8
    }
}

/// From its making on, the first signal is noted here, and the second ends the program at once.
#[derive(Debug)]
pub(crate) struct Signals {
    /// The signal's place in [`SIGNALS`], counted from 1; 0 if there was none.
    noted: Arc<AtomicUsize>,
}

impl Signals {
    /// Begins to note signals.
    pub(crate) fn catch() -> io::Result<Self> {
        let noted = Arc::new(AtomicUsize::new(0));
        let is_noted = Arc::new(AtomicBool::new(false));
        for (signal, place) in SIGNALS.into_iter().zip(1..) {
            let Signal { number, .. } = signal;
            // Actions are done in the order in which they are registered.
            flag::register_conditional_shutdown(
                number,
                signal.status().into(),
                Arc::clone(&is_noted),
            )?;
            flag::register_usize(number, Arc::clone(&noted), place)?;
            flag::register(number, Arc::clone(&is_noted))?;
        }
        Ok(Self { noted })
    }

    /// The signal that came.
    pub(crate) fn noted(&self) -> Option<Signal> {
        let place = self.noted.load(Ordering::Relaxed).checked_sub(1)?;
        SIGNALS.get(place).copied()
    }

    /// The exit status of a program that has done what was asked for, or as much of it as a signal let it do.
    pub(crate) fn exit_code(&self) -> ExitCode {
        self.noted().map_or(ExitCode::SUCCESS, |signal| signal.status().into())
    }
}
