"""Keras 3 as the book has it; KERAS_BACKEND chooses TensorFlow or JAX."""

import os
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import mnist
import keras

X, Y, X_test, Y_test = mnist.load()
Y, Y_test = keras.utils.to_categorical(Y), keras.utils.to_categorical(Y_test)
keras.utils.set_random_seed(0)
model = keras.Sequential(
    [
        keras.Input((784,)),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])


class Clock(keras.callbacks.Callback):
    epochs = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append(time.perf_counter() - self.start)


model.fit(X, Y, epochs=mnist.EPOCHS, batch_size=mnist.BATCH, verbose=0, callbacks=[Clock()])
start = time.perf_counter()
_, accuracy = model.evaluate(X_test, Y_test, verbose=0)
mnist.report(f"Keras on {keras.backend.backend()}", Clock.epochs, time.perf_counter() - start, accuracy)
