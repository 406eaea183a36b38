"""Makes keras.json: short training runs of tiny networks under Keras's own RMSprop, both forms of it.

    pip install tensorflow==2.21.0 tf_keras==2.21.0 keras==3.15.1 numpy==2.4.6
    python make_trace.py

- keras2: `tf_keras.optimizers.legacy.RMSprop`, the optimizer of Keras 2.10; epsilon outside the root.
- keras3: `keras.optimizers.RMSprop` of Keras 3; epsilon inside the root.

With epsilon outside the root, a run can be chaotic: where a gradient is nearly zero, its rounding error
decides a whole step. Such a trace would prove nothing, so each run is replayed in plain NumPy, in f32 and
in f64, and nothing is written unless both replays give the losses that Keras gave.
"""

import json
import os
import re
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf
import tf_keras

ROWS, BATCH, EPOCHS = 27, 8, 6  # the last batch of an epoch has 3 rows
CLASSES, INPUTS = 5, 12
AGREEMENT = 1e-6  # between Keras and the replays: relative for a loss, absolute for a weight

DEFAULTS = {"learning_rate": 1e-3, "rho": 0.9, "epsilon": 1e-7}
CASES = [  # name, units of the hidden layers, their activation, settings
    ("two hidden layers", [9, 7], "relu", DEFAULTS),
    ("one hidden layer, other settings", [9], "relu", {"learning_rate": 5e-3, "rho": 0.8, "epsilon": 1e-4}),
    ("one linear hidden layer", [6], "linear", DEFAULTS),
]


def examples(rng):
    """Bytes, most of them zero; two pixels tell the class, and the last pixel is never lit."""
    labels = rng.permutation(np.arange(ROWS) % CLASSES)
    pixels = rng.integers(1, 256, (ROWS, INPUTS)) * (rng.random((ROWS, INPUTS)) < 0.3)
    for row, label in enumerate(labels):
        pixels[row, 2 * label : 2 * label + 2] = rng.integers(100, 256, 2)
    pixels[:, -1] = 0
    return pixels.astype(np.uint8), labels


def initial_weights(rng, sizes):
    """Glorot-uniform kernels; small biases that are not zero, so that losing one shows."""
    weights = []
    for inputs, units in zip(sizes, sizes[1:]):
        limit = np.sqrt(6 / (inputs + units))
        weights.append(rng.uniform(-limit, limit, (inputs, units)).astype(np.float32))
        weights.append(rng.uniform(-0.1, 0.1, units).astype(np.float32))
    return weights


def batches(x, y):
    for _ in range(EPOCHS):
        for start in range(0, ROWS, BATCH):
            yield x[start : start + BATCH], y[start : start + BATCH]


def run_keras(library, rmsprop, x, y, initial, activation, settings):
    hidden = len(initial) // 2 - 1
    layers = [library.layers.Dense(initial[2 * i + 1].size, activation) for i in range(hidden)]
    layers.append(library.layers.Dense(CLASSES, "softmax"))
    network = library.Sequential([library.Input((INPUTS,)), *layers])
    network.set_weights(initial)
    optimizer = rmsprop(**settings)
    network.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
    steps = []
    for x_batch, y_batch in batches(x, y):
        network.reset_metrics()  # or Keras 3 returns running means
        steps.append([float(v) for v in network.train_on_batch(x_batch, y_batch)])
    losses, accuracies = zip(*steps)
    variables = optimizer.variables
    variables = [v.numpy() for v in (variables() if callable(variables) else variables)]
    state = variables[-len(initial) :]  # before it: the count of steps, and in Keras 3 the learning rate
    assert [s.shape for s in state] == [w.shape for w in initial]
    return list(losses), list(accuracies), network.get_weights(), state


