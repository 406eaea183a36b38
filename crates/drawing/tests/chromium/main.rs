//! The page in a browser: it computes what the program computes, and reads what is drawn.
//!
//! Its own `main` instead of the test harness, because a check that could not run must not count as passed: each is reported as
//! ok, FAILED or NOT RUN, and the last line counts them.

mod browser;
mod drawn;
mod numbers;

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use browser::Browser;

/// A check, which says what it found or panics.
type Check = fn(&mut Browser) -> String;

const CHECKS: [(&str, Check); 4] = [
    ("probabilities and contributions in the page are the program's", numbers::same_readings),
    ("ink is brought into the network's form as pictures are", numbers::same_form),
    ("strokes of a mouse and of a finger are read", drawn::strokes_are_read),
    ("any picture's size and any classes make a page that works", drawn::other_networks),
];

fn main() -> ExitCode {
    // As in the test harness, `cargo test NAME` runs what has NAME in its name.
    let filter = env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    let is_chosen = |name: &str| filter.as_ref().is_none_or(|filter| name.contains(filter));
    let chosen = CHECKS.into_iter().filter(|(name, _)| is_chosen(name));
    let [mut passed, mut failed, mut not_run] = [0; 3];
    let mut browser = Browser::start();
    println!();
    for (name, check) in chosen {
        let verdict = match &mut browser {
            Err(why) => {
                not_run += 1;
                format!("NOT RUN ({why})")
            }
            Ok(browser) => match catch_unwind(AssertUnwindSafe(|| check(browser))) {
                Ok(found) => {
                    passed += 1;
                    format!("ok ({found})")
                }
                Err(_) => {
                    failed += 1;
                    "FAILED".into()
                }
            },
        };
        println!("{name} ... {verdict}");
    }
    println!("\n{passed} passed, {failed} failed, {not_run} not run\n");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
