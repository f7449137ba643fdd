"""Each place that a checklist names is opened, and holds what the item asks for."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from notebook_run import chapter_scripts, run_notebooks

from analysis_lib.command_line.given import values_of_file
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.publish.appendix import (
    ANSWERS,
    HERE,
    NOTHING_MISSING,
    table_checklist,
    words_on_checklist,
)
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics.missing.numbers import missing_data

FEW: dict[str, Any] = {"bootstrap_resamples": 10, "imputations": 2}


def of_example(root: Path, name: str, **changed: str) -> Study:
    given = values_of_file(root / "data" / "examples" / name / "parameters.yaml", "-f")
    return make_study(parse_parameters({**given, **FEW, **changed}), root=root)


# A trial, patients of whom nothing is missing, and patients without a response.
EXAMPLES = ("colon", "transplant", "myeloma_redcap")

with (HERE / "reporting_checklist.csv").open(encoding="utf-8", newline="") as handle:
    ITEMS = list(csv.DictReader(handle))
PLACES = [
    (f"{item['guideline']} {item['item']}", place, finds)
    for item in ITEMS
    if item["answered"] == "report"
    for place, finds in zip(item["places"].split(), item["finds"].split(" ; "), strict=True)
]


def texts(path: Path) -> Iterator[str]:
    """Every cell's source and what it shows, without the marks of a table."""
    for cell in nbformat.read(path, as_version=4).cells:
        shown = [cell.source]
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            html = str(data.get("text/html", ""))
            shown.append(re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))
            shown.append(str(data.get("text/markdown", "")))
        yield "\n".join(shown)


@pytest.fixture(scope="module")
def places(root: Path) -> dict[str, str]:
    """The text of every chapter, section with a name, table and figure."""
    found: dict[str, str] = {}
    for path in sorted((root / "notebooks").glob("[0-9]*.ipynb")):
        chapter, section = "", ""
        for text in texts(path):
            if label := re.search(r"^#\| label: (\S+)", text, re.MULTILINE):
                found[label[1]] = text
            if heading := re.search(r"^(#+) .*?(?:\{#(sec-\S+)\})?$", text, re.MULTILINE):
                name = heading[2] or ""
                chapter = name if heading[1] == "#" else chapter
                section = name if heading[1] in ("#", "##") else section
            for name in {chapter, section} - {""}:
                found[name] = f"{found.get(name, '')}\n{text}"
    return found


@pytest.mark.parametrize(("item", "place", "finds"), PLACES, ids=lambda x: str(x)[:40])
def test_a_place_holds_what_its_item_asks_for(places, item, place, finds):
    assert place in places, f"{item}: the report has no {place}"
    text = " ".join(places[place].split()) if "##" not in finds else places[place]
    assert re.search(finds, text, re.DOTALL), f"{item}: {place} says nothing of {finds!r}"


def test_what_the_report_does_not_answer_is_for_somebody_else():
    assert {item["answered"] for item in ITEMS} == set(ANSWERS)
    assert all(bool(item["finds"]) == (item["answered"] == "report") for item in ITEMS)


def test_a_place_that_the_cohort_leaves_empty_is_not_named(study: Study) -> None:
    given = dict(table_row(study, "15"))
    assert "@tbl-response" in given["15"]
    nobody = study.patients.assign(response=None, age_years=None)
    bare = type(study)(**{**vars_of(study), "patients": nobody})
    assert "@tbl-response" not in dict(table_row(bare, "15"))["15"]
    assert dict(table_row(bare, "16b"))["16b"] == "@tbl-variables"


def vars_of(study: Study) -> dict[str, object]:
    return {name: x for name, x in vars(study).items() if name != "computed"}


def table_row(study: Study, item: str) -> Iterator[tuple[str, str]]:
    return ((x[0], x[3]) for x in table_checklist("STROBE", study).rows if x[0] == item)


def test_a_trial_is_told_that_its_guideline_is_another(study_of: Callable[..., Study]) -> None:
    trial = study_of(design="randomised")
    assert "CONSORT" in str(words_on_checklist(trial))
    assert "CONSORT" not in str(words_on_checklist(study_of()))
    for guideline in ("TARGET", "RECORD"):
        rows = table_checklist(guideline, trial).rows
        assert {row[3].partition(";")[0] for row in rows} == {ANSWERS["not applicable"]}


@pytest.fixture(scope="module", params=EXAMPLES)
def opened(request: pytest.FixtureRequest, root: Path) -> tuple[Study, dict[str, str], set[str]]:
    """A cohort, the text of each place of its report, and those that are left out."""
    study = of_example(root, request.param)
    texts: dict[str, str] = {}
    shown = list(run_notebooks(root, study))
    for one in shown:
        texts[one.label] = " ".join([one.caption, *one.texts])
    left_out = {one.label for one in shown if one.kind == "Omitted"}
    for path in chapter_scripts(root):
        of_chapter = [one for one in shown if one.notebook == path.stem]
        source = path.read_text(encoding="utf-8").replace("\n# ", "\n")
        source = source.replace("{{< var question >}}", study.question)
        for name in re.findall(r"\{#(sec-[\w-]+)\}", source):
            texts[name] = " ".join([source, *(text for one in of_chapter for text in one.texts)])
            if all(one.kind == "Omitted" for one in of_chapter):
                left_out.add(name)
    return study, texts, left_out


def test_a_place_that_a_row_names_is_there_and_holds_it(
    opened: tuple[Study, dict[str, str], set[str]],
) -> None:
    study, texts, left_out = opened
    named = [
        (f"{item['guideline']} {item['item']}", place, finds)
        for item in ITEMS
        if item["answered"] == "report"
        for row in table_checklist(item["guideline"], study).rows
        if row[0] == item["item"]
        for place, finds in zip(item["places"].split(), item["finds"].split(" ; "), strict=True)
        if f"@{place}" in row[3].replace(",", " ").split()
    ]
    assert len(named) > 30
    gone = [x for x in named if x[1] in left_out]
    assert gone == [], "\n".join(map(str, gone))
    unsaid = [x for x in named if not re.search(x[2], texts[x[1]], re.DOTALL)]
    assert unsaid == [], "\n".join(map(str, unsaid))


def test_where_nothing_is_missing_the_items_on_it_lead_to_where_that_is_said(
    root: Path,
) -> None:
    whole = of_example(root, "transplant", exposure_kind="treatment")
    assert missing_data(whole).variables == ()
    for guideline, item in (("STROBE", "14b"), ("TARGET", "11")):
        (row,) = (x for x in table_checklist(guideline, whole).rows if x[0] == item)
        assert row[3] == NOTHING_MISSING
