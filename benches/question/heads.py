"""Answers that are fitted in a moment: on the embeddings of faces, or on pixels.

Each returns a score for photos, higher if more like the person, and the threshold as that answer sets it.
"""

import numpy as np
from photos import pixels
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import OneClassSVM

# The share of enrolled photos that may lie outside a one-class SVM's border.
NU = 0.1
# The pixels of one-class regression, a side.
SIDE = 64


def one_class_svm(rows):
    """The one-class SVM with scikit-learn's own kernel width; its border is at 0."""
    machine = OneClassSVM(nu=NU, gamma="scale").fit(rows)
    return machine.decision_function, 0.0


def centroid(rows):
    """The cosine with the mean; the threshold is the least of any enrolled photo with the mean of the others."""
    if len(rows) < 2:
        raise ValueError("two photos are needed to set a threshold")
    left_out = (rows.sum(axis=0) - rows) / (len(rows) - 1)
    own = (rows * left_out).sum(axis=1) / np.linalg.norm(left_out, axis=1)
    mean = rows.mean(axis=0) / np.linalg.norm(rows.mean(axis=0))
    return lambda faces: faces @ mean, own.min()


def logistic(rows, others):
    """Logistic regression between the person's faces and others'; the border is at even odds."""
    labels = np.repeat([1, 0], [len(rows), len(others)])
    model = LogisticRegression(class_weight="balanced", max_iter=1000).fit(np.vstack([rows, others]), labels)
    return model.decision_function, 0.0


def random_features(width, inputs, seed=0, spread=1.0):
    """A layer of `width` random units, which is never trained: an extreme learning machine's."""
    random = np.random.default_rng(seed)
    weights = random.normal(0, spread / np.sqrt(inputs), (inputs, width))
    biases = random.normal(0, 1, width)
    return FunctionTransformer(lambda rows: np.tanh(rows @ weights + biases) / np.sqrt(width))


def regression(rows, width=1000, ridge=0.01, spread=1.0, scale=False):
    """One-class regression: squared error, no squashing at the end, and 1 for every enrolled photo.

    The score is how near the output is to 1. The threshold is that of the furthest enrolled photo, each
    being judged without itself: on what it was fitted to, the output is 1 whatever the photo.
    A constant term is left out, for it alone would answer 1 to everything.
    """
    steps = [StandardScaler()] if scale else []
    model = make_pipeline(
        *steps, random_features(width, rows.shape[1], spread=spread), Ridge(alpha=ridge, fit_intercept=False)
    )
    ones = np.ones(len(rows))
    parts = KFold(min(5, len(rows)), shuffle=True, random_state=0)
    own = -np.abs(1 - cross_val_predict(model, rows, ones, cv=parts))
    model.fit(rows, ones)
    return lambda faces: -np.abs(1 - model.predict(faces)), own.min()


def flat(photos):
    """The pixels of photos, a row each."""
    return pixels(photos, SIDE).reshape(len(photos), -1)
