"""A report's rows against what an engine finds for the same estimates."""

from __future__ import annotations

import csv
import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis_lib.certificate.curves import of_follow_up, of_groups, of_incidence
from analysis_lib.certificate.engines import Engine
from analysis_lib.certificate.models import (
    of_consolidation,
    of_ladder,
    of_periods,
    of_regression,
    of_weighting,
)
from analysis_lib.certificate.products import of_controls, of_doses, of_subgroups
from analysis_lib.certificate.statement import Certificate, Difference
from analysis_lib.certificate.task import (
    CURVE,
    INCIDENCE,
    MEDIAN,
    RATIO,
    ROBUST,
    Task,
    what_is_asked,
)
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.results.disclosure.rules import rule_of
from analysis_lib.results.rows import Key
from analysis_lib.stats.firth_cox import METHOD as PENALISED
from analysis_lib.study.study import Study, make_study

TOLERANCE = 1e-6
NOT_ESTIMABLE = "not estimable"
# What an engine of survival analysis could be asked for; the other P values belong to no curve or
# model.
OF_ENGINES = {
    *CURVE,
    *MEDIAN,
    *RATIO,
    *ROBUST,
    *INCIDENCE,
    "coefficient",
    "std_error",
    "p_value",
    "chi_square",
    "log_likelihood",
    "ph_p_value",
    "lr_p_value",
}


# Where small counts are withheld, curves are shown coarser than they were estimated.
COARSENED = ("curve", "incidence")


def tasks_of(study: Study) -> Iterator[Task]:
    """Everything that an engine is asked to find again."""
    for several in (
        of_groups,
        of_follow_up,
        of_ladder,
        of_regression,
        of_weighting,
        of_incidence,
        of_periods,
        of_consolidation,
        of_doses,
        of_subgroups,
        of_controls,
    ):
        for task in several(study):
            if not (study.parameters.small_cell and task.kind in COARSENED):
                yield task


@dataclass(frozen=True)
class Held:
    """A number of `results.csv`: None where there is none, and why."""

    value: float | None
    method: str


def read_held(path: Path) -> dict[Key, Held]:
    """The numbers of a results table by their keys."""
    with path.open(encoding="utf-8", newline="") as handle:
        return {_key(row): _held(row) for row in csv.DictReader(handle)}


def _key(row: Mapping[str, str]) -> Key:
    parts: dict[str, Any] = {part: row[part] for part in Key._fields}
    time = row["time_months"]
    return Key(**{**parts, "time_months": float(time) if time else None})


def _held(row: Mapping[str, str]) -> Held:
    return Held(float(row["value"]) if row["value"] else None, row["method"])


def certify(parameters: Parameters, root: Path, results: Path, engine: Engine) -> Certificate:
    """The certificate of a results table, whose study is opened anew from its files.

    Raises
    ------
    CartReportError
        The study cannot be opened, or the engine fails.
    """
    study = make_study(parameters, root=root)
    tasks = [task for task in tasks_of(study) if engine.knows(task.kind)]
    found = engine.find(tasks, study.confidence_level)
    return compare(
        tasks,
        found,
        read_held(results),
        engine=engine.name,
        results=hashlib.sha256(results.read_bytes()).hexdigest(),
        withheld=bool(parameters.small_cell),
    )


def compare(
    tasks: Sequence[Task],
    found: Sequence[Mapping[str, float]],
    held: Mapping[Key, Held],
    *,
    engine: str,
    results: str,
    withheld: bool = False,
) -> Certificate:
    """What the engine found for each task against the rows that hold the same numbers.

    A row that says why it has no estimate is not compared; where small counts are `withheld` no
    row without a number is, and the engine's numbers are rounded as those released are.
    """
    asked: dict[Key, float | None] = {}
    for task, numbers in zip(tasks, found, strict=True):
        for name, key in task.keys.items():
            if _is_asked(held.get(key)) and (name in numbers or key not in asked):
                number = _number(numbers.get(name))
                if withheld and number is not None:
                    number = rule_of(key.statistic).rounded(number)
                asked[key] = number
    estimable = {
        key
        for key in asked
        if not held[key].method.startswith(NOT_ESTIMABLE)
        and not (withheld and held[key].value is None)
    }
    differences = tuple(
        Difference(_words(key), held[key].value, _number(asked[key]))
        for key in asked
        if key in estimable and not is_equal(held[key].value, asked[key])
    )
    others = Counter(
        key.analysis
        for key, one in held.items()
        if key.statistic in OF_ENGINES and key not in asked and one.value is not None
    )
    return Certificate(
        engine,
        what_is_asked(tasks),
        results,
        len(estimable),
        len(estimable) - len(differences),
        TOLERANCE,
        differences,
        len(asked) - len(estimable),
        dict(others),
    )


def _is_asked(row: Held | None) -> bool:
    """Whether a number is in the report, and of a kind that the engines know."""
    return row is not None and not row.method.startswith(PENALISED)


def is_equal(ours: float | None, engine: float | None) -> bool:
    """Whether two numbers agree, or there is neither: relative to ours, absolute below 1e-3."""
    engine = _number(engine)
    if ours is None or engine is None:
        return ours is engine
    return math.isclose(ours, engine, rel_tol=TOLERANCE, abs_tol=TOLERANCE * 1e-3)


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _words(key: Key) -> str:
    return " ".join(str(part) for part in key if part not in ("", None))
