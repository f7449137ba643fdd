"""What an engine is asked: the series of one estimate, and the rows that it should find again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis_lib.results.rows import Key
from analysis_lib.stats.inputs import ArrayLike
from analysis_lib.study.exposure import Grouping

RATIO = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
COEFFICIENT = (*RATIO, "coefficient", "std_error", "p_value")
ROBUST = ("robust_std_error", "robust_ci_low", "robust_ci_high", "robust_p_value")
ODDS = ("odds_ratio", "odds_ratio_ci_low", "odds_ratio_ci_high", "p_value")
CURVE = ("survival", "survival_ci_low", "survival_ci_high")
MEDIAN = ("median", "median_ci_low", "median_ci_high")
INCIDENCE = ("incidence", "incidence_ci_low", "incidence_ci_high")


@dataclass(frozen=True, eq=False)
class Task:
    """One estimate: `kind` names it, `series` has a row a patient or a piece of follow-up.

    `keys` lead from what the engine calls a number to the row of the results that holds it;
    `wanted` are tests beside the estimate, `times` those at which a curve is read.
    """

    kind: str
    series: pd.DataFrame
    keys: Mapping[str, Key]
    times: tuple[float, ...] = ()
    wanted: tuple[str, ...] = ()


# What a statement says that an engine recomputed, and of which tasks it is true.
SAID: Mapping[str, Callable[[Task], bool]] = {
    "survival curves with their limits and medians": lambda x: x.kind == "curve",
    "log-rank tests": lambda x: x.kind == "logrank",
    "Cox models": lambda x: x.kind == "cox",
    "tests of proportional hazards": lambda x: "hazards" in x.wanted,
    "errors by centre": lambda x: "jackknife" in x.wanted,
    "weighted curves and ratios": lambda x: "weight" in x.series,
    "incidences": lambda x: x.kind in ("incidence", "gray", "subdistribution"),
    "curves in the amount of exposure": lambda x: x.kind == "amount",
    "odds ratios": lambda x: x.kind == "logistic",
}


def what_is_asked(tasks: Sequence[Task]) -> tuple[str, ...]:
    """What an engine recomputes, in words."""
    return tuple(words for words, is_of in SAID.items() if any(is_of(task) for task in tasks))


@dataclass(frozen=True, eq=False)
class Coded:
    """Covariates as the engine sees them: x1, x2, ..., their levels by number, the first is the
    reference. `names` leads from a variable and a level to the engine's name of the column.
    """

    frame: pd.DataFrame
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)


def coded(covariates: pd.DataFrame) -> Coded:
    """Covariates without any word of the extract; levels that nobody has are left out."""
    columns, names = {}, {}
    for number, (name, values) in enumerate(covariates.items(), start=1):
        column = f"x{number}"
        names[str(name), ""] = column
        if isinstance(values.dtype, pd.CategoricalDtype):
            held = values.cat.remove_unused_categories()
            codes = {level: f"L{i:03d}" for i, level in enumerate(held.cat.categories)}
            names |= {(str(name), str(level)): column + code for level, code in codes.items()}
            columns[column] = held.cat.rename_categories(codes).astype(str)
        else:
            columns[column] = values.astype(float)
    return Coded(pd.DataFrame(columns, index=covariates.index), names)


def curve_task(
    time: ArrayLike,
    event: ArrayLike,
    key: Key,
    times: tuple[float, ...],
    *,
    weight: ArrayLike | None = None,
) -> Task:
    """A survival curve: the estimate with its limits at each time, and the median."""
    series = _series(time, event)
    if weight is not None:
        series["weight"] = weight
    return Task("curve", series, {**at_times(CURVE, key, times), **plain(MEDIAN, key)}, times)


def at_times(
    statistics: tuple[str, ...], key: Key, times: tuple[float, ...], per_month: float = 1.0
) -> dict[str, Key]:
    """The names and keys of what is read at each time."""
    return {
        f"{name}@{number}": key._replace(time_months=float(time) / per_month, statistic=name)
        for number, time in enumerate(times, start=1)
        for name in statistics
    }


def plain(statistics: tuple[str, ...], key: Key) -> dict[str, Key]:
    """Numbers that the engine calls by their statistic."""
    return {name: key._replace(statistic=name) for name in statistics}


def logrank_task(time: ArrayLike, event: ArrayLike, groups: pd.Series, key: Key) -> Task:
    """The log-rank test over all groups."""
    codes = [f"G{code:03d}" for code in pd.factorize(groups)[0]]
    series = _series(time, event).assign(group=codes)
    return Task("logrank", series, plain(("chi_square", "p_value"), key))


def cox_task(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    key: Key,
    *,
    wanted: tuple[str, ...] = (),
    weight: ArrayLike | None = None,
    start: ArrayLike | None = None,
) -> Task:
    """A Cox model: every coefficient, and the tests that are wanted beside them."""
    series, own = _series(time, event), coded(covariates)
    for name, values in {"weight": weight, "start": start}.items():
        if values is not None:
            series[name] = list(values)
    series = pd.concat([series, own.frame.reset_index(drop=True)], axis=1)
    keys = plain(("log_likelihood", "ph_p_value"), key)
    keys |= dict(coefficient_keys(key, covariates, own))
    return Task("cox", series, keys, wanted=wanted)


def coefficient_keys(key: Key, covariates: pd.DataFrame, own: Coded) -> Iterator[tuple[str, Key]]:
    for name, values in covariates.items():
        column = own.names[str(name), ""]
        for test in ("ph_p_value", "lr_p_value"):
            yield f"{test}:{column}", key._replace(variable=str(name), statistic=test)
        for level, reference in _contrasts(values):
            at = key.of_level(str(name), level, reference)
            for statistic in (*COEFFICIENT, *ROBUST):
                called = f"{statistic}:{own.names[str(name), level]}"
                yield called, at._replace(statistic=statistic)


def _contrasts(values: pd.Series) -> Iterator[tuple[str, str]]:
    """Level and reference of every coefficient; both empty for a quantity."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        yield "", ""
        return
    reference, *levels = map(str, values.cat.remove_unused_categories().cat.categories)
    for level in levels:
        yield level, reference


def ratio_keys(grouping: Grouping, keys: Mapping[str, Key]) -> dict[str, Key]:
    """Ratios by group that a row holds as a contrast alone, without variable and level."""
    return {
        name: at._replace(variable="", level="")
        for name, at in keys.items()
        if at.variable == grouping.variable and at.statistic in RATIO
    }


def _series(time: ArrayLike, event: ArrayLike) -> pd.DataFrame:
    return pd.DataFrame({"time": list(time), "event": [int(x) for x in event]})
