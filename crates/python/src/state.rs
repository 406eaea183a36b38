//! A training between two fits, as Python keeps it: in a pickle, say.

use model::{LayerState, Network, OptimizerState, Trainer};
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::of_model;
use crate::optimizer::{optimizer, settings};

/// An optimizer with its state, by the names of [`tell`].
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Training<'py> {
    optimizer: String,
    settings: Bound<'py, PyDict>,
    /// That the learning rate has counted.
    steps: u64,
    /// That the state has seen.
    made: u64,
    layers: Vec<Layer<'py>>,
}

/// Steps seen by each input, and the numbers of weights and bias.
type Layer<'py> = (PyReadonlyArray1<'py, u64>, Vec<Numbers<'py>>);
type Numbers<'py> = (PyReadonlyArray1<'py, f32>, PyReadonlyArray1<'py, f32>);

impl Training<'_> {
    /// The trainer of a network, and the steps it has made.
    pub(crate) fn resume(self, network: Network) -> PyResult<(Trainer, u64)> {
        let mut layers = Vec::new();
        for (seen, all) in &self.layers {
            let mut numbers = Vec::new();
            for (weights, bias) in all {
                numbers.push((weights.as_slice()?.to_vec(), bias.as_slice()?.to_vec()));
            }
            layers.push(LayerState { seen: seen.as_slice()?.to_vec(), numbers });
        }
        let state = OptimizerState { steps: self.made, layers };
        let optimizer = optimizer(&self.optimizer, &self.settings)?;
        let trainer = Trainer::resume(network, optimizer, &state).map_err(of_model)?;
        Ok((trainer, self.steps))
    }
}

/// A trainer's optimizer with its state, all of it copies; `steps` are those that it has made.
pub(crate) fn tell<'py>(
    py: Python<'py>,
    trainer: &Trainer,
    steps: u64,
) -> PyResult<Bound<'py, PyDict>> {
    let OptimizerState { steps: made, layers } = py.detach(|| trainer.optimizer_state());
    let layers: Vec<_> = layers
        .into_iter()
        .map(|LayerState { seen, numbers }| {
            let arrays =
                |(weights, bias)| (PyArray1::from_vec(py, weights), PyArray1::from_vec(py, bias));
            let numbers: Vec<_> = numbers.into_iter().map(arrays).collect();
            (PyArray1::from_vec(py, seen), numbers)
        })
        .collect();
    let (name, settings) = settings(py, &trainer.optimizer())?;
    let dict = PyDict::new(py);
    dict.set_item("optimizer", name)?;
    dict.set_item("settings", settings)?;
    dict.set_item("steps", steps)?;
    dict.set_item("made", made)?;
    dict.set_item("layers", layers)?;
    Ok(dict)
}
