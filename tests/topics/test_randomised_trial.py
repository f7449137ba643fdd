"""A public randomised trial, brought in by a mapping and parameters alone."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from notebook_run import run_notebooks

from analysis_lib.command_line.given import values_of_file
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Key, Omitted, Row
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics.baseline.numbers import baseline_by_exposure
from analysis_lib.topics.baseline.table import table_baseline
from analysis_lib.topics.baseline.words import describe_baseline
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.estimands.numbers import PROGNOSTIC, study_estimands
from analysis_lib.topics.gate.numbers import gate
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.weighting.unmeasured import e_values

FEW = {"bootstrap_resamples": 10, "imputations": 2}
# What nobody may say of a trial, of colon cancer, or of days without dates.
STRUCK = re.compile(
    r"infus(?!ion_)|confounder|not randomised|earlier treatments|laid down before|the article"
    r"|aldoss|1 January 2012|all treated|may still differ|(?<!`)\brelaps|transplantation"
    r"|sinusoidal|marrow|cannot be seen|data lock|Clark",
    re.IGNORECASE,
)

# What is written for every cohort: what is short for what, and what a guideline asks.
OF_ALL = ("tbl-abbreviations", "tbl-parameters", "tbl-strobe", "tbl-record", "tbl-target")


@pytest.fixture(scope="module")
def trial(root: Path) -> Study:
    path = root / "data" / "examples" / "colon" / "parameters.yaml"
    return make_study(parse_parameters({**values_of_file(path, "-f"), **FEW}), root=root)


def test_the_numbers_are_those_of_r(root: Path, trial: Study) -> None:
    found: dict[tuple[str, ...], Row] = {}
    for outcome in ("pfs", "os"):
        parts = (
            exposure_ladder(trial, outcome).results,
            survival_by_exposure(trial, outcome).results,
        )
        for row in (row for part in parts for row in part):
            key = row.key
            if key.variable in ("", "arm"):
                found[key.analysis, key.outcome, key.contrast, key.statistic] = row
    path = root / "tests" / "reference" / "golden" / "colon_trial.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == 26
    for row in rows:
        *key, value = row.values()
        assert found[tuple(key)].value == pytest.approx(float(value), rel=1e-6), key


def test_everybody_is_in_a_group(trial: Study) -> None:
    sizes = {x: len(trial.groups.members(trial.patients, x)) for x in trial.groups.levels}
    assert sizes == {"observation": 315, "levamisole": 310, "levamisole_5fu": 304}


def test_nothing_is_asked_of_confounding(trial: Study) -> None:
    assert isinstance(e_values(trial), Omitted)
    names = {check.rule.name for check in gate(trial).checks}
    assert names & {"gate_balance", "gate_unheld", "gate_positivity", "gate_known"} == set()
    roles = {x.role for x in study_estimands(trial).covariates}
    assert roles == {PROGNOSTIC}
    size = Key("estimand", population="infused", statistic="n")
    assert study_estimands(trial).results.value(size) == 929


def test_what_chance_assigned_is_not_tested(trial: Study) -> None:
    characteristics = baseline_by_exposure(trial)
    assert not characteristics.is_tested
    statistics = {row.key.statistic for row in characteristics.results}
    assert "standardized_difference" in statistics and "rank_sum_p_value" not in statistics
    table = table_baseline(characteristics)
    assert "P" not in [column.label for column in table.layout.columns]
    assert "tested (CONSORT)" in " ".join(table.layout.notes)
    assert "P" not in str(describe_baseline(characteristics)).split()


@pytest.mark.parametrize("chapter", ["summary", "cohort", "survival", "effect", "appendix"])
def test_no_page_says_what_a_trial_cannot_carry(root: Path, trial: Study, chapter: str) -> None:
    said = [
        f"{shown.label}: {found[0]} in {text[:200]}"
        for shown in run_notebooks(root, trial, chapters=[chapter])
        if shown.label not in OF_ALL
        for text in shown.texts
        if (found := STRUCK.search(text))
    ]
    assert said == []
