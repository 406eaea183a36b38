"""Real Keras beside it: the same weights, the same steps, the same predictions."""

import os

import numpy as np
import pytest

import sieve

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
pytest.importorskip("jax", reason="jax is not installed")
keras = pytest.importorskip("keras", reason="keras is not installed")


def both(loss, optimizer=lambda words: "rmsprop"):
    """The same two layers in both, with the same weights."""
    sieve.utils.set_random_seed(3)
    models = []
    for words in (sieve, keras):
        model = words.Sequential(
            [words.layers.Input((20,)), words.layers.Dense(32, activation="relu"), words.layers.Dense(4, activation="softmax")]
        )
        model.compile(optimizer=optimizer(words), loss=loss, metrics=["accuracy"])
        models.append(model)
    models[1].set_weights(models[0].get_weights())
    return models


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda words: "rmsprop",
        lambda words: "adam",
        lambda words: words.optimizers.Adam(0.003, beta_1=0.8, beta_2=0.99, epsilon=1e-5),
        lambda words: words.optimizers.AdamW(0.002, weight_decay=0.1),
        lambda words: "sgd",
        lambda words: words.optimizers.SGD(0.05, momentum=0.9),
        lambda words: words.optimizers.SGD(0.05, momentum=0.8, nesterov=True),
    ],
)
def test_a_hundred_steps_are_those_of_keras(optimizer):
    random = np.random.default_rng(0)
    x = random.normal(size=(3200, 20)).astype(np.float32)
    y = random.integers(0, 4, 3200)
    ours, theirs = both("sparse_categorical_crossentropy", optimizer)
    assert ours.count_params() == theirs.count_params()
    histories = [model.fit(x, y, epochs=1, shuffle=False, verbose=0).history for model in (ours, theirs)]
    assert list(histories[0]) == list(histories[1])
    for name in histories[0]:
        assert histories[0][name] == pytest.approx(histories[1][name], abs=1e-5)
    for a, b in zip(ours.get_weights(), theirs.get_weights()):
        assert a.shape == b.shape and np.abs(a - b).max() < 1e-5
    a, b = ours.predict(x, verbose=0), theirs.predict(x, verbose=0)
    assert a.dtype == b.dtype and np.abs(a - b).max() < 1e-5
    assert ours.evaluate(x, y, verbose=0) == pytest.approx(theirs.evaluate(x, y, verbose=0), abs=1e-5)


def test_histories_have_keras_names():
    x = np.random.default_rng(1).normal(size=(40, 20)).astype(np.float32)
    y = np.arange(40) % 4
    ours, theirs = both("categorical_crossentropy")
    one_hot = [words.utils.to_categorical(y, 4) for words in (sieve, keras)]
    assert one_hot[0].dtype == one_hot[1].dtype and np.array_equal(*one_hot)
    a, b = (
        model.fit(x, targets, epochs=2, validation_split=0.3, shuffle=False, verbose=0)
        for model, targets in zip((ours, theirs), one_hot)
    )
    assert sorted(a.history) == sorted(b.history) and a.epoch == b.epoch
    for name in a.history:
        assert a.history[name] == pytest.approx(b.history[name], abs=1e-5)


def test_bytes_mean_what_they_mean_in_keras():
    pictures = np.random.default_rng(2).integers(0, 256, (5, 3, 4), dtype=np.uint8)
    models = []
    for words in (sieve, keras):
        front = [words.layers.Input((3, 4)), words.layers.Flatten(), words.layers.Rescaling(1 / 255)]
        models.append(words.Sequential([*front, words.layers.Dense(3, activation="softmax")]))
    models[1].set_weights(models[0].get_weights())
    assert np.abs(models[0].predict(pictures, verbose=0) - models[1].predict(pictures, verbose=0)).max() < 1e-6
