"""The page on statistics names every estimator, true references, and the agreement with R."""

from __future__ import annotations

import ast
import csv
import importlib
import inspect
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

import analysis_lib

_DOI = re.compile(r"https://doi\.org/(\S+)$", re.MULTILINE)
_TITLE = re.compile(r"^\[([^]]+)\]: https", re.MULTILINE)
_CALL = re.compile(r"`(?:[a-z]+::)?([\w.]+)")


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "explanation" / "statistics.md").read_text(encoding="utf-8")


def estimators() -> set[str]:
    """What the topics take from `stats` that has an equal in R."""
    library = Path(analysis_lib.__file__).parent
    taken = {
        (node.module, alias.name)
        for path in library.rglob("*.py")
        if {"topics", "estimates"} & set(path.relative_to(library).parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("analysis_lib.stats.")
        for alias in node.names
    }
    return {name for module, name in taken if _has_r_call(_member(module, name))}


def _has_r_call(member: object) -> bool:
    return inspect.isfunction(member) and "R: " in (inspect.getdoc(member) or "")


def _member(module: str, name: str) -> object:
    return getattr(importlib.import_module(module), name)


def test_every_estimator_is_named(page):
    functions = estimators()
    assert len(functions) > 20
    assert {name for name in functions if f"`{name}`" not in page} == set()


def test_every_doi_is_one_of_the_bibliography_and_every_reference_is_used(root, page):
    bibliography = (root / "data" / "references.bib").read_text(encoding="utf-8")
    known = set(re.findall(r"doi = \{(.+)\}", bibliography))
    linked = {unquote(doi) for doi in _DOI.findall(page)}
    assert len(linked) > 45
    assert linked <= known
    text = " ".join(page.partition("\n[Anderson")[0].split())
    assert [title for title in _TITLE.findall(page) if f"[{title}]" not in text] == []


def test_golden_values_and_r_calls_are_those_of_the_reference(root, page):
    reference = root / "tests" / "reference"
    golden = set(re.findall(r"`(\w+\.csv)`", page))
    assert len(golden) > 30
    assert {name for name in golden if not (reference / "golden" / name).is_file()} == set()
    scripts = " ".join(path.read_text(encoding="utf-8") for path in reference.glob("*.R"))
    rows = [line.split(" | ") for line in page.splitlines() if line.count(" | ") == 4]
    called = {name for row in rows for name in _CALL.findall(row[3])}
    assert len(called) >= 20
    assert {name for name in called if f"{name}(" not in scripts} == set()


def test_the_page_on_statistics_shows_how_far_each_estimate_is_from_r(root: Path) -> None:
    with (root / "tests" / "reference" / "agreement.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    page = (root / "docs" / "explanation" / "statistics.md").read_text(encoding="utf-8")
    assert {x["script"] for x in rows} == {"standardised.R", "cloned.R", "unmeasured.R"}
    for row in rows:
        drawn = row["unit"] == "Monte Carlo errors"
        assert float(row["apart_at_most"]) < (4 if drawn else 1e-6), row
        said = f"{row['apart_at_most']}{' Monte Carlo errors' if drawn else ''}"
        line = f"| {row['estimate']} | `{row['script']}` | {row['numbers']} | {said} |"
        assert line in page
