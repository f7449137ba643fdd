"""Every number in a cell comes from a row of the results, and from nowhere else."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from analysis_lib import format as f
from analysis_lib.estimates.models import ModelSet
from analysis_lib.results.rows import Row

NUMBER = re.compile(r"[<>−]?\d*\.?\d+")


def written(row: Row) -> set[str]:
    """All ways in which a number of this kind may be written."""
    counts = {f.format_count(x) for x in (row.n, row.denominator) if x is not None}
    value, statistic = row.value, row.key.statistic
    if math.isnan(value):
        return counts
    if row.unit == "patients" or statistic == "parameters":
        return counts | {f.format_count(value)}
    if row.unit == "proportion":
        return counts | {f.format_points(value), f.format_points(value, 1)}
    if "p_value" in statistic:
        return counts | {f.format_p(value)}
    if statistic.startswith("hazard_ratio"):
        return counts | {f.format_ratio(value)}
    one, two = f.format_fixed(value, 1), f.format_fixed(value, 2)
    return counts | {one, two, f.format_number(value)}


def rows_of(result: Any) -> tuple[Row, ...]:
    return tuple(result.results)


def test_every_number_in_a_cell_is_a_formatted_row(tables, analyses):
    known = set().union(*(written(row) for result in analyses for row in rows_of(result)))
    shown = [
        (name, line.label, number)
        for name, table in tables.items()
        for line in table.layout.lines
        for cell in line.cells
        for number in NUMBER.findall(cell)
    ]
    assert len(shown) > 1000
    assert [item for item in shown if item[2] not in known] == []


def hollow(row: Row) -> Row:
    """The row without its number: nobody counted, nothing estimated."""
    counted = row.unit == "patients" or row.key.statistic == "parameters"
    return replace(row, value=0.0 if counted else math.nan, n=0, denominator=0)


def hollowed(result: Any) -> Any:
    results = replace(result.results, rows=tuple(hollow(row) for row in result.results), label="")
    if not isinstance(result, ModelSet):
        return replace(result, results=results)
    models = tuple(hollowed(model) for model in result.models)
    return replace(result, results=results, models=models)


def test_tables_of_hollow_results_show_no_number(analyses, all_tables):
    emptied = type(analyses)(*(hollowed(result) for result in analyses))
    cells = [
        cell
        for table in all_tables(emptied).values()
        for line in table.layout.lines
        for cell in line.cells
    ]
    assert any("0" in cell for cell in cells)
    assert [cell for cell in cells if re.search(r"[1-9]", cell)] == []


def test_a_changed_count_changes_its_cell_and_no_other(
    analyses, all_tables: Callable[..., Any], tables
):
    toxicity = analyses.toxicity
    rows = tuple(
        replace(row, value=77.0)
        if (row.key.outcome, row.key.population, row.key.statistic)
        == ("anakinra", "infused", "count")
        else row
        for row in toxicity.results
    )
    results = replace(toxicity.results, rows=rows)
    changed = all_tables(replace(analyses, toxicity=replace(toxicity, results=results)))["toxicity"]
    before, after = tables["toxicity"].layout.lines, changed.layout.lines
    pairs = [
        (old, new)
        for first, second in zip(before, after, strict=True)
        for old, new in zip(first.cells, second.cells, strict=True)
        if old != new
    ]
    assert len(pairs) == 1
    assert pairs[0][1].startswith("77 (")
