"""Numbers for the parity test of linfa-svm's one-class scores; needs scikit-learn==1.9.1."""

import numpy as np
from sklearn.svm import OneClassSVM


def spiral(count, step):
    """The points of `spiral` in `src/decision/svm.rs`."""
    index = np.arange(count, dtype=np.float64)
    angle = (0.13 * index * index) % 1.1 + step
    columns = [np.cos(angle), np.sin(angle), np.sin(0.2 * angle), np.cos(1.7 * index) / 3]
    return np.stack(columns, 1).astype(np.float32).astype(np.float64)


# 25 photos × nu 0.1 is no whole number, so that one support vector is free and fixes the offset.
model = OneClassSVM(kernel="rbf", gamma=2.0, nu=0.1, tol=1e-9).fit(spiral(25, 0.0))
scores = model.decision_function(spiral(6, 0.4)) / abs(model.offset_)
print("[" + ", ".join(f"{s:.7f}" for s in scores) + "]")
