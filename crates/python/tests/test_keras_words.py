"""Keras's words mean what they mean in Keras."""

import math

import numpy as np
import pytest

import sieve
from conftest import make_model, same
from sieve import layers, losses, optimizers


def test_a_fit_returns_its_history(small):
    x, y = small
    model = make_model()
    history = model.fit(x, y, epochs=3, batch_size=16, validation_data=(x[:8], y[:8]), verbose=0)
    assert list(history.history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert all(len(each) == 3 and all(type(n) is float for n in each) for each in history.history.values())
    assert history.epoch == [0, 1, 2] and history.model is model and model.history is history
    assert history.history["loss"][2] < history.history["loss"][0]
    loss, accuracy = model.evaluate(x[:8], y[:8], verbose=0)
    assert [loss, accuracy] == [history.history["val_loss"][2], history.history["val_accuracy"][2]]
    assert model.evaluate(x[:8], y[:8], verbose=0, return_dict=True) == {"loss": loss, "accuracy": accuracy}
    probabilities = model.predict(x[:8], verbose=0)
    assert probabilities.shape == (8, 3) and probabilities.dtype == np.float32
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert accuracy == np.mean(probabilities.argmax(axis=1) == y[:8])
    assert loss == pytest.approx(-np.log(probabilities[np.arange(8), y[:8]]).mean(), rel=1e-5)


def test_without_metrics_there_is_only_the_loss(small):
    x, y = small
    model = make_model()
    model.compile(optimizers.RMSprop(0.01), losses.SparseCategoricalCrossentropy())
    assert list(model.fit(x, y, verbose=0).history) == ["loss"]
    assert type(model.evaluate(x, y, verbose=0)) is float


def test_validation_split_takes_the_last_rows(small):
    x, y = small
    a, b = make_model(), make_model()
    split = a.fit(x, y, epochs=2, validation_split=0.25, verbose=0)
    given = b.fit(x[:30], y[:30], epochs=2, validation_data=(x[30:], y[30:]), verbose=0)
    assert split.history == given.history and same(a.get_weights(), b.get_weights())


def test_a_second_fit_goes_on(small):
    x, y = small
    once, twice, fresh = make_model(), make_model(), make_model()
    once.fit(x, y, epochs=2, shuffle=False, verbose=0)
    twice.fit(x, y, shuffle=False, verbose=0)
    fresh.fit(x, y, shuffle=False, verbose=0)
    twice.fit(x, y, shuffle=False, verbose=0)
    assert same(once.get_weights(), twice.get_weights())
    # With its state forgotten, the optimizer makes other steps.
    fresh.compile("rmsprop", "sparse_categorical_crossentropy")
    fresh.fit(x, y, shuffle=False, verbose=0)
    assert not same(once.get_weights(), fresh.get_weights())


def test_a_second_fit_has_another_order(small):
    x, y = small
    a, b = make_model(), make_model()
    for model in (a, b):
        model.fit(x, y, batch_size=8, verbose=0)
    assert same(a.get_weights(), b.get_weights())
    # As if it had not been fitted.
    b._fits = 0
    for model in (a, b):
        model.fit(x, y, batch_size=8, verbose=0)
    assert not same(a.get_weights(), b.get_weights())


def test_one_seed_one_training(small):
    x, y = small
    weights = []
    for seed in (5, 5, 6):
        model = make_model(seed=seed)
        model.fit(x, y, batch_size=8, verbose=0)
        weights.append(model.get_weights())
    assert same(weights[0], weights[1]) and not same(weights[0], weights[2])
    sieve.utils.set_random_seed(5)
    a, b = (sieve.Sequential([layers.Dense(3, "softmax", input_shape=(6,))]) for _ in range(2))
    assert not same(a.get_weights(), b.get_weights())


def test_threads_change_nothing(digits):
    (x, y), _ = digits
    threads, weights = sieve.config.threads(), []
    try:
        for count in (1, 3):
            sieve.config.set_threads(count)
            assert sieve.config.threads() == count
            model = make_model(before=[layers.Input((28, 28)), layers.Flatten(), layers.Rescaling(1 / 255)], hidden=64, classes=10)
            model.fit(x[:1000], y[:1000], verbose=0)
            weights.append(model.get_weights())
    finally:
        sieve.config.set_threads(threads)
    assert same(*weights)
    with pytest.raises(ValueError, match="0 threads"):
        sieve.config.set_threads(0)


def test_one_hot_rows_and_class_indices_are_the_same_targets(small):
    x, y = small
    a, b = make_model(), make_model(loss="categorical_crossentropy")
    a.fit(x, y.astype(np.int64).reshape(-1, 1), verbose=0)
    b.fit(x, sieve.utils.to_categorical(y, 3), verbose=0)
    for one, other in zip(a.get_weights(), b.get_weights()):
        assert np.allclose(one, other, atol=1e-6)


def test_to_categorical():
    rows = sieve.utils.to_categorical([[2], [0]])
    assert rows.dtype == np.float64 and rows.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert sieve.utils.to_categorical([1], 4).shape == (1, 4)
    with pytest.raises(ValueError, match="from 0 to 3 for 3 classes"):
        sieve.utils.to_categorical([0, 3], 3)


def test_models_grow_layer_by_layer(capsys):
    model = sieve.models.Sequential()
    model.add(layers.Dense(512, activation="relu", input_shape=(28 * 28,)))
    model.add(layers.Dense(10, activation="softmax"))
    assert model.built and model.count_params() == 407050
    assert [each.shape for each in model.get_weights()] == [(784, 512), (512,), (512, 10), (10,)]
    model.summary()
    text = capsys.readouterr().out
    assert "401,920" in text and "(None, 512)" in text and "Total params: 407,050" in text
    limit = math.sqrt(6 / (784 + 512))
    kernel = model.layers[0].kernel
    assert 0.99 * limit < np.abs(kernel).max() <= limit and not model.layers[0].bias.any()


def test_a_model_without_input_is_built_by_its_first_fit(small):
    x, y = small
    model = sieve.Sequential([layers.Dense(4, "relu"), layers.Dense(3, "softmax")])
    model.compile(loss="sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="not built"):
        model.predict(x)
    model.fit(x, y, verbose=0)
    assert model.count_params() == 7 * 4 + 5 * 3


def test_weights_are_set_in_keras_order(small):
    x, _ = small
    model = make_model()
    weights = [np.full_like(each, i / 10) for i, each in enumerate(model.get_weights())]
    model.set_weights(weights)
    assert same(model.get_weights(), weights)
    hidden = np.maximum(x @ weights[0] + weights[1], 0)
    logits = hidden @ weights[2] + weights[3]
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert np.allclose(model.predict(x), expected, atol=1e-6)
    model.layers[1].set_weights([weights[2] + 1, weights[3]])
    assert (model.get_weights()[2] == weights[2] + 1).all()
    with pytest.raises(ValueError, match="of shapes"):
        model.set_weights(weights[:2])
    with pytest.raises(ValueError, match="not finite"):
        model.set_weights([each * np.nan for each in weights])


def test_set_weights_leaves_the_state_of_the_optimizer(small):
    x, y = small
    whole, set_again, anew = make_model(), make_model(), make_model()
    for model in (whole, set_again, anew):
        model.fit(x, y, shuffle=False, verbose=0)
    middle = whole.get_weights()
    set_again.set_weights([each + 1 for each in middle])
    set_again.set_weights(middle[:2] + [each - 1 for each in middle[2:]])
    set_again.layers[1].set_weights(middle[2:])
    anew.compile("rmsprop", "sparse_categorical_crossentropy")
    for model in (whole, set_again, anew):
        model.fit(x, y, shuffle=False, verbose=0)
    assert same(whole.get_weights(), set_again.get_weights())
    assert not same(whole.get_weights(), anew.get_weights())


def test_a_file_brings_the_model_back(small, tmp_path):
    x, y = small
    model = make_model()
    model.fit(x, y, verbose=0)
    model.save(tmp_path / "m.safetensors")
    loaded = sieve.models.load_model(tmp_path / "m.safetensors")
    assert np.array_equal(loaded.predict(x), model.predict(x))
    with pytest.raises(ValueError, match="only .safetensors"):
        model.save(tmp_path / "m.keras")
    with pytest.raises(FileNotFoundError, match="nothing.safetensors"):
        sieve.models.load_model(tmp_path / "nothing.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"no")
    with pytest.raises(ValueError, match="holds no network"):
        sieve.models.load_model(tmp_path / "bad.safetensors")


def test_a_file_holds_the_dense_layers_alone(digits, tmp_path):
    x = digits[1][0][:10]
    before = [layers.Input((28, 28)), layers.Flatten(), layers.Rescaling(1 / 255)]
    model = make_model(before=before, classes=10)
    with pytest.warns(UserWarning, match="load_model"):
        model.save(tmp_path / "m.safetensors")
    loaded = sieve.models.load_model(tmp_path / "m.safetensors", before=before)
    assert np.array_equal(loaded.predict(x), model.predict(x))


def test_a_log_gets_a_line_an_epoch(small, capsys):
    x, y = small
    make_model().fit(x, y, epochs=2, validation_split=0.5)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[1].startswith("Epoch 2/2  loss ") and "val_accuracy" in lines[1]
    make_model().fit(x, y, epochs=2, verbose=0)
    assert capsys.readouterr().out == ""


def test_a_terminal_gets_a_bar_that_the_line_overwrites(digits, capsys, monkeypatch):
    (x, y), _ = digits
    monkeypatch.setattr("sieve._progress._shows_bars", lambda: True)
    monkeypatch.setattr("sieve._progress._PAUSE", 0)
    model = make_model(before=[layers.Input((28, 28)), layers.Flatten(), layers.Rescaling(1 / 255)], hidden=256, classes=10)
    model.fit(x, y, batch_size=16)
    text = capsys.readouterr().out
    assert text.count("\n") == 1 and "\rEpoch 1/1  ━" in text and text.rsplit("\r", 1)[1].startswith("Epoch 1/1  loss")


def test_initial_epoch_counts_from_there(small):
    x, y = small
    history = make_model().fit(x, y, epochs=5, initial_epoch=3, verbose=0)
    assert history.epoch == [3, 4] and len(history.history["loss"]) == 2


@pytest.mark.parametrize(
    "call, said",
    [
        (lambda: layers.Dense(3, activation="tanh"), "activation='tanh'.*'relu', 'softmax', 'linear'"),
        (lambda: layers.Dense(3, use_bias=False), "use_bias=False.*use_bias=True"),
        (lambda: layers.Dense(3, kernel_initializer="he_normal"), "kernel_initializer='he_normal'.*'glorot_uniform'"),
        (lambda: layers.Dense(0), "units=0"),
        (lambda: layers.Dense(2.5), "units must be a whole number"),
        (lambda: layers.Dense(3, colour=1), "no argument 'colour'"),
        (lambda: layers.Conv2D, "no Conv2D; there is Dense"),
        (lambda: sieve.datasets.cifar10, "no cifar10; there is digits, fashion_mnist, mnist"),
        (lambda: optimizers.get("adagrad"), "optimizer='adagrad'.*\"rmsprop\""),
        (lambda: optimizers.Adam(amsgrad=True), "amsgrad=True.*amsgrad=False"),
        (lambda: optimizers.Adam(beta_1=1.0), "beta 1 1.0"),
        (lambda: optimizers.SGD(weight_decay=0.1), "weight_decay=0.1"),
        (lambda: optimizers.SGD(nesterov=1), "nesterov must be True or False"),
        (lambda: optimizers.RMSprop(momentum=0.9), "momentum=0.9.*momentum=0.0"),
        (lambda: optimizers.RMSprop(clipnorm=1), "clipnorm=1"),
        (lambda: optimizers.RMSprop(decay=1e-6), "unexpected keyword argument 'decay'"),
        (lambda: optimizers.RMSprop(float("inf")), "learning_rate=inf is not finite"),
        (lambda: optimizers.RMSprop(-1), "learning rate -1"),
        (lambda: optimizers.RMSprop("fast"), "learning_rate must be a number"),
        (lambda: losses.get("mse"), "loss='mse'.*\"categorical_crossentropy\""),
        (lambda: losses.CategoricalCrossentropy(from_logits=True), "from_logits=True"),
        (lambda: make_model().compile("rmsprop", "categorical_crossentropy", metrics=["auc"]), "metrics='auc'.*'accuracy'"),
        (lambda: make_model().fit([[0.0] * 6], [1], callbacks=[1]), "callbacks=1 is not possible; there is sieve.callbacks"),
        (lambda: make_model().fit([[0.0] * 6], [1], class_weight={0: 2}), "class_weight="),
        (lambda: make_model().fit([[0.0] * 6], [1], batch_size=0), "batch_size=0"),
        (lambda: make_model().fit([[0.0] * 6], [1], validation_split=1.5), "validation_split=1.5"),
        (lambda: make_model().fit([[0.0] * 6], [3]), "target 3 of row 0 for a network of 3 classes"),
        (lambda: make_model().fit([[0.0] * 6], [-1]), "target -1 of row 0"),
        (lambda: make_model().fit([[0.0] * 6], [0.5]), "target 0.5 of row 0"),
        (lambda: make_model().fit([[0.0] * 6], [[1, 0, 0]]), "for one-hot rows there is categorical_crossentropy"),
        (lambda: make_model(loss="categorical_crossentropy").fit([[0.0] * 6], [1]), "to_categorical"),
        (lambda: make_model().fit([[0.0] * 6], [1, 2]), "1 rows with 2 targets"),
        (lambda: make_model().fit([[0.0] * 5], [1]), r"\(5,\) for a model that takes \(6,\)"),
        (lambda: sieve.Sequential([layers.Dense(3, "softmax"), layers.Dense(3, "softmax")]), "for the last layer only"),
        (lambda: sieve.Sequential([layers.Dense(3), layers.Flatten()]), "before the first Dense only"),
        (lambda: sieve.Sequential([layers.Input((2, 2)), layers.Dense(3, "softmax")]), "put Flatten"),
        (lambda: sieve.Sequential([layers.Input((2,)), layers.Dense(3)]).build(), 'activation="softmax"'),
        (lambda: sieve.Sequential([layers.Input((2,)), layers.Dense(3, "softmax")]).fit([[1, 2]], [0]), r"call compile\(\)"),
    ],
)
def test_other_words_are_refused_at_once(call, said):
    with pytest.raises((ValueError, TypeError, AttributeError), match=said) as caught:
        call()
    assert "\n" not in str(caught.value)
