"""Fits that end before their last epoch."""

import numpy as np
import pytest

from conftest import make_model, same
from sieve.callbacks import EarlyStopping


def weights_by_epoch(small, epochs, **others):
    """The weights that each epoch leaves, and the history."""
    x, y = small
    weights, model = [], make_model()
    for _ in range(epochs):
        history = model.fit(x[:30], y[:30], batch_size=8, shuffle=False, verbose=0, validation_data=(x[30:], y[30:]), **others)
        weights.append((model.get_weights(), {name: each[0] for name, each in history.history.items()}))
    return weights


@pytest.mark.parametrize("monitor", ["val_loss", "val_accuracy", "loss", "accuracy"])
@pytest.mark.parametrize("patience", [0, 1, 3, 8])
@pytest.mark.parametrize("min_delta", [0, 0.02])
def test_a_fit_ends_where_kerass_rule_says(small, monitor, patience, min_delta):
    x, y = small
    epochs = weights_by_epoch(small, 60)
    sign = 1 if monitor.endswith("accuracy") else -1
    best, waited, end = None, 0, len(epochs)
    for i, (_, line) in enumerate(epochs):
        score = sign * line[monitor]
        waited += 1
        if best is None or score - min_delta > sign * epochs[best][1][monitor]:
            best, waited = i, 0
        elif waited >= patience:
            end = i + 1
            break
    assert end > 1
    for restore in (False, True):
        model = make_model()
        stopping = EarlyStopping(monitor, min_delta, patience, restore_best_weights=restore)
        history = model.fit(
            x[:30], y[:30], batch_size=8, epochs=60, shuffle=False, verbose=0, validation_data=(x[30:], y[30:]), callbacks=[stopping]
        )
        assert len(history.epoch) == end and history.history[monitor] == [line[monitor] for _, line in epochs[:end]]
        assert same(model.get_weights(), epochs[best if restore else end - 1][0])
        assert (stopping.best_epoch, stopping.best) == (best, epochs[best][1][monitor])
        assert stopping.stopped_epoch == (end - 1 if end < 60 else 0)


def test_the_best_weights_are_restored_and_the_optimizer_goes_on(small, capsys):
    x, y = small
    model = make_model()
    stopping = EarlyStopping("loss", mode="max", verbose=1, restore_best_weights=True)
    history = model.fit(x, y, epochs=9, verbose=0, callbacks=stopping)
    # The loss falls, and rising was asked for.
    assert history.epoch == [0, 1] and stopping.best_epoch == 0
    assert capsys.readouterr().out == "Epoch 2: early stopping\nRestoring model weights from the end of the best epoch: 1.\n"
    # The steps of both epochs are the optimizer's.
    assert model._network.steps() == 4
    anew = model.get_weights()
    again = make_model()
    again.set_weights(anew)
    for each in (model, again):
        each.fit(x, y, shuffle=False, verbose=0)
    assert not same(model.get_weights(), again.get_weights())


def test_an_epoch_of_nan_is_never_better(small):
    x, y = small
    x = x.copy()
    x[3, 2] = np.nan
    stopping = EarlyStopping("loss", patience=3, restore_best_weights=True)
    history = make_model().fit(x, y, epochs=50, verbose=0, callbacks=[stopping])
    assert len(history.epoch) == 3 and stopping.best is None


@pytest.mark.parametrize(
    "call, said",
    [
        (lambda x, y: EarlyStopping(baseline=0.1), "baseline=0.1"),
        (lambda x, y: EarlyStopping(start_from_epoch=2), "start_from_epoch=2"),
        (lambda x, y: EarlyStopping(mode="down"), "mode='down'"),
        (lambda x, y: EarlyStopping(patience=-1), "patience=-1"),
        (lambda x, y: EarlyStopping(min_delta=float("nan")), "min_delta=nan"),
        (lambda x, y: make_model().fit(x, y, callbacks=[EarlyStopping()]), "monitor='val_loss'.*there is loss, accuracy .*validation"),
        (lambda x, y: make_model().fit(x, y, callbacks=[EarlyStopping("auc")]), "monitor='auc'"),
        (lambda x, y: make_model().fit(x, y, callbacks=[EarlyStopping("loss")] * 2), "one EarlyStopping only"),
        (lambda x, y: make_model().fit(x, y, callbacks=[print]), "callbacks=.*there is sieve.callbacks.EarlyStopping"),
    ],
)
def test_what_cannot_be_had_is_refused(small, call, said):
    with pytest.raises((ValueError, TypeError), match=said):
        call(*small)
