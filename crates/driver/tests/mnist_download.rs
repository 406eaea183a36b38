//! MNIST itself, downloaded from a mirror on this machine: no other files would be taken for it. `MNIST_DIR` names the folder
//! that has them gzipped, or they lie beside the repository in `../shared/mnist`.
//!
//! Its own `main` instead of the test harness, because a check that could not run must not count as passed.

#[allow(dead_code, reason = "the tests of data sources use the rest")]
#[path = "data_source/place.rs"]
mod place;
#[allow(dead_code, reason = "the tests of data sources use the rest")]
#[path = "data_source/server.rs"]
mod server;

use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use place::{Place, assert_contains};
use server::{Server, ok};

const NAME: &str = "MNIST is downloaded once, checked, kept and read";
const FILES: [&str; 4] = [
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
];

/// The folder with MNIST's gzipped files, or why the check cannot run.
fn shelf() -> Result<PathBuf, &'static str> {
    if !cfg!(feature = "download") {
        return Err("this is built without the feature `download`");
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/mnist");
    let shelf = env::var_os("MNIST_DIR").map_or(beside, PathBuf::from);
    match FILES.iter().all(|name| shelf.join(name).is_file()) {
        true => Ok(shelf),
        false => Err("neither MNIST_DIR nor ../shared/mnist has its gzipped files"),
    }
}

fn check(shelf: PathBuf) {
    let place = Place::new();
    let mirror = Server::start(move |path| ok(&fs::read(shelf.join(&path[1..])).unwrap()));
    for _ in 0..2 {
        let line = "train --hidden 4 --epochs 1 --output out";
        let (story, notice) = place.succeed(line, &mirror.url);
        assert_eq!(notice, "");
        assert_contains(&story, &[&format!("Data from {}\n", place.cache("mnist").display())]);
        let recorded = place.recorded();
        assert_eq!((&recorded["dataset"], &recorded["train"]), (&"mnist".into(), &60_000.into()));
        assert_eq!(mirror.asked().len(), 4);
    }
    assert_eq!(fs::read_dir(place.cache("mnist")).unwrap().count(), 4);
}

fn main() -> ExitCode {
    // As in the test harness, `cargo test NAME` runs what has NAME in its name.
    let filter = env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    if filter.is_some_and(|filter| !NAME.contains(&filter)) {
        println!("\n0 passed, 0 failed, 0 not run, 1 filtered out\n");
        return ExitCode::SUCCESS;
    }
    let (verdict, counts, status) = match shelf() {
        Err(why) => {
            (format!("NOT RUN ({why})"), "0 passed, 0 failed, 1 not run", ExitCode::SUCCESS)
        }
        Ok(shelf) => match catch_unwind(AssertUnwindSafe(|| check(shelf))) {
            Ok(()) => ("ok".into(), "1 passed, 0 failed, 0 not run", ExitCode::SUCCESS),
            Err(_) => ("FAILED".into(), "0 passed, 1 failed, 0 not run", ExitCode::FAILURE),
        },
    };
    println!("\n{NAME} ... {verdict}\n\n{counts}\n");
    status
}
