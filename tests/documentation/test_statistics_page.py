"""The page on statistics names every estimator, true references, and files that exist."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from analysis_lib import stats

_DOI = re.compile(r"https://doi\.org/(\S+)$", re.MULTILINE)
_TITLE = re.compile(r"^\[([^]]+)\]: https", re.MULTILINE)
_CALL = re.compile(r"`(?:[a-z]+::)?([\w.]+)")


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "explanation" / "statistics.md").read_text(encoding="utf-8")


def test_every_estimator_is_named(page):
    functions = {name for name in stats.__all__ if inspect.isfunction(getattr(stats, name))}
    assert len(functions) > 35
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
