//! Too little memory is an error that says how much was asked for, and leaves a trainer or network
//! that can still do what there is memory for. An allocation that fails would end the process.
//!
//! Each case runs in a process of its own, in which the system gives no more than a limit.
#![cfg(target_os = "linux")]

use std::env;
use std::fs;
use std::process::Command;

use kernels::{Rows, Targets};
use model::{Activation, FitConfig, ModelError, Network, Rmsprop, Trainer};
use testing::write_zeros;

const LIMITED: &str = "MEMORY_IS_LIMITED";
const MIB: usize = 1 << 20;

/// Runs `case`, the body of the test named `test`, where there are `mib` MiB of address space.
fn with_memory(mib: usize, test: &str, case: impl FnOnce()) {
    if env::var_os(LIMITED).is_some() {
        return case();
    }
    let output = Command::new("sh")
        .args(["-c", &format!("ulimit -v {} && exec \"$0\" \"$@\"", mib * 1024)])
        .arg(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        // Each arena of the allocator takes address space that it never uses.
        .envs([(LIMITED, "1"), ("MALLOC_ARENA_MAX", "1"), ("RAYON_NUM_THREADS", "2")])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}{errors}");
}

/// An error of one line that asks for at least `mib` MiB and begins and ends with these words.
#[track_caller]
fn too_little<T>(result: Result<T, ModelError>, mib: usize, begin: &str, end: &str) {
    let error = result.err().expect("there is too little memory");
    let ModelError::Memory { bytes, .. } = error else { panic!("{error}") };
    assert!(bytes >= mib * MIB && bytes < 2 * mib * MIB, "{bytes} bytes for {mib} MiB");
    let text = error.to_string();
    let said = format!("{begin} takes {} MiB of memory", bytes.div_ceil(MIB));
    assert!(text.starts_with(&said) && text.ends_with(end) && text.lines().count() == 1, "{text}");
}

#[test]
fn a_network_too_large_for_the_memory_is_an_error() {
    with_memory(200, "a_network_too_large_for_the_memory_is_an_error", || {
        // The output layer's two columns are a panel of sixteen: 256 MiB beside 32.
        let network = |units| Network::glorot_uniform(&[1, units, 2], Activation::Relu, 0);
        too_little(network(1 << 22), 288, "the network 1-4194304-2", "smaller layers");
        network(1 << 20).unwrap();
        // 8 MiB of numbers are 72 in panels, beside the network's 72.
        let parameters = network(1 << 20).unwrap().parameters();
        let networks = [(); 3].map(|()| Network::from_parameters(&parameters));
        let [Ok(_), Ok(_), last] = networks else { panic!("two of them have room") };
        too_little(last, 72, "the network 1-1048576-2", "smaller layers");
    });
}

#[test]
fn an_optimizer_whose_state_is_too_large_for_the_memory_is_an_error() {
    with_memory(200, "an_optimizer_whose_state_is_too_large_for_the_memory_is_an_error", || {
        let network = |units| Network::glorot_uniform(&[1024, units, 2], Activation::Relu, 0);
        let trainer = |units| Trainer::new(network(units).unwrap(), Rmsprop::keras2());
        too_little(
            trainer(32_768),
            128,
            "the optimizer's state for the network 1024-32768-2",
            "smaller layers",
        );
        trainer(8192).unwrap();
    });
}

#[test]
fn a_batch_too_large_for_the_memory_is_an_error() {
    with_memory(160, "a_batch_too_large_for_the_memory_is_an_error", || {
        let pixels = vec![1; 20_000 * 784];
        let (rows, targets) = (Rows::bytes(&pixels, 784), Targets::Classes(&[0; 20_000]));
        let network = Network::glorot_uniform(&[784, 16, 2], Activation::Relu, 0).unwrap();
        let mut trainer = Trainer::new(network.clone(), Rmsprop::keras2()).unwrap();
        let mut fit = |batch_size| {
            let config = FitConfig {
                epochs: 1,
                batch_size,
                shuffle: false,
                seed: 0,
                ..FitConfig::default()
            };
            trainer.fit(rows, targets, &config)
        };
        // 4 bytes for a number in panels, and 8 for each half of the two lists, in two batches.
        let mib = 20_000 * 784 * 24 / MIB;
        too_little(fit(30_000), mib, "training on batches of 20000 rows", "smaller batch size");
        fit(4_000).unwrap();
        too_little(fit(20_000), mib, "training on batches of 20000 rows", "smaller batch size");
        // Buffers that are too small for the next batch make room for it.
        fit(5_000).unwrap();
        assert_ne!(*trainer.network(), network);
    });
}

#[test]
fn rows_too_many_for_the_memory_are_an_error() {
    with_memory(150, "rows_too_many_for_the_memory_are_an_error", || {
        // Outputs of the hidden layer: 4 MiB a row, 8 rows at a time, 4 tasks. The parameters take 72 MiB.
        let network = Network::glorot_uniform(&[1, 1 << 20, 2], Activation::Relu, 0).unwrap();
        let (rows, targets) = (Rows::bytes(&[9; 64], 1), Targets::Classes(&[0; 64]));
        let (begin, end) = ("running 1-1048576-2 on 64 rows", "fewer rows at once");
        too_little(network.evaluate(rows, targets), 128, begin, end);
        too_little(network.predict(rows), 128, begin, end);
        let (rows, targets) = (Rows::bytes(&[9], 1), Targets::Classes(&[0]));
        let probability = network.predict(rows).unwrap()[0];
        let evaluation = network.evaluate(rows, targets).unwrap();
        assert!((evaluation.loss + f64::from(probability).ln()).abs() < 1e-5, "{evaluation:?}");
    });
}

/// Neither loading nor saving has a copy of the parameters.
#[test]
fn a_network_is_loaded_and_saved_in_the_memory_it_takes() {
    with_memory(170, "a_network_is_loaded_and_saved_in_the_memory_it_takes", || {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("zeros"), folder.path().join("copy"));
        write_zeros(&path, [2048, 16_384, 2]).unwrap();
        let network = Network::load(&path).unwrap();
        assert_eq!(network.sizes(), [2048, 16_384, 2]);
        network.save(&copy).unwrap();
        let [original, copy] = [&path, &copy].map(|path| fs::metadata(path).unwrap().len());
        assert!(copy >= 128 * MIB as u64 && copy.abs_diff(original) < 1000, "{copy} bytes");
    });
}

#[test]
fn a_file_too_large_for_the_memory_is_an_error() {
    with_memory(100, "a_file_too_large_for_the_memory_is_an_error", || {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("zeros");
        write_zeros(&path, [1, 1 << 21, 2]).unwrap();
        let begin = format!("the network in {}", path.display());
        too_little(Network::load(&path), 144, &begin, "another machine");
        write_zeros(&path, [1, 1 << 10, 2]).unwrap();
        Network::load(&path).unwrap();
    });
}
