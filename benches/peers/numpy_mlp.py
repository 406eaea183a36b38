"""NumPy on its BLAS: the step written out."""

import time

import mnist
import numpy as np

X, Y, X_test, Y_test = mnist.load()
rng = np.random.default_rng(0)


def glorot(inputs, units):
    limit = (6 / (inputs + units)) ** 0.5
    return rng.uniform(-limit, limit, (inputs, units)).astype(np.float32)


P = [glorot(784, 512), np.zeros(512, np.float32), glorot(512, 10), np.zeros(10, np.float32)]
V = [np.zeros_like(p) for p in P]
f = np.float32


def forward(x):
    hidden = np.maximum(x @ P[0] + P[1], 0)
    return hidden, hidden @ P[2] + P[3]


epochs = []
for _ in range(mnist.EPOCHS):
    start = time.perf_counter()
    order = rng.permutation(len(X))
    for i in range(0, len(X), mnist.BATCH):
        rows = order[i : i + mnist.BATCH]
        x, y, n = X[rows], Y[rows], len(rows)
        hidden, logits = forward(x)
        d = np.exp(logits - logits.max(1, keepdims=True))
        d /= d.sum(1, keepdims=True)
        d[np.arange(n), y] -= 1
        d /= n
        d_hidden = (d @ P[2].T) * (hidden > 0)
        for p, v, g in zip(P, V, [x.T @ d_hidden, d_hidden.sum(0), hidden.T @ d, d.sum(0)]):
            v *= f(0.9)
            v += f(0.1) * g * g
            p -= f(1e-3) * g / (np.sqrt(v) + f(1e-7))
    epochs.append(time.perf_counter() - start)

start = time.perf_counter()
accuracy = (forward(X_test)[1].argmax(1) == Y_test).mean()
mnist.report("NumPy", epochs, time.perf_counter() - start, accuracy)
