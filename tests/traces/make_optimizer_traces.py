"""Makes optimizers.json: the losses of 300 steps under Keras 3's own Adam, AdamW, SGD and RMSprop.

    pip install keras==3.15.1 jax==0.10.2
    python make_optimizer_traces.py

The examples, the network and its initial weights are the first case of keras.json. As in make_trace.py, a run is worth
nothing if rounding decides it: each is made twice, in f32 and in f64, and nothing is written unless the two agree.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax

jax.config.update("jax_enable_x64", True)

import keras
import numpy as np

STEPS = 300
AGREEMENT = 5e-6  # relative

OPTIMIZERS = [  # name, Keras's class, settings
    ("adam", keras.optimizers.Adam, {"learning_rate": 1e-3, "epsilon": 1e-5}),
    ("adamw", keras.optimizers.AdamW, {"learning_rate": 1e-3, "epsilon": 1e-5, "weight_decay": 0.02}),
    ("sgd", keras.optimizers.SGD, {"learning_rate": 0.05}),
    ("momentum", keras.optimizers.SGD, {"learning_rate": 0.005, "momentum": 0.9}),
    ("nesterov", keras.optimizers.SGD, {"learning_rate": 0.005, "momentum": 0.9, "nesterov": True}),
    ("rmsprop", keras.optimizers.RMSprop, {"learning_rate": 1e-3}),
]


def losses(case, number, optimizer):
    keras.config.set_floatx(number)
    layers = [
        keras.layers.Dense(layer["units"], layer["activation"], dtype=number) for layer in case["initial"]
    ]
    network = keras.Sequential([keras.Input((case["inputs"],), dtype=number), *layers])
    network.set_weights(
        [
            np.array(array, np.float32).reshape(shape)
            for layer in case["initial"]
            for array, shape in [
                (layer["kernel"], (layer["inputs"], layer["units"])),
                (layer["bias"], (layer["units"],)),
            ]
        ]
    )
    network.compile(optimizer, "categorical_crossentropy")
    labels = np.array(case["labels"])
    x = (np.array(case["pixels"], np.float32) / np.float32(255)).reshape(len(labels), -1).astype(number)
    y = np.eye(case["classes"], dtype=number)[labels]
    found = []
    while len(found) < STEPS:
        for start in range(0, len(x), case["batch_size"]):
            batch = slice(start, start + case["batch_size"])
            network.reset_metrics()
            found.append(float(network.train_on_batch(x[batch], y[batch])))
    return np.array(found[:STEPS])


def main():
    folder = Path(__file__).parent
    case = json.loads((folder / "keras.json").read_text())["cases"][0]
    runs = {}
    for name, optimizer, settings in OPTIMIZERS:
        f32, f64 = (losses(case, number, optimizer(**settings)) for number in ("float32", "float64"))
        off = np.abs(f32 / f64 - 1).max()
        print(f"{name}: f32 within {off:.1e} of f64; loss {f64[0]:.4f} to {f64[-1]:.4f}")
        assert off < AGREEMENT, "chaotic: choose other settings"
        runs[name] = {"settings": settings, "step_losses": [float(f"{loss:.8g}") for loss in f32]}
    trace = {"versions": {m.__name__: m.__version__ for m in (jax, keras, np)}, "runs": runs}
    lines = json.dumps(trace).replace('}, "', '},\n"').replace('"step_losses"', '\n"step_losses"')
    (folder / "optimizers.json").write_text(lines + "\n")


main()
