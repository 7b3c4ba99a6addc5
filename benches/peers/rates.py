"""Rates from answers, with their intervals. Nothing is printed and no photo is opened here."""

import random
from dataclasses import dataclass, field
from statistics import quantiles

# Resampled so often for an interval.
ROUNDS = 1000
# A rate is only looked up where it would be at least so many of the trials.
LEAST = 5


@dataclass
class Outcome:
    """What became of all trials of a folder with one number of photos."""

    genuine: list = field(default_factory=list)
    impostors: list = field(default_factory=list)
    # Enrolled person and tried person of each stranger's photo that was accepted.
    wrong: list = field(default_factory=list)
    # How often each pair of enrolled and tried person was tried.
    pairs: dict = field(default_factory=dict)
    people: set = field(default_factory=set)
    enrolments: int = 0
    not_enrolled: int = 0
    # Photos of people who could be enrolled, and in which no face was found.
    faceless: int = 0


def outcome(plan: dict, answers: list, accepts) -> Outcome:
    """Divide answers into those to photos of the person and to strangers' photos. Nobody enrolled, or no face
    found, is a refusal; relatives of the person are not tried."""
    kin = {frozenset(pair) for pair in plan["related"]}
    seen = Outcome()
    for enrolment, told in zip(plan["enrolments"], answers):
        if told == "too few photos":
            continue
        person = enrolment["person"]
        seen.people.add(person)
        seen.enrolments += 1
        seen.not_enrolled += told is None
        for place, probe in enumerate(plan["probes"]):
            other = probe["person"]
            answer = told[place] if told else None
            if other == person:
                seen.genuine.append((answer, answer is not None and accepts(*answer)))
                seen.faceless += told is not None and answer is None
            elif frozenset((person, other)) not in kin:
                accepted = answer is not None and accepts(*answer)
                seen.impostors.append(answer[0] if answer else float("-inf"))
                seen.pairs[person, other] = seen.pairs.get((person, other), 0) + 1
                if accepted:
                    seen.wrong.append((person, other))
    return seen


def right(seen: Outcome) -> float:
    """The share of the person's photos that is accepted."""
    return sum(accepted for _, accepted in seen.genuine) / len(seen.genuine)


def wrong(seen: Outcome) -> float:
    """The share of strangers' photos that is accepted."""
    return len(seen.wrong) / len(seen.impostors)


def interval(seen: Outcome, seed: int = 1) -> tuple[float, float]:
    """The 95 % interval of `wrong` if other people were enrolled and tried: all people are drawn anew, with
    their photos. If nobody was accepted, three in so many trials is the upper end."""
    if not seen.wrong:
        return 0.0, min(1.0, 3 / len(seen.impostors))
    rng = random.Random(seed)
    names = sorted({name for pair in seen.pairs for name in pair})
    by_person: dict = {}
    for (person, other), count in seen.pairs.items():
        by_person.setdefault(person, []).append((other, count))
    drawn = []
    while len(drawn) < ROUNDS:
        weight = dict.fromkeys(names, 0)
        for name in rng.choices(names, k=len(names)):
            weight[name] += 1
        if len(seen.people) == 1:
            weight[next(iter(seen.people))] = 1
        total = sum(
            weight[person] * sum(weight[other] * count for other, count in others)
            for person, others in by_person.items()
            if weight[person]
        )
        if total:
            drawn.append(sum(weight[person] * weight[other] for person, other in seen.wrong) / total)
    cuts = quantiles(drawn, n=40)
    return cuts[0], cuts[-1]


def right_at(seen: Outcome, rate: float) -> float | None:
    """The share of the person's photos that is accepted by the threshold that accepts at most this share of
    these strangers; None if there are too few of them to tell."""
    allowed = int(rate * len(seen.impostors))
    if allowed < LEAST:
        return None
    threshold = sorted(seen.impostors, reverse=True)[allowed]
    return sum(answer is not None and answer[0] > threshold for answer, _ in seen.genuine) / len(seen.genuine)
