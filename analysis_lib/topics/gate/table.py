"""The checks behind the abstract's words."""

from __future__ import annotations

from analysis_lib.dictionary import Dictionary
from analysis_lib.format import digits_beside, format_count, format_fixed, format_p, format_percent
from analysis_lib.results.rows import Key, Results
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.gate.numbers import Check, Gate
from analysis_lib.topics.gate.rules import BALANCE, CLUSTERS, HAZARDS, Rule

WORDS = {"pass": "Pass", "warn": "Caution", "fail": "Fail", "not assessed": "Not assessed"}


def table_gate(gate: Gate) -> ReportTable:
    """One line per check: the worst value, where it was found, the bounds, and the verdict."""
    columns = (
        Column("Check", 3.6),
        Column("Found", 0.9),
        Column("In", 2.2),
        Column("Passes", 1.1),
        Column("Fails", 1.1),
        Column("Verdict", 1.1),
    )
    lines = tuple(Line(check.rule.label, _cells(check, gate.results)) for check in gate.checks)
    asked = {check.rule for check in gate.checks}
    notes = (
        "The worst value found over covariates, endpoints and groups. Between the bounds: caution.",
        "Standardised differences (Stuart, 2010). After weighting: of the covariates of the "
        "primary model, under inverse-probability or overlap weights, whichever is larger. What "
        "it lacks: of the baseline characteristics that it holds in no form, bridging apart."
        if BALANCE in asked
        else "The groups were assigned at random: their balance and who could have been in each "
        "are not asked.",
        "Rules for missing values: complete cases, missing as a level, multiple imputation. One "
        "decides otherwise where its interval lies above, around or below 1 and that of the "
        "primary model does not.",
        "Expected shrinkage: how far coefficients are too large, by patients, events and "
        "parameters (Riley et al., 2019), where 15% of what could be is explained; no number of "
        "events a parameter is enough for every model (van Smeden et al., 2016). Fewer than 20 "
        "centres are few (Cameron and Miller, 2015); the other bounds are "
        "conventions of this report.",
    )
    return finish(Layout("gate", columns, lines, notes), gate.results)


def _cells(check: Check, results: Results) -> tuple[str, ...]:
    rule, key = check.rule, Key(check.rule.name, population="infused")
    passes, fails = ("≥ ", "< ") if rule.higher_is_better else ("≤ ", "> ")
    return (
        _written(rule, results.value(key, "worst"), rule.passes, rule.fails),
        _where(check, results.dictionary),
        passes + _written(rule, results.value(key, "passes_at")),
        fails + _written(rule, results.value(key, "fails_beyond")),
        WORDS[check.verdict],
    )


def _written(rule: Rule, value: float, *bounds: float) -> str:
    """A value with the digits that show on which side of the bounds it lies."""
    if rule.unit == "proportion":
        return format_percent(value, digits_beside(100 * value, 0, *(100 * x for x in bounds)))
    if rule is HAZARDS:
        return format_p(value)
    if rule is CLUSTERS:
        return format_count(value)
    return format_fixed(value, digits_beside(value, 2 if rule.passes < 1 else 1, *bounds))


def _where(check: Check, dictionary: Dictionary) -> str:
    """The covariate or the endpoint of the worst value, where it is any worse than the best."""
    if check.worst is None or check.value == 0:
        return ""
    variable, outcome = check.worst.variable, check.worst.outcome
    if outcome:
        return dictionary[outcome].label if outcome in dictionary else ""
    return dictionary[variable].label if check.worst.contrast else ""
