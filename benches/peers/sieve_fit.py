"""The example through the Python package, as a script: five epochs of batch 128, and 10,000 predictions.

    MNIST_DIR=~/mnist python sieve_fit.py
"""

import time

start = time.perf_counter()

import sieve
from sieve import layers

(x, y), (x_test, y_test) = sieve.datasets.mnist.load_data()
sieve.utils.set_random_seed(0)
model = sieve.Sequential(
    [
        layers.Input((28, 28)),
        layers.Flatten(),
        layers.Rescaling(1 / 255),
        layers.Dense(512, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
before = time.perf_counter()
model.fit(x, y, epochs=5, batch_size=128, verbose=2)
seconds = time.perf_counter() - before
accuracy = (model.predict(x_test).argmax(axis=1) == y_test).mean()
print(f"sieve  {seconds:.3f} s for fit, test accuracy {accuracy:.4f}, {time.perf_counter() - start:.2f} s since the first import")
