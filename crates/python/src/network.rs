//! A network as Python holds it.

use std::mem;
use std::path::PathBuf;

use model::{Activation, Description, FitConfig, Input, LayerParameters, ModelError, Trainer};
use numpy::{
    PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArrayDyn, PyUntypedArrayMethods,
};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::arrays::{RowsArray, TargetsArray, floats};
use crate::errors::of_model;
use crate::optimizer::{optimizer, setting};
use crate::state::{self, Training};
use crate::stopping::{Epoch, Stopping, StoppingSettings};
use crate::threads;
use crate::training::{self, Callbacks, Examples, Fit, Outcome, Rates};

/// A dense network, and in training the optimizer's state.
#[pyclass(module = "sieve._sieve", subclass)]
pub(crate) struct Network {
    state: State,
    /// That the optimizer has made.
    steps: u64,
}

enum State {
    /// It has not been trained, or its optimizer was taken away.
    Resting(model::Network),
    Training(Box<Trainer>),
    /// A trainer for it could not be had.
    Lost,
}

/// A layer as Python names it: kernel (inputs × units), bias (units), activation.
type Layer<'py> = (PyReadonlyArrayDyn<'py, f32>, PyReadonlyArrayDyn<'py, f32>, String);

/// The indices of the rows to train on and of those to test on.
type Parts<'py> = (PyReadonlyArray1<'py, u32>, PyReadonlyArray1<'py, u32>);

/// A function and its arguments, which make an object anew, and what is set then.
type Reduced<'py> = (Bound<'py, PyAny>, (Vec<Bound<'py, PyTuple>>,), Option<Bound<'py, PyDict>>);

impl Network {
    fn network(&self) -> PyResult<&model::Network> {
        match &self.state {
            State::Resting(network) => Ok(network),
            State::Training(trainer) => Ok(trainer.network()),
            State::Lost => Err(lost()),
        }
    }

    /// The trainer, made for this optimizer if there is none yet.
    fn trainer<'a>(
        state: &'a mut State,
        name: &str,
        settings: &Bound<'_, PyDict>,
    ) -> PyResult<&'a mut Trainer> {
        if !matches!(state, State::Training(_)) {
            let optimizer = optimizer(name, settings)?;
            let State::Resting(network) = mem::replace(state, State::Lost) else {
                return Err(lost());
            };
            let trainer = Trainer::new(network, optimizer).map_err(of_model)?;
            *state = State::Training(Box::new(trainer));
        }
        match state {
            State::Training(trainer) => Ok(trainer),
            _ => Err(lost()),
        }
    }
}

impl From<model::Network> for Network {
    fn from(network: model::Network) -> Self {
        Self { state: State::Resting(network), steps: 0 }
    }
}

#[pymethods]
impl Network {
    /// A network with Glorot-uniform weights, drawn from `seed`, and zero biases. `sizes`: inputs, units of each layer;
    /// `activations`: of each layer, `"relu"` or `"linear"`, of the last `"softmax"`.
    #[staticmethod]
    fn glorot_uniform(
        py: Python<'_>,
        sizes: Vec<usize>,
        activations: Vec<String>,
        seed: u64,
    ) -> PyResult<Self> {
        let activations: Vec<_> =
            activations.iter().map(|name| activation(name)).collect::<PyResult<_>>()?;
        let first = activations.first().copied().unwrap_or(Activation::Softmax);
        let hidden = if activations.len() > 1 { first } else { Activation::Relu };
        let make = || -> Result<model::Network, ModelError> {
            let network = model::Network::glorot_uniform(&sizes, hidden, seed)?;
            if network.activations().eq(activations.iter().copied()) {
                return Ok(network);
            }
            let mut layers = network.parameters();
            for (layer, &activation) in layers.iter_mut().zip(&activations) {
                layer.activation = activation;
            }
            model::Network::from_parameters(&layers)
        };
        py.detach(make).map(Self::from).map_err(of_model)
    }

    /// A network of given parameters: `(kernel, bias, activation)` of each layer, `float32`, C-contiguous.
    #[staticmethod]
    fn from_parameters(py: Python<'_>, layers: Vec<Layer<'_>>) -> PyResult<Self> {
        network_of(py, &layers).map(Self::from)
    }

    /// Takes the parameters of the network's layers, as `from_parameters` does. An optimizer's state stays as it is.
    fn set_parameters(slf: &Bound<'_, Self>, layers: Vec<Layer<'_>>) -> PyResult<()> {
        let network = network_of(slf.py(), &layers)?;
        let mut this = slf.try_borrow_mut().map_err(|_| busy())?;
        match &mut this.state {
            State::Training(trainer) => trainer.replace_network(network).map_err(of_model)?,
            State::Resting(resting) => mem::replace(resting, network),
            State::Lost => return Err(lost()),
        };
        Ok(())
    }

