"""Numbers for the parity test of PLDA's score; needs numpy and scipy (made with 2.4.6 and 1.17.1).

The score is written out as two normal densities over the joint vector of enrolled photos and the face,
without the closed form that the program uses: same person against another one.
"""

import numpy as np
from scipy.stats import multivariate_normal

MEAN = np.array([0.8, 0.0, 0.0, 0.0])
SCALE = 10.0
PSI = np.array([3.0 / (1 + i) for i in range(4)])
ENROLLED = np.array([[0.9, 0.1, -0.2, 0.3], [0.8, 0.3, -0.1, 0.2], [0.95, 0.2, 0.1, 0.1]], np.float32)
FACES = np.array([[0.85, 0.25, -0.05, 0.2], [0.6, -0.4, 0.5, -0.3], [1.0, 0.0, 0.0, 0.0]], np.float32)


def score(enrolled, face):
    """The log likelihood ratio, axis by axis."""
    n = len(enrolled)
    novelty = 2.0 - 1.0 / n
    total = 0.0
    for axis, psi in enumerate(PSI):
        seen = SCALE * (enrolled[:, axis].astype(np.float64) - MEAN[axis])
        new = SCALE * (np.float64(face[axis]) - MEAN[axis])
        # One identity behind all: covariance psi between any two photos, noise on each.
        joint = np.full((n + 1, n + 1), psi) + np.diag([1.0] * n + [novelty])
        same = multivariate_normal(np.zeros(n + 1), joint).logpdf(np.append(seen, new))
        alone = multivariate_normal(np.zeros(n), joint[:n, :n]).logpdf(seen)
        stranger = multivariate_normal(0.0, psi + novelty).logpdf(new)
        total += same - alone - stranger
    return total


for count in (1, 3):
    print([round(float(score(ENROLLED[:count], face)), 9) for face in FACES])
