"""The gate takes the worst number of each check and judges it by the same bounds for everyone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from analysis_lib.errors import ParameterError
from analysis_lib.results.rows import Omitted
from analysis_lib.show.table import ReportTable
from analysis_lib.stats.model_size import expected_shrinkage, required_size
from analysis_lib.study.study import Study
from analysis_lib.topics.baseline.numbers import baseline_by_exposure
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.gate.numbers import Check, Gate, gate
from analysis_lib.topics.gate.primary_model import ratios_under_rules, size_key
from analysis_lib.topics.gate.rules import (
    BALANCE,
    CLUSTERS,
    COMPLETENESS,
    EVENTS,
    FAIL,
    MISSING,
    MISSING_RULE,
    PASS,
    POSITIVITY,
    SELECTION,
    UNHELD,
    UNKNOWN,
    VERDICTS,
    WARN,
    Rule,
)
from analysis_lib.topics.gate.table import table_gate
from analysis_lib.topics.gate.words import describe_gate, gate_conclusion
from analysis_lib.topics.survival.numbers import followup
from analysis_lib.topics.weighting.numbers import exposure_propensity, weigh_groups


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
        (EVENTS, 0.9, PASS),
        (EVENTS, 0.89, WARN),
        (EVENTS, 0.5, WARN),
        (EVENTS, 0.49, FAIL),
        (EVENTS, math.nan, UNKNOWN),
    ],
)
def test_bounds_belong_to_the_better_side(rule, value: float, verdict: str) -> None:
    assert rule.verdict(value) == verdict


def test_each_check_is_the_worst_number_of_its_kind(checks: Gate, study: Study) -> None:
    found = {check.rule.name: check.value for check in checks.checks}
    ladders = [exposure_ladder(study, outcome) for outcome in study.parameters.endpoints]
    fits = [ladder.baseline.fit for ladder in ladders]
    assert found[EVENTS.name] == min(
        expected_shrinkage(x.n, x.degrees_of_freedom, x.events / x.n) for x in fits
    )
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


def test_balance_is_that_of_the_weighted_groups(checks: Gate, study: Study) -> None:
    weighting = weigh_groups(study)
    assert not isinstance(weighting, Omitted)
    largest = {
        scheme: max(
            row.value
            for row in weighting.results
            if row.key.analysis == f"weighting_{scheme}"
            and row.key.statistic == "standardized_difference"
        )
        for scheme in ("none", "iptw", "overlap")
    }
    found = next(x for x in checks.checks if x.rule is BALANCE)
    # Overlap weights make two groups alike by construction: alone they could not fail.
    assert largest["overlap"] == pytest.approx(0, abs=1e-6)
    assert found.value == largest["iptw"] > 0.05 and found.verdict == PASS
    assert largest["none"] > BALANCE.fails  # which is what adjustment is for


def test_an_imbalance_that_no_term_stands_for_is_named(checks: Gate, study: Study) -> None:
    found = next(x for x in checks.checks if x.rule is UNHELD)
    assert found.worst is not None and found.worst.variable == "marrow_blasts_group"
    assert found.value == baseline_by_exposure(study).results.value(found.worst)
    missing = study.patients["marrow_blasts_group"].isna().mean()
    assert found.verdict == FAIL
    text = gate_conclusion(checks)
    assert "differ in marrow blasts before apheresis" in text
    assert f"difference {found.value:.2f}, not recorded in {missing:.0%})" in text
    assert text.count("which the primary model does not hold") == 1


def test_what_the_model_holds_in_another_form_is_held(study_of) -> None:
    terms = ["age_decades", "ph_positive", "marrow_blasts_group", "active_marrow", "prior_lines"]
    made = gate(study_of(baseline_terms=terms, imputations=2))
    found = next(x for x in made.checks if x.rule is UNHELD)
    others = {"race_ethnicity", "extramedullary_disease", "cns_involvement", "prior_hct"}
    assert found.worst is not None and found.worst.variable in others
    assert found.verdict == WARN


def test_nothing_is_asked_where_the_model_holds_all(study_of) -> None:
    every = [*study_of().parameters.baseline_terms, "sex", "marrow_blasts_group"]
    made = gate(study_of(baseline_terms=every, imputations=2))
    assert UNHELD not in {x.rule for x in made.checks}


def test_a_rule_for_missing_values_that_decides_is_said(checks: Gate, study: Study) -> None:
    of = {x.key.outcome: x for x in ratios_under_rules(study)}
    assert of["pfs"].sides == dict.fromkeys(of["pfs"].sides, "around") and len(of["pfs"].sides) == 3
    assert of["os"].sides == {
        "complete_cases": "around",
        "missing_as_level": "above",
        "imputed": "above",
    }
    found = next(x for x in checks.checks if x.rule is MISSING_RULE)
    assert (found.value, found.verdict) == (1.0, FAIL) and found.worst == of["os"].key
    assert (
        "the answer on overall survival depends on the rule for missing values (interval above 1 "
        "with missing as a level and with gaps imputed, around 1 in complete cases)"
    ) in gate_conclusion(checks)


def test_the_rule_of_the_primary_model_is_the_one_that_others_are_held_against(study_of) -> None:
    study = study_of(missing_rule="missing_as_level")
    of = {x.key.outcome: x for x in ratios_under_rules(study)}["os"]
    assert of.chosen == "missing_as_level" and of.sides["complete_cases"] == "around"
    assert of.otherwise == 0.5
    found = next(x for x in gate(study).checks if x.rule is MISSING_RULE)
    assert found.verdict == WARN


def test_where_nothing_is_missing_no_rule_decides(study_of) -> None:
    study = study_of(baseline_terms=["age_decades"])
    assert [x.otherwise for x in ratios_under_rules(study)] == [0, 0]


def test_centres_are_asked_for_where_errors_by_centre_are_shown(checks: Gate, study: Study) -> None:
    found = next(x for x in checks.checks if x.rule is CLUSTERS)
    complete = study.patients[[*study.parameters.baseline_terms]].notna().all(axis=1)
    assert found.value == study.patients.loc[complete, "centre"].nunique()
    nowhere = replace(study, patients=study.patients.assign(centre=pd.NA))
    assert CLUSTERS not in {x.rule for x in gate(nowhere).checks}
    assert (CLUSTERS.verdict(19), CLUSTERS.verdict(2)) == (WARN, WARN)


def test_nothing_is_passed_while_a_worse_number_may_be_withheld(study_of) -> None:
    found = next(x for x in gate(study_of(small_cell=11)).checks if x.rule is UNHELD)
    assert found.verdict == UNKNOWN and math.isnan(found.value)


def test_three_groups_are_weighed_and_each_is_held_under_each_rule(study_of) -> None:
    study = study_of(exposure="ino_exposure_response", imputations=2)
    ratios = list(ratios_under_rules(study))
    levels = study.groups.levels[1:]
    assert [(x.key.outcome, x.level) for x in ratios] == [
        (outcome, level) for outcome in study.parameters.endpoints for level in levels
    ]
    made = gate(study)
    assert "Not assessed" in str(describe_gate(made)) and made.of(FAIL)


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
    assert "weighted groups still differ" in said[2] and "lack a covariate" not in said[2]
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


@pytest.mark.parametrize(
    ("rule", "verdict", "of", "bounds"),
    [
        (MISSING, PASS, 189, (0, 9)),
        (MISSING, WARN, 189, (9, 37)),
        (MISSING, FAIL, 189, (37, math.inf)),
    ],
)
def test_a_verdict_tells_between_which_numbers_a_count_lies(
    rule: Rule, verdict: str, of: int, bounds: tuple[float, float]
) -> None:
    assert rule.bounds(verdict, of) == bounds


def test_no_verdict_tells_that_few_are_left_out(study_of) -> None:
    """4 of 189 lack the one covariate: to pass would be to be at most 9."""
    terms = ["age_decades", "race_ethnicity_collapsed"]
    found = {
        least: next(
            x for x in gate(study_of(small_cell=least, baseline_terms=terms, imputations=2)).checks
            if x.rule is MISSING
        )
        for least in (0, 11)
    }  # fmt: skip
    assert 0 < found[0].value * 189 < 10 and found[0].verdict == PASS
    assert found[11].verdict == UNKNOWN and math.isnan(found[11].value)


def test_the_size_that_a_model_asks_for_stands_among_the_results(
    checks: Gate, study: Study
) -> None:
    fit = exposure_ladder(study, "os").baseline.fit
    needed = required_size(fit.degrees_of_freedom, fit.events / fit.n).patients
    assert checks.results.value(size_key("os"), "patients_needed") == needed
    each = checks.results.value(size_key("os"), "events_per_parameter")
    assert each == fit.events / fit.degrees_of_freedom
    assert f"{needed} patients with" in str(describe_gate(checks))
    assert f"({each:.1f} events for each, expected shrinkage" in str(describe_gate(checks))


def test_who_never_reached_time_zero_is_asked_for_and_counted(study_of) -> None:
    assert SELECTION.name in {x.rule.name for x in gate(study_of()).of(UNKNOWN)}
    lost = {"naive": "3", "exposed": "40"}
    study = study_of(never_treated=lost)
    found = next(x for x in gate(study).checks if x.rule is SELECTION)
    n = {x: len(study.groups.members(study.patients, x)) for x in lost}
    assert found.value == pytest.approx(40 / (40 + n["exposed"]) - 3 / (3 + n["naive"]))
    assert found.verdict == FAIL and "never reached time zero" in gate_conclusion(gate(study))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"naive": "3"}, "a number for each group compared (naive, exposed)"),
        ({"naive": "3", "exposed": "-2"}, "'exposed' must be a number of patients"),
    ],
)
def test_a_wrong_number_of_those_never_treated_is_refused(study_of, given, said) -> None:
    with pytest.raises(ParameterError, match=re.escape(said)):
        study_of(never_treated=given)
