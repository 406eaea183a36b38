"""MNIST for all peers, and the clock they share: it starts with the process."""

import gzip
import os
import time

import numpy as np

START = time.perf_counter()
EPOCHS, BATCH = 5, 128


def arrays():
    """((train images, labels), (test images, labels)), uint8: images (count, 28, 28)."""

    def read(name, offset):
        with gzip.open(os.path.join(os.environ["MNIST_DIR"], name + ".gz")) as file:
            return np.frombuffer(file.read(), np.uint8, offset=offset)

    def pair(part):
        return read(f"{part}-images-idx3-ubyte", 16).reshape(-1, 28, 28), read(f"{part}-labels-idx1-ubyte", 8)

    return pair("train"), pair("t10k")


def load():
    """Train images (60000, 784) and test images (10000, 784) as float32 in [0, 1], labels as int64."""
    (train, train_labels), (test, test_labels) = arrays()

    def scaled(images):
        return images.reshape(-1, 784).astype(np.float32) / 255

    return scaled(train), train_labels.astype(np.int64), scaled(test), test_labels.astype(np.int64)


def report(system, epochs, evaluate, accuracy):
    """One line: the fastest epoch, all epochs, evaluation, and everything since the process began, in seconds."""
    total = time.perf_counter() - START
    listed = " ".join(f"{seconds:.3f}" for seconds in epochs)
    print(
        f"{system}: best epoch {min(epochs):.3f} s ({listed}), evaluate {1000 * evaluate:.1f} ms, "
        f"start to test accuracy {total:.2f} s, test accuracy {accuracy:.4f}",
        flush=True,
    )
