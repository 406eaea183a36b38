//! A training step allocates nothing after the first, which makes the buffers, and keeping the best network nothing at all.

use std::alloc::System;
use std::ops::ControlFlow;

use model::{
    Activation, Csr, EarlyStopping, FitConfig, Network, Observer, Rmsprop, Rows, StepReport,
    Targets, Trainer,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Counts what is allocated between one step and the next.
struct Allocations {
    region: Region<'static, System>,
    in_step: Vec<usize>,
}

impl Observer for Allocations {
    fn on_step(&mut self, _: &StepReport) -> ControlFlow<()> {
        let change = self.region.change();
        self.in_step.push(change.allocations + change.reallocations);
        self.region.reset();
        ControlFlow::Continue(())
    }
}

/// The rows that have something lit, some with much more than others.
fn sparse_rows(pixels: &[u8], columns: usize) -> Csr<'static> {
    let (mut starts, mut indices, mut values) = (vec![0], Vec::new(), Vec::new());
    for (i, row) in pixels.chunks(columns).enumerate() {
        for (j, pixel) in row.iter().enumerate().filter(|(j, _)| i % 50 == 0 || j % 2 == 0) {
            if *pixel != 0 {
                indices.push(j as u32);
                values.push(f32::from(*pixel) / 255.0);
            }
        }
        starts.push(values.len());
    }
    Csr::new(starts, indices, values, columns).unwrap()
}

#[test]
fn no_allocation_in_a_step_after_the_first() {
    // Sparse batches, dense ones, and both in turn.
    let sparse = |i: usize| i.is_multiple_of(7);
    let dense = |_: usize| true;
    let mixed = |i: usize| (i / (64 * 100)).is_multiple_of(2) || i.is_multiple_of(9);
    // Pools live to the end: threads that stop while another case is counted would be counted with it.
    let mut pools = Vec::new();
    for (name, lit, in_rows) in [
        ("sparse", &sparse as &dyn Fn(usize) -> bool, false),
        ("dense", &dense, false),
        ("mixed", &mixed, false),
        ("sparse rows", &sparse, true),
        ("dense sparse rows", &dense, true),
    ] {
        let pixels: Vec<u8> =
            (0..64 * 30 * 100).map(|i| if lit(i) { (i % 250) as u8 + 1 } else { 0 }).collect();
        let csr = sparse_rows(&pixels, 100);
        let rows = if in_rows { Rows::sparse(&csr) } else { Rows::bytes(&pixels, 100) };
        let labels: Vec<u8> = (0..64 * 30).map(|i| (i % 10) as u8).collect();
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let in_step = pool.install(|| {
                let network =
                    Network::glorot_uniform(&[100, 300, 40, 10], Activation::Relu, 1).unwrap();
                let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
                let mut allocations = Allocations {
                    region: Region::new(ALLOCATOR),
                    in_step: Vec::with_capacity(100),
                };
                trainer
                    .fit_observed(
                        rows,
                        Targets::Classes(&labels),
                        &FitConfig {
                            epochs: 2,
                            batch_size: 64,
                            shuffle: false,
                            seed: 0,
                            ..FitConfig::default()
                        },
                        &mut allocations,
                    )
                    .unwrap();
                allocations.in_step
            });
            pools.push(pool);
            assert_eq!(in_step.len(), 60);
            assert!(in_step[0] > 0, "the first step makes the buffers, or nothing is counted");
            assert_eq!(in_step[1..], [0; 59], "{name}, {threads} threads: {in_step:?}");
        }
    }

    // Nor does keeping the best network of a training, epoch by epoch.
    let network = Network::glorot_uniform(&[100, 300, 40, 10], Activation::Relu, 1).unwrap();
    let mut stopping = EarlyStopping::new(1, &network).unwrap();
    let region = Region::new(ALLOCATOR);
    let outcomes = [3.0, 2.0, 2.5].map(|loss| stopping.observe(loss, &network).is_break());
    let change = region.change();
    assert_eq!((outcomes, change.allocations), ([false, false, true], 0), "{change:?}");
}
