"""Every number of a sentence leads to its row, on a cohort whose sizes coincide with nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from made_extract import make_extract
from notebook_run import chapter_scripts, few_repeats, run_cell
from whole_report import ROOT, open_extract

from analysis_lib import marks
from analysis_lib.format import take_notes, unplaced
from analysis_lib.marks import MIME, PLACES
from analysis_lib.publish.cells import cell_code, cell_tags
from analysis_lib.publish.pairs import read_script
from analysis_lib.publish.trace import Traced, trace_numbers
from analysis_lib.results.disclosure.release import combine
from analysis_lib.results.rows import Omitted, Results
from analysis_lib.results.store import results_csv
from analysis_lib.show.prose import Prose
from analysis_lib.show.table import ReportTable
from analysis_lib.study.study import Study
from analysis_lib.topics import TOPICS

CHAPTERS = ("cohort", "toxicity", "response", "survival", "missing")
ASKED = {
    "flow", "baseline", "toxicity", "response", "survival", "regression", "competing", "missing",
}  # fmt: skip


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A cohort of which no two sizes are the same."""
    folder = tmp_path_factory.mktemp("odd")
    made = open_extract(make_extract(229, seed=3), folder, {"imputations": 3})
    assert isinstance(made, Study), made
    return made


def sizes(study: Study) -> list[int]:
    patients = study.patients
    groups = patients[study.groups.variable].value_counts().tolist()
    events = [int(patients[f"{x}_event"].sum()) for x in study.parameters.endpoints]
    by_group = [
        int(patients.loc[patients[study.groups.variable] == level, f"{x}_event"].sum())
        for x in study.parameters.endpoints
        for level in study.groups.levels
    ]
    responders = int((patients["cr_cri"] == "yes").sum())
    return [len(patients), *groups, *events, *by_group, responders]


@pytest.fixture(scope="module")
def shown(odd: Study) -> list[dict[str, Any]]:
    """What the chapters show in words and tables, marked as in a build."""
    bundles = []
    with pytest.MonkeyPatch.context() as patched, few_repeats(True):
        patched.setattr(marks, "_marking", True)
        patched.setattr("analysis_lib.study.study.open_study", lambda _: odd)
        take_notes()
        for path in chapter_scripts(ROOT, CHAPTERS):
            namespace: dict[str, Any] = {"__name__": "__main__"}
            for cell in read_script(path).cells:
                if cell.cell_type == "code" and "parameters" not in cell_tags(cell):
                    value = run_cell(cell_code(cell), namespace, path.stem)
                    if isinstance(value, Prose | ReportTable):
                        bundles.append(value._repr_mimebundle_())
                    take_notes()  # a figure takes its own
    return bundles


@pytest.fixture(scope="module")
def rows(odd: Study) -> Results:
    parts = [x for topic in TOPICS if topic.name in ASKED for x in topic.results(odd)]
    held = [x if isinstance(x, Results) else x.results for x in parts if not isinstance(x, Omitted)]
    return combine(odd, held)


Trace = Callable[..., Traced]


@pytest.fixture
def trace(odd: Study, shown: list[dict[str, Any]], rows: Results, tmp_path: Path) -> Trace:
    def run(bundles: list[dict[str, Any]] = shown, table: str = results_csv(rows)) -> Traced:
        outputs = [{"output_type": "display_data", "data": one} for one in bundles]
        cells = [{"cell_type": "code", "source": "show()", "outputs": [one]} for one in outputs]
        (tmp_path / "01_a.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
        (tmp_path / "results.csv").write_text(table, encoding="utf-8")
        parameters = {name: unplaced(x) for name, x in asdict(odd.parameters).items()}
        return trace_numbers(tmp_path, tmp_path / "results.csv", parameters)

    return run


def test_no_two_sizes_of_the_cohort_are_the_same(odd: Study) -> None:
    assert len(set(sizes(odd))) == len(sizes(odd)), sizes(odd)


def test_every_number_of_every_sentence_leads_to_its_row(trace: Trace) -> None:
    traced = trace()
    assert not traced.findings, "\n".join(traced.findings)
    assert traced.rows > 1000


def test_a_digit_that_is_changed_in_a_sentence_is_found(trace: Trace, shown) -> None:
    """Of each sentence the first number that has a mark."""
    changed = 0
    for bundle in shown:
        if "text/markdown" not in bundle or not bundle.get(PLACES):
            continue
        start, end, _ = bundle[PLACES][0]
        text = bundle["text/markdown"]
        digit = str((int(text[end - 1]) + 1) % 10)
        other = dict(bundle) | {"text/markdown": text[: end - 1] + digit + text[end:]}
        assert not trace([bundle]).findings
        assert trace([other]).findings, text[start - 40 : end]
        changed += 1
    assert changed > 5


def test_a_row_that_is_changed_is_found_where_it_is_said(trace: Trace, rows: Results) -> None:
    neither = next(x for x in rows if x.key.outcome == "no_event" and x.key.statistic == "count")
    table = results_csv(rows).splitlines()
    (line,) = (i for i, x in enumerate(table) if x.startswith("first_event,no_event,"))
    table[line] = table[line].replace(f",{neither.value:.0f},", f",{neither.value + 1:.0f},")
    finding, *_ = trace(table="\n".join(table) + "\n").findings
    assert "first_event no_event infused count value" in finding


def test_a_number_without_its_row_is_found_though_another_row_has_its_value(
    trace: Trace, shown, rows: Results
) -> None:
    """What was found by value before: the place of a sentence's number is taken away."""
    place, bundle = next(
        (i, x) for i, x in enumerate(shown) if "had neither by last contact" in str(x)
    )
    spot = next(
        x for x in bundle[PLACES] if "had neither" in bundle["text/markdown"][x[1] : x[1] + 12]
    )
    notes = [note[:2] if i == spot[2] else note for i, note in enumerate(bundle[MIME])]
    other = dict(bundle) | {MIME: notes, PLACES: [x for x in bundle[PLACES] if x is not spot]}
    (finding,) = trace([*shown[:place], other, *shown[place + 1 :]]).findings
    assert finding.endswith("leads to no row, parameter or constant")
