"""scikit-learn's words mean what they mean there."""

import copy
import pickle

import numpy as np
import pytest

import sieve
from conftest import same
from sieve.optimizers import RMSprop, schedules

sklearn = pytest.importorskip("sklearn", reason="scikit-learn is not installed")
sparse = pytest.importorskip("scipy.sparse", reason="scipy is not installed")

from sklearn.datasets import make_classification  # noqa: E402
from sklearn.exceptions import NotFittedError  # noqa: E402
from sklearn.model_selection import GridSearchCV, cross_val_score  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.utils.estimator_checks import check_estimator  # noqa: E402

from sieve.sklearn import SieveClassifier  # noqa: E402

NAMES = np.array(["ash", "beech", "cedar"])


@pytest.fixture(scope="module")
def trees():
    """300 rows of 10 numbers, and the tree that each is."""
    x, y = make_classification(300, 10, n_informative=6, n_classes=3, class_sep=2, random_state=0)
    return x, NAMES[y]


def weights(classifier):
    return [array for layer in classifier._network.parameters() for array in layer[:2]]


@pytest.mark.filterwarnings("ignore")
def test_scikit_learns_own_checks_pass():
    results = check_estimator(SieveClassifier(), on_fail=None)
    assert [(each["check_name"], each["exception"]) for each in results if each["status"] not in ("passed", "skipped")] == []
    assert sum(each["status"] == "passed" for each in results) >= 45


def test_labels_of_any_kind(trees):
    x, y = trees
    classifier = SieveClassifier((64,), max_iter=30, random_state=0).fit(x, y)
    assert classifier.classes_.tolist() == NAMES.tolist() and classifier.n_features_in_ == 10
    assert classifier.predict(x[:5]).dtype == y.dtype and classifier.score(x, y) > 0.9
    assert len(classifier.loss_curve_) == classifier.n_iter_ == 30 and classifier.loss_ == classifier.loss_curve_[-1]
    probabilities = classifier.predict_proba(x)
    assert np.array_equal(NAMES[probabilities.argmax(axis=1)], classifier.predict(x))
    assert np.array_equal(classifier.predict_log_proba(x), np.log(probabilities))
    two = SieveClassifier((8,), max_iter=2).fit(x, y == "ash")
    assert two.classes_.tolist() == [False, True] and two.predict(x).dtype == bool


def test_a_number_as_random_state_is_the_seed_of_the_same_training_elsewhere(trees):
    x, y = trees
    classifier = SieveClassifier((16,), max_iter=2, batch_size=8, random_state=9).fit(x, y)
    sieve.utils.set_random_seed(9)
    words = sieve.layers
    model = sieve.Sequential([words.Input((10,)), words.Dense(16, "relu"), words.Dense(3, "softmax")])
    model.compile("rmsprop", "sparse_categorical_crossentropy")
    model.fit(x, np.searchsorted(NAMES, y), epochs=2, batch_size=8, verbose=0)
    assert same(weights(classifier), model.get_weights())
    other = SieveClassifier((16,), max_iter=2, batch_size=8, random_state=10).fit(x, y)
    assert not same(weights(classifier), weights(other))
    for state in (np.random.RandomState, lambda seed: None):
        np.random.seed(1)
        a = SieveClassifier((16,), max_iter=1, random_state=state(4)).fit(x, y)
        np.random.seed(1)
        b = SieveClassifier((16,), max_iter=1, random_state=state(4)).fit(x, y)
        assert same(weights(a), weights(b))


def test_partial_fits_go_on(trees):
    x, y = trees
    classifier = SieveClassifier((16,), random_state=0, shuffle=False)
    with pytest.raises(ValueError, match="cedar.*none of the classes"):
        classifier.partial_fit(x, y, classes=["ash", "beech"])
    with pytest.raises(ValueError, match="beech.*none of the classes"):
        SieveClassifier((16,)).partial_fit(x, y, classes=["ash", "cedar"])
    classifier = SieveClassifier((16,), random_state=0, shuffle=False)
    classifier.partial_fit(x, y, classes=NAMES).partial_fit(x[:100], y[:100]).partial_fit(x, y, classes=NAMES)
    assert classifier.n_iter_ == 3
    with pytest.raises(ValueError, match="not those of the first call"):
        classifier.partial_fit(x, y, classes=["ash", "beech", "yew"])
    whole = SieveClassifier((16,), random_state=0, shuffle=False, max_iter=2).fit(x, y)
    parts = SieveClassifier((16,), random_state=0, shuffle=False).partial_fit(x, y).partial_fit(x, y)
    assert same(weights(whole), weights(parts))
    a, b = (SieveClassifier((16,), random_state=0).partial_fit(x, y) for _ in range(2))
    b._passes_begun = 0
    assert not same(weights(a.partial_fit(x, y)), weights(b.partial_fit(x, y)))
    warm = SieveClassifier((16,), random_state=0, shuffle=False, max_iter=1, warm_start=True).fit(x, y).fit(x, y)
    assert same(weights(whole), weights(warm))


