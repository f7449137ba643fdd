"""The results table as CSV and as JSON text."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping

from analysis_lib.analyses.disclosure import suppressed_by_analysis
from analysis_lib.analyses.results import Key, Results, Row
from analysis_lib.cohort import Study
from analysis_lib.writing import csv_cell

COLUMNS = (*Key._fields, "value", "unit", "n", "denominator", "method")


def results_csv(results: Results) -> str:
    """The table as CSV text: full precision, an empty value where not estimable."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in results:
        writer.writerow("" if cell is None else csv_cell(cell) for cell in _cells(row))
    return buffer.getvalue()


def results_json(results: Results, header: Mapping[str, object]) -> str:
    """The same rows under a header, as JSON text; null where not estimable."""
    rows = [dict(zip(COLUMNS, _cells(row), strict=True)) for row in results]
    document = {"header": dict(header), "rows": rows}
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def results_header(study: Study) -> dict[str, object]:
    """What the rows of `results.json` are about."""
    small_cell = study.parameters.small_cell
    return {
        "title": study.title,
        "label": study.label or None,
        "patients": len(study.patients),
        "exposure": study.groups.variable,
        "exposure_levels": list(study.groups.levels),
        "data_lock": study.parameters.data_lock,
        "confidence_level": study.parameters.confidence_level,
        **({"small_cell": small_cell} if small_cell else {}),
    }


def disclosure_summary(results: Results) -> dict[str, object]:
    """What was suppressed, for the manifest: the bound, and how many numbers by analysis."""
    by_analysis = suppressed_by_analysis(results)
    return {
        "small_cell": results.small_cell,
        "suppressed": sum(by_analysis.values()),
        "by_analysis": by_analysis,
    }


def _cells(row: Row) -> list[object]:
    key = [_plain(part) for part in row.key]
    numbers = (_plain(row.value), row.unit, _plain(row.n), _plain(row.denominator))
    return [*key, *numbers, row.method]


def _plain(value: object) -> object:
    """Whole numbers without a decimal point; not estimable as None."""
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value
