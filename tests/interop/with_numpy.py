"""NumPy: `driver export --format npz`, and arrays of np.savez."""

from interop import Check, forward, np, random_layers

check = Check("NumPy")

file = np.load(check.export("model.npz"))
layers = len([name for name in file.files if name.endswith(".kernel")])
arrays = [file[f"layers.{i}.{part}"] for i in range(layers) for part in ("kernel", "bias")]
check.probabilities("npz", forward(check.inputs, arrays))
check.comes_back("npz", check.folder / "model.npz", arrays)

# Square matrices have neighbours that are not; names as np.savez gives them; eleven layers, as arr_10 comes after arr_9.
for seed, (sizes, save) in enumerate(
    [([784, 100, 50, 10], np.savez), ([784, 64, 64, 10], np.savez_compressed), ([784] + [32] * 10 + [10], np.savez)]
):
    own = random_layers(sizes, seed)
    file = check.folder / f"own-{seed}.npz"
    save(file, *own)
    check.comes_back(f"{save.__name__} {len(sizes) - 1} layers", file, own, forward(check.inputs, own))

# Columns first, and by numbers that are not stored at all in rows.
own = random_layers([784, 30, 10], 7)
np.savez(check.folder / "columns.npz", *map(np.asfortranarray, own))
check.comes_back("savez, column-major", check.folder / "columns.npz", own)

# All square: only --layout tells.
own = random_layers([6, 6, 6], 8)
np.savez(check.folder / "square.npz", *own)
check.comes_back("square", check.folder / "square.npz", own, options=["--layout", "in-out"])
np.savez(check.folder / "turned.npz", *(array.T for array in own))
check.comes_back("square, turned", check.folder / "turned.npz", own, options=["--layout", "out-in"])
check.done()
