//! Our sgemm alone, under criterion, which keeps what it measured: has it changed since the last run?
//! Throughput is in floating-point operations, so a Gelem/s is a GFLOP/s. The rivals are in `sgemm`.

#[path = "sgemm/problem.rs"]
mod problem;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kernels::MatrixMut;
use problem::{Problem, SHAPES};
use std::thread::available_parallelism;
use std::time::Duration;

fn sgemm(criterion: &mut Criterion) {
    let cores = available_parallelism().map_or(1, |cores| cores.get());
    let mut thread_counts = vec![1, cores];
    thread_counts.dedup();
    for threads in thread_counts {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let mut group = criterion.benchmark_group(format!("sgemm, threads {threads}"));
        group
            .sample_size(20)
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_secs(2));
        for shape in SHAPES {
            let problem = Problem::new(shape);
            let (m, n) = (shape.m, shape.n);
            let multiply = |c: &mut [f32]| {
                kernels::sgemm(1.0, problem.a(), problem.b(), 0.0, MatrixMut::new(c, m, n));
            };
            let mut c = vec![f32::NAN; m * n];
            pool.install(|| multiply(&mut c));
            problem.check(&c).expect("a right answer");

            group.throughput(Throughput::Elements(shape.flops() as u64));
            group.bench_function(shape.name(), |bencher| {
                pool.install(|| bencher.iter(|| multiply(&mut c)));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, sgemm);
criterion_main!(benches);
