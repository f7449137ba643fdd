"""A report that would be made again as it is, is left as it is, and soon."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analysis_lib.command_line.asked import FORMATS, Asked
from analysis_lib.command_line.main import main
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.publish.bundle import PRODUCT, write_manifest
from analysis_lib.publish.origin import ENTRY

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
