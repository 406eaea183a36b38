"""The same training through Python and through the driver: the same file."""

import os
import pathlib

import pytest

import sieve
from sieve import layers




def scaled(seed):
    sieve.utils.set_random_seed(seed)
    front = [layers.Input((28, 28)), layers.Flatten(), layers.Rescaling(1 / 255)]
    return sieve.Sequential([*front, layers.Dense(512, activation="relu"), layers.Dense(10, activation="softmax")])


@pytest.mark.filterwarnings("ignore:the file holds")
def test_python_and_the_driver_write_the_same_bytes(digits, driver, tmp_path):
    (x, y), _ = digits
    driver("train", "--dataset", "digits", "--epochs", 2, "--seed", 7, "--rmsprop", "keras3", "--output", tmp_path / "run")
    model = scaled(7)
    model.compile("rmsprop", "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=2, batch_size=128, verbose=0)
    model.save(tmp_path / "m.safetensors")
    assert (tmp_path / "m.safetensors").read_bytes() == (tmp_path / "run" / "model.safetensors").read_bytes()


@pytest.mark.filterwarnings("ignore:the file holds")
def test_so_do_they_on_mnist(driver, tmp_path):
    folder = os.environ.get("MNIST_DIR")
    if folder is None or not pathlib.Path(folder).is_dir():
        pytest.skip("MNIST_DIR names no folder")
    driver("train", "--data", folder, "--epochs", 1, "--rmsprop", "keras3", "--output", tmp_path / "run")
    (x, y), _ = sieve.datasets.mnist.load_data()
    model = scaled(0)
    model.compile("rmsprop", "sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=128, verbose=0)
    model.save(tmp_path / "m.safetensors")
    assert (tmp_path / "m.safetensors").read_bytes() == (tmp_path / "run" / "model.safetensors").read_bytes()


def test_a_model_of_the_driver_is_read(digits, driver, tmp_path):
    _, (x, y) = digits
    driver("train", "--dataset", "digits", "--epochs", 1, "--hidden", 32, "--output", tmp_path / "run")
    front = [layers.Input((28, 28)), layers.Flatten(), layers.Rescaling(1 / 255)]
    model = sieve.models.load_model(tmp_path / "run" / "model.safetensors", before=front)
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert model.evaluate(x, y, verbose=0)[1] > 0.8
