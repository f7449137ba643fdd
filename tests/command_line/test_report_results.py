"""What a build writes and what `results` writes differ only in what is repeated."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis_lib.command_line import report_rows as module
from analysis_lib.command_line.report_rows import report_results
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.study.study import Study
from analysis_lib.topics.flow.numbers import patient_flow

RESAMPLES = Row(Key("screen_bootstrap", "pfs", "responders", statistic="resamples"), 1000.0)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The flow of the patients stands for all analyses, one number for the repeated ones."""

    def repeated(study: Study, *, progress: object) -> Results:
        return Results((RESAMPLES,), study.label)

    monkeypatch.setattr(module, "all_results", lambda study: patient_flow(study).results)
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
