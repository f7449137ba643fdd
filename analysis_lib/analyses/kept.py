"""Results that take long, kept for the same patients, parameters and code."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Key, Results, Row, study_results
from analysis_lib.cohort import Study
from analysis_lib.errors import OutputError
from analysis_lib.writing import write_text

FOLDER_VARIABLE = "CART_REPORT_CACHE"
LIBRARIES = ("numpy", "scipy", "pandas", "lifelines")
PACKAGE = Path(__file__).parents[1]


def kept_results(
    study: Study, name: str, compute: Callable[[], Results | Omitted]
) -> Results | Omitted:
    """A long computation: its results read where they were kept, else computed and kept.

    What is kept holds results and no patient's row. Its file is named by everything that the rows
    depend on, so that a change of patients, parameters, code or libraries computes anew. A folder
    that cannot be written, or a file that cannot be read, costs only the time. What is left out
    is soon said and not kept.
    """
    path = _folder() / f"{name}-{_digest(study, name)}.json"
    rows = _read(path)
    if rows is not None:
        return study_results(study, rows)
    computed = compute()
    if isinstance(computed, Results):
        _write(path, computed)
    return computed


def _folder() -> Path:
    if given := os.environ.get(FOLDER_VARIABLE):
        return Path(given)
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "cart-report"


def _digest(study: Study, name: str) -> str:
    patients = pd.util.hash_pandas_object(study.patients.astype(str), index=False)
    digest = hashlib.sha256(patients.to_numpy().tobytes())
    # The dictionary decides levels, their order and the reference of every contrast.
    variables = [asdict(variable) for variable in study.dictionary.variables]
    described = (
        name,
        list(study.patients),
        variables,
        asdict(study.parameters),
        study.is_synthetic,
    )
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
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
        return [Row(Key._make(record.pop("key")), **record) for record in records]
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None


def _write(path: Path, rows: Iterable[Row]) -> None:
    records = [{**asdict(row), "key": list(row.key)} for row in rows]
    with contextlib.suppress(OSError, OutputError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(json.dumps(records), path)