def replay(inside, number, x, y, initial, activation, settings):
    """The same run in NumPy, in the precision `number`: its losses and its final weights."""
    learning_rate, rho, epsilon = (number(settings[k]) for k in ("learning_rate", "rho", "epsilon"))
    weights = [w.astype(number) for w in initial]
    state = [np.zeros_like(w) for w in weights]
    losses = []
    for x_batch, y_batch in batches(x.astype(number), y.astype(number)):
        values = [x_batch]
        for i in range(0, len(weights), 2):
            sums = values[-1] @ weights[i] + weights[i + 1]
            last = i + 2 == len(weights)
            values.append(sums if last or activation == "linear" else np.maximum(sums, 0))
        shifted = values[-1] - values[-1].max(1, keepdims=True)
        log_probability = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
        losses.append(float(-(y_batch * log_probability).sum(1).mean()))
        d_sums = (np.exp(log_probability) - y_batch) / number(len(x_batch))
        gradients = [None] * len(weights)
        for i in reversed(range(0, len(weights), 2)):
            below = values[i // 2]
            gradients[i : i + 2] = [below.T @ d_sums, d_sums.sum(0)]
            d_sums = d_sums @ weights[i].T * (1 if activation == "linear" else below > 0)
        for w, v, g in zip(weights, state, gradients):
            v[...] = rho * v + (1 - rho) * g * g
            w -= learning_rate * g / (np.sqrt(v + epsilon) if inside else np.sqrt(v) + epsilon)
    return np.array(losses), weights


def numbers(array):
    """The shortest decimals that read back as the same f32."""
    array = np.asarray(array, np.float32).ravel()
    decimals = [float(str(v)) for v in array]
    assert (np.array(decimals).astype(np.float32) == array).all()
    return decimals


def as_layers(weights, activation):
    layers = [
        {
            "inputs": kernel.shape[0],
            "units": kernel.shape[1],
            "activation": activation,
            "kernel": numbers(kernel),
            "bias": numbers(bias),
        }
        for kernel, bias in zip(weights[::2], weights[1::2])
    ]
    layers[-1]["activation"] = "softmax"
    return layers


def make_case(seed, name, hidden, activation, settings):
    rng = np.random.default_rng(seed)
    pixels, labels = examples(rng)
    initial = initial_weights(rng, [INPUTS, *hidden, CLASSES])
    x, y = pixels.astype(np.float32) / np.float32(255), np.eye(CLASSES, dtype=np.float32)[labels]
    case = {
        "name": name,
        "classes": CLASSES,
        "inputs": INPUTS,
        "batch_size": BATCH,
        "epochs": EPOCHS,
        "settings": settings,
        "pixels": pixels.ravel().tolist(),
        "labels": labels.tolist(),
        "initial": as_layers(initial, activation),
    }
    for key, library, rmsprop in [
        ("keras2", tf_keras, tf_keras.optimizers.legacy.RMSprop),
        ("keras3", keras, keras.optimizers.RMSprop),
    ]:
        run = (x, y, initial, activation, settings)
        losses, accuracies, final, state = run_keras(library, rmsprop, *run)
        for number in (np.float32, np.float64):
            replayed, weights = replay(key == "keras3", number, *run)
            loss_off = np.abs(replayed / losses - 1).max()
            weight_off = max(np.abs(a - b).max() for a, b in zip(weights, final))
            print(f"{name}, {key}: NumPy {number.__name__} within {loss_off:.1e} (loss), {weight_off:.1e} (weights)")
            assert loss_off < AGREEMENT and weight_off < AGREEMENT, "chaotic: choose another seed"
        case[key] = {
            "step_losses": numbers(losses),
            "step_accuracies": numbers(accuracies),
            "final": as_layers(final, activation),
            "mean_squared_gradients": [numbers(s) for s in state],
        }
    return case


def main():
    tf.config.experimental.enable_op_determinism()
    trace = {
        "versions": {m.__name__: m.__version__ for m in (tf, tf_keras, keras, np)},
        "cases": [make_case(seed, *case) for seed, case in enumerate(CASES)],
    }
    text = json.dumps(trace, indent=1)
    text = re.sub(r"\[[^\[\]{}]*\]", lambda array: re.sub(r"\s+", "", array[0]), text)  # an array, a line
    Path(__file__).with_name("keras.json").write_text(text + "\n")


main()
