"""The primary estimate of each combination of a sweep, as rows: kept beside it, and compared."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analysis_lib.format import is_suppressed
from analysis_lib.marks import SUPPRESSED
from analysis_lib.publish.sweep_plan import Combination
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.results.store import COLUMNS, row_cells
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.writing import csv_cell

ENTRY = "comparison"  # of the manifest
OF_MODEL = ("n", "events")
OF_RATIO = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high", "p_value")
_WITHHELD = "suppressed"


@dataclass(frozen=True)
class Primary:
    """The exposure's hazard ratios of one study: adjusted, and crude, by endpoint.

    `models` holds the keys of both for each outcome; what is suppressed in the results is here.
    """

    exposure: Grouping
    outcomes: Mapping[str, str]
    models: Mapping[str, tuple[Key, Key]]
    results: Results


@dataclass(frozen=True)
class Line:
    """One combination on the comparison page: its estimates, or the reason why there are none."""

    combination: Combination
    primary: Primary | None
    reason: str = ""


def primary_of(study: Study, results: Results) -> Primary:
    """The primary estimates among all results of a study."""
    ladders = {outcome: exposure_ladder(study, outcome) for outcome in study.parameters.endpoints}
    models = {name: (found.baseline.key, found.crude.key) for name, found in ladders.items()}
    rows = [row for keys in models.values() for key in keys for row in _rows(results, key, study)]
    return Primary(
        study.groups,
        {outcome: study.dictionary[outcome].label for outcome in models},
        models,
        Results(tuple(rows), study.label, study.confidence_level, study.parameters.small_cell),
    )


def _rows(results: Results, model: Key, study: Study) -> Iterator[Row]:
    yield from (results.row(model, one) for one in OF_MODEL)
    for level in study.groups.levels[1:]:
        yield from (results.row(model.compared(study.groups, level), one) for one in OF_RATIO)


def primary_entry(study: Study, results: Results) -> dict[str, object]:
    """The primary estimates as an entry of the manifest; no patient is in it."""
    found = primary_of(study, results)
    return {
        ENTRY: {
            "exposure": asdict(found.exposure),
            "outcomes": dict(found.outcomes),
            "models": found.models,
            "label": found.results.label,
            "confidence_level": found.results.confidence_level,
            "small_cell": found.results.small_cell,
            "rows": [_as_list(row) for row in found.results],
        }
    }


def read_primary(manifest: Mapping[str, Any]) -> Primary:
    """What `primary_entry` wrote."""
    entry = manifest[ENTRY]
    rows = tuple(_from_list(cells) for cells in entry["rows"])
    of_exposure: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in entry["exposure"].items()
    }
    return Primary(
        Grouping(**of_exposure),
        entry["outcomes"],
        {name: (Key(*one), Key(*other)) for name, (one, other) in entry["models"].items()},
        Results(rows, entry["label"], entry["confidence_level"], entry["small_cell"]),
    )


def _as_list(row: Row) -> list[object]:
    numbers = (row.value, row.n, row.denominator)
    value, n, denominator = (_WITHHELD if is_suppressed(x) else x for x in numbers)
    value = None if isinstance(value, float) and math.isnan(value) else value
    return [*row.key, value, row.unit, n, denominator, row.method]


def _from_list(cells: Sequence[Any]) -> Row:
    *key, value, unit, n, denominator, method = cells
    value, n, denominator = (SUPPRESSED if x == _WITHHELD else x for x in (value, n, denominator))
    return Row(Key(*key), math.nan if value is None else value, unit, n, denominator, method)


def comparison_csv(lines: Iterable[Line], dimensions: Sequence[str]) -> str:
    """The rows of all combinations under the columns of the results table, as CSV text.

    Before them stand the combination, its option in each dimension, and why it has no rows.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("combination", *(f"by_{name}" for name in dimensions), "reason", *COLUMNS))
    for line in lines:
        start = (line.combination.name, *line.combination.labels, line.reason)
        rows = line.primary.results.rows if line.primary else ()
        for cells in [row_cells(row) for row in rows] or [[None] * len(COLUMNS)]:
            writer.writerow("" if x is None else csv_cell(x) for x in (*start, *cells))
    return buffer.getvalue()
