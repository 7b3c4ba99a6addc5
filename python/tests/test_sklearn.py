"""The estimator keeps scikit-learn's conventions."""

import pickle

import numpy as np
import pytest

sklearn = pytest.importorskip("sklearn")

from conftest import near  # noqa: E402
from sklearn.base import clone  # noqa: E402
from sklearn.model_selection import GridSearchCV, StratifiedKFold  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import Normalizer  # noqa: E402
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402

import sameface  # noqa: E402
from sameface._packs import opened  # noqa: E402
from sameface.sklearn import OneClassVerifier  # noqa: E402

WIDTH = opened(None).dimensions


class AnyWidth(OneClassVerifier):
    """Takes what scikit-learn's checks make up, rows of any width, as if they were embeddings. Their
    labels mean nothing here, so they are not looked at."""

    def fit(self, X, y=None):
        return super().fit(X)

    def _embeddings(self, X, *, reset):
        from sklearn.utils.validation import validate_data

        rows = validate_data(self, X, reset=reset, dtype=np.float64)
        wide = np.zeros((len(rows), WIDTH))
        wide[:, : rows.shape[1]] = rows
        wide[:, -1] += 1e-3
        return (wide / np.linalg.norm(wide, axis=1, keepdims=True)).astype(np.float32)


@parametrize_with_checks([AnyWidth()])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


def strangers(count):
    return near(np.eye(WIDTH, dtype=np.float32)[0], count, 1.0)


def test_scores_are_the_profiles(face, own):
    profile = sameface.Profile.enroll([face])
    fitted = OneClassVerifier(far=1e-3).fit(sameface.embed([face], enrolling=True).embeddings)
    assert np.allclose(fitted.score_samples(own), profile.score(own), atol=1e-9)
    assert fitted.offset_ == pytest.approx(3.0)
    assert np.array_equal(fitted.predict(own), np.where(profile.score(own) >= 3.0, 1, -1))
    copy = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(copy.decision_function(own), fitted.decision_function(own))
    assert clone(fitted).get_params() == {"far": 1e-3, "method": "centroid", "pack": None}


def test_a_grid_search_finds_a_method(own):
    X = np.concatenate([own, strangers(12)])
    y = np.array([1] * 8 + [-1] * 12)
    grid = {"method": ["plda", "nearest", "supervised"], "far": [1e-2, 1e-4]}
    folds = StratifiedKFold(2)
    search = GridSearchCV(OneClassVerifier(), grid, scoring="balanced_accuracy", cv=folds).fit(X, y)
    assert search.best_score_ > 0.9
    assert np.array_equal(search.predict(X[:8]), np.ones(8))


def test_a_pipeline_may_come_before_it(own):
    pipeline = make_pipeline(Normalizer(), OneClassVerifier()).fit(own * 3)
    assert pipeline.predict(own).min() == 1 and pipeline.predict(strangers(5)).max() == -1


@pytest.mark.parametrize(
    ("X", "y", "arguments", "text"),
    [
        (np.ones((3, 5)), None, {}, f"X has 5 features, but embeddings of .* have {WIDTH}"),
        (np.ones((3, WIDTH)), None, {}, f"row 0 has length {np.sqrt(WIDTH):.1f}"),
        (np.eye(3, WIDTH), [0, 1, 1], {}, "y must have"),
        (np.eye(3, WIDTH), [-1, -1, -1], {}, "no row of X is the person's"),
        (np.eye(3, WIDTH), None, {"far": 0}, "far: give a share"),
        (np.eye(3, WIDTH), None, {"method": "best"}, "choose one of centroid"),
        (np.eye(3, WIDTH), None, {"pack": "none"}, "pack: \"none\" is not a pack"),
    ],
)
def test_what_does_not_fit_is_said(X, y, arguments, text):
    with pytest.raises(ValueError, match=text):
        OneClassVerifier(**arguments).fit(X, y)
