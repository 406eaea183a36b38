//! Optimizers by Keras's names. Another one is an arm of [`optimizer`].

use model::{Activation, Adam, Network, Optimizer, Rmsprop, Sgd, Trainer};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::of_model;

/// One of an optimizer's settings.
pub(crate) fn setting(settings: &Bound<'_, PyDict>, name: &str) -> PyResult<f64> {
    let Some(value) = settings.get_item(name)? else {
        return Err(PyTypeError::new_err(format!("the setting {name} is missing")));
    };
    value.extract().map_err(|_| {
        let kind = value.get_type();
        PyTypeError::new_err(format!("{name} must be a number, not {kind}"))
    })
}

/// The optimizer `name` with all of its settings.
pub(crate) fn optimizer(name: &str, settings: &Bound<'_, PyDict>) -> PyResult<Optimizer> {
    let setting = |name| setting(settings, name);
    match name {
        "rmsprop" => Ok(Optimizer::Rmsprop(Rmsprop {
            learning_rate: setting("learning_rate")?,
            rho: setting("rho")?,
            epsilon: setting("epsilon")?,
            ..Rmsprop::keras3()
        })),
        "adam" => Ok(Optimizer::Adam(Adam {
            learning_rate: setting("learning_rate")?,
            beta_1: setting("beta_1")?,
            beta_2: setting("beta_2")?,
            epsilon: setting("epsilon")?,
            weight_decay: setting("weight_decay")?,
        })),
        "sgd" => Ok(Optimizer::Sgd(Sgd {
            learning_rate: setting("learning_rate")?,
            momentum: setting("momentum")?,
            nesterov: setting("nesterov")? != 0.0,
        })),
        _ => {
            let there_is = "\"rmsprop\", \"adam\" and \"sgd\"";
            Err(PyValueError::new_err(format!("optimizer {name:?}: there are {there_is}")))
        }
    }
}

/// An error if no training can be made with the optimizer `name` and these settings.
#[pyfunction]
pub(crate) fn check_optimizer(name: &str, settings: &Bound<'_, PyDict>) -> PyResult<()> {
    let smallest = Network::glorot_uniform(&[1, 1], Activation::Relu, 0).map_err(of_model)?;
    Trainer::new(smallest, optimizer(name, settings)?).map_err(of_model).map(drop)
}
