"""What a build, `results` and `simulate` say of the same numbers, and of their progress."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis_lib.command_line import study_work as module
from analysis_lib.command_line.given import Progress
from analysis_lib.command_line.main import main
from analysis_lib.command_line.study_work import performance_lines, report_results
from analysis_lib.format import format_fixed, format_percent
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.simulated import consolidation_simulation_results
from analysis_lib.topics.flow.numbers import patient_flow

RESAMPLES = Row(Key("screen_bootstrap", "pfs", "responders", statistic="resamples"), 1000.0)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The flow of the patients stands for all analyses, one number for the repeated ones."""

    def repeated(study: Study, *, progress: object) -> Results:
        return Results((RESAMPLES,), study.label)

    monkeypatch.setattr(module, "all_results", lambda study, **_: patient_flow(study).results)
    monkeypatch.setattr(module, "repeated_results", repeated)


@pytest.mark.usefixtures("quick")
def test_the_repeated_analyses_are_all_that_a_build_has_more(study: Study) -> None:
    build, alone = report_results(study), report_results(study, repeated=False)
    assert [row for row in build if row != RESAMPLES] == list(alone)
    assert len(build.rows) == len(alone.rows) + 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("given", [{"claims": ""}, {"small_cell": 11}])
def test_without_a_comparison_its_rows_are_absent_and_the_checklist_stays(
    study_of: Callable[..., Study], given: dict[str, object]
) -> None:
    analyses = {row.key.analysis for row in report_results(study_of(**given))}
    assert not any(name.startswith("published_") for name in analyses)
    assert "reporting_checklist" in analyses


def test_every_estimator_has_a_line_with_bias_coverage_and_their_errors(study: Study) -> None:
    results = consolidation_simulation_results(study, cohorts=6)
    assert isinstance(results, Results)
    head, *lines = performance_lines(results)
    covered = [row for row in results if row.key.statistic == "coverage"]
    assert len(lines) == len(covered) > 4
    assert "bias (MC error)" in head and "coverage (MC error)" in head
    for row, line in zip(covered, lines, strict=True):
        bias = results.value(row.key._replace(statistic="bias"))
        error = results.value(row.key._replace(statistic="coverage_mc_error"))
        assert f"  {format_fixed(bias, 3)} (" in line
        assert line.endswith(f"{format_percent(row.value, 1)} ({format_percent(error, 1)})")


def test_simulate_refuses_an_unknown_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "-p", "cohortt", "x.csv"]) == 2
    assert "cohort" in capsys.readouterr().err


def test_a_log_gets_a_line_now_and_then_and_always_the_last(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress()
    for _ in range(2):  # the same stage once more, from the start
        for done in range(1, 101):
            progress("fit", done, 100, done * 0.1)
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "fit 100/100 (10.0 s)"
    assert lines[: len(lines) // 2] == lines[len(lines) // 2 :]
    assert len(lines) == 10
