"""Real Keras beside it: the same weights, the same steps, the same predictions."""

import inspect
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
        lambda words: words.optimizers.RMSprop(words.optimizers.schedules.CosineDecay(0.0, 50, 0.1, warmup_target=0.002, warmup_steps=20)),
        lambda words: words.optimizers.AdamW(words.optimizers.schedules.ExponentialDecay(0.003, 30, 0.5)),
        lambda words: words.optimizers.SGD(words.optimizers.schedules.PiecewiseConstantDecay([20, 60], [0.1, 0.03, 0.01])),
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


def test_optimizers_and_schedules_have_keras_arguments():
    def arguments(of):
        return [(each.name, each.default) for each in inspect.signature(of).parameters.values() if each.kind != each.VAR_KEYWORD]

    for name in ("RMSprop", "Adam", "AdamW", "SGD"):
        assert arguments(getattr(sieve.optimizers, name)) == arguments(getattr(keras.optimizers, name)), name
    for name in sieve.optimizers.schedules.__all__:
        if name != "LearningRateSchedule":
            ours, theirs = getattr(sieve.optimizers.schedules, name), getattr(keras.optimizers.schedules, name)
            assert arguments(ours) == arguments(theirs), name
    assert arguments(sieve.callbacks.EarlyStopping) == arguments(keras.callbacks.EarlyStopping)


@pytest.mark.parametrize(
    "name, arguments",
    [
        ("CosineDecay", dict(initial_learning_rate=0.1, decay_steps=37, alpha=0.2)),
        ("CosineDecay", dict(initial_learning_rate=0.01, decay_steps=37, warmup_target=0.3, warmup_steps=11)),
        ("ExponentialDecay", dict(initial_learning_rate=0.1, decay_steps=13, decay_rate=0.7)),
        ("ExponentialDecay", dict(initial_learning_rate=0.1, decay_steps=13, decay_rate=0.7, staircase=True)),
        ("InverseTimeDecay", dict(initial_learning_rate=0.1, decay_steps=13, decay_rate=0.7)),
        ("InverseTimeDecay", dict(initial_learning_rate=0.1, decay_steps=13, decay_rate=0.7, staircase=True)),
        ("PiecewiseConstantDecay", dict(boundaries=[3, 20, 21], values=[0.4, 0.3, 0.2, 0.1])),
        ("PolynomialDecay", dict(initial_learning_rate=0.1, decay_steps=17, power=2.0)),
        ("PolynomialDecay", dict(initial_learning_rate=0.1, decay_steps=17, cycle=True)),
    ],
)
def test_schedules_say_what_keras_says(name, arguments):
    ours, theirs = (getattr(words.optimizers.schedules, name)(**arguments) for words in (sieve, keras))
    rates = ours.rates(0, 60)
    # Keras compiles a warm-up anew at each call.
    some = [0, 3, 11, 12, 26, 59] if "warmup_steps" in arguments else range(60)
    assert rates[some] == pytest.approx([float(theirs(step)) for step in some], rel=1e-5, abs=1e-8)
    assert [ours(step) for step in range(60)] == pytest.approx(rates, rel=1e-14)


@pytest.mark.parametrize("settings", [dict(patience=2), dict(patience=0, min_delta=0.01, restore_best_weights=True)])
def test_early_stopping_ends_where_keras_ends(settings):
    random = np.random.default_rng(4)
    x, y = random.normal(size=(200, 20)).astype(np.float32), random.integers(0, 4, 200)
    histories, weights = [], []
    for words, model in zip((sieve, keras), both("sparse_categorical_crossentropy", lambda words: words.optimizers.RMSprop(0.01))):
        stopping = words.callbacks.EarlyStopping(**settings)
        histories.append(model.fit(x, y, epochs=30, validation_split=0.3, shuffle=False, verbose=0, callbacks=[stopping]))
        weights.append((stopping.stopped_epoch, stopping.best_epoch, model.get_weights()))
    assert histories[0].epoch == histories[1].epoch and len(histories[0].epoch) < 30
    assert weights[0][:2] == weights[1][:2]
    for a, b in zip(weights[0][2], weights[1][2]):
        assert np.abs(a - b).max() < 1e-4


def test_set_weights_leaves_the_state_of_the_optimizer_as_keras_does():
    random = np.random.default_rng(5)
    x, y = random.normal(size=(320, 20)).astype(np.float32), random.integers(0, 4, 320)
    ours, theirs = both("sparse_categorical_crossentropy")
    start = ours.get_weights()
    for model in (ours, theirs):
        model.fit(x, y, shuffle=False, verbose=0)
        model.set_weights(start)
        model.fit(x, y, shuffle=False, verbose=0)
    for a, b in zip(ours.get_weights(), theirs.get_weights()):
        assert np.abs(a - b).max() < 1e-5
