"""A report's numbers by engines of others: what agrees, and that what does not is named."""

from __future__ import annotations

import importlib.util
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis_lib.certificate import compare as compared
from analysis_lib.certificate.compare import (
    OF_ENGINES,
    Held,
    compare,
    is_equal,
    read_held,
    tasks_of,
)
from analysis_lib.certificate.engines import Engine, find_engine, find_r
from analysis_lib.certificate.statement import (
    FILE,
    KINDS,
    NOT_CERTIFIED,
    Certificate,
    Difference,
    by_kind,
    kept_certificate,
)
from analysis_lib.certificate.task import ODDS, RATIO, SAID, Task, curve_task
from analysis_lib.errors import OutputError
from analysis_lib.results.rows import Key, Results
from analysis_lib.results.store import results_csv
from analysis_lib.stats.firth_cox import METHOD as PENALISED
from analysis_lib.stats.weighted_kaplan_meier import weighted_kaplan_meier
from analysis_lib.study.study import Study

HAS_PACKAGES = all(importlib.util.find_spec(x) for x in ("survival", "CompRiskReg"))
# Of these analyses every estimate is asked for again; of the others the certificate counts them.
WHOLLY = {
    "survival_by_exposure",
    "survival_by_response",
    "survival_by_timing",
    "cox_univariable",
    "cox_as_published_a",
    "cox_as_published_b",
    "cox_as_published_b_unknown",
    "cox_screened_a",
    "cox_screened_b",
    "cox_screened_b_unknown",
    "cox_ladder_crude",
    "cox_ladder_crude_adjusted_population",
    "cox_ladder_baseline",
    "cox_ladder_frailty",
    "cox_ladder_stratified",
    "cox_ladder_as_published",
    "cox_response_crude",
    "cox_response_baseline",
    "cox_before_cut",
    "cox_after_cut",
    "proportional_hazards_crude",
    "leave_one_centre_out",
    "weighting_none",
    "weighting_iptw",
    "weighting_overlap",
    "competing_risks",
    "toxicity_onset",
    "cause_specific_crude",
    "cause_specific_baseline",
    "subdistribution_crude",
    "subdistribution_baseline",
    "cox_dose_groups_crude",
    "cox_dose_groups_baseline",
    "cox_interaction",
    "cox_control_exposure",
    "cox_control_exposure_crude",
}


@pytest.fixture(scope="module")
def study(study_of: Callable[..., Study]) -> Study:
    return study_of()


@pytest.fixture(scope="module")
def tasks(study: Study) -> list[Task]:
    return list(tasks_of(study))


