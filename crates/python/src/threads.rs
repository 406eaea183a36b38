//! The threads that compute. A process has one pool of them; a process that was forked makes its own, because threads are
//! not forked along.

use std::env;
use std::num::NonZero;
use std::process;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;

use kernels::Isa;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// The variables that may say how many threads there are, the first that does so first. Programs that split their work
/// between processes (joblib does) tell them by the second not to use all cores each.
const VARIABLES: [&str; 2] = ["RAYON_NUM_THREADS", "OMP_NUM_THREADS"];
/// The most threads that may be asked for.
const MOST_THREADS: usize = 4096;

/// A pool, and the process whose threads it has.
struct Pool {
    process: u32,
    threads: Arc<ThreadPool>,
}

static POOL: Mutex<Option<Pool>> = Mutex::new(None);

/// Runs `work` on the threads of this process, without the interpreter.
pub(crate) fn run<R: Send>(py: Python<'_>, work: impl FnOnce() -> R + Send) -> PyResult<R> {
    let pool = pool(None)?;
    Ok(py.detach(|| pool.install(work)))
}

/// The pool of this process: of `count` threads if a number is given, else the one there is.
pub(crate) fn pool(count: Option<usize>) -> PyResult<Arc<ThreadPool>> {
    let mut slot = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    let own = slot.take_if(|pool| pool.process != process::id());
    // The threads of another process cannot be told to end from here.
    std::mem::forget(own);
    if let Some(pool) = &*slot
        && count.is_none_or(|count| count == pool.threads.current_num_threads())
    {
        return Ok(pool.threads.clone());
    }
    let count = count.unwrap_or_else(from_environment);
    let pool = ThreadPoolBuilder::new().num_threads(count).thread_name(|i| format!("sieve-{i}"));
    let threads = pool
        .build()
        .map_err(|error| PyRuntimeError::new_err(format!("{count} threads: {error}")))?;
    let threads = Arc::new(threads);
    *slot = Some(Pool { process: process::id(), threads: threads.clone() });
    Ok(threads)
}

/// How many threads the environment asks for, or as many as there are cores for this process.
fn from_environment() -> usize {
    let asked = |name| env::var(name).ok()?.split(',').next()?.trim().parse().ok();
    let asked = VARIABLES.into_iter().filter_map(asked).find(|&count: &usize| count > 0);
    let count = asked.unwrap_or_else(|| available_parallelism().map_or(1, NonZero::get));
    count.min(MOST_THREADS)
}

/// How many threads compute.
#[pyfunction]
pub(crate) fn threads() -> PyResult<usize> {
    Ok(pool(None)?.current_num_threads())
}

/// Sets how many threads compute from now on. Results do not depend on it.
#[pyfunction]
pub(crate) fn set_threads(count: usize) -> PyResult<()> {
    if !(1..=MOST_THREADS).contains(&count) {
        let message = format!("{count} threads; there can be 1 to {MOST_THREADS}");
        return Err(PyValueError::new_err(message));
    }
    pool(Some(count)).map(drop)
}

/// The instruction set of the kernels, as `KERNELS_ISA` names it: `"avx512"`, `"avx2"` or `"portable"`.
#[pyfunction]
pub(crate) fn instruction_set() -> &'static str {
    Isa::active().short_name()
}