def test_early_stopping_holds_rows_out_and_leaves_the_best_network(trees):
    x, y = trees
    settings = {"hidden_layer_sizes": (32,), "random_state": 3, "batch_size": 16, "learning_rate": 0.01, "early_stopping": True}
    classifier = SieveClassifier(max_iter=200, n_iter_no_change=5, validation_fraction=0.2, **settings).fit(x, y)
    scores = classifier.validation_scores_
    assert classifier.n_iter_ == len(scores) == len(classifier.loss_curve_) < 200
    best = max(scores)
    assert classifier.best_validation_score_ == best and classifier.n_iter_ == scores.index(best) + 1 + 5
    # The rows that are held out: a fifth of each class, and what the scores are of.
    train, held_out = classifier._held_out(y)
    assert sorted([*train, *held_out]) == list(range(300)) and len(held_out) == 60
    assert all(abs((y[held_out] == name).sum() - (y == name).sum() / 5) <= 1 for name in NAMES)
    assert classifier.score(x[held_out], y[held_out]) == best
    # The network is that of the best pass over the other rows.
    alone = SieveClassifier(max_iter=scores.index(best) + 1, **{**settings, "early_stopping": False}).fit(x[train], y[train])
    assert same(weights(classifier), weights(alone)) and alone.validation_scores_ is None
    again = SieveClassifier(max_iter=200, n_iter_no_change=5, validation_fraction=0.2, **settings)
    assert same(weights(classifier), weights(again.fit(sparse.csr_matrix(x), y)))
    tolerant = SieveClassifier(max_iter=200, n_iter_no_change=5, validation_fraction=0.2, tol=1.0, **settings).fit(x, y)
    assert tolerant.n_iter_ == 6
    with pytest.raises(ValueError, match="partial_fit is not possible with early_stopping"):
        classifier.partial_fit(x, y)
    for wrong, said in [
        ({"validation_fraction": 1.0}, "validation_fraction=1.0"),
        ({"n_iter_no_change": 0}, "n_iter_no_change=0"),
        ({"tol": -1}, "tol=-1"),
    ]:
        with pytest.raises(ValueError, match=said):
            SieveClassifier(early_stopping=True, **wrong).fit(x, y)


def test_schedules_go_on_from_pass_to_pass(trees):
    x, y = trees
    schedule = schedules.CosineDecay(0.01, 40)
    whole = SieveClassifier((8,), learning_rate=schedule, max_iter=2, batch_size=16, random_state=0, shuffle=False).fit(x, y)
    parts = SieveClassifier((8,), optimizer=RMSprop(schedule), batch_size=16, random_state=0, shuffle=False)
    assert same(weights(whole), weights(parts.partial_fit(x, y).partial_fit(x, y)))
    other = SieveClassifier((8,), learning_rate=0.01, max_iter=2, batch_size=16, random_state=0, shuffle=False).fit(x, y)
    assert not same(weights(whole), weights(other))


def test_pipelines_searches_and_cross_validation(trees):
    x, y = trees
    pipeline = make_pipeline(StandardScaler(), SieveClassifier((16,), learning_rate=0.01, max_iter=20, random_state=0))
    assert cross_val_score(pipeline, x, y, cv=3).min() > 0.7
    grid = {"sieveclassifier__learning_rate": [1e-6, 3e-3], "sieveclassifier__hidden_layer_sizes": [(8,), (32, 16)]}
    search = GridSearchCV(pipeline, grid, cv=2, n_jobs=2).fit(x, y)
    assert search.best_params_["sieveclassifier__learning_rate"] == 3e-3 and search.score(x, y) > 0.8


def test_classifiers_are_pickled_and_copied(trees):
    x, y = trees
    classifier = SieveClassifier((16,), max_iter=2, random_state=0).fit(x, y)
    for twin in (pickle.loads(pickle.dumps(classifier)), copy.deepcopy(classifier)):
        assert np.array_equal(twin.predict_proba(x), classifier.predict_proba(x))
        twin.partial_fit(x, y)
    with pytest.raises(NotFittedError):
        SieveClassifier().predict_proba(x)


def test_settings_are_checked(trees):
    x, y = trees
    for settings, said in [
        ({"activation": "tanh"}, "activation='tanh'.*'relu', 'linear'"),
        ({"hidden_layer_sizes": (0,)}, "hidden_layer_sizes=0"),
        ({"max_iter": 0}, "max_iter=0"),
        ({"batch_size": 0}, "batch_size=0"),
        ({"learning_rate": 0}, "learning rate 0"),
        ({"optimizer": "adagrad"}, "optimizer='adagrad'.*rmsprop"),
    ]:
        with pytest.raises(ValueError, match=said):
            SieveClassifier(**settings).fit(x, y)
    a = SieveClassifier((8,), optimizer=RMSprop(0.01, rho=0.8), max_iter=1, random_state=0).fit(x, y)
    b = SieveClassifier((8,), learning_rate=0.01, max_iter=1, random_state=0).fit(x, y)
    assert not same(weights(a), weights(b))


def test_sparse_rows_give_what_dense_rows_give(trees):
    x, y = trees
    x = np.where(np.abs(x) < 1, 0, x)
    dense = SieveClassifier((16,), max_iter=2, random_state=0).fit(x, y)
    for kind in (sparse.csr_matrix, sparse.csr_array, sparse.csc_matrix):
        other = SieveClassifier((16,), max_iter=2, random_state=0).fit(kind(x), y)
        assert same(weights(dense), weights(other))
        assert np.array_equal(dense.predict_proba(x), other.predict_proba(kind(x)))


def test_wide_sparse_rows_are_never_made_dense():
    # Dense, they would take 320 GB.
    rows, columns = 400_000, 200_000
    random = np.random.default_rng(0)
    indices = random.integers(0, columns, rows, dtype=np.int32)
    x = sparse.csr_matrix((np.ones(rows, np.float32), indices, np.arange(rows + 1)), (rows, columns))
    y = indices % 2
    classifier = SieveClassifier((4,), batch_size=4096, max_iter=1, random_state=0, learning_rate=0.1).fit(x, y)
    assert classifier.predict(x).shape == (rows,)
