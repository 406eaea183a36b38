//! Optimizers by Keras's names. Another one is an arm of [`optimizer`].

use model::{Activation, Network, Rmsprop, Trainer};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::of_model;

/// The optimizer `name` with all of its settings.
pub(crate) fn optimizer(name: &str, settings: &Bound<'_, PyDict>) -> PyResult<Rmsprop> {
    let setting = |name: &str| -> PyResult<f64> {
        let Some(value) = settings.get_item(name)? else {
            return Err(PyTypeError::new_err(format!("the setting {name} is missing")));
        };
        value.extract().map_err(|_| {
            let kind = value.get_type();
            PyTypeError::new_err(format!("{name} must be a number, not {kind}"))
        })
    };
    match name {
        "rmsprop" => Ok(Rmsprop {
            learning_rate: setting("learning_rate")?,
            rho: setting("rho")?,
            epsilon: setting("epsilon")?,
            ..Rmsprop::keras3()
        }),
        _ => Err(PyValueError::new_err(format!("optimizer {name:?}: there is \"rmsprop\""))),
    }
}

/// An error if no training can be made with the optimizer `name` and these settings.
#[pyfunction]
pub(crate) fn check_optimizer(name: &str, settings: &Bound<'_, PyDict>) -> PyResult<()> {
    let smallest = Network::glorot_uniform(&[1, 1], Activation::Relu, 0).map_err(of_model)?;
    Trainer::new(smallest, optimizer(name, settings)?).map_err(of_model).map(drop)
}
