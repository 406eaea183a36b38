//! Command lines that cannot be carried out.

use crate::place::Place;

#[test]
fn without_data_it_says_what_to_do() {
    let place = Place::new();
    for line in ["--dataset mnist", "train --dataset mnist", "train --dataset mnist --quiet"] {
        let error = place.fail(line, 1);
        assert!(error.contains("--data") && error.contains("MNIST_DIR"), "{error}");
    }
    assert!(!place.path("runs").exists(), "a run that never was left a folder");
    let error = place.fail("train --data nowhere", 1);
    assert!(error.contains("nowhere"), "{error}");
    // The variable is the way out that it promises.
    let output =
        place.command("train --hidden 4 --epochs 1").env("MNIST_DIR", "data").output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn wrong_arguments_are_named() {
    let place = Place::new();
    for (line, cause) in [
        ("train --data data --epochs 0", "--epochs"),
        ("train --data data --batch-size 0", "--batch-size"),
        ("train --data data --hidden 16,0", "--hidden"),
        ("train --data data --learning-rate -1", "--learning-rate"),
        ("train --data data --threads 2000", "--threads"),
        ("train --data data --momentum 0.9", "--momentum"),
        ("train --data data --hidden 65536,65536", "2,147,483,648"),
        ("train --data data --classes 1", "--classes"),
        ("evaluate --data data", "--model"),
        ("paint", "paint"),
    ] {
        let error = place.fail(line, 2);
        assert!(error.contains(cause), "{line}: {error}");
    }
    assert!(!place.path("runs").exists());
    let output = place.command("--version").env("KERNELS_ISA", "abacus").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let output = place.command("train --data data").env("KERNELS_ISA", "abacus").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("abacus") && error.lines().count() == 1, "{error}");
}
