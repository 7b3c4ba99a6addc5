"""The answers, by name, in the order of docs/question.md.

An answer takes what it may learn from and the photos to try. It returns a score for each photo, higher if more
like the person, and whether it accepts it at its own threshold.
"""

import heads
import network
from people import chosen
from program import asked, pack_of


class Context:
    """What several answers share."""

    def __init__(self, program, faces, people, photos):
        """`people` are the folders to learn from, `photos` those whose pixels an answer may see."""
        self.program, self.faces = program, faces
        self.pack = pack_of(program, people)
        self.pixels = network.Pixels(photos)
        self.setting = chosen(faces, people)
        self.said = {}

    def told(self, name, history, outputs):
        """Keep what the first fold's training said, and the range of its outputs."""
        if name not in self.said:
            kept = {key: [float(f"{value:.3g}") for value in values] for key, values in history.items()}
            self.said[name] = {**kept, "least": float(outputs.min()), "most": float(outputs.max())}

    def losses(self):
        """How each network learnt, in the first fold."""
        epochs = f"1, 2, 5, {network.EPOCHS} epochs"
        yield f"| network, fold 1 | loss after {epochs} | accuracy then | outputs on all that is tried |"
        yield "|---|---|---|---|"
        for name, said in self.said.items():
            at = [0, 1, 4, network.EPOCHS - 1]
            losses = ", ".join(f"{said['loss'][one]:.2g}" for one in at)
            accuracies = ", ".join(f"{said['accuracy'][one]:.2f}" for one in at)
            yield f"| {name} | {losses} | {accuracies} | {said['least']:.2g} to {said['most']:.2g} |"


def of_network(name, label, others):
    """The convolutional network with the person as class `label`, and `others` of what is learnt from as the other."""

    def answer(context, learnt, photos, fold):
        second = others(learnt)
        labels = [label] * len(learnt.person) + [0] * len(second)
        model, history = network.trained(context.pixels.of(learnt.person + second), labels, fold)
        outputs = network.outputs(model, context.pixels.of(photos))
        context.told(name, history, outputs)
        return outputs, outputs >= 0.5

    return answer


def on_faces(fit):
    """An answer on the embeddings of faces: a photo scores as its best face does."""

    def answer(context, learnt, photos, _):
        rows = context.faces.largest(learnt.person)
        score, threshold = fit(rows, context.faces.largest(learnt.strangers))
        scores = context.faces.best(photos, score)
        return scores, scores >= threshold

    return answer


def regression_on_pixels(context, learnt, photos, _):
    """One-class regression on random features of pixels."""
    rows = [context.pixels.of(kind).reshape(len(kind), -1) for kind in (learnt.person, photos)]
    score, threshold = heads.regression_on_pixels(rows[0])
    scores = score(rows[1])
    return scores, scores >= threshold


def regression_on_faces(context, learnt, photos, fold):
    """One-class regression on random features of embeddings, with what others' faces chose as its settings."""
    fit = lambda rows, _: heads.regression_on(rows, 1.0, **context.setting)
    return on_faces(fit)(context, learnt, photos, fold)


def ours(method, population):
    """The program with `method`; its population is of the half to learn from, or `built in`."""

    def answer(context, learnt, photos, _):
        return asked(context.program, learnt, photos, method, None if population == "built in" else context.pack)

    return answer


NETWORKS = {
    "network, one class, label 0 (as asked)": (0, lambda _: []),
    "network, one class, label 1": (1, lambda _: []),
    "network, random pictures as the other class": (1, lambda learnt: learnt.scenes),
}
ANSWERS = {
    **{name: of_network(name, *how) for name, how in NETWORKS.items()},
    "one-class regression on pixels": regression_on_pixels,
    "one-class regression on embeddings": regression_on_faces,
    "one-class SVM at its own border": on_faces(lambda rows, _: heads.one_class_svm(rows)),
    "centroid, the furthest enrolled photo as border": on_faces(lambda rows, _: heads.centroid(rows)),
    "logistic regression on embeddings": on_faces(heads.logistic),
    "verify enroll --method supervised": ours("supervised", "first half"),
    "verify enroll --method plda": ours("plda", "first half"),
    "verify enroll --method svm": ours("svm", "first half"),
    "verify enroll --method nearest": ours("nearest", "first half"),
    "verify": ours(None, "first half"),
    "verify, built-in population": ours(None, "built in"),
}
