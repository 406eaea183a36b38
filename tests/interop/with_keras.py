"""Keras: the five-line loader takes the exported weights, and get_weights comes back."""

from interop import Check, np

check = Check("Keras")
try:
    import keras
except ImportError as error:
    check.not_run(error)
from keras import layers

path = check.export("weights.npz", "--format", "keras")

# README's loader.
w = np.load(path)
kernels = [name for name in w.files if name.endswith(".kernel")]
model = keras.Sequential([keras.Input((784,))] + [keras.layers.Dense(w[k].shape[1], "relu") for k in kernels])
model.layers[-1].activation = keras.activations.softmax
model.set_weights([w[k.replace("kernel", part)] for k in kernels for part in ("kernel", "bias")])

check.probabilities("get_weights", model.predict(check.inputs, verbose=0))
check.comes_back("get_weights", path, model.get_weights())

keras.utils.set_random_seed(0)
own = keras.Sequential([
    keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(64, activation="relu"),
    layers.Dense(64, activation="relu"), layers.Dropout(0.2), layers.Dense(10, activation="softmax"),
])
own.compile("adam", "sparse_categorical_crossentropy")
own.fit(check.images, np.arange(len(check.images)) % 10, verbose=0)
path = check.folder / "own.npz"
np.savez(path, *own.get_weights())
check.comes_back("savez(*get_weights())", path, own.get_weights(), own.predict(check.images, verbose=0))
check.done()
