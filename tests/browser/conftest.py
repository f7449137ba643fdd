"""Some chapters as a page in Chromium; without it these tests are skipped and say so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from analysis_lib.command_line.study_work import report_info, write_results
from analysis_lib.publish.cards import BEGINNING, FILE
from analysis_lib.publish.compose import compose_project
from analysis_lib.publish.execute import ExecutedNotebook
from analysis_lib.publish.renderer import render_builtin
from analysis_lib.results.rows import Results
from analysis_lib.study.study import Study

CHAPTERS = ("summary", "cohort", "survival", "published_comparison")
NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing but the page is asked for.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@dataclass
class Shown:
    """A page, what its rows are, and all that it said and asked for."""

    page: Page
    address: str
    numbers: dict[str, Any]
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def row(self, index: int) -> dict[str, Any]:
        """A row of the results as the page holds it."""
        words, rows = self.numbers["words"], self.numbers["rows"]
        return {x: words[x][held[index]] if x in words else held[index] for x, held in rows.items()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one module: while it runs, no other test could run an event loop."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install Debian's package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def report(
    tmp_path_factory: pytest.TempPathFactory,
    root: Path,
    study_of: Callable[..., Study],
    results_of: Callable[[Study], Results],
) -> Path:
    """A folder with the page, and the project that it is made from, of the committed chapters."""
    folder = tmp_path_factory.mktemp("browser")
    project = folder / "project"
    project.mkdir()
    study = study_of()
    write_results(study, results_of(study), folder)
    paths = [next((root / "notebooks").glob(f"*_{name}.ipynb")) for name in CHAPTERS]
    notebooks = [ExecutedNotebook(path.stem, _alone(path), ()) for path in paths]
    compose_project(
        project,
        project_root=root,
        notebooks=notebooks,
        info=report_info(study),
        formats=("html",),
        results=folder / "results.json",
    )
    render_builtin(project, formats=("html",), out=folder)
    return folder


def _alone(path: Path) -> nbformat.NotebookNode:
    """A chapter without references to chapters that this page lacks."""
    text = path.read_text(encoding="utf-8")
    return nbformat.reads(text.replace("@sec-", "").replace("@fig-", "").replace("@tbl-", ""), 4)


@pytest.fixture
def shown(browser: Browser, report: Path) -> Iterator[Shown]:
    text = (report / "project" / FILE).read_text(encoding="utf-8")
    numbers = json.loads(text.removeprefix(BEGINNING).rstrip(";\n"))
    context = browser.new_context(viewport={"width": 1300, "height": 800}, has_touch=True)
    page = context.new_page()
    one = Shown(page, (report / "index.html").as_uri(), numbers)
    page.on("console", lambda message: one.said.append(message.text))
    page.on("pageerror", lambda error: one.said.append(str(error)))
    page.on("request", lambda request: one.asked.append(request.url))
    page.goto(one.address)
    page.wait_for_selector(".cart-on")
    yield one
    context.close()
