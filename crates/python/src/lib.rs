//! The compiled half of the Python package `sieve`: arrays in, arrays out. The words of Keras and scikit-learn are Python's,
//! in `python/sieve`; the numbers are the crates'. This lends NumPy's memory to them, lets go of the interpreter while they
//! work, and turns their errors into Python's.

mod arrays;
mod data;
mod errors;
mod network;
mod optimizer;
mod stopping;
mod threads;
mod training;

use pyo3::prelude::*;

/// The engine of `sieve`: dense networks on NumPy arrays. Use `sieve.models`, `sieve.datasets` and so on instead.
#[pymodule]
mod _sieve {
    use pyo3::exceptions::PyImportError;
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::data::{load_digits, load_published};
    #[pymodule_export]
    use crate::network::Network;
    #[pymodule_export]
    use crate::optimizer::check_optimizer;
    #[pymodule_export]
    use crate::threads::{instruction_set, set_threads, threads};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // Asked here, where it can be an error.
        kernels::Isa::from_environment()
            .map_err(|error| PyImportError::new_err(error.to_string()))?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
