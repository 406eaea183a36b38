//! The program where there is too little memory: one line that says how much is wanted and what to do, and exit status 1.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;
use testing::{write_examples, write_zeros};

const SIDE: usize = 8;
const IMAGES: usize = 64;

/// A folder to run in, with images of three classes in `data/`.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir(place.path("data")).unwrap();
        let pixels: Vec<u8> = (0..IMAGES * SIDE * SIDE).map(|i| (i * i % 251) as u8).collect();
        let labels: Vec<u8> = (0..IMAGES).map(|i| (i % 3) as u8).collect();
        for name in ["train", "t10k"] {
            write_examples(&place.path("data"), name, [SIDE, SIDE], &pixels, &labels);
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs the program where there are `mib` MiB of address space.
    fn run(&self, mib: usize, line: &str) -> Output {
        let script = format!("ulimit -v {} && exec \"$0\" \"$@\"", mib * 1024);
        Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_driver")])
            .args(line.split_whitespace())
            .args(["--data", "data", "--threads", "2"])
            .current_dir(self.0.path())
            // Each arena of the allocator takes address space that it never uses.
            .env("MALLOC_ARENA_MAX", "1")
            .output()
            .unwrap()
    }

    fn succeeds(&self, mib: usize, line: &str) {
        let output = self.run(mib, line);
        assert!(output.status.success(), "{line}: {output:?}");
    }

    /// The one line of a failure says this.
    fn fails(&self, mib: usize, line: &str, says: &str) {
        let output = self.run(mib, line);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{line}: {errors}");
        assert!(errors.starts_with("error: ") && errors.lines().count() == 1, "{line}: {errors}");
        assert!(errors.contains(says) && errors.contains(" MiB of memory, "), "{line}: {errors}");
    }
}

#[test]
fn a_training_too_large_for_the_memory_says_so() {
    let place = Place::new();
    // Parameters, of which the output layer's count sixteen columns: 20 MiB; a batch: 1 MiB a row.
    let train = |batch: usize| {
        format!("train --hidden 65536 --epochs 1 --batch-size {batch} --output run-{batch}")
    };
    place.fails(30, &train(1), "the network 64-65536-3 takes 21 MiB");
    place.fails(50, &train(1), "the optimizer's state for the network 64-65536-3 takes 21 MiB");
    place.fails(110, &train(64), "training on batches of 64 rows takes ");
    assert!(!place.path("run-64/model.safetensors").exists());
    place.succeeds(150, &train(1));
    assert!(place.path("run-1/model.safetensors").exists());
}

/// Weights and the optimizer's state, 65 MiB each; what is saved, evaluated and reported takes little beside them.
#[test]
fn a_training_takes_twice_the_memory_of_its_network() {
    let place = Place::new();
    place.succeeds(185, "train --hidden 4096,4096 --epochs 1 --batch-size 64 --output run");
    place.succeeds(120, "evaluate --model run/model.safetensors");
    place.succeeds(120, "predict --model run/model.safetensors");
}

#[test]
fn a_model_too_large_for_the_memory_says_so() {
    let place = Place::new();
    // 64 MiB, and 16 for the output layer.
    write_zeros(&place.path("zeros.safetensors"), [SIDE * SIDE, 1 << 18, 3]).unwrap();
    let (evaluate, predict) =
        ("evaluate --model zeros.safetensors", "predict --model zeros.safetensors");
    place.fails(70, evaluate, "the network in zeros.safetensors takes 82 MiB");
    place.fails(70, predict, "the network in zeros.safetensors takes 82 MiB");
    // 8 MiB for 8 rows, which are taken at a time; four times as much with two threads.
    place.fails(110, evaluate, "running 64-262144-3 on 64 rows takes 33 MiB");
    place.succeeds(110, &format!("{predict} --index 0"));
    place.succeeds(160, evaluate);
}
