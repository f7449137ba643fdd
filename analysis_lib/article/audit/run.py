"""The whole audit: every rule over all claims, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis_lib.article.audit.bases import base_findings, evaluability_findings
from analysis_lib.article.audit.comparisons import groups_of
from analysis_lib.article.audit.curves import (
    censoring_findings,
    curve_findings,
    effective_n_findings,
)
from analysis_lib.article.audit.denominators import denominator_findings
from analysis_lib.article.audit.design import design_findings, repeat_findings
from analysis_lib.article.audit.finding import NOT_CHECKABLE, Audit, Finding, about
from analysis_lib.article.audit.hazard_ratios import (
    hazard_ratio_findings,
    hazard_reading_findings,
    unadjusted_findings,
)
from analysis_lib.article.audit.km_intervals import km_interval_findings
from analysis_lib.article.audit.p_values import choice_findings, p_value_findings
from analysis_lib.article.audit.percent import percent_findings, same_count_findings
from analysis_lib.article.audit.ranges import range_findings, range_group_findings
from analysis_lib.article.audit.scope import kind_findings, scope_findings
from analysis_lib.article.audit.stratified_curves import stratified_curve_findings
from analysis_lib.article.audit.sums import subgroup_findings, sum_findings, whole_findings
from analysis_lib.article.audit.triples import find_triples
from analysis_lib.article.audit.words import (
    endpoint_words,
    group_name,
    inside,
    level_name,
    printed_p,
    quantity_name,
)
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key

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


RuleFunction = Callable[[Sequence[Claim], Dictionary], list[Finding]]

RULES: tuple[tuple[str, RuleFunction], ...] = (
    ("percent", percent_findings),
    ("sum", sum_findings),
    ("parts of a whole", whole_findings),
    ("subgroups", subgroup_findings),
    ("percents of one count", same_count_findings),
    ("denominator", denominator_findings),
    ("P value", p_value_findings),
    ("the article's test", choice_findings),
    ("scope of a P value", scope_findings),
    ("any and by kind", kind_findings),
    ("base", base_findings),
    ("evaluability", evaluability_findings),
    ("survival intervals", km_interval_findings),
    ("information of survival curves", effective_n_findings),
    ("censoring before a landmark", censoring_findings),
    ("survival curves", curve_findings),
    ("survival by stratum", stratified_curve_findings),
    ("hazard ratios", hazard_ratio_findings),
    ("readings of hazard ratios", hazard_reading_findings),
    ("unadjusted endpoints", unadjusted_findings),
    ("medians and ranges", range_findings),
    ("ranges and groups", range_group_findings),
    ("repeated numbers", repeat_findings),
    ("out of reach", unchecked_findings),
)
DESIGN_RULES: tuple[tuple[str, RuleFunction], ...] = (("rules of the study", design_findings),)


def audit_claims(claims: Sequence[Claim], dictionary: Dictionary) -> Audit:
    """What the printed numbers say about each other, from the numbers alone.

    Claims about other studies or about the design (`Claim.in_scope`) are left out of all rules
    but those on the design. The dictionary only lends words, levels and their order to the
    sentences and tables.
    """
    compared = tuple(claim for claim in claims if claim.in_scope)
    found = [one for _, rule in RULES for one in rule(compared, dictionary)]
    found += [one for _, rule in DESIGN_RULES for one in rule(claims, dictionary)]
    return Audit(tuple(found))