    /// Reads a network from a `.safetensors` file.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        py.detach(|| model::Network::load(&path)).map(Self::from).map_err(of_model)
    }

    /// Writes the network to a `.safetensors` file, which is the old one or the new one at any time. `pictures` are the rows
    /// and columns of the pictures of bytes that go in, divided by 255; without them, numbers go in as they are.
    #[pyo3(signature = (path, pictures=None))]
    fn save(
        slf: &Bound<'_, Self>,
        path: PathBuf,
        pictures: Option<(usize, usize)>,
    ) -> PyResult<()> {
        let this = slf.try_borrow().map_err(|_| busy())?;
        let network = this.network()?;
        let input = match pictures {
            Some((rows, columns)) => Input::Pictures { rows, columns },
            None => Input::Floats,
        };
        let notes = Description { input: Some(input), ..Description::default() }.to_notes();
        slf.py().detach(|| network.save_with_notes(&path, &notes)).map_err(of_model)
    }

    /// `(kernel, bias, activation)` of each layer: copies.
    fn parameters<'py>(slf: &Bound<'py, Self>) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        let py = slf.py();
        let this = slf.try_borrow().map_err(|_| busy())?;
        let mut layers = Vec::new();
        for LayerParameters { inputs, units, activation, weights, bias } in
            this.network()?.parameters()
        {
            let kernel = PyArray1::from_vec(py, weights).reshape([inputs, units])?;
            let bias = PyArray1::from_vec(py, bias);
            layers.push((kernel, bias, activation.name()).into_pyobject(py)?);
        }
        Ok(layers)
    }

    /// Inputs, units of each layer.
    fn sizes(slf: &Bound<'_, Self>) -> PyResult<Vec<usize>> {
        Ok(slf.try_borrow().map_err(|_| busy())?.network()?.sizes())
    }

    /// The activation of each layer.
    fn activations(slf: &Bound<'_, Self>) -> PyResult<Vec<&'static str>> {
        let this = slf.try_borrow().map_err(|_| busy())?;
        Ok(this.network()?.activations().map(Activation::name).collect())
    }

    /// Forgets the optimizer and its state: the next fit begins with those it is given.
    fn forget_optimizer(slf: &Bound<'_, Self>) -> PyResult<()> {
        let mut this = slf.try_borrow_mut().map_err(|_| busy())?;
        this.state = match mem::replace(&mut this.state, State::Lost) {
            State::Training(trainer) => State::Resting(trainer.into_network()),
            other => other,
        };
        this.steps = 0;
        Ok(())
    }

    /// The steps that the optimizer has made.
    fn steps(slf: &Bound<'_, Self>) -> PyResult<u64> {
        Ok(slf.try_borrow().map_err(|_| busy())?.steps)
    }

    /// Trains, and returns `(loss, accuracy, seconds, (validation loss, validation accuracy) or None)` for each epoch, and the
    /// number of the best epoch, from 1, if `stopping` looks for it. The optimizer and its state go on from the last call, if there
    /// was one.
    ///
    /// `validation`: examples that the network is tested on after each epoch; or `parts`: the indices of the rows to train on, and
    /// of those to test on. `rates`: the learning rate of each step, instead of the optimizer's. `stopping`: when to end before the
    /// last epoch.
    #[pyo3(signature = (x, y, *, optimizer, settings, epochs, batch_size, shuffle, seed, rates=None, validation=None, parts=None, stopping=None, on_progress=None, on_epoch=None))]
    #[expect(clippy::too_many_arguments, reason = "they have names in Python")]
    fn fit(
        slf: &Bound<'_, Self>,
        x: RowsArray<'_>,
        y: TargetsArray<'_>,
        optimizer: &str,
        settings: &Bound<'_, PyDict>,
        epochs: usize,
        batch_size: usize,
        shuffle: bool,
        seed: u64,
        rates: Option<PyReadonlyArray1<'_, f64>>,
        validation: Option<(RowsArray<'_>, TargetsArray<'_>)>,
        parts: Option<Parts<'_>>,
        stopping: Option<StoppingSettings>,
        on_progress: Option<Py<PyAny>>,
        on_epoch: Option<Py<PyAny>>,
    ) -> PyResult<(Vec<Epoch>, Option<usize>)> {
        let mut this = slf.try_borrow_mut().map_err(|_| busy())?;
        let examples = x.examples()?;
        let all = Examples { rows: examples.rows(), targets: y.targets()?, chosen: None };
        let (mut train, mut held_out) = (all, None);
        if let Some((training, testing)) = &parts {
            train.chosen = Some(training.as_slice()?);
            held_out = Some(Examples { chosen: Some(testing.as_slice()?), ..all });
        }
        let given = match &validation {
            None => None,
            Some((x, y)) => Some((x.examples()?, y.targets()?)),
        };
        if let Some((examples, targets)) = &given {
            held_out = Some(Examples { rows: examples.rows(), targets: *targets, chosen: None });
        }
        let rates = match &rates {
            Some(rates) => Rates::Steps(rates.as_slice()?),
            None => Rates::Constant(setting(settings, "learning_rate")?),
        };
        let config = FitConfig { epochs, batch_size, shuffle, seed, ..FitConfig::default() };
        let callbacks = Callbacks { on_progress, on_epoch };
        let this = &mut *this;
        let trainer = Self::trainer(&mut this.state, optimizer, settings)?;
        let stopping = stopping.map(|settings| Stopping::new(settings, trainer.network()));
        let stopping = stopping.transpose().map_err(of_model)?;
        let fit = Fit { train, validation: held_out, rates, config, stopping };
        let Outcome { epochs, best } =
            training::fit(slf.py(), trainer, fit, &callbacks, &mut this.steps)?;
        Ok((epochs, best))
    }

    /// Mean loss and accuracy.
    fn evaluate(
        slf: &Bound<'_, Self>,
        x: RowsArray<'_>,
        y: TargetsArray<'_>,
    ) -> PyResult<(f64, f64)> {
        let this = slf.try_borrow().map_err(|_| busy())?;
        let (network, examples, targets) = (this.network()?, x.examples()?, y.targets()?);
        let rows = examples.rows();
        let result = threads::run(slf.py(), || network.evaluate(rows, targets))?;
        result.map(|evaluation| (evaluation.loss, evaluation.accuracy)).map_err(of_model)
    }

    /// The probabilities of the classes for each row, rows × classes.
    fn predict<'py>(
        slf: &Bound<'py, Self>,
        x: RowsArray<'_>,
    ) -> PyResult<Bound<'py, PyArray2<f32>>> {
        let py = slf.py();
        let this = slf.try_borrow().map_err(|_| busy())?;
        let (network, examples) = (this.network()?, x.examples()?);
        let rows = examples.rows();
        let probabilities = threads::run(py, || network.predict(rows))?.map_err(of_model)?;
        PyArray1::from_vec(py, probabilities).reshape([rows.len(), network.classes()])
    }

    /// For `pickle` and `copy`: the parameters, and in training the optimizer with its state.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py>> {
        let make = slf.get_type().getattr("from_parameters")?;
        let this = slf.try_borrow().map_err(|_| busy())?;
        let training = match &this.state {
            State::Training(trainer) => Some(state::tell(slf.py(), trainer, this.steps)?),
            State::Resting(_) | State::Lost => None,
        };
        drop(this);
        Ok((make, (Self::parameters(slf)?,), training))
    }

    /// For `pickle` and `copy`: goes on with an optimizer and its state.
    fn __setstate__(slf: &Bound<'_, Self>, training: Training<'_>) -> PyResult<()> {
        let mut this = slf.try_borrow_mut().map_err(|_| busy())?;
        let network = this.network()?.clone();
        let (trainer, steps) = training.resume(network)?;
        (this.state, this.steps) = (State::Training(Box::new(trainer)), steps);
        Ok(())
    }
}

