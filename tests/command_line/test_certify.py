"""What `cart-report certify` refuses before an engine runs, and what its exit code says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from analysis_lib.certificate.statement import Certificate, Difference
from analysis_lib.command_line import verify as command
from analysis_lib.command_line.asked import FORMATS, Asked
from analysis_lib.command_line.main import main
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.publish.bundle import PRODUCT, sha256, write_manifest
from analysis_lib.publish.origin import ENTRY


class Silent:
    """An engine that is never asked."""

    name = "an engine"


@pytest.fixture
def report(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that says that it was made from the project as it is."""
    folder = tmp_path / "report"
    shutil.copytree(root / "notebooks", folder / "executed", ignore=shutil.ignore_patterns("*.py"))
    for name in ("index.html", "results.csv", "results.json", "parameters.yaml"):
        (folder / name).write_text("")
    asked = Asked(Parameters(), root, FORMATS, "a4", "builtin")
    assert asked.origin is not None
    entries = {
        "product": PRODUCT,
        "renderer": "the built-in renderer",
        "inputs": {name: {"sha256": sha256(path)} for name, path in asked.named[1].items()},
        ENTRY: asked.origin.entry,
    }
    write_manifest(folder, entries)
    monkeypatch.setattr("analysis_lib.certificate.engines.find_engine", lambda wanted: Silent())
    return folder


def certified(monkeypatch: pytest.MonkeyPatch, *differences: Difference) -> list[Certificate]:
    """Let the engine find this; what is then built."""
    made = Certificate("an engine", (), "x", 2, 2 - len(differences), 1e-6, differences, 0, {})
    built: list[Certificate] = []
    monkeypatch.setattr("analysis_lib.certificate.compare.certify", lambda *given: made)
    monkeypatch.setattr(
        command, "build_again", lambda asked, bundle, found, progress: built.append(found)
    )
    return built


def test_a_report_whose_numbers_agree_is_built_with_its_certificate(
    report: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built = certified(monkeypatch)
    assert main(["certify", str(report)]) == 0
    assert len(built) == 1
    assert "certified: 2 of 2 numbers" in capsys.readouterr().out


def test_an_exception_is_printed_by_its_key(
    report: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    certified(monkeypatch, Difference("a key", 1.0, 2.0))
    assert main(["certify", str(report)]) == 1
    assert "  - a key: 1.0, engine 2.0" in capsys.readouterr().out


def test_another_cohort_than_the_report_was_built_from_is_refused(
    report: Path, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.csv"
    other.write_text((root / "data" / "cohort.csv").read_text(encoding="utf-8") + "\n")
    assert main(["certify", str(report), "--cohort", str(other)]) == 2
    assert "other.csv is not the data/cohort.csv" in capsys.readouterr().err


def test_a_report_of_other_parameters_or_code_is_refused(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["certify", str(report), "-p", "seed", "7"]) == 2
    assert "build it again, then certify it" in capsys.readouterr().err


def test_a_report_whose_results_were_edited_is_refused(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (report / "results.csv").write_text("edited")
    assert main(["certify", str(report)]) == 2
    assert "have been edited" in capsys.readouterr().err


def test_a_folder_without_a_report_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({}))
    assert main(["certify", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("cart-report: certify:")
