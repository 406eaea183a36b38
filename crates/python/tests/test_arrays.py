"""Which arrays are taken, which are read where they lie, and what happens to the rest."""

import numpy as np
import pytest

import sieve
from conftest import make_model, same
from sieve import _arrays, _sieve, layers

sparse = pytest.importorskip("scipy.sparse")


def read_only(x):
    x = x.copy()
    x.setflags(write=False)
    return x


# Halves are exact in all of these types.
FORMS = {
    "float16": lambda x: x.astype(np.float16),
    "float64": lambda x: x.astype(np.float64),
    "int64": lambda x: x.astype(np.int64),
    "bool": lambda x: x.astype(bool),
    "big-endian": lambda x: x.astype(">f4"),
    "big-endian float64": lambda x: x.astype(">f8"),
    "columns first": np.asfortranarray,
    "every other row of twice as many": lambda x: np.repeat(x, 2, axis=0)[::2],
    "every other column": lambda x: np.repeat(x, 2, axis=1)[:, ::2],
    "backwards": lambda x: x[::-1].copy()[::-1],
    "read-only": read_only,
    "lists": lambda x: x.tolist(),
    "objects": lambda x: x.astype(object),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_same_numbers_gives_the_same(small, form):
    x, y = small
    whole = np.sign(x) if form == "int64" else np.abs(np.sign(x)) if form == "bool" else np.round(2 * x) / 2
    weights, predictions = [], []
    for rows in (whole, FORMS[form](whole)):
        model = make_model()
        model.fit(rows, y, verbose=0)
        weights.append(model.get_weights())
        predictions.append(model.predict(rows))
    assert same(*weights) and same(*predictions)


def test_float32_and_bytes_are_read_where_they_lie(small):
    x, y = small
    assert np.shares_memory(make_model()._rows("predict", x), x)
    assert np.shares_memory(make_model()._examples("fit", x, y)[1], y)
    pictures = np.zeros((3, 2, 3), np.uint8)
    before = [layers.Input((2, 3)), layers.Flatten(), layers.Rescaling(1.0 / 255)]
    assert np.shares_memory(make_model(before=before)._rows("predict", pictures), pictures)
    one_hot = np.eye(3, dtype=np.float32)
    model = make_model(loss="categorical_crossentropy")
    assert np.shares_memory(model._examples("fit", x[:3], one_hot)[1], one_hot)


def test_float64_is_rounded_once_by_all_threads():
    random = np.random.default_rng(7)
    # Ties, numbers below float32's smallest, and an end that is no whole piece.
    values = np.concatenate([random.normal(size=99_997) * 10.0 ** random.integers(-50, 38, 99_997), [1 + 2.0**-24, 1 + 3 * 2.0**-24, -0.0]])
    for shape in [(100_000,), (50_000, 2), (10, 100, 100)]:
        array = values.reshape(shape)
        rounded = _arrays.floats(array)
        assert rounded.dtype == np.float32 and np.array_equal(rounded, array.astype(np.float32)) and rounded.flags.c_contiguous
    for array in (values[::3], values.reshape(-1, 4)[:, 1:], np.asfortranarray(values.reshape(-1, 4)), values[:0], values[5]):
        assert np.array_equal(_arrays.floats(np.asarray(array)), np.asarray(array, dtype=np.float32))
    odd = np.frombuffer(b"_" + values.tobytes(), np.uint8)[1:].view(np.float64)
    assert not odd.flags.aligned and np.array_equal(_arrays.floats(odd), values.astype(np.float32))
    values[[3, 77_777]] = np.nan, np.inf
    assert np.array_equal(_arrays.floats(values), values.astype(np.float32), equal_nan=True)
    for where in (0, 99_999):
        values[where] = -1e39
        with pytest.warns(RuntimeWarning, match="overflow encountered in cast"):
            assert np.isneginf(_arrays.floats(values)[where])
        values[where] = 0
    with pytest.raises(ValueError, match="3 numbers into 2"):
        _sieve.to_float32(np.zeros(3), np.zeros(2, np.float32))


def test_rescaling_leaves_the_callers_numbers_alone():
    x = np.random.default_rng(8).normal(size=(20, 6)).astype(np.float32)
    before = x.copy()
    words = [layers.Input((6,)), layers.Rescaling(2.0, 1.0), layers.Rescaling(0.5, -0.25), layers.Rescaling(3.0)]
    model = make_model(before=words)
    plain = make_model()
    plain.set_weights(model.get_weights())
    assert np.allclose(model.predict(x), plain.predict(((x * 2 + 1) * 0.5 - 0.25) * 3), atol=1e-6)
    assert np.array_equal(x, before)


def test_bytes_mean_0_to_255(small):
    _, y = small
    pictures = np.random.default_rng(1).integers(0, 256, (40, 6), dtype=np.uint8)
    plain = make_model()
    assert np.array_equal(plain.predict(pictures), plain.predict(pictures.astype(np.float32)))
    scaled = make_model(before=[layers.Input((6,)), layers.Rescaling(1 / 255)])
    assert np.allclose(scaled.predict(pictures), plain.predict(pictures / 255), atol=1e-6)
    assert np.allclose(scaled.predict(pictures.astype(np.float32)), scaled.predict(pictures), atol=1e-6)
    shifted = make_model(before=[layers.Input((6,)), layers.Rescaling(2 / 255, -1)])
    assert np.allclose(shifted.predict(pictures), plain.predict(pictures / 127.5 - 1), atol=1e-5)


def test_what_is_no_number_is_refused():
    model = make_model()
    for rows, kind in [
        (np.zeros((2, 6), complex), TypeError),
        (np.full((2, 6), "1"), TypeError),
        (np.full((2, 6), object()), ValueError),
        ([[1, 2], [3]], ValueError),
        (np.zeros((2, 6), "M8[s]"), TypeError),
    ]:
        with pytest.raises(kind, match="^predict: x "):
            model.predict(rows)


def test_no_rows():
    model, none = make_model(), np.zeros((0, 6), np.float32)
    assert model.predict(none).shape == (0, 3)
    for call in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match="no rows"):
            call(none, np.zeros(0, np.uint8))


