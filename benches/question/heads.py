"""Answers that are fitted in a moment: on the embeddings of faces, or on pixels.

Each returns a score for photos, higher if more like the person, and the threshold as that answer sets it.
"""

import numpy as np
from photos import SEED
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM

# The share of enrolled photos that may lie outside a one-class SVM's border.
NU = 0.1


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


def random_layer(inputs, length, spread=1.0, width=500):
    """A layer of random units that is never trained, an extreme learning machine's, for rows of about `length`."""
    random = np.random.default_rng(SEED)
    weights = random.normal(0, spread / length, (inputs, width))
    biases = random.normal(0, 1, width)
    return lambda rows: np.tanh(rows @ weights + biases) / np.sqrt(width)


def regression(features, ridge=0.01):
    """One-class regression: squared error, no squashing at the end, and 1 for every enrolled photo.

    The score is how near the output is to 1. The threshold is that of the furthest enrolled photo, each
    being judged by a fit without it: on what it was fitted to, the output is 1 whatever the photo.
    A constant term is left out, for it alone would answer 1 to everything.
    """
    model, ones = Ridge(alpha=ridge, fit_intercept=False), np.ones(len(features))
    parts = KFold(min(5, len(features)), shuffle=True, random_state=SEED)
    own = -np.abs(1 - cross_val_predict(model, features, ones, cv=parts))
    model.fit(features, ones)
    return lambda others: -np.abs(1 - model.predict(others)), own.min()


def regression_on(rows, length, spread=1.0, ridge=0.01):
    """One-class regression on a random layer of `rows`."""
    layer = random_layer(rows.shape[1], length, spread)
    score, threshold = regression(layer(rows), ridge)
    return lambda others: score(layer(others)), threshold


def regression_on_pixels(rows):
    """The same on pixels, each brought to mean 0 and deviation 1 over the enrolled photos."""
    scaler = StandardScaler().fit(rows)
    score, threshold = regression_on(scaler.transform(rows), np.sqrt(rows.shape[1]))
    return lambda others: score(scaler.transform(others)), threshold
