"""What the checks of all systems share: the program, its data, and how two networks are compared."""

import gzip
import json
import os
import pathlib
import site
import subprocess
import sys

# Packages of other environments come behind those of this one.
for line in open(os.environ["INTEROP_SITES"]) if "INTEROP_SITES" in os.environ else []:
    site.addsitedir(line.strip())

import numpy as np

PICTURES = 1000
TOLERANCE = 1e-5


class Check:
    """One system's check, with the arguments of the command line: the program, the data, the model and a folder to work in."""

    def __init__(self, system):
        self.system = system
        self.driver, self.data, self.model, self.folder = sys.argv[1:5]
        self.folder = pathlib.Path(self.folder)
        self.images = images(pathlib.Path(self.data))[:PICTURES]
        # What the program itself makes of a byte, to the bit.
        self.inputs = (self.images.reshape(PICTURES, -1) / np.float32(255)).astype(np.float32)
        self.differences = []
        self.imports = 0

    def export(self, file, *options, model=None):
        """The path of the model's export."""
        path = self.folder / file
        self.run("export", "--model", model or self.model, *options, path)
        return path

    def probabilities(self, name, theirs, model=None):
        """Fails unless `theirs`, pictures x classes, are the program's probabilities."""
        lines = self.run("predict", "--model", model or self.model, "--data", self.data, "--json", "--index", f"0-{PICTURES - 1}")
        ours = np.array([json.loads(line)["probabilities"] for line in lines.splitlines()])
        theirs = np.asarray(theirs)
        if theirs.shape != ours.shape:
            self.fail(f"{name}: probabilities of shape {theirs.shape}, and the program's have {ours.shape}")
        difference = np.abs(ours - theirs).max()
        # Not `>`, which NaN would pass.
        if not difference <= TOLERANCE:
            self.fail(f"{name}: probabilities differ by {difference:.1e}")
        if np.ptp(ours, axis=0).max() < 0.1:
            self.fail(f"{name}: all pictures give the same, and no difference could be seen")
        self.differences.append((name, difference))

    def comes_back(self, name, file, arrays, probabilities=None, options=()):
        """Fails unless the program imports `file` with the numbers of `arrays`, kernels (inputs x units) and biases by turns."""
        self.imports += 1
        model = self.folder / f"imported-{self.imports}.safetensors"
        self.run("import", file, "--out", model, *options)
        back = np.load(self.export(f"back-{self.imports}.npz", model=model))
        names = [f"layers.{i}.{part}" for i in range(len(arrays) // 2) for part in ("kernel", "bias")]
        if sorted(set(back.files) - {"metadata.json"}) != sorted(names):
            self.fail(f"{name}: {back.files} came back")
        for key, array in zip(names, arrays):
            array = np.asarray(array)
            same = back[key].dtype == array.dtype and back[key].shape == array.shape
            if not same or back[key].tobytes() != array.tobytes():
                self.fail(f"{name}: {key} came back with other numbers")
        if probabilities is not None:
            self.probabilities(name, probabilities, model)

    def done(self):
        list_of = ", ".join(f"{name} {difference:.1e}" for name, difference in self.differences)
        print(f"interop with {self.system} ... ok; {self.imports} files come back with the same bits;")
        print(f"    largest difference of a probability on {PICTURES} pictures: {list_of}")

    def not_run(self, why):
        print(f"interop with {self.system} ... NOT RUN ({why})")
        sys.exit(0)

    def fail(self, why):
        sys.exit(f"interop with {self.system} ... FAILED: {why}")

    def run(self, *arguments):
        line = [self.driver, *map(str, arguments)]
        done = subprocess.run(line, capture_output=True, text=True)
        if done.returncode != 0:
            self.fail(f"{' '.join(line)}: {done.stderr.strip()}")
        return done.stdout


def images(folder):
    """The test images in MNIST's format: uint8, pictures x 28 x 28."""
    file = folder / "t10k-images-idx3-ubyte"
    bytes = file.read_bytes() if file.exists() else gzip.open(f"{file}.gz").read()
    return np.frombuffer(bytes, np.uint8, offset=16).reshape(-1, 28, 28)


def random_layers(sizes, seed):
    """Kernels (inputs x units) and biases by turns, not what the program itself has made."""
    random = np.random.default_rng(seed)
    arrays = []
    for inputs, units in zip(sizes, sizes[1:]):
        arrays.append(random.normal(0, (2 / inputs) ** 0.5, (inputs, units)).astype(np.float32))
        arrays.append(random.normal(0, 0.1, units).astype(np.float32))
    return arrays


def forward(x, arrays):
    """The probabilities of a network of ReLUs with a softmax."""
    for i in range(0, len(arrays), 2):
        x = x @ arrays[i] + arrays[i + 1]
        x = np.maximum(x, 0) if i < len(arrays) - 2 else x
    x = np.exp(x - x.max(axis=1, keepdims=True))
    return x / x.sum(axis=1, keepdims=True)