def test_nan_is_not_hidden(small):
    x, y = small
    x[3, 2] = np.nan
    model = make_model()
    rows = np.isnan(model.predict(x)).any(axis=1)
    assert rows[3] and rows.sum() == 1
    assert np.isnan(model.evaluate(x, y, verbose=0)[0])
    assert np.isnan(model.fit(x, y, verbose=0).history["loss"][0])


def shuffled(x):
    """Rows whose columns are in no order."""
    csr = sparse.csr_matrix(x)
    for a, b in zip(csr.indptr, csr.indptr[1:]):
        csr.indices[a:b], csr.data[a:b] = csr.indices[a:b][::-1].copy(), csr.data[a:b][::-1].copy()
    csr.has_sorted_indices = False
    return csr


def doubled(x):
    """Every number as two halves in the same place."""
    csr = sparse.csr_matrix(x)
    return sparse.csr_matrix((np.repeat(csr.data / 2, 2), np.repeat(csr.indices, 2), csr.indptr * 2), x.shape)


def wide_index(x):
    csr = sparse.csr_matrix(x)
    csr.indices, csr.indptr = csr.indices.astype(np.int64), csr.indptr.astype(np.int64)
    return csr


def with_zeros(x):
    csr = sparse.csr_matrix(np.ones_like(x))
    csr.data[:] = x.ravel()
    return csr


SPARSE = {
    "int32": sparse.csr_matrix,
    "int64": wide_index,
    "array": sparse.csr_array,
    "not in order": shuffled,
    "duplicates": doubled,
    "with zeros": with_zeros,
    "columns": sparse.csc_matrix,
    "coordinates": sparse.coo_matrix,
    "float64": lambda x: sparse.csr_matrix(x.astype(np.float64)),
}


@pytest.mark.parametrize("form", SPARSE)
def test_sparse_rows_give_what_dense_rows_give(small, form):
    x, y = small
    weights, predictions = [], []
    for rows in (x, SPARSE[form](x)):
        model = make_model()
        model.fit(rows, y, batch_size=8, epochs=2, validation_split=0.25, verbose=0)
        weights.append(model.get_weights())
        predictions.append(model.predict(rows))
        model.evaluate(rows, y, verbose=0)
    assert same(*weights) and same(*predictions)


def test_sparse_rows_are_read_where_they_lie(small):
    csr = sparse.csr_matrix(small[0])
    csr.indptr = csr.indptr.astype(np.int64)
    read = make_model()._rows("fit", csr)
    for ours, theirs in ((read.data, csr.data), (read.indices, csr.indices), (read.indptr, csr.indptr)):
        assert np.shares_memory(ours, theirs)


def test_sparse_rows_are_checked(small):
    x, _ = small
    model = make_model()
    csr = sparse.csr_matrix(x)
    csr.indices[0] = -1
    with pytest.raises(ValueError, match="sparse row 0 of 6 columns"):
        model.predict(csr)
    csr = wide_index(x)
    csr.indices[0] = 6
    with pytest.raises(ValueError, match="not in 0 ... 5"):
        model.predict(csr)
    with pytest.raises(ValueError, match=r"\(5,\) for a model that takes \(6,\)"):
        model.predict(sparse.csr_matrix(x[:, :5]))
    moved = make_model(before=[layers.Input((6,)), layers.Rescaling(1, 1)])
    with pytest.raises(ValueError, match="offset"):
        moved.predict(sparse.csr_matrix(x))


def test_sparse_rows_are_rescaled(small):
    x, _ = small
    model = make_model(before=[layers.Input((6,)), layers.Rescaling(0.5)])
    assert np.array_equal(model.predict(sparse.csr_matrix(x)), model.predict(x))


def test_many_classes(small):
    x, _ = small
    y = np.arange(40) * 7
    sieve.utils.set_random_seed(0)
    model = sieve.Sequential([layers.Input((6,)), layers.Dense(274, activation="softmax")])
    model.compile("rmsprop", "sparse_categorical_crossentropy")
    assert model.fit(x, y, epochs=5, verbose=0).history["loss"][-1] < np.log(274)
