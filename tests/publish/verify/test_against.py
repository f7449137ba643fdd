"""Two releases of nearly the same patients are told apart before they can be subtracted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.command_line.main import main
from analysis_lib.errors import OutputError
from analysis_lib.publish.verify import check_against
from analysis_lib.results.rows import Results
from analysis_lib.results.store import results_header, results_json
from analysis_lib.study.study import Study
from analysis_lib.topics.flow.numbers import patient_flow
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.toxicity import numbers as toxicity

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, study_of: Callable[..., Study]) -> Write:
    """The results file of a release, as a build leaves it in its folder."""

    def make(name: str, **parameters: object) -> Path:
        study = study_of(**{"small_cell": 11, **parameters})
        flow, table = patient_flow(study).results, toxicity.toxicity_by_exposure(study)
        assert isinstance(table, toxicity.Toxicity)
        curves = survival_by_exposure(study, "pfs").results
        rows = Results((*flow.rows, *table.results.rows, *curves.rows), study.label)
        folder = tmp_path / name
        folder.mkdir()
        text = results_json(rows, results_header(study))
        (folder / "results.json").write_text(text, encoding="utf-8")
        return folder

    return make


def test_a_report_against_itself_tells_nothing(write: Write) -> None:
    check = check_against(write("now"), write("before"))
    assert check.findings == () and "in both" in check.extent


def test_other_filters_that_leave_a_few_out_are_found(write: Write) -> None:
    check = check_against(write("now"), write("before", minimum_age=20))
    apart = [x for x in check.findings if "fewer than 11 apart" in x]
    assert any(x.startswith("flow infused infused count: 189, and ") for x in apart)
    assert len(check.findings) > len(apart) > 5, "and counts that only one of them withholds"
    assert any(" 6 months " in x for x in check.findings)


def test_other_patients_are_not_nearly_the_same(write: Write) -> None:
    check = check_against(write("now"), write("before", include={"sex": ["male"]}))
    assert not any("withheld" in x for x in check.findings)


def test_two_reports_that_withhold_nothing_have_no_bound(write: Write) -> None:
    with pytest.raises(OutputError, match="build with small_cell"):
        check_against(write("now", small_cell=0), write("before", small_cell=0))


def test_a_folder_without_results_is_refused(tmp_path: Path, write: Write) -> None:
    with pytest.raises(OutputError, match="holds no results"):
        check_against(write("now"), tmp_path / "nowhere")
    command = ["verify", str(tmp_path), "--against", str(tmp_path)]
    assert main(command) == 2
