"""Ctrl-C, threads of Python, forks, and what the package brings along."""

import ast
import copy
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

import sieve
from conftest import make_model, same
from sieve import _sieve


def forever(model, small, **others):
    x, y = small
    model.fit(x, y, epochs=10**9, verbose=0, **others)


def test_ctrl_c_ends_a_fit_and_leaves_a_model(small):
    x, y = small
    model = make_model()
    before = model.get_weights()
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        forever(model, small)
    assert not same(model.get_weights(), before)
    assert np.isfinite(model.predict(x)).all() and model.history.epoch
    assert len(model.fit(x, y, epochs=2, verbose=0).epoch) == 2


def test_an_exception_in_a_callback_ends_a_fit(small):
    x, y = small
    model = make_model()

    def fail(epoch):
        raise ZeroDivisionError("of the callback")

    settings = {"learning_rate": 0.001, "rho": 0.9, "epsilon": 1e-7}
    with pytest.raises(ZeroDivisionError, match="of the callback"):
        model._network.fit(
            x, y, optimizer="rmsprop", settings=settings, epochs=10**9, batch_size=8, shuffle=True, seed=0, on_epoch=fail
        )
    assert np.isfinite(model.predict(x)).all()


def test_other_threads_go_on_and_are_told_that_the_network_is_busy(small):
    x, _ = small
    model, seen = make_model(), []

    def meanwhile():
        try:
            model.predict(x)
        except RuntimeError as error:
            seen.append(str(error))
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.2, meanwhile)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        forever(model, small)
    timer.join()
    assert seen == ["the network is in use by another thread; wait until its call returns"]
    assert model.predict(x).shape == (40, 3)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_computes_too(small):
    x, _ = small
    model = make_model()
    expected = model.predict(x)
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        os._exit(0 if np.array_equal(model.predict(x), expected) else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_networks_are_copied_and_pickled(small):
    x, y = small
    model = make_model()
    model.fit(x, y, verbose=0)
    for twin in (pickle.loads(pickle.dumps(model._network)), copy.deepcopy(model._network)):
        assert np.array_equal(twin.predict(x), model.predict(x)) and twin.activations() == ["relu", "softmax"]


def test_settings_are_checked_before_a_network_is_touched():
    with pytest.raises(ValueError, match="there are"):
        _sieve.check_optimizer("adagrad", {})
    with pytest.raises(TypeError, match="the setting rho is missing"):
        _sieve.check_optimizer("rmsprop", {"learning_rate": 0.1})


def test_an_unknown_instruction_set_is_an_import_error():
    done = subprocess.run(
        [sys.executable, "-c", "import sieve"], env={**os.environ, "KERNELS_ISA": "mmx"}, capture_output=True, text=True
    )
    assert done.returncode == 1 and "ImportError: KERNELS_ISA=mmx is not to be had here" in done.stderr


def test_the_environment_says_how_many_threads():
    for variables, threads in (({"OMP_NUM_THREADS": "3"}, "3"), ({"OMP_NUM_THREADS": "3", "RAYON_NUM_THREADS": "1"}, "1")):
        done = subprocess.run(
            [sys.executable, "-c", "import sieve; print(sieve.config.threads())"],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
        )
        assert done.stdout.strip() == threads, done.stderr


def test_numpy_is_all_that_is_imported():
    code = """
import numpy, sys
before = set(sys.modules)
import sieve
print(*sorted({name.split(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["sieve"]


def test_the_stubs_name_what_there_is():
    stubs = ast.parse((pathlib.Path(sieve.__file__).parent / "_sieve.pyi").read_text())
    public = {name for name in dir(_sieve) if not name.startswith("__")}
    functions = {node.name: node for node in stubs.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assert set(functions) == public
    methods = {node.name for node in functions["Network"].body if isinstance(node, ast.FunctionDef)}
    assert methods == {name for name in vars(_sieve.Network) if not name.startswith("__")}
    for name in public:
        assert getattr(_sieve, name).__doc__, name


def test_a_data_set_is_found_or_missed_by_the_rules_of_the_driver(tmp_path, monkeypatch):
    monkeypatch.delenv("MNIST_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"offline=True forbids.*pass load_data\(folder=...\), set MNIST_DIR"):
        sieve.datasets.mnist.load_data(offline=True)
    monkeypatch.setenv("MNIST_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="MNIST_DIR"):
        sieve.datasets.mnist.load_data()
    with pytest.raises(FileNotFoundError, match="nowhere"):
        sieve.datasets.fashion_mnist.load_data(tmp_path / "nowhere")
    for mirror in ("ftp://example.org/", "http://", "https:///mnist/", "http://a b/"):
        monkeypatch.setenv("MNIST_MIRROR", mirror)
        with pytest.raises(ValueError, match="MNIST_MIRROR is .* but a mirror is a URL"):
            sieve.datasets.mnist.load_data()
    # Nobody needs it who does not ask for MNIST.
    with pytest.raises(FileNotFoundError, match="nowhere"):
        sieve.datasets.fashion_mnist.load_data(tmp_path / "nowhere")


def test_errors_of_data_sets_do_not_speak_of_the_drivers_options(tmp_path, monkeypatch):
    monkeypatch.delenv("MNIST_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    # A mirror that nobody answers at.
    monkeypatch.setenv("MNIST_MIRROR", "http://127.0.0.1:1/")
    (tmp_path / "empty").mkdir()
    cache = tmp_path / ("Library/Caches" if sys.platform == "darwin" else "") / "mnist"
    load, messages = sieve.datasets.mnist.load_data, []
    for call in (lambda: load(offline=True), load, lambda: load(tmp_path / "empty"), lambda: load(tmp_path / "nowhere")):
        with pytest.raises(FileNotFoundError) as caught:
            call()
        messages.append(str(caught.value))
    cache.mkdir(parents=True, exist_ok=True)
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (cache / f"{name}-ubyte").write_bytes(b"no")
    with pytest.raises(ValueError, match="delete it: the next load_data downloads what is missing") as caught:
        load()
    messages.append(str(caught.value))
    assert not [each for each in messages if "--" in each or "\n" in each]
    assert "127.0.0.1:1" in messages[0] and "no mirror delivers MNIST" in messages[1]


def test_arrays_of_a_data_set_are_the_callers(digits):
    (x, y), _ = digits
    assert x.flags.c_contiguous and x.flags.writeable and x.flags.aligned and y.flags.writeable
    before = int(x[0, 0, 0])
    x[0, 0, 0] = before


def test_digits_are_as_many_as_mnist_has(digits):
    (x_train, y_train), (x_test, y_test) = digits
    assert [each.shape for each in (x_train, y_train, x_test, y_test)] == [(60000, 28, 28), (60000,), (10000, 28, 28), (10000,)]
    assert all(each.dtype == np.uint8 for each in (x_train, y_train)) and set(y_test) == set(range(10))
