"""A whole build: notebooks in, bundle out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from analysis_lib.errors import BuildError
from analysis_lib.parameters.definitions import defaults
from analysis_lib.parameters.presets import NEUTRAL
from analysis_lib.publish.build import build_report, compose_only
from analysis_lib.publish.request import BuildRequest


def check_manifest(request: BuildRequest, manifest: dict[str, Any], page: str) -> None:
    """The manifest says what went in and what came out."""
    registry = request.inputs["data/cohort.csv"].read_bytes()
    assert manifest["inputs"]["data/cohort.csv"]["sha256"] == hashlib.sha256(registry).hexdigest()
    assert manifest["parameters"] == {"cohort": "data/cohort.csv"}
    assert manifest["seed"] == 7
    assert manifest["disclosure"] == {"small_cell": 11}
    assert manifest["git_commit"] is None
    assert manifest["synthetic_label"] == request.info.label
    assert manifest["packages"]["pandas"]
    assert manifest["files"]["index.html"] == hashlib.sha256(page.encode()).hexdigest()


def test_bundle_is_complete_reproducible_and_free_of_data_and_paths(
    request_for: BuildRequest, book: SimpleNamespace, tmp_path: Path
) -> None:
    result = build_report(request_for)
    names = {path.relative_to(result.out).as_posix() for path in result.files}
    assert names == {
        "index.html",
        "report.docx",
        "report.pdf",
        "results.csv",
        "results.json",
        "manifest.json",
        "executed/01_survival.ipynb",
    }
    assert [stage.stage for stage in result.stages] == [
        *("prepare", "execute", "compose", "render", "bundle")
    ]
    contents = {path: path.read_bytes() for path in result.files}
    for path, content in contents.items():
        assert book.PATIENT.encode() not in content, path
        assert str(tmp_path).encode() not in content, path
    page = (result.out / "index.html").read_text()
    assert "2 patients" in page
    assert "Rendered with the built-in renderer (pandoc" in page
    check_manifest(request_for, json.loads((result.out / "manifest.json").read_text()), page)
    assert {path: path.read_bytes() for path in build_report(request_for).files} == contents
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project", "registry.csv", "report"]


def test_failure_keeps_the_previous_report(
    request_for: BuildRequest, book: SimpleNamespace, tmp_path: Path
) -> None:
    request_for.out.mkdir()
    (request_for.out / "index.html").write_text("before")
    manifest = {"product": "cart-report", "files": {"index.html": ""}}
    (request_for.out / "manifest.json").write_text(json.dumps(manifest))
    notebook = book.survival_notebook(*book.chapter("See @fig-lost.").cells)
    nbformat.write(notebook, request_for.notebooks[0])
    with pytest.raises(BuildError, match="@fig-lost in 01_survival"):
        build_report(request_for)
    assert (request_for.out / "index.html").read_text() == "before"
    assert len(list(request_for.out.iterdir())) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project", "registry.csv", "report"]


def test_compose_only_hands_on_the_project_without_data(
    request_for: BuildRequest, book: SimpleNamespace, tmp_path: Path
) -> None:
    project = compose_only(request_for, tmp_path / "book")
    names = {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()}
    assert names == {
        "_quarto.yml",
        "_variables.yml",
        "cart-numbers.js",
        "index.qmd",
        "data/references.bib",
        "tools/after.lua",
        "tools/dark.scss",
        "tools/head.typ",
        "tools/tables.lua",
        "manifest.json",
        "notebooks/01_survival.ipynb",
    }
    chapter = (project / "notebooks" / "01_survival.ipynb").read_text()
    assert "2 patients" in chapter
    assert book.PATIENT not in chapter


def test_every_chapter_is_told_what_is_not_the_default_and_nothing_else(
    request_for: BuildRequest, tmp_path: Path
) -> None:
    assert told(request_for, tmp_path / "same", defaults()) == []
    given = {**defaults(), "seed": 7, "landmarks": [3]}
    assert told(request_for, tmp_path / "book", given) == [
        *('preset = "aldoss_2024"', 'primary_estimand = "pfs_adjusted"'),
        *("landmarks = [3]", "seed = 7"),
    ]


def test_every_chapter_is_told_whose_choices_hold_whatever_its_file_is_called(
    request_for: BuildRequest, tmp_path: Path
) -> None:
    assert told(request_for, tmp_path / "book", defaults(NEUTRAL)) == [
        *('preset = "neutral"', 'primary_estimand = ""'),
    ]


def told(request: BuildRequest, out: Path, parameters: dict[str, Any]) -> list[str]:
    project = compose_only(replace(request, parameters=parameters), out)
    chapter = nbformat.read(project / "notebooks" / "01_survival.ipynb", as_version=4)
    cells = [x for x in chapter.cells if "injected-parameters" in x.metadata.get("tags", [])]
    lines = [line for cell in cells for line in cell.source.splitlines()]
    return [x for x in lines if x and not x.startswith("#")]
