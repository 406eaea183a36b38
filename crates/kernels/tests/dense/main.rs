//! The layers of a dense network against the f64 reference: dense and sparse inputs, sizes around every block constant,
//! outputs poisoned with NaN. One test runs all others once more on each instruction set that this CPU has.

#[path = "../support/mod.rs"]
mod support;

mod at_rest;
mod batch;
mod bits;
mod examples;
mod nan;
mod products;
mod rows;

#[test]
fn on_every_instruction_set() {
    support::run_all_on_every_instruction_set();
}
