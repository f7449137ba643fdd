"""The gate takes the worst number of each check and judges it by bounds set beforehand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.show.table import ReportTable
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.gate.numbers import (
    BALANCE,
    COMPLETENESS,
    EVENTS,
    FAIL,
    MISSING,
    PASS,
    POSITIVITY,
    UNKNOWN,
    VERDICTS,
    WARN,
    Check,
    Gate,
    gate,
)
from analysis_lib.topics.gate.table import table_gate
from analysis_lib.topics.gate.words import describe_gate, gate_conclusion
from analysis_lib.topics.survival.numbers import followup
from analysis_lib.topics.weighting.numbers import exposure_propensity


@pytest.fixture(scope="module")
def checks(study: Study) -> Gate:
    return gate(study)


@pytest.mark.parametrize(
    ("rule", "value", "verdict"),
    [
        (BALANCE, 0.1, PASS),
        (BALANCE, 0.11, WARN),
        (BALANCE, 0.25, WARN),
        (BALANCE, 0.26, FAIL),
        (EVENTS, 10.0, PASS),
        (EVENTS, 9.9, WARN),
        (EVENTS, 5.0, WARN),
        (EVENTS, 4.9, FAIL),
        (EVENTS, math.nan, UNKNOWN),
    ],
)
def test_bounds_belong_to_the_better_side(rule, value: float, verdict: str) -> None:
    assert rule.verdict(value) == verdict


def test_each_check_is_the_worst_number_of_its_kind(checks: Gate, study: Study) -> None:
    found = {check.rule.name: check.value for check in checks.checks}
    ladders = [exposure_ladder(study, outcome) for outcome in study.parameters.endpoints]
    events = [ladder.baseline.fit.events for ladder in ladders]
    parameters = [ladder.baseline.fit.degrees_of_freedom for ladder in ladders]
    assert found[EVENTS.name] == min(a / b for a, b in zip(events, parameters, strict=True))
    terms = [*ladders[0].baseline.specification.terms]
    lacking = study.patients[terms].isna().any(axis=1).mean()
    assert found[MISSING.name] == pytest.approx(lacking, rel=1e-12)
    propensity = exposure_propensity(study)
    assert not isinstance(propensity, Omitted)
    of_exposed = propensity.of("exposed")
    extreme = ((of_exposed < 0.05) | (of_exposed > 0.95)).mean()
    assert found[POSITIVITY.name] == pytest.approx(extreme, rel=1e-12)
    observed = followup(study).results
    arms = [
        row.value
        for row in observed
        if row.key.statistic == "completeness" and "[" in row.key.population
    ]
    assert found[COMPLETENESS.name] == min(arms) and len(arms) == 2


def test_every_check_has_its_bounds_and_verdict_among_the_results(checks: Gate) -> None:
    for check in checks.checks:
        rows = {
            row.key.statistic: row for row in checks.results if row.key.analysis == check.rule.name
        }
        assert rows["passes_at"].value == check.rule.passes
        assert rows["fails_beyond"].value == check.rule.fails
        assert VERDICTS[int(rows["verdict"].value)] == rows["verdict"].method == check.verdict


def with_verdicts(checks: Gate, change: Callable[[Check], str]) -> Gate:
    return replace(checks, checks=tuple(replace(x, verdict=change(x)) for x in checks.checks))


def test_the_worst_verdict_decides_the_words_of_the_conclusion(checks: Gate, study: Study) -> None:
    passed = with_verdicts(checks, lambda _: PASS)
    warned = with_verdicts(checks, lambda x: WARN if x.rule is MISSING else PASS)
    failed = with_verdicts(warned, lambda x: FAIL if x.rule is BALANCE else x.verdict)
    said = [gate_conclusion(one) for one in (passed, warned, failed)]
    assert said[0] == "The adjusted comparison passed every check of what a conclusion needs."
    assert "with caution only, because" in said[1] and "lack a covariate" in said[1]
    assert said[2].startswith("No conclusion about the exposure itself is drawn")
    assert "differ at baseline" in said[2] and "lack a covariate" not in said[2]
    unknown = with_verdicts(checks, lambda x: UNKNOWN if x.rule is POSITIVITY else PASS)
    assert "not all of them" in gate_conclusion(unknown)


def test_what_cannot_be_assessed_is_said_and_not_passed(study_of) -> None:
    study = study_of(baseline_terms=[])
    made = gate(study)
    assert {x.rule for x in made.of(UNKNOWN)} >= {BALANCE, POSITIVITY}
    text = str(describe_gate(made))
    assert "Not assessed: " in text and made.lacking in text
    assert "Not assessed" in table_gate(made).html


def test_the_bounds_of_every_check_have_rows(
    checks: Gate, untraced: Callable[..., list[str]]
) -> None:
    def show() -> ReportTable:
        return table_gate(checks)

    assert untraced(show, checks.results) == []
    found = [x for x in checks.results if x.key.statistic == "worst"]
    named = [x.split()[0] for x in untraced(show, found)]
    assert {".050", ".005", "0.25"} <= set(named)
