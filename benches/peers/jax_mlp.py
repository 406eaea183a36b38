"""JAX: a jitted step with gradients by autodiff, arguments donated."""

import time

import mnist
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

X, Y, X_test, Y_test = (jnp.asarray(a) for a in mnist.load())
glorot = jax.nn.initializers.glorot_uniform()
P = [
    glorot(jax.random.PRNGKey(0), (784, 512)),
    jnp.zeros(512),
    glorot(jax.random.PRNGKey(1), (512, 10)),
    jnp.zeros(10),
]
V = [jnp.zeros_like(p) for p in P]


def logits(P, x):
    return jax.nn.relu(x @ P[0] + P[1]) @ P[2] + P[3]


def loss(P, x, y):
    return -jnp.take_along_axis(jax.nn.log_softmax(logits(P, x)), y[:, None], 1).mean()


@partial(jax.jit, donate_argnums=(0, 1))
def step(P, V, x, y):
    value, G = jax.value_and_grad(loss)(P, x, y)
    V = [0.9 * v + 0.1 * g * g for v, g in zip(V, G)]
    P = [p - 1e-3 * g / (jnp.sqrt(v) + 1e-7) for p, v, g in zip(P, V, G)]
    return P, V, value


@jax.jit
def accuracy(P, x, y):
    return (logits(P, x).argmax(1) == y).mean()


rng = np.random.default_rng(0)
epochs = []
for _ in range(mnist.EPOCHS):
    start = time.perf_counter()
    order = rng.permutation(len(X))
    for i in range(0, len(X), mnist.BATCH):
        rows = order[i : i + mnist.BATCH]
        P, V, value = step(P, V, X[rows], Y[rows])
    value.block_until_ready()
    epochs.append(time.perf_counter() - start)

start = time.perf_counter()
result = float(accuracy(P, X_test, Y_test))
mnist.report("JAX", epochs, time.perf_counter() - start, result)
