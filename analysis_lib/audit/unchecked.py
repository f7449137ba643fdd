"""Printed numbers that no arithmetic can check, one finding per kind."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.analyses.results import Key
from analysis_lib.audit.about import about
from analysis_lib.audit.comparisons import groups_of
from analysis_lib.audit.finding import NOT_CHECKABLE, Finding
from analysis_lib.audit.survival_words import endpoint_words
from analysis_lib.audit.triples import find_triples
from analysis_lib.audit.words import group_name, inside, level_name, printed_p, quantity_name
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed

RULE = "out of reach"
FOLLOWUP = "followup"


def unchecked_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """P values that need patients, estimates without interval, follow-up without estimator."""
    found = [
        _rank_tests(claims, dictionary),
        _without_medians(claims, dictionary),
        _survival_tests(claims, dictionary),
        _without_interval(claims, dictionary),
        _followup(claims),
    ]
    return [one for one in found if one is not None]


def _rank_tests(claims: Sequence[Claim], dictionary: Dictionary) -> Finding | None:
    tests = [c for c in _numeric_tests(claims, dictionary) if _has_median(c, claims)]
    text = "compare values of which only medians and ranges are printed; a rank test needs them all"
    return _p_values("P values of medians", tests, text, claims, dictionary)


def _without_medians(claims: Sequence[Claim], dictionary: Dictionary) -> Finding | None:
    tests = [c for c in _numeric_tests(claims, dictionary) if not _has_median(c, claims)]
    text = "compare values of which not even the medians are printed"
    return _p_values("P values without their numbers", tests, text, claims, dictionary)


def _survival_tests(claims: Sequence[Claim], dictionary: Dictionary) -> Finding | None:
    ratios = {claim.key._replace(statistic="p_value") for claim in claims if _is_ratio(claim)}
    tests = [
        claim
        for claim in _distinct(claims, "p_value")
        if _type(claim.key.outcome, dictionary) == "time_to_event" and claim.key not in ratios
    ]
    text = "compare survival curves; neither the test nor the times of the events are printed"
    return _p_values("P values of survival", tests, text, claims, dictionary)


def _without_interval(claims: Sequence[Claim], dictionary: Dictionary) -> Finding | None:
    paired = {triple.key for triple in find_triples(claims, "survival")}
    alone = [
        claim
        for claim in _distinct(claims, "survival")
        if claim.key._replace(statistic="") not in paired
    ]
    if not alone:
        return None
    said = listed(dict.fromkeys(f"{claim.printed}%" for claim in alone))
    text = (
        f"{len(alone)} ({said}) are printed without an interval: how many "
        "patients they rest on cannot be seen."
    )
    cited = tuple(claim.claim_id for claim in alone)
    return about(RULE, "Survival estimates without interval", NOT_CHECKABLE, text, cited)


def _followup(claims: Sequence[Claim]) -> Finding | None:
    medians = [c for c in claims if (c.key.analysis, c.key.statistic) == (FOLLOWUP, "median")]
    if not medians:
        return None
    said = listed(dict.fromkeys(f"{claim.printed} {claim.unit}" for claim in medians))
    text = (
        f"{said} is printed without its estimator: reverse Kaplan-Meier, the "
        "survivors' and everyone's median differ, and none follows from other printed numbers."
    )
    cited = tuple(claim.claim_id for claim in medians)
    return about(RULE, "Median follow-up", NOT_CHECKABLE, text, cited)


def _p_values(
    name: str,
    tests: Sequence[Claim],
    why: str,
    claims: Sequence[Claim],
    dictionary: Dictionary,
) -> Finding | None:
    if not tests:
        return None
    said = "; ".join(
        f"{_tested(claim.key, dictionary)}, {_groups(claim.key, claims, dictionary)}, "
        f"{printed_p(claim)}"
        for claim in tests
    )
    text = f"{len(tests)} ({said}) {why}."
    cited = tuple(claim.claim_id for claim in tests)
    return about(RULE, name, NOT_CHECKABLE, text, cited)


def _groups(key: Key, claims: Sequence[Claim], dictionary: Dictionary) -> str:
    """`InO-exposed vs InO-naïve`: groups of the same analysis, else levels of one variable."""
    groups = groups_of(key, claims)
    if groups is not None:
        return " vs ".join(group_name(group, dictionary) for group in reversed(groups))
    levels = key.contrast.split("_vs_")
    variable = next((v.name for v in dictionary.variables if {*levels} <= {*v.levels}), "")
    return " vs ".join(level_name(variable, level, dictionary) for level in levels)


def _tested(key: Key, dictionary: Dictionary) -> str:
    if _type(key.outcome, dictionary) == "time_to_event":
        return endpoint_words(key, dictionary)
    return inside(quantity_name(key._replace(level=""), dictionary))


def _numeric_tests(claims: Sequence[Claim], dictionary: Dictionary) -> list[Claim]:
    return [
        claim
        for claim in _distinct(claims, "p_value")
        if _type(claim.key.variable or claim.key.outcome, dictionary) in ("integer", "decimal")
    ]


def _has_median(test: Claim, claims: Sequence[Claim]) -> bool:
    same = (test.key.analysis, test.key.outcome, test.key.variable, "median")
    return any(
        (c.key.analysis, c.key.outcome, c.key.variable, c.key.statistic) == same for c in claims
    )


def _distinct(claims: Sequence[Claim], statistic: str) -> list[Claim]:
    """The first claim of every key of a statistic."""
    found: dict[Key, Claim] = {}
    for claim in claims:
        if claim.key.statistic == statistic:
            found.setdefault(claim.key, claim)
    return list(found.values())


def _is_ratio(claim: Claim) -> bool:
    return claim.key.statistic == "hazard_ratio"


def _type(name: str, dictionary: Dictionary) -> str:
    return dictionary[name].type if name in dictionary else ""
