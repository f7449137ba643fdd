"""What a build copies, under which names, and that a report which would be the same is left."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from analysis_lib.command_line.asked import FORMATS, Asked, with_fixed_names
from analysis_lib.command_line.main import main
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.publish.bundle import PRODUCT, write_manifest
from analysis_lib.publish.origin import ENTRY
from analysis_lib.study.study import Study


@pytest.mark.parametrize("given", ["data/published.csv", "data/../data/published.csv"])
def test_the_claims_of_the_project_keep_their_name(study: Study, given: str) -> None:
    parameters, inputs = with_fixed_names(with_claims(study, given), study.root)
    assert parameters["claims"] == "data/published.csv"
    assert inputs["data/published.csv"].samefile(study.root / "data" / "published.csv")


def test_claims_of_another_article_stay_apart_from_those_of_the_project(
    study: Study, tmp_path: Path
) -> None:
    other = tmp_path / "published.csv"
    parameters, inputs = with_fixed_names(with_claims(study, str(other)), study.root)
    assert parameters["claims"] == "data/claims.csv"
    assert inputs["data/claims.csv"] == other
    assert "data/published.csv" not in inputs


def test_without_claims_nothing_is_copied_for_them(study: Study) -> None:
    parameters, inputs = with_fixed_names(with_claims(study, ""), study.root)
    assert parameters["claims"] == ""
    assert set(inputs) == {"data/cohort.csv", "data/dictionary.csv"}


def with_claims(study: Study, given: str) -> Parameters:
    return replace(study.parameters, claims=given)


def test_an_extract_keeps_its_ending_by_which_it_is_read(study: Study, tmp_path: Path) -> None:
    given = replace(study.parameters, cohort=str(tmp_path / "Unsere Patienten.XLSX"))
    parameters, inputs = with_fixed_names(given, study.root)
    assert parameters["cohort"] == "data/cohort.xlsx"
    assert inputs["data/cohort.xlsx"] == tmp_path / "Unsere Patienten.XLSX"


def test_a_mapping_goes_along_with_the_data_dictionary_it_names(
    study: Study, tmp_path: Path
) -> None:
    mapping = tmp_path / "ours.yaml"
    mapping.write_text("redcap: dictionary.csv\n")
    (tmp_path / "dictionary.csv").write_text("a\n1\n")
    given = replace(study.parameters, mapping=str(mapping))
    parameters, inputs = with_fixed_names(given, study.root)
    assert parameters["mapping"] == "data/mapping/mapping.yaml"
    assert inputs["data/mapping/mapping.yaml"] == mapping
    assert inputs["data/mapping/dictionary.csv"] == tmp_path / "dictionary.csv"
    assert inputs["data/dictionary.csv"].samefile(study.root / "data" / "dictionary.csv")


CALL = """
import sys
from analysis_lib.command_line.main import main
code = main(["build", "--out", sys.argv[1]])
heavy = {"numpy", "pandas", "scipy", "lifelines", "matplotlib", "papermill"}
print(code, sorted(heavy & set(sys.modules)))
"""


@pytest.fixture
def report(root: Path, tmp_path: Path) -> Path:
    """A folder that says that it was made from the project as it is."""
    folder = tmp_path / "report"
    folder.mkdir()
    for name in ("index.html", "report.docx"):
        (folder / name).write_text("as built")
    origin = Asked(Parameters(), root, FORMATS, "a4", "auto").origin
    assert origin is not None
    write_manifest(folder, {"product": PRODUCT, ENTRY: origin.entry})
    return folder


@pytest.fixture(autouse=True)
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens the study fails."""

    def refuse(*arguments: object) -> None:
        raise AssertionError("the study is opened")

    monkeypatch.setattr("analysis_lib.publish.warm.worker", refuse)


def test_nothing_is_imported_to_see_that_nothing_has_changed(report: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", CALL, str(report)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert run.stdout.startswith(f"unchanged: {report}\n")
    assert run.stdout.endswith("\n0 []\n")


def test_a_file_that_somebody_edited_stays_and_is_named(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (report / "report.docx").write_text("with remarks")
    assert main(["build", "--out", str(report)]) == 0
    assert "report.docx has been edited since, and stays" in capsys.readouterr().out
    assert (report / "report.docx").read_text() == "with remarks"


@pytest.mark.parametrize(
    "options", [["--force"], ["--to", "html"], ["-p", "seed", "1"], ["--paper", "us-letter"]]
)
def test_what_decides_the_report_has_it_built(report: Path, options: list[str]) -> None:
    with pytest.raises(AssertionError, match="the study is opened"):
        main(["build", "--out", str(report), *options])


def test_a_folder_that_may_not_be_replaced_is_refused_before_the_extract_is_read(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--out", str(root), "--cohort", "nowhere.csv"]) == 2
    assert "must not be the home folder, the project" in capsys.readouterr().err
