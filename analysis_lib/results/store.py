"""The results table as files, and results that are kept: in a study, or by what they depend on."""

from __future__ import annotations

import contextlib
import csv
import functools
import hashlib
import io
import json
import math
import os
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import pandas as pd

from analysis_lib.errors import OutputError
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row
from analysis_lib.study.study import Study
from analysis_lib.writing import csv_cell, release, take_lock, write_text

COLUMNS = (*Key._fields, "value", "unit", "n", "denominator", "method")


def results_csv(results: Results) -> str:
    """The table as CSV text: full precision, an empty value where not estimable."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in results:
        writer.writerow("" if cell is None else csv_cell(cell) for cell in row_cells(row))
    return buffer.getvalue()


def results_json(results: Results, header: Mapping[str, object]) -> str:
    """The same rows under a header, as JSON text; null where not estimable."""
    rows = [dict(zip(COLUMNS, row_cells(row), strict=True)) for row in results]
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
        "data_lock": study.data_lock,
        "confidence_level": study.parameters.confidence_level,
        **({"small_cell": small_cell} if small_cell else {}),
    }


def disclosure_summary(results: Results) -> dict[str, object]:
    """What was suppressed, for the manifest: the bound, and how many numbers by analysis."""
    by_analysis = Counter(row.key.analysis for row in results if row.suppressed)
    return {
        "small_cell": results.small_cell,
        "suppressed": by_analysis.total(),
        "by_analysis": dict(by_analysis),
    }


def row_cells(row: Row) -> list[object]:
    """A row under `COLUMNS`; None where there is no number."""
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


FOLDER_VARIABLE = "CART_REPORT_CACHE"
LIBRARIES = ("numpy", "scipy", "pandas", "lifelines")
PACKAGE = Path(__file__).parents[1]
OF_CONTENT = ("cohort", "dictionary", "mapping")  # what was read counts, not what it was called


def kept_results(
    study: Study, name: str, compute: Callable[[], Results | Omitted]
) -> Results | Omitted:
    """A long computation: its results read where they were kept, else computed and kept.

    What is kept holds results and no patient's row. Its file is named by everything that the rows
    depend on, so that a change of patients, parameters, code or libraries computes anew. A folder
    that cannot be written, or a file that is not what was written, costs only the time. What is
    left out is soon said and not kept. A process that asks while another computes waits for it.
    """
    path = _folder() / f"{name}-{digest_of(study, name)}.json"
    with _alone(path.with_suffix(".lock")):
        rows = _read(path)
        if rows is not None:
            return study_results(study, rows)
        computed = compute()
        if isinstance(computed, Results):
            _write(path, computed)
    return computed


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock, if there can be one in its folder."""
    held = None
    with contextlib.suppress(OSError):
        lock.parent.mkdir(parents=True, exist_ok=True)
        held = take_lock(lock, wait=True)
    try:
        yield
    finally:
        if held is not None:
            release(lock, held)


def _folder() -> Path:
    if given := os.environ.get(FOLDER_VARIABLE):
        return Path(given)
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "cart-report"


def digest_of(study: Study, name: str) -> str:
    """What the rows of that name depend on, in brief."""
    digest = hashlib.sha256(_digest_of_patients(study))
    # The dictionary decides levels, their order and the reference of every contrast.
    variables = [asdict(variable) for variable in study.dictionary.variables]
    parameters = asdict(study.parameters)
    for file in OF_CONTENT:
        del parameters[file]
    described = (name, list(study.patients), variables, parameters, study.is_synthetic)
    digest.update(json.dumps(described, default=str, sort_keys=True).encode())
    digest.update(_digest_of_code())
    return digest.hexdigest()[:32]


@cache
def _digest_of_code() -> bytes:
    digest = hashlib.sha256(platform.python_version().encode())
    for library in LIBRARIES:
        digest.update(version(library).encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


def _read(path: Path) -> list[Row] | None:
    """The rows of a file whose digest and number of rows are those that it states of itself."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        records = document["rows"]
        if (document["sha256"], document["count"]) != (_digest_of(records), len(records)):
            return None
        return [Row(Key._make(record.pop("key")), **record) for record in records]
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None


def _write(path: Path, rows: Iterable[Row]) -> None:
    records = [{**vars(row), "key": list(row.key)} for row in rows]
    with contextlib.suppress(OSError, OutputError):
        stated = {"sha256": _digest_of(records), "count": len(records)}
        write_text(json.dumps({**stated, "rows": records}), path)


def _digest_of(records: object) -> str:
    return hashlib.sha256(json.dumps(records).encode()).hexdigest()


_Options = ParamSpec("_Options")
_Made = TypeVar("_Made")
_OfStudy = Callable[Concatenate[Study, _Options], _Made]


def once(analysis: _OfStudy[_Options, _Made]) -> _OfStudy[_Options, _Made]:
    """Compute an analysis once for each study and its options, which must be hashable.

    A study with another parameter or other patients is another object, and starts anew.
    """

    @functools.wraps(analysis)
    def kept(study: Study, /, *options: _Options.args, **named: _Options.kwargs) -> _Made:
        asked = (analysis.__module__, analysis.__qualname__, options, tuple(named.items()))
        if asked not in study.computed:
            study.computed[asked] = analysis(study, *options, **named)
        return study.computed[asked]  # type: ignore[return-value]

    return kept


@once
def _digest_of_patients(study: Study) -> bytes:
    """Of all values: numbers, dates and levels as they are, whatever else as it is written."""
    mixed = {name: str for name in study.patients.select_dtypes("object")}
    rows = pd.util.hash_pandas_object(study.patients.astype(mixed), index=False)
    return hashlib.sha256(rows.to_numpy().tobytes()).digest()
