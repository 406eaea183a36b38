//! Ours alone, under criterion, which keeps what it measured: has anything changed since the last run?
//!
//! ```text
//! cargo bench --bench criterion                  everything, minutes
//! cargo bench --bench criterion -- sgemm         what has this in its name
//! cargo bench --bench criterion -- --quick       less time, more noise
//! ```
//!
//! Throughput is in floating-point operations where there is a product, so a Gelem/s is a GFLOP/s. Others are in `sgemm`
//! and `kernels`, which time in turns and compare.

#[allow(dead_code, reason = "the other forms have no part in this")]
#[path = "../kernels/cases/mod.rs"]
mod cases;
#[path = "../sgemm/problem.rs"]
mod problem;
#[path = "../support/mod.rs"]
mod support;

use cases::{CASES, Work};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use kernels::MatrixMut;
use problem::{Problem, SHAPES};
use std::time::Duration;
use support::arguments::is_small;
use support::crew::Crew;
use support::pictures::{self, Pictures};
use support::training::{Training, check, training_flops};

fn sgemm(criterion: &mut Criterion) {
    for crew in crews() {
        let mut group = group(criterion, "sgemm", &crew);
        for shape in SHAPES.into_iter().filter(|shape| selects(shape.flops() as f64)) {
            let problem = Problem::new(shape);
            let (m, n) = (shape.m, shape.n);
            let multiply = |c: &mut [f32]| {
                kernels::sgemm(1.0, problem.a(), problem.b(), 0.0, MatrixMut::new(c, m, n));
            };
            let mut c = vec![f32::NAN; m * n];
            crew.install(|| multiply(&mut c));
            problem.check(&c).expect("a right answer");

            group.throughput(Throughput::Elements(shape.flops() as u64));
            group.bench_function(shape.name(), |bencher| {
                crew.install(|| bencher.iter(|| multiply(&mut c)));
            });
        }
        group.finish();
    }
}

fn kernels(criterion: &mut Criterion) {
    for crew in crews() {
        let mut group = group(criterion, "kernels", &crew);
        for make in CASES {
            let mut case = make();
            let of_use = crew.threads() == 1 || case.forks();
            if !(of_use && selects(case.work().flops())) {
                continue;
            }
            crew.install(|| {
                case.ours();
                case.other();
            });
            case.check().expect("a right answer");

            group.throughput(match case.work() {
                Work::Flops(flops) => Throughput::Elements(flops as u64),
                Work::Bytes(bytes) => Throughput::Bytes(bytes as u64),
            });
            group.bench_function(case.name(), |bencher| {
                crew.install(|| bencher.iter(|| case.ours()));
            });
        }
        group.finish();
    }
}

/// Steps of the 784-512-10 network at batch 128 on made-up pictures. Sixteen at a time: a step gathers the next batch, so
/// a single one is not what a training consists of.
fn training(criterion: &mut Criterion) {
    const SIZES: [usize; 3] = [pictures::MNIST_PIXELS, 512, 10];
    const BATCH_SIZE: usize = 128;
    const STEPS: usize = 16;
    let pixels = pictures::like_digits(STEPS * BATCH_SIZE);
    let labels = pictures::labels(STEPS * BATCH_SIZE);
    let pictures = Pictures { pixels: &pixels, labels: &labels };
    for crew in crews() {
        crew.install(|| check(&SIZES, pictures)).expect("a right answer");
        let mut training = Training::new(&SIZES, pictures, BATCH_SIZE);
        let mut group = group(criterion, "training", &crew);
        let flops = pictures.len() as f64 * training_flops(&SIZES);
        group.throughput(Throughput::Elements(flops as u64));
        group.bench_function(format!("784-512-10, {STEPS} steps of {BATCH_SIZE}"), |bencher| {
            crew.install(|| bencher.iter(|| training.epoch()));
        });
        group.finish();
    }
}

/// Under `cargo test --benches`, where each runs once and unoptimized, the larger are left out.
fn selects(flops: f64) -> bool {
    std::env::args().any(|argument| argument == "--bench") || is_small(flops)
}

fn crews() -> Vec<Crew> {
    Crew::one_and_all().expect("pools of threads")
}

fn group<'a>(
    criterion: &'a mut Criterion,
    name: &str,
    crew: &Crew,
) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(format!("{name}, threads {}", crew.threads()));
    group
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    group
}

criterion_group!(benches, sgemm, kernels, training);
criterion_main!(benches);