/// A network of these layers.
fn network_of(py: Python<'_>, layers: &[Layer<'_>]) -> PyResult<model::Network> {
    let mut parameters = Vec::new();
    for (l, (kernel, bias, name)) in layers.iter().enumerate() {
        let (&[inputs, units], &[_]) = (kernel.shape(), bias.shape()) else {
            let message = format!("layer {l}: a kernel has two dimensions, a bias one");
            return Err(PyValueError::new_err(message));
        };
        let (weights, bias, activation) = (floats(kernel)?, floats(bias)?, activation(name)?);
        parameters.push(LayerParameters { inputs, units, activation, weights, bias });
    }
    py.detach(|| model::Network::from_parameters(&parameters)).map_err(of_model)
}

/// The activation of a name.
fn activation(name: &str) -> PyResult<Activation> {
    [Activation::Relu, Activation::Linear, Activation::Softmax]
        .into_iter()
        .find(|activation| activation.name() == name)
        .ok_or_else(|| {
            PyValueError::new_err(format!("activation {name:?}: there is relu, linear, softmax"))
        })
}

fn busy() -> PyErr {
    PyRuntimeError::new_err("the network is in use by another thread; wait until its call returns")
}

fn lost() -> PyErr {
    PyRuntimeError::new_err(
        "the network was lost when memory ran out at the start of a training; make it anew",
    )
}
