"""What several tests need, and the list of those that could not run."""

import os
import pathlib
import signal
import subprocess

import numpy as np
import pytest

import sieve
from sieve import layers

# Python leaves SIGINT alone where it was started with the signal ignored, as shells start what runs in the background. The tests of
# Ctrl-C would then wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = pathlib.Path(__file__).resolve().parents[3]


def pytest_terminal_summary(terminalreporter):
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"{report.nodeid} ... NOT RUN ({reason.removeprefix('Skipped: ')})")


@pytest.fixture(scope="session")
def digits():
    return sieve.datasets.digits.load_data()


@pytest.fixture(scope="session")
def driver():
    """The built program."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    program = target / "release" / "driver"
    if not program.exists():
        pytest.skip(f"{program} is not built")

    def run(*arguments):
        subprocess.run([program, *map(str, arguments)], check=True, capture_output=True)

    return run


def make_model(inputs=6, hidden=8, classes=3, *, before=(), loss="sparse_categorical_crossentropy", seed=1):
    """A small model, compiled."""
    sieve.utils.set_random_seed(seed)
    first = [] if before else [layers.Input((inputs,))]
    dense = [layers.Dense(hidden, activation="relu"), layers.Dense(classes, activation="softmax")]
    model = sieve.Sequential([*first, *before, *dense])
    model.compile("rmsprop", loss, metrics=["accuracy"])
    return model


@pytest.fixture
def small():
    """40 rows of 6 numbers, about half of them zero, and their classes."""
    random = np.random.default_rng(0)
    x = random.normal(size=(40, 6)).astype(np.float32)
    x[random.random(x.shape) < 0.5] = 0
    return x, random.integers(0, 3, 40).astype(np.uint8)


def same(a, b):
    """Whether all arrays of two lists are equal to the bit."""
    return len(a) == len(b) and all(np.array_equal(x, y) for x, y in zip(a, b))
