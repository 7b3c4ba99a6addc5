"""The decision as a scikit-learn estimator, fitted to embeddings."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from . import _sameface
from ._packs import AnyPack, opened
from ._profile import Method
from ._runtime import get_threads


class OneClassVerifier(OutlierMixin, BaseEstimator):  # type: ignore[misc]
    """Verifies one person, fitted to embeddings of that person's face.

    Parameters
    ----------
    far : float, default=1e-4
        The share of strangers who may be accepted: `offset_` is -log10 of it.
    method : str, default="centroid"
        `centroid`, `nearest`, `plda`, `svm` or `supervised`.
    pack : str or path, default=None
        The pack of models that made the embeddings, by its name or its folder. None means the pack of
        $VERIFY_PACK when `fit` is called, otherwise the built-in one.

    Attributes
    ----------
    offset_ : float
        The lowest score of a face that is the person's.
    n_features_in_ : int
        The length of an embedding of the pack.
    """

    def __init__(
        self, *, far: float = 1e-4, method: Method = "centroid", pack: AnyPack | None = None
    ) -> None:
        self.far = far
        self.method = method
        self.pack = pack

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> "OneClassVerifier":
        """Fit to the person whose embeddings are the rows of `X`, of shape (n, dimensions).

        If `y` is given, only rows with 1 are the person's. Rows with -1 are other people's; only the
        method `supervised` uses them.
        """
        pack = opened(self.pack)
        rows = self._embeddings(X, reset=True)
        if rows.shape[1] != pack.dimensions:
            raise ValueError(
                f"X has {rows.shape[1]} features, but embeddings of {pack.identity} have {pack.dimensions}"
            )
        others = np.empty((0, pack.dimensions), np.float32)
        if y is not None:
            own = self._is_own(y, len(rows))
            rows, others = rows[own], rows[~own]
        if len(rows) == 0:
            raise ValueError("fit: no row of X is the person's; mark the person's rows with 1 in y")
        self._border = _sameface.Border(rows, others, self.method, pack)
        self.offset_ = _sameface.threshold_of(self.far)
        return self

    @staticmethod
    def _is_own(y: ArrayLike, rows: int) -> NDArray[np.bool_]:
        labels = np.asarray(y)
        if labels.shape != (rows,) or not np.isin(labels, (-1, 1)).all():
            raise ValueError("y must have 1 for each row of the person and -1 for every other row")
        return np.asarray(labels == 1)

    def score_samples(self, X: ArrayLike) -> NDArray[np.float64]:
        """-log10 of the share of strangers who look at least as similar, for each row of `X`."""
        check_is_fitted(self, "offset_")
        rows = self._embeddings(X, reset=False)
        return self._border.score(rows, get_threads())

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """The score minus `offset_`: a face is the person's if this is at least 0."""
        scores: NDArray[np.float64] = self.score_samples(X) - self.offset_
        return scores

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """+1 for the person's faces, -1 for others."""
        return np.where(self.decision_function(X) >= 0.0, 1, -1)

    def _embeddings(self, X: ArrayLike, *, reset: bool) -> NDArray[np.float32]:
        rows: Any = validate_data(self, X, reset=reset, dtype=np.float32, order="C")
        return np.ascontiguousarray(rows)
