"""Learning rates that follow the step."""

import numpy as np
import pytest

import sieve
from conftest import make_model, same
from sieve.optimizers import SGD, RMSprop, schedules


class Halved(schedules.LearningRateSchedule):
    """One of a user's own, which takes no arrays."""

    def __call__(self, step):
        return 0.01 if step < 5 else 0.005


def test_rates_are_those_of_the_formulas():
    cosine = schedules.CosineDecay(0.1, 10)
    assert [cosine(step) for step in (0, 5, 10, 99)] == pytest.approx([0.1, 0.05, 0, 0])
    warm = schedules.CosineDecay(0.0, 10, alpha=0.5, warmup_target=0.2, warmup_steps=4)
    assert warm.rates(0, 6)[:5] == pytest.approx([0, 0.05, 0.1, 0.15, 0.2]) and warm(14) == pytest.approx(0.1)
    assert schedules.ExponentialDecay(1.0, 4, 0.5, staircase=True).rates(2, 4).tolist() == [1, 1, 0.5, 0.5]
    assert schedules.InverseTimeDecay(1.0, 2, 1.0)(2) == 0.5
    assert schedules.PiecewiseConstantDecay([2, 3], [3, 2, 1]).rates(0, 5).tolist() == [3, 3, 3, 2, 1]
    assert schedules.PolynomialDecay(1.0, 4, 0.0).rates(0, 6).tolist() == [1, 0.75, 0.5, 0.25, 0, 0]
    assert schedules.PolynomialDecay(1.0, 4, 0.0, cycle=True).rates(0, 7).tolist() == [1, 0.75, 0.5, 0.25, 0, 0.375, 0.25]
    assert type(cosine(3)) is float and repr(cosine).startswith("CosineDecay(initial_learning_rate=0.1, decay_steps=10")


def test_each_step_has_its_rate(small):
    x, y = small
    schedule = schedules.PiecewiseConstantDecay([4], [0.1, 0.01])
    with_schedule, by_hand = make_model(), make_model()
    with_schedule.compile(SGD(schedule), "sparse_categorical_crossentropy")
    with_schedule.fit(x, y, epochs=2, batch_size=8, shuffle=False, verbose=0)
    by_hand.compile(SGD(0.1), "sparse_categorical_crossentropy")
    by_hand.fit(x, y, batch_size=8, shuffle=False, verbose=0)
    # Five steps each, and a second fit goes on with the sixth.
    by_hand.optimizer.learning_rate = 0.01
    by_hand.fit(x, y, batch_size=8, shuffle=False, verbose=0)
    assert same(with_schedule.get_weights(), by_hand.get_weights())
    in_two = make_model()
    in_two.compile(SGD(schedule), "sparse_categorical_crossentropy")
    for _ in range(2):
        in_two.fit(x, y, batch_size=8, shuffle=False, verbose=0)
    assert same(with_schedule.get_weights(), in_two.get_weights()) and in_two._network.steps() == 10
    # Compiled anew, it begins with the first rate again.
    in_two.compile(SGD(schedule), "sparse_categorical_crossentropy")
    assert in_two._network.steps() == 0


def test_a_schedule_of_ones_own(small):
    x, y = small
    own, known = make_model(), make_model()
    own.compile(RMSprop(Halved()), "sparse_categorical_crossentropy")
    known.compile(RMSprop(schedules.PiecewiseConstantDecay([4], [0.01, 0.005])), "sparse_categorical_crossentropy")
    for model in (own, known):
        model.fit(x, y, epochs=3, batch_size=8, verbose=0)
    assert same(own.get_weights(), known.get_weights())
    assert isinstance(own.optimizer.learning_rate, Halved) and "Halved" in repr(own.optimizer)


@pytest.mark.parametrize("rate", [-0.1, np.nan, np.inf, 1e39])
def test_rates_that_are_none_are_refused_before_a_step(small, rate):
    class Wrong(schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.1 if step < 3 else rate

    x, y = small
    model = make_model()
    before = model.get_weights()
    model.compile(SGD(Wrong()), "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="no learning rate for step 3, but "):
        model.fit(x, y, batch_size=8, verbose=0)
    assert same(before, model.get_weights())


@pytest.mark.parametrize(
    "call, said",
    [
        (lambda: schedules.CosineDecay(0.1, 0), "decay_steps=0"),
        (lambda: schedules.CosineDecay("fast", 1), "initial_learning_rate must be a number"),
        (lambda: schedules.CosineDecay(0.1, 5, alpha=float("nan")), "alpha=nan is not finite"),
        (lambda: schedules.PiecewiseConstantDecay([1, 2], [0.1]), "1 values for 2 boundaries"),
        (lambda: schedules.PiecewiseConstantDecay([2, 1], [3, 2, 1]), "must rise"),
        (lambda: schedules.CosineDecayRestarts, "no CosineDecayRestarts; there is CosineDecay"),
        (lambda: schedules.LearningRateSchedule()(1), "no __call__"),
        (lambda: RMSprop(schedules.CosineDecay), "learning_rate must be a number"),
        (lambda: SGD(Halved()).rates(0, 10**12), "too long"),
    ],
)
def test_what_is_no_schedule_is_refused(call, said):
    with pytest.raises((ValueError, TypeError, AttributeError, NotImplementedError), match=said):
        call()


def test_a_rate_is_changed_between_fits(small):
    model = make_model()
    for wrong in (0, -1, float("nan"), "fast", None):
        with pytest.raises((ValueError, TypeError)):
            model.optimizer.learning_rate = wrong
    assert model.optimizer.learning_rate == 0.001
    model.optimizer.learning_rate = schedules.CosineDecay(0.1, 5)
    assert sieve.optimizers.get(model.optimizer) is model.optimizer and model.optimizer.get_config()["learning_rate"](0) == 0.1
