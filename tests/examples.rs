//! The examples run, and what they assert holds.

#[path = "../examples/observer.rs"]
mod observer;
#[path = "../examples/own_arrays.rs"]
mod own_arrays;
#[path = "../examples/sgemm.rs"]
mod sgemm;

#[test]
fn a_network_learns_from_own_arrays() {
    own_arrays::main().unwrap();
}

#[test]
fn an_observer_stops_early() {
    observer::main().unwrap();
}

#[test]
fn sgemm_is_the_naive_loop() {
    sgemm::main();
}
