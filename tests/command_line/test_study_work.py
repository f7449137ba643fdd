"""The study that a build opens once is the one that its chapters find."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis_lib.command_line import study_work
from analysis_lib.command_line.study_work import Beside, StudyWork
from analysis_lib.format import format_percent, take_notes
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.publish.request import ignore_progress
from analysis_lib.publish.warm import can_fork
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.study import study as studies
from analysis_lib.study.study import Study, open_study

NAMES = {
    "cohort": "data/cohort.csv",
    "dictionary": "data/dictionary.csv",
    "mapping": "",
    "claims": "data/published.csv",
}


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with copies of the inputs, in which nothing has been opened; one works in it."""
    monkeypatch.setattr(studies, "_OPENED", {})
    for name in ("_quarto.yml", *filter(None, NAMES.values())):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(root / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def work(root: Path, monkeypatch: pytest.MonkeyPatch) -> StudyWork:
    """The work on the default study, with one result."""

    def compute(study: Study, progress: object, beside: Beside) -> Results:
        with beside(lambda: Path("beside").write_text(str(os.getpid()))):
            format_percent(0.5)
        study.computed["asked",] = study.root
        return Results((Row(Key("flow", statistic="n"), 1.0, "patients"),), "label", small_cell=11)

    monkeypatch.setattr(study_work, "report_results", compute)
    return StudyWork((Parameters(), root), ignore_progress)


def test_chapters_find_the_study_with_what_was_computed_of_it(
    work: StudyWork, project: Path
) -> None:
    work.compute(project, NAMES)
    opened = open_study({})
    assert opened.computed == {("asked",): project}
    assert opened is open_study({"landmarks": [6, 12]})
    pd.testing.assert_frame_equal(opened.patients, studies.make_study(Parameters()).patients)
    assert take_notes() == [], "the first cell would be thought to have written them"


@pytest.mark.skipif(not can_fork(), reason="this system does not fork safely")
def test_a_second_job_computes_beside_in_a_process_of_its_own(
    work: StudyWork, project: Path
) -> None:
    work.compute(project, NAMES, 1)
    assert not Path("beside").exists()
    work.compute(project, NAMES, 2)
    assert int(Path("beside").read_text()) != os.getpid()


def test_other_parameters_or_patients_are_another_study(work: StudyWork, project: Path) -> None:
    work.compute(project, NAMES)
    assert open_study({"seed": 1}).computed == {}
    extract = project / "data" / "cohort.csv"
    extract.write_text("\n".join(extract.read_text().splitlines()[:-1]) + "\n")
    assert open_study({}).computed == {}


def test_what_is_written_says_what_was_suppressed(
    work: StudyWork, project: Path, tmp_path: Path
) -> None:
    work.compute(project, NAMES)
    folder = tmp_path / "bundle"
    folder.mkdir()
    entries = work.write(folder)
    assert entries == {"disclosure": {"small_cell": 11, "suppressed": 0, "by_analysis": {}}}
    names = {path.name for path in folder.iterdir()}
    assert names == {"results.csv", "results.json", "parameters.yaml"}
