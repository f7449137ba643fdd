"""The one gate through which every estimator takes its data."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis_lib.errors import StatisticsError

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
ArrayLike: TypeAlias = "pd.Series | npt.NDArray[Any] | Sequence[Any]"


@dataclass(frozen=True)
class SurvivalData:
    """Follow-up of n patients: time >= 0 in any unit, event True where it was observed."""

    time: FloatArray
    event: BoolArray

    @property
    def n(self) -> int:
        """Number of patients."""
        return len(self.time)

    @property
    def n_events(self) -> int:
        """Number of patients with the event."""
        return int(self.event.sum())

    def subset(self, keep: BoolArray) -> SurvivalData:
        """The patients marked in `keep`."""
        return SurvivalData(self.time[keep], self.event[keep])


@dataclass(frozen=True)
class Grouping:
    """Group membership: `codes` index into `labels`, which keep the order of the categories."""

    labels: tuple[Hashable, ...]
    codes: IntArray


def check_survival(time: ArrayLike, event: ArrayLike) -> SurvivalData:
    """Return time and event as arrays, or raise StatisticsError with the offending value."""
    times = check_numbers(time, name="time")
    check_same_rows(time, event, names=("time", "event"))
    negative = np.flatnonzero(times < 0)
    if negative.size:
        raise StatisticsError(
            f"time must be >= 0, but {float(times[negative[0]])!r} was given at row "
            f"{_row_label(time, int(negative[0]))!r}: check the dates it was computed from"
        )
    return SurvivalData(times, _check_events(event))


def check_survival_of_any(time: ArrayLike, event: ArrayLike) -> SurvivalData:
    """The same for an estimator that says of nobody that nothing can be estimated."""
    if not len(time) and not len(event):
        return SurvivalData(np.empty(0), np.empty(0, dtype=bool))
    return check_survival(time, event)


def check_intervals(start: ArrayLike, stop: ArrayLike, event: ArrayLike) -> SurvivalData:
    """Return the ends and events of pieces that each have a length, or raise StatisticsError."""
    data = check_survival(stop, event)
    starts = check_numbers(start, name="start")
    check_same_rows(start, stop, names=("start", "stop"))
    empty = np.flatnonzero(starts >= data.time)
    if empty.size:
        first = int(empty[0])
        raise StatisticsError(
            f"start must be < stop, but is {float(starts[first])!r} where stop is "
            f"{float(data.time[first])!r} ({empty.size} such rows): leave out who is never at risk"
        )
    return data


def check_numbers(values: ArrayLike, *, name: str) -> FloatArray:
    """Return finite floats, or raise StatisticsError naming the first value that is not one."""
    try:
        numbers = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise StatisticsError(f"{name} must be numeric, but conversion failed: {error}") from error
    if numbers.ndim != 1 or numbers.size == 0:
        raise StatisticsError(
            f"{name} must hold one value for each of at least one patient, "
            f"but has shape {numbers.shape}: check the selection of patients"
        )
    bad = np.flatnonzero(~np.isfinite(numbers))
    if bad.size:
        raise StatisticsError(
            f"{name} must be finite, but {float(numbers[bad[0]])!r} was given at row "
            f"{_row_label(values, int(bad[0]))!r} ({bad.size} such rows): "
            "exclude or complete missing values first"
        )
    return numbers


def check_weights(weights: ArrayLike) -> FloatArray:
    """Return finite weights above 0, or raise StatisticsError with the offending value."""
    values = check_numbers(weights, name="weights")
    if not (values > 0).all():
        raise StatisticsError(
            f"weights must be above 0, but {float(values.min())!r} was given: "
            "leave patients without weight out"
        )
    return values


def check_groups(group: ArrayLike) -> Grouping:
    """Return group codes; a Categorical keeps its order, anything else is sorted.

    Categories without a patient are left out.
    """
    series = pd.Series(group)
    if series.isna().any():
        where = int(np.flatnonzero(series.isna())[0])
        raise StatisticsError(
            f"group must be known for every patient, but is missing at row "
            f"{_row_label(group, where)!r}: make missing a level of its own or exclude it"
        )
    if not isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype("category")
    used = series.cat.remove_unused_categories().cat
    return Grouping(tuple(used.categories), used.codes.to_numpy().astype(np.int64))


def check_same_rows(first: object, second: object, *, names: tuple[str, str]) -> None:
    """Raise StatisticsError unless both hold the same rows in the same order."""
    lengths = len(first), len(second)  # type: ignore[arg-type]
    if lengths[0] != lengths[1]:
        raise StatisticsError(
            f"{names[0]} and {names[1]} must have one row per patient each, "
            f"but have {lengths[0]} and {lengths[1]}"
        )
    labelled = (pd.Series, pd.DataFrame)
    if (
        isinstance(first, labelled)
        and isinstance(second, labelled)
        and not first.index.equals(second.index)
    ):
        raise StatisticsError(
            f"{names[0]} and {names[1]} must have the same row labels in the same order, "
            "but they differ: take both from one table"
        )


def check_confidence_level(level: float) -> float:
    """Return the level if it lies strictly between 0 and 1."""
    if not 0.0 < level < 1.0:
        raise StatisticsError(f"confidence_level must lie between 0 and 1, but was {level!r}")
    return float(level)


def _check_events(event: ArrayLike) -> BoolArray:
    series = pd.Series(event)
    if not pd.api.types.is_bool_dtype(series.dtype) or series.isna().any():
        strange = next((v for v in series if not isinstance(v, bool | np.bool_)), series.iloc[0])
        raise StatisticsError(
            f"event must be boolean with True = event, but holds {strange!r} "
            f"(dtype {series.dtype}): compare it with the event's code first"
        )
    return series.to_numpy(dtype=bool)


def _row_label(values: object, position: int) -> Hashable:
    return values.index[position] if isinstance(values, pd.Series) else position