@pytest.fixture(scope="module")
def held(
    study: Study,
    results_of: Callable[[Study], Results],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[Key, Held]:
    path = tmp_path_factory.mktemp("results") / "results.csv"
    path.write_text(results_csv(results_of(study)), encoding="utf-8")
    return read_held(path)


def echoes(tasks: list[Task], held: dict[Key, Held]) -> list[dict[str, float]]:
    """What an engine would find that agrees in everything."""
    return [
        {
            name: math.nan if held[key].value is None else held[key].value
            for name, key in task.keys.items()
            if key in held
        }
        for task in tasks
    ]


def certificate(
    tasks: list[Task], found: list[dict[str, float]], held: dict[Key, Held]
) -> Certificate:
    return compare(tasks, found, held, engine="an engine", results="digest")


def penalty(one: Held) -> bool:
    return one.value is not None and one.method.startswith(PENALISED)


def test_every_task_asks_for_rows_that_the_report_has(
    tasks: list[Task], held: dict[Key, Held]
) -> None:
    for task in tasks:
        assert any(key in held for key in task.keys.values()), task


def test_no_curve_model_or_test_of_survival_is_forgotten(
    tasks: list[Task], held: dict[Key, Held]
) -> None:
    found = certificate(tasks, echoes(tasks, held), held)
    held_in = {key.analysis for key in held}
    assert held_in >= WHOLLY
    # Firth's penalty, where events are few, is no model of the engines: those alone are left.
    penalised = Counter(
        key.analysis
        for key, one in held.items()
        if key.analysis in WHOLLY and key.statistic in OF_ENGINES and penalty(one)
    )
    assert {x: n for x, n in found.others.items() if x in WHOLLY} == penalised
    assert found.compared == found.equal > 1950
    assert not found.differences


def test_a_number_that_an_engine_finds_otherwise_is_named_by_its_key(
    tasks: list[Task], held: dict[Key, Held]
) -> None:
    found = echoes(tasks, held)
    at, name = next((i, "median") for i, task in enumerate(tasks) if task.kind == "curve")
    ours = held[tasks[at].keys[name]].value
    assert ours is not None
    found[at][name] = ours * (1 + 3e-6)
    made = certificate(tasks, found, held)
    assert made.equal == made.compared - 1
    (difference,) = made.differences
    assert difference == Difference(
        "survival_by_exposure pfs infused[ino=naive] median", ours, found[at][name]
    )
    assert difference.key in made.statement


def test_a_task_that_the_engine_cannot_do_is_an_exception(
    tasks: list[Task], held: dict[Key, Held]
) -> None:
    found = echoes(tasks, held)
    at = next(i for i, task in enumerate(tasks) if task.kind == "logrank")
    found[at] = {}
    made = certificate(tasks, found, held)
    assert [one.engine for one in made.differences] == [None, None]


def test_numbers_agree_within_the_tolerance_and_where_there_is_none() -> None:
    assert is_equal(1.0, 1.0 + 9e-7)
    assert not is_equal(1.0, 1.0 + 2e-6)
    assert is_equal(None, None) and is_equal(None, math.nan)
    assert not is_equal(None, 1.0) and not is_equal(1.0, math.nan)


def test_engines_see_no_word_of_the_extract(tasks: list[Task]) -> None:
    for task in tasks:
        words = task.series.select_dtypes(exclude="number")
        assert all(words[name].str.fullmatch(r"[LGC]\d{3}").all() for name in words)
        allowed = r"time|event|cause|start|weight|cluster|group|x\d+"
        assert task.series.columns.str.fullmatch(allowed).all()


@pytest.mark.skipif(find_r() is None, reason="needs R with survival")
def test_r_finds_every_number_again(tasks: list[Task], held: dict[Key, Held]) -> None:
    _finds_all(find_engine("r"), tasks, held)


@pytest.mark.skipif(not HAS_PACKAGES, reason="needs the extra certify")
def test_packages_of_python_find_every_number_again(
    tasks: list[Task], held: dict[Key, Held]
) -> None:
    _finds_all(find_engine("python"), tasks, held)


def _finds_all(engine: Engine, tasks: list[Task], held: dict[Key, Held]) -> None:
    tasks = [task for task in tasks if engine.knows(task.kind)]
    made = certificate(tasks, engine.find(tasks, 0.95), held)
    assert made.differences == ()
    assert made.compared > 1950


@pytest.mark.parametrize("name", ["r", "python"])
def test_the_limit_of_a_median_is_where_the_band_first_comes_to_one_half(name: str) -> None:
    """A weighted limit that rises again is not looked up as if it fell all the way."""
    if (find_r() is None) if name == "r" else not HAS_PACKAGES:
        pytest.skip("needs the engine")
    time, event = np.arange(1.0, 11), np.array([0, 1, 1, 1, 1, 1, 1, 1, 0, 0], dtype=bool)
    weight = np.array([1, 30, 1, 1, 1, 1, 1, 20, 20, 20])
    curve = weighted_kaplan_meier(time, event, weight)
    assert (np.diff(curve.ci_low[2:]) > 0).any()
    task = curve_task(time, event, Key("curve"), (5.0,), weight=weight)
    (found,) = find_engine(name).find([task], 0.95)
    ours = curve.median()
    assert (found["median"], found["median_ci_low"]) == (ours.estimate, ours.ci_low) == (8.0, 2.0)


def test_curves_that_are_coarsened_are_not_certified(study_of: Callable[..., Study]) -> None:
    withheld = study_of(small_cell=5, endpoints=["os"], imputations=2)
    kinds = {task.kind for task in compared.tasks_of(withheld)}
    assert kinds == {"cox", "logrank", "gray", "subdistribution", "amount", "logistic"}


def test_a_certificate_is_read_as_it_was_written_and_only_of_its_results(tmp_path: Path) -> None:
    made = Certificate(
        "R",
        ("log-rank tests",),
        "digest",
        *(3, 2, 1e-6),
        (Difference("a b", 1.0, None),),
        *(1, {"toxicity": 4}),
    )
    (tmp_path / FILE).write_text(made.text(), encoding="utf-8")
    assert kept_certificate(tmp_path, "digest") == made
    assert kept_certificate(tmp_path, "another") is None
    assert "2 of 3 numbers agree" in made.statement
    assert "a b (1, engine none)" in made.statement


def test_what_no_engine_was_asked_for_is_named_by_kind_with_its_number(
    tasks: list[Task], held: dict[Key, Held]
) -> None:
    made = certificate(tasks, echoes(tasks, held), held)
    kinds = by_kind(made.others)
    assert sum(number for _, number in kinds) == sum(made.others.values()) > 500
    assert {kind for kind, _ in kinds} <= set(KINDS.values())
    assert all(f"{number:,} of {kind}" in made.statement for kind, number in kinds)
    assert by_kind({"cox_imputed_baseline": 2, "standardised_crude": 3, "new": 1}) == [
        (KINDS["standardised"], 3),
        (KINDS["missing"], 2),
        ("new", 1),
    ]


def test_a_statement_names_what_was_asked_and_nothing_else(
    tasks: list[Task], held: dict[Key, Held]
) -> None:
    whole = certificate(tasks, echoes(tasks, held), held)
    assert whole.asked == tuple(SAID)
    assert all(words in whole.statement for words in SAID)
    some = [task for task in tasks if task.kind == "logrank"]
    few = certificate(some, echoes(some, held), held)
    assert few.asked == ("log-rank tests",)
    assert "derives them, log-rank tests: " in few.statement


def test_curves_in_an_amount_and_the_control_outcome_are_asked_for(
    tasks: list[Task], held: dict[Key, Held]
) -> None:
    asked = {key for task in tasks for key in task.keys.values()}
    for analysis in ("cox_amount", "control_outcome", "control_outcome_crude"):
        of_engines = {
            key
            for key, one in held.items()
            if key.analysis == analysis and key.statistic in {*RATIO, *ODDS, "lr_p_value"}
        }
        assert of_engines and of_engines <= asked


def test_what_is_no_certificate_is_none(tmp_path: Path) -> None:
    for text in ("", "[]", "{}", '{"differences": [{}]}'):
        (tmp_path / FILE).write_text(text, encoding="utf-8")
        assert Certificate.read(tmp_path / FILE) is None


def test_without_an_engine_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis_lib.certificate.engines.find_r", lambda: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(OutputError, match=r"Rscript .* or .*cart-report\[certify\]"):
        find_engine()


def test_a_report_that_was_not_certified_says_so(study: Study) -> None:
    from analysis_lib.command_line.study_work import report_info

    assert report_info(study).variables["certificate"] == NOT_CERTIFIED
    assert "not certified" in NOT_CERTIFIED


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 row says why it has no estimate and was not compared."), (2, "2 rows say why they")],
)
def test_a_statement_counts_what_is_there_and_no_nothing(count: int, said: str) -> None:
    nothing = Certificate("R", ("curves",), "", 3, 3, 1e-6, (), 0, {})
    assert nothing.statement.endswith("relative difference of 0.000001.")
    assert said in replace(nothing, not_estimable=count).statement
    one = replace(nothing, others={"baseline_by_exposure": 1}).statement
    assert "1 estimate of other kinds" in one and "was not recomputed: 1 of" in one
