"""A second build into the same folder does again what has changed, and loses nobody's edits."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from analysis_lib.publish import build
from analysis_lib.publish.build import build_report
from analysis_lib.publish.bundle import built_report
from analysis_lib.publish.origin import NUMBERS, Origin, origin_of
from analysis_lib.publish.request import BuildRequest, BuildResult

SECOND = "[given for given in (6, 12)]"


def of_today(request: BuildRequest) -> BuildRequest:
    """The request with the digests of what it is made from."""
    origin = origin_of(
        request.project_root,
        parameters=request.parameters,
        inputs=request.inputs,
        notebooks=request.notebooks,
        pages=(request.formats, request.paper, request.renderer),
    )
    assert origin is not None
    return replace(request, origin=origin)


def make_request(place: Path, book: SimpleNamespace) -> BuildRequest:
    """Two chapters as HTML, with all files of numbers."""
    first = book.make_request(place)
    second = first.notebooks[0].with_name("02_second.ipynb")
    nbformat.write(book.chapter("# Second", book.code(SECOND)), second)

    def write_numbers(folder: Path) -> dict[str, object]:
        for name in NUMBERS:
            (folder / name).write_text('{"header": {}, "rows": []}')
        return {}

    return replace(
        first,
        notebooks=(*first.notebooks, second),
        parameters={"cohort": "data/cohort.csv", "landmarks": [3]},
        formats=("html",),
        write_extras=write_numbers,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, book: SimpleNamespace) -> Path:
    """The folder of a request, with its report."""
    place = tmp_path_factory.mktemp("built")
    build_report(of_today(make_request(place, book)))
    return place


@pytest.fixture
def request_twice(built: Path, tmp_path: Path, book: SimpleNamespace) -> BuildRequest:
    """A request whose report is built, in a folder of its own."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return make_request(tmp_path, book)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the notebooks that have run."""
    names: list[str] = []
    execute = build.execute_notebooks

    def watched(notebooks: tuple[Path, ...], **options: object) -> object:
        names.extend(path.stem for path in notebooks)
        return execute(notebooks, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(build, "execute_notebooks", watched)
    return names


def build_again(request: BuildRequest, ran: list[str]) -> BuildResult:
    ran.clear()
    return build_report(of_today(request))


def change_cell(path: Path, before: str, after: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(before, after)
    nbformat.write(notebook, path)


def test_a_changed_sentence_runs_no_chapter_and_is_shown(
    request_twice: BuildRequest, ran: list[str]
) -> None:
    shutil.rmtree(request_twice.out)
    first = build_again(request_twice, ran)
    assert (ran, first.kept) == (["01_survival", "02_second"], 0)
    change_cell(request_twice.notebooks[0], "after @cox1972", "as in @cox1972")
    second = build_again(request_twice, ran)
    assert (ran, second.kept) == ([], 2)
    assert "as in" in (second.out / "index.html").read_text()
    by_taking_over = {path: path.read_bytes() for path in second.files}
    anew = build_report(replace(of_today(request_twice), is_fresh=True))
    assert anew.kept == 0
    assert {path: path.read_bytes() for path in anew.files} == by_taking_over


def test_changed_code_runs_its_chapter_alone(request_twice: BuildRequest, ran: list[str]) -> None:
    build_again(request_twice, ran)
    change_cell(request_twice.notebooks[1], "(6, 12)", "(9, 12)")
    result = build_again(request_twice, ran)
    assert (ran, result.kept) == (["02_second"], 1)
    assert "[9, 12]" in (result.out / "executed" / "02_second.ipynb").read_text()


@pytest.mark.parametrize("change", ["parameter", "patients", "executed", "numbers"])
def test_what_decides_every_chapter_runs_all(
    request_twice: BuildRequest, ran: list[str], change: str
) -> None:
    report = build_again(request_twice, ran).out
    changed = request_twice
    if change == "parameter":
        changed = replace(changed, parameters={**changed.parameters, "landmarks": [9]})
    if change == "patients":
        changed.inputs["data/cohort.csv"].write_text("P017\n")
    if change == "executed":
        (report / "executed" / "01_survival.ipynb").write_text("{}")
        (report / "executed" / "02_second.ipynb").unlink()
    if change == "numbers":
        (report / "results.csv").write_text("edited")
    result = build_again(changed, ran)
    assert (ran, result.kept) == (["01_survival", "02_second"], 0)


def test_a_report_is_as_it_would_be_made_until_something_changes(
    request_twice: BuildRequest, ran: list[str]
) -> None:
    folder = build_again(request_twice, ran).out

    def holds(request: BuildRequest = request_twice) -> bool:
        report, origin = built_report(folder), of_today(request).origin
        assert report is not None and isinstance(origin, Origin)
        return origin.is_of(report)

    assert holds()
    assert not holds(replace(request_twice, formats=("html", "pdf")))
    assert not holds(replace(request_twice, parameters={}))
    (request_twice.project_root / "index.qmd").write_text("# Another preface\n")
    assert not holds()
    build_again(request_twice, ran)
    assert holds()
    (folder / "results.json").unlink()
    assert not holds()


def test_what_somebody_edited_is_kept_under_another_name(
    request_twice: BuildRequest, ran: list[str]
) -> None:
    page = build_again(request_twice, ran).out / "index.html"
    page.write_text("with remarks of a co-author")
    result = build_again(request_twice, ran)
    assert result.edited == ("index.edited-1.html",)
    assert "with remarks" not in page.read_text()
    page.write_text("remarks of another")
    result = build_again(request_twice, ran)
    assert result.edited == ("index.edited-2.html",)
    build_again(request_twice, ran)  # nobody edited anything since
    kept = {path.name: path.read_text() for path in result.out.glob("*.edited-*")}
    assert kept == {
        "index.edited-1.html": "with remarks of a co-author",
        "index.edited-2.html": "remarks of another",
    }
    manifest = json.loads((result.out / "manifest.json").read_text())
    assert set(kept) <= set(manifest["files"])
