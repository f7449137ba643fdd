"""The comparison page says what the results say, with everything else that was written escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis_lib.format import MARK
from analysis_lib.publish.sweep_page import Comparison, comparison_forest, comparison_page
from analysis_lib.publish.sweep_plan import Combination
from analysis_lib.publish.sweep_rows import (
    Line,
    Primary,
    comparison_csv,
    primary_entry,
    primary_of,
    read_primary,
)
from analysis_lib.results.disclosure.release import combine
from analysis_lib.results.rows import Results
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.effect.numbers import exposure_ladder

HOSTILE = "<script>alert(1)</script> & more"


def results_of_ladders(study: Study) -> Results:
    outcomes = study.parameters.endpoints
    return combine(study, (exposure_ladder(study, outcome).results for outcome in outcomes))


def primary(study: Study) -> Primary:
    return primary_of(study, results_of_ladders(study))


def line(of: Primary | None, *labels: str, reason: str = "") -> Line:
    return Line(Combination("_".join(labels).casefold(), labels, None), of, reason)


@pytest.fixture(scope="module")
def comparison(study: Study, study_of: Callable[..., Study]) -> Comparison:
    """Two groups, several groups in one endpoint alone, and a combination without patients."""
    several = study_of(exposure="race_ethnicity_collapsed", endpoints=["os"])
    lines = (
        line(primary(study), "InO", "All"),
        line(primary(several), "Race", "All"),
        line(None, "InO", HOSTILE, reason=f"nobody is {HOSTILE}"),
    )
    return Comparison(("exposure", "who"), lines, "results.csv")


def test_the_manifest_gives_back_what_was_put_in(study: Study) -> None:
    results = results_of_ladders(study)
    entry = json.loads(json.dumps(primary_entry(study, results)))
    assert read_primary(entry) == primary_of(study, results)
    assert len(primary_of(study, results).results.rows) == 2 * 2 * 6


def test_what_is_suppressed_stays_so(study_of: Callable[..., Study]) -> None:
    study = study_of(small_cell=60)
    entry = json.loads(json.dumps(primary_entry(study, results_of_ladders(study))))
    found = read_primary(entry)
    assert any(row.suppressed for row in found.results)
    page = comparison_page(Comparison(("exposure",), (line(found, "InO"),), "results.csv"))
    assert f"<td>{MARK}</td>" in page and "release one of them" in page


def test_every_group_of_every_endpoint_has_a_line(comparison: Comparison) -> None:
    page = comparison_page(comparison)
    pfs, overall = page.split("<h2>")[1:3]
    assert pfs.startswith("Progression-free survival") and overall.startswith("Overall survival")
    assert pfs.count('href="') == 1 and overall.count('href="ino_all/results.csv"') == 1
    groups = len(comparison.done[1][1].exposure.levels) - 1
    assert groups > 1 and overall.count('href="race_all/results.csv"') == groups
    row = comparison.done[0][1].results.value
    model, _ = comparison.done[0][1].models["pfs"]
    assert f"<td>{row(model, 'n'):.0f}</td><td>{row(model, 'events'):.0f}</td>" in pfs


def test_what_others_wrote_is_escaped_and_nothing_runs(comparison: Comparison) -> None:
    page = comparison_page(comparison)
    assert "<script" not in page and "script-src 'none'" in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more") == 2
    assert "3 combinations, 1 of them without results" in page


def test_synthetic_patients_in_one_combination_label_page_and_figure(
    comparison: Comparison,
) -> None:
    first, second, _ = comparison.lines
    assert second.primary
    real = replace(second.primary, results=replace(second.primary.results, label=""))
    mixed = replace(comparison, lines=(first, replace(second, primary=real)))
    assert f"<strong>{SYNTHETIC_LABEL}</strong>" in comparison_page(mixed)
    assert comparison_forest(mixed, "os").label == SYNTHETIC_LABEL
    alone = replace(comparison, lines=(replace(second, primary=real),))
    assert SYNTHETIC_LABEL not in comparison_page(alone)
    assert comparison_forest(alone, "os").label == ""


def test_a_forest_says_who_is_compared_where_it_is_the_same(comparison: Comparison) -> None:
    def caption(of: Comparison) -> str:
        return " ".join(axes.get_xlabel() for axes in comparison_forest(of, "os").axes)

    assert "Against the reference group of each exposure" in caption(comparison)
    alone = replace(comparison, lines=comparison.lines[:1])
    labels = comparison.done[0][1].exposure.labels
    assert f"{labels[1]} against {labels[0]}" in re.sub(r"\s+", " ", caption(alone))


def test_a_text_that_a_spreadsheet_would_compute_is_none_in_the_table() -> None:
    text = comparison_csv([line(None, "=1+1", reason="@no")], ["who"])
    assert text.splitlines()[1].split(",")[:3] == ["'=1+1", "'=1+1", "'@no"]
