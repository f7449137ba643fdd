"""The checks of the adjusted comparison, and what they allow one to conclude."""

from __future__ import annotations

import re
from math import isnan, nan

from reading.numbers import N, P
from reading.reader import Reader, pattern
from reading.survival import variable_of

# What a failed or doubtful check says: its analysis, and how its value is written.
_REASONS = {
    r"the groups differ at baseline, most in (?P<label>.+) \(standardised difference "
    r"(?P<x>{N})\)": (
        "gate_balance",
        1.0,
    ),
    r"the model of (?P<outcome>.+) has (?P<x>{N}) events? for each of its parameters": (
        "gate_events",
        1.0,
    ),
    r"the hazard ratio of (?P<outcome>.+) changes over time \((?P<p>{P})\)": ("gate_hazards", 1.0),
    r"(?P<x>{N})% of the patients lack a covariate": ("gate_missing", 100.0),
    r"(?P<x>{N})% of the covariates chosen for the primary model are not in the extract": (
        "gate_recorded",
        100.0,
    ),
    r"(?P<x>{N})% of the patients are all but sure of their group": ("gate_positivity", 100.0),
    r"of the follow-up that was possible in a group only (?P<x>{N})% was observed": (
        "gate_completeness",
        100.0,
    ),
    r"follow-up is less complete in one group than in another, by (?P<x>{N}) points": (
        "gate_differential_follow_up",
        100.0,
    ),
}


# Up to the first bound a check is passed, beyond the second it fails.
_BOUNDS = {
    "gate_balance": (0.1, 0.25),
    "gate_events": (10, 5),
    "gate_hazards": (0.05, 0.005),
    "gate_missing": (0.05, 0.2),
    "gate_positivity": (0.01, 0.1),
    "gate_recorded": (0, 0.25),
    "gate_completeness": (0.9, 0.6),
    "gate_differential_follow_up": (0.05, 0.15),
}


def _values(reader: Reader) -> dict[str, float]:
    """The worst value of every check that was made."""
    rows = {x: reader.world.where(x, statistic="worst") for x in _BOUNDS}
    return {name: found[0]["value"] for name, found in rows.items() if found}


def _judged(reader: Reader, verdict: str) -> set[str]:
    found = set()
    for name, value in _values(reader).items():
        good, bad = _BOUNDS[name]
        sign = -1 if good > bad else 1
        fails, passes = sign * value > sign * bad, sign * value <= sign * good
        judged = "unknown" if isnan(value) else "fail" if fails else "pass" if passes else "warn"
        if judged == verdict:
            found.add(name)
    return found


def _reasons(reader: Reader, text: str) -> set[str]:
    """The checks that the clauses of a text speak of, each with its value."""
    found, rest = set(), text
    for regex, (name, scale) in _REASONS.items():
        match = re.search(regex.replace("{N}", N).replace("{P}", P), text)
        if not match:
            continue
        found.add(name)
        rest = rest.replace(match[0], "")
        value = _values(reader).get(name, nan)
        if "p" in match.groupdict():
            reader.p(match["p"], value)
        else:
            reader.number(match["x"], value, name, scale=scale, digits=0)
    reader.expect(re.fullmatch(r"(?:, | and )*", rest) is not None, f"no reason: {rest!r}")
    return found


@pattern(
    rf"(?P<passed>{N}) of (?P<all>{N}) checks are passed\.(?: For caution: (?P<warn>.+?)\.)?"
    r"(?: Failed: (?P<fail>.+?)\.)?(?: Not assessed: (?P<unknown>.+?)\.)?"
    r"(?= No conclusion| The adjusted| [A-Z])",
    chapter="effect",
)
def checks(reader: Reader, match: re.Match[str]) -> None:
    reader.count(match["all"], len(_values(reader)), "the checks")
    reader.count(match["passed"], len(_judged(reader, "pass")), "those passed")
    for verdict in ("warn", "fail"):
        named = _reasons(reader, match[verdict]) if match[verdict] else set()
        judged = _judged(reader, verdict)
        reader.expect(named == judged, f"{verdict}: {judged}, not {named}")
    unknown = _judged(reader, "unknown")
    reader.expect(bool(match["unknown"]) == bool(unknown), f"not assessed: {unknown}")


@pattern(
    r"(?:No conclusion about the exposure itself is drawn from the adjusted comparison, because "
    r"(?P<fail>.+?)|The adjusted comparison allows a conclusion with caution only, because "
    r"(?P<warn>.+?)|The adjusted comparison passed every check (?:that could be made, not all of "
    r"(?P<unknown>them)|of what a conclusion needs))\."
)
def allowed(reader: Reader, match: re.Match[str]) -> None:
    failed, warned = _judged(reader, "fail"), _judged(reader, "warn")
    reader.expect(bool(match["fail"]) == bool(failed), f"failed: {failed}")
    reader.expect(bool(match["warn"]) == bool(warned and not failed), f"for caution: {warned}")
    named = _reasons(reader, match["fail"] or match["warn"] or "")
    reader.expect(named == (failed or warned), f"{failed or warned}, not {named}")
    if not failed and not warned:
        unknown = _judged(reader, "unknown")
        reader.expect(bool(match["unknown"]) == bool(unknown), f"not assessed: {unknown}")


@pattern(
    rf"The smallest group holds (?P<n>{N}) complete cases? for a propensity of (?P<k>{N}) "
    r"coefficients?; weighting is left out\."
)
def too_few_to_weigh(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(not reader.world.where("weighting_overlap"), "there are weights")
    reader.expect(variable_of(reader, "weighting_overlap") == "", "there are weights")
