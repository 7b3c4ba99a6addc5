"""Numbers for the parity test of linfa-svm's one-class scores; needs scikit-learn==1.9.1."""

import numpy as np
from sklearn.svm import OneClassSVM


def circle(count, step):
    angle = np.array([0.13 * i * i % 1.1 + step for i in range(count)])
    return np.stack([np.cos(angle), np.sin(angle), np.sin(0.2 * angle)], 1).astype(np.float32)


model = OneClassSVM(kernel="rbf", gamma=2.0, nu=0.1, tol=1e-9).fit(circle(20, 0.0).astype(np.float64))
scores = model.decision_function(circle(5, 0.4).astype(np.float64)) / abs(model.offset_[0])
print("[" + ", ".join(f"{s:.7f}" for s in scores) + "]")
