"""The example of the books, word for word the same in both: argument 1 is `sieve` or `keras`.

    MNIST_DIR=~/mnist python example.py sieve
    KERAS_BACKEND=jax MNIST_DIR=~/mnist python example.py keras

Prints the seconds of each part and of all, from the first import to 10,000 predictions. (Keras reads the four files as the other peers
do: its own file of MNIST would have to be downloaded.)
"""

import importlib
import os
import resource
import sys
import time

clock = [("", time.perf_counter())]


def done(part):
    clock.append((part, time.perf_counter()))


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
words = importlib.import_module(sys.argv[1])
done("import")

if sys.argv[1] == "sieve":
    (train_images, train_labels), (test_images, test_labels) = words.datasets.mnist.load_data()
else:
    import mnist

    (train_images, train_labels), (test_images, test_labels) = mnist.arrays()
done("load_data")

words.utils.set_random_seed(0)
network = words.models.Sequential()
network.add(words.layers.Input((28 * 28,)))
network.add(words.layers.Dense(512, activation="relu"))
network.add(words.layers.Dense(10, activation="softmax"))
network.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
done("model")

train_images = train_images.reshape((60000, 28 * 28)).astype("float32") / 255
test_images = test_images.reshape((10000, 28 * 28)).astype("float32") / 255
train_labels = words.utils.to_categorical(train_labels)
test_labels = words.utils.to_categorical(test_labels)
done("NumPy")

network.fit(train_images, train_labels, epochs=5, batch_size=128, verbose=0)
done("fit")
loss, accuracy = network.evaluate(test_images, test_labels, verbose=0)
done("evaluate")
network.predict(test_images, verbose=0)
done("predict")

parts = ", ".join(f"{part} {end - begin:.3f}" for (_, begin), (part, end) in zip(clock, clock[1:]))
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{sys.argv[1]}: {clock[-1][1] - clock[0][1]:.2f} s ({parts}), test accuracy {accuracy:.4f}, {memory:.0f} MB", flush=True)
