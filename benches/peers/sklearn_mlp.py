"""An epoch of `SieveClassifier` beside one of scikit-learn's `MLPClassifier` with the same layers and batches.

    MNIST_DIR=~/mnist python sklearn_mlp.py mnist      # 60,000 pictures, 512 hidden units
    python sklearn_mlp.py wide                         # 20,000 sparse rows of 50,000 features, 256 hidden units

`RUNS=5` runs of `SieveClassifier` with RMSprop, as many with Adam, and `PEER_RUNS=1` of the other, of `EPOCHS=1` epochs each: the best
counts. Checking the input and making the network is in the time of all. With `PEER_ROWS=5000` the other gets the first 5,000 rows only, and
its time is multiplied: an epoch takes as long as it has steps. MLPClassifier's optimizer is Adam: it has no RMSprop.
"""

import os
import resource
import sys
import time
import warnings

import numpy as np
import scipy.sparse
from sklearn.neural_network import MLPClassifier

import sieve
from sieve.sklearn import SieveClassifier


def mnist():
    (x, y), _ = sieve.datasets.mnist.load_data()
    return x.reshape(len(x), -1).astype(np.float32) / 255, y, 512


def wide(rows=20_000, columns=50_000, words=60, classes=20):
    """Rows like those of texts: words by Zipf's law, of which each class prefers some; the same word twice counts twice."""
    random = np.random.default_rng(0)
    y = random.integers(0, classes, rows)
    rank = np.exp(random.random((rows, words)) * np.log(columns)).astype(np.int64) - 1
    own = random.random((rows, words)) < 0.3
    rank[own] = (rank[own] // classes * classes + np.repeat(y[:, None], words, axis=1)[own]) % columns
    counts = scipy.sparse.coo_matrix(
        (np.ones(rank.size, np.float32), (np.repeat(np.arange(rows), words), rank.ravel())), (rows, columns)
    ).tocsr()
    counts.sum_duplicates()
    return counts, y, 256


def best(make, x, y, runs):
    times = []
    for _ in range(runs):
        classifier = make()
        before = time.perf_counter()
        classifier.fit(x, y)
        times.append(time.perf_counter() - before)
    return min(times) / epochs


case = sys.argv[1] if len(sys.argv) > 1 else "mnist"
x, y, hidden = {"mnist": mnist, "wide": wide}[case]()
print(f"{case}: {x.shape}, {np.count_nonzero(x) / len(y) if isinstance(x, np.ndarray) else x.nnz / len(y):.1f} non-zeros a row")
warnings.simplefilter("ignore")
epochs = int(os.environ.get("EPOCHS", 1))
settings = {"hidden_layer_sizes": (hidden,), "batch_size": 128, "max_iter": epochs, "random_state": 0}
for optimizer in ("rmsprop", "adam"):
    ours = best(lambda: SieveClassifier(optimizer=optimizer, **settings), x, y, int(os.environ.get("RUNS", 5)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"SieveClassifier, {optimizer}: {ours:.3f} s an epoch, {sieve.config.threads()} threads, {memory:.0f} MB at most", flush=True)
runs = int(os.environ.get("PEER_RUNS", 1))
if runs:
    rows = int(os.environ.get("PEER_ROWS", len(y)))
    theirs = best(lambda: MLPClassifier(**settings), x[:rows], y[:rows], runs) * len(y) / rows
    print(f"MLPClassifier, adam: {theirs:.3f} s an epoch")
