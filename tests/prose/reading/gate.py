"""The checks of the adjusted comparison, and what they allow one to conclude."""

from __future__ import annotations

import re
from math import isnan, nan

from reading.numbers import N, P, number
from reading.reader import Reader, pattern
from reading.survival import variable_of

_RULE = r"(?:in complete cases|with missing as a level|with gaps imputed)"
_SIDE = rf"(?:above|below|around) 1 {_RULE}(?:(?:, | and ){_RULE})*"

# What a failed or doubtful check says: its analysis, and how its value is written.
_REASONS = {
    r"the weighted groups still differ, most in (?P<label>[^(]+) \(standardised difference "
    r"(?P<x>{N})\)": ("gate_balance", 1.0),
    r"the groups differ in (?P<lacks>[^(]+?) \(standardised difference (?P<x>{N})(?:, not "
    r"recorded in (?P<gaps>{N})%)?\), which the primary model does not hold": ("gate_unheld", 1.0),
    rf"the answer on (?P<ratio>.+?) depends on the rule for missing values \(interval "
    rf"(?P<sides>{_SIDE}(?:, {_SIDE})*)\)": ("gate_missing_rule", nan),
    r"the errors by centre rest on (?P<x>{N}) centres alone": ("gate_clusters", 1.0),
    r"the model of (?P<outcome>.+) has fewer patients than its parameters ask for "
    r"\((?P<each>{N}) events for each, expected shrinkage (?P<x>{N})\)": ("gate_events", 1.0),
    r"the groups differ in who never reached time zero, by (?P<x>{N}) points": (
        "gate_selection",
        100.0,
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
    "gate_unheld": (0.1, 0.25),
    "gate_events": (0.9, 0.5),
    "gate_selection": (0.05, 0.15),
    "gate_hazards": (0.05, 0.005),
    "gate_missing": (0.05, 0.2),
    "gate_missing_rule": (0, 0.5),
    "gate_positivity": (0.01, 0.1),
    "gate_recorded": (0, 0.25),
    "gate_completeness": (0.9, 0.6),
    "gate_differential_follow_up": (0.05, 0.15),
    "gate_clusters": (20, 2),
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
        value, said = _values(reader).get(name, nan), match.groupdict()
        if "ratio" in said:
            _decided(reader, said["ratio"], said["sides"], value)
        elif "p" in said:
            reader.p(said["p"], value)
        else:
            reader.number(said["x"], value, name, scale=scale, digits=0)
        if "each" in said:
            at = {"analysis": name, "outcome": reader.outcome(said["outcome"])}
            each = reader.value(**at, population="infused", statistic="events_per_parameter")
            reader.number(said["each"], each, "the events for each")
        if "label" in said:
            _differing(reader, ("weighting_iptw", "weighting_overlap"), said["label"], value)
        if "lacks" in said:
            _not_held(reader, said["lacks"], value, said["gaps"])
    reader.expect(re.fullmatch(r"(?:, (?:and )?)*", rest) is not None, f"no reason: {rest!r}")
    return found


def _differing(reader: Reader, analyses: tuple[str, ...], label: str, value: float) -> str:
    """The variable of a label, which is to differ by so much."""
    rows = [
        row
        for analysis in analyses
        for row in reader.world.where(analysis, statistic="standardized_difference")
    ]
    variable = reader.world.variable(label, {row["variable"] for row in rows})
    found = [row["value"] for row in rows if row["variable"] == variable]
    reader.expect(value in found, f"{label} differs by {found}, not {value}")
    return variable


def _not_held(reader: Reader, label: str, value: float, gaps: str | None) -> None:
    variable = _differing(reader, ("baseline_by_exposure",), label, value)
    terms = reader.world.parameters.baseline_terms
    reader.expect(variable not in terms, f"{variable} is a term of the primary model")
    key = {"analysis": "baseline_by_exposure", "population": "infused", "variable": variable}
    share = reader.value(**key, level="missing", statistic="proportion")
    reader.number(gaps or "0", share, "the share missing", scale=100)


def _decided(reader: Reader, ratio: str, text: str, value: float) -> None:
    """Where the interval lies under each rule, and how many rules say other than the primary."""
    label, _, group = ratio.partition(", ")
    levels = [x for x in reader.world.of(reader.world.exposure) if not x.is_reference]
    level = next((x.level for x in levels if group in ("", x.label)), "")
    chosen = reader.world.parameters.missing_rule == "complete_cases"
    rules = {
        "in complete cases": "cox_ladder_baseline" if chosen else _OTHER_RULE,
        "with missing as a level": _OTHER_RULE if chosen else "cox_ladder_baseline",
        "with gaps imputed": "cox_imputed_baseline",
    }
    key = {"outcome": reader.outcome(label), "level": level}
    found = {rule: _lies(reader, analysis, key) for rule, analysis in rules.items()}
    said = {
        rule: side.partition(" 1 ")[0]
        for side in text.split(", ")
        for rule in re.findall(_RULE, side)
    }
    reader.expect(said == {x: y for x, y in found.items() if y}, f"{found}, not {said}")
    primary = found["in complete cases" if chosen else "with missing as a level"]
    others = [y for x, y in found.items() if y and rules[x] != "cox_ladder_baseline"]
    share = sum(y != primary for y in others) / len(others)
    reader.expect(share == value, f"{share} of the rules decide otherwise, not {value}")


_OTHER_RULE = "cox_sensitivity_baseline_missing"


def _lies(reader: Reader, analysis: str, key: dict[str, str]) -> str:
    """Where the interval of a ratio lies against 1; empty where there is none."""
    ends = []
    for end in ("low", "high"):
        rows = reader.world.where(analysis, **key, statistic=f"hazard_ratio_ci_{end}")
        ends += [row["value"] for row in rows if row["variable"] == reader.world.exposure]
    if len(ends) != 2 or any(isnan(x) for x in ends):
        return ""
    return "above" if ends[0] > 1 else "below" if ends[1] < 1 else "around"


@pattern(
    rf"(?P<passed>{N}) of (?P<all>{N}) checks? (?:is|are) passed\."
    r"(?: For caution: (?P<warn>.+?)\.)?"
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
    r"(?:(?P<fail>No conclusion about the exposure itself is drawn from the adjusted comparison)"
    r"|The adjusted comparison (?P<warn>allows a conclusion with caution only)"
    r"|The adjusted comparison passed every check (?:that could be made, not all of "
    r"(?P<unknown>them)|of what a conclusion needs))(?:, because (?P<why>.+?))?\."
)
def allowed(reader: Reader, match: re.Match[str]) -> None:
    failed, warned = _judged(reader, "fail"), _judged(reader, "warn")
    reader.expect(bool(match["fail"]) == bool(failed), f"failed: {failed}")
    reader.expect(bool(match["warn"]) == bool(warned and not failed), f"for caution: {warned}")
    # Below its table the reasons stand before, where each verdict is told.
    if match["why"] or reader.place.chapter != "effect":
        named = _reasons(reader, match["why"] or "")
        reader.expect(named == (failed or warned), f"{failed or warned}, not {named}")
    if not failed and not warned:
        unknown = _judged(reader, "unknown")
        reader.expect(bool(match["unknown"]) == bool(unknown), f"not assessed: {unknown}")


@pattern(
    rf"The smallest group holds (?P<n>{N}) complete cases? for a propensity of (?P<k>{N}) "
    r"coefficients?; weighting is left out\."
)
def too_few_to_weigh(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(number(match["n"]) <= number(match["k"]), "they are enough")
    reader.expect(not reader.world.where("weighting_overlap"), "there are weights")
    reader.expect(variable_of(reader, "weighting_overlap") == "", "there are weights")


@pattern(
    r"A model that predicts, which asks for more than one that adjusts, would take "
    r"(?P<models>.+?) \[@riley2019\]\."
)
def sizes(reader: Reader, match: re.Match[str]) -> None:
    one = (
        rf"({N}) patients? with ({N}) events? for ([^(]+?) \(risk at the last landmark known to "
        rf"within ({N}) points?\)"
    )
    for said in reader.items(match["models"], one):
        at = {"analysis": "gate_events", "outcome": reader.outcome(said[3])}
        at["population"] = "infused"
        reader.count(said[1], reader.value(**at, statistic="patients_needed"), "patients")
        reader.count(said[2], reader.value(**at, statistic="events_needed"), "events")
        reader.number(said[4], reader.value(**at, statistic="risk_margin"), "risk", scale=100)
