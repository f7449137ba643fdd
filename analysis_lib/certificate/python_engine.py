"""The packages survival (Rust) and CompRiskReg (numpy) of others as an engine, without R."""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import pandas as pd
import survival.r as engine
from scipy.interpolate import CubicSpline
from scipy.stats import chi2, norm, t

from analysis_lib.certificate.task import MEDIAN, Task

Found = dict[str, float]
Numbers = Iterator[tuple[str, float]]
# What an engine raises where it cannot do a task, which then has no numbers.
CANNOT = (ValueError, RuntimeError, ArithmeticError, KeyError, IndexError, np.linalg.LinAlgError)


class PythonEngine:
    """Both packages; without CompRiskReg what it computes is left out."""

    @property
    def name(self) -> str:
        """Both with their versions."""
        return ", ".join(f"{package} {v}" for package in PACKAGES if (v := _version(package)))

    def knows(self, kind: str) -> bool:
        """The packages have no logistic model."""
        return kind in KINDS

    def find(self, tasks: Sequence[Task], confidence_level: float) -> list[Found]:
        """The numbers of each task; a task that the packages cannot do has none."""
        found: list[Found] = []
        for task in tasks:
            own: Found = {}
            with warnings.catch_warnings(), contextlib.suppress(*CANNOT):
                warnings.simplefilter("ignore")
                own.update(KINDS[task.kind](task, confidence_level))
            found.append(own)
        return found


PACKAGES = ("survival", "CompRiskReg")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _data(series: pd.DataFrame) -> dict[str, list[object]]:
    return {str(name): values.tolist() for name, values in series.items()}


def _response(series: pd.DataFrame) -> str:
    return "Surv(start, time, event)" if "start" in series else "Surv(time, event)"


def _curve(task: Task, level: float) -> Numbers:
    series, last = task.series, float(task.series["time"].max())
    weighted = "weight" in series
    fit = engine.survfit(
        f"{_response(series)} ~ 1",
        data=_data(series),
        weights=series["weight"].tolist() if weighted else None,
        robust=weighted,
        conf_type="log-log",
        conf_int=level,
    )
    steps = {"survival": fit.surv, "survival_ci_low": fit.lower, "survival_ci_high": fit.upper}
    for number, time in enumerate(task.times, start=1):
        at = int(np.searchsorted(fit.time, time, side="right")) - 1
        beyond = time > last and fit.surv[-1] > 0
        for name, values in steps.items():
            yield f"{name}@{number}", math.nan if beyond else values[at] if at >= 0 else 1.0
    for name, values in zip(MEDIAN, steps.values(), strict=True):
        yield name, _middle(np.asarray(fit.time), np.asarray(values, dtype=float))


def _middle(times: np.ndarray, values: np.ndarray) -> float:
    """Where a curve or a limit, which may rise again, comes to one half; halfway if it rests."""
    at, below = (np.flatnonzero(values < 0.5 + margin) for margin in (1e-9, -1e-9))
    if not at.size:
        return math.nan
    return float(times[at[0]] + times[(below if below.size else at)[0]]) / 2


def _logrank(task: Task, level: float) -> Numbers:
    test = engine.survdiff("Surv(time, event) ~ group", data=_data(task.series))
    yield "chi_square", test.chisq
    yield "p_value", float(chi2.sf(test.chisq, test.df))


def _cox(task: Task, level: float) -> Numbers:
    series = task.series
    terms = [name for name in series if name.startswith("x")]
    is_robust = "robust" in task.wanted
    centres = {
        "strata": "strata(cluster)",
        "frailty": f"frailty(cluster, theta={task.times[0] if task.times else 0!r}, sparse=False)",
    }
    held = [*terms, *(term for name, term in centres.items() if name in task.wanted)]
    fit = _fit(series, held, is_robust=is_robust)
    errors = np.sqrt(np.diag(np.asarray(fit.var, dtype=float)))[: len(fit.coefficients)]
    yield "log_likelihood", fit.loglik[-1]
    error = "robust_std_error" if is_robust else "std_error"
    yield from _coefficients(fit.coef_names, fit.coefficients, errors, level, error)
    if "hazards" in task.wanted:
        table = engine.cox_zph(fit, transform="km", terms=True).table
        for row in table:
            name = "" if row["name"] == "GLOBAL" else f":{row['name']}"
            yield f"ph_p_value{name}", row["p"]
    if "ratio" in task.wanted:
        yield from _ratios(series, terms, fit)
    if "jackknife" in task.wanted:
        yield from _jackknife(series, terms, fit, level)


def _fit(
    series: pd.DataFrame, terms: Sequence[str], *, is_robust: bool = False
) -> engine.CoxphModel:
    weighted = "weight" in series
    return engine.coxph(
        f"{_response(series)} ~ {' + '.join(terms)}",
        data=_data(series),
        weights=series["weight"].tolist() if weighted else None,
        robust=is_robust or None,
        ties="efron",
        eps=1e-13,
        toler_chol=1e-14,
        iter_max=100,
    )


def _coefficients(
    names: Sequence[str],
    coefficients: Sequence[float],
    errors: np.ndarray,
    level: float,
    error_name: str = "std_error",
) -> Numbers:
    for column, beta, error in zip(names, coefficients, errors, strict=True):
        yield f"coefficient:{column}", beta
        yield f"{error_name}:{column}", error
        yield f"p_value:{column}", 2 * float(norm.sf(abs(beta / error)))
        yield from _interval("hazard_ratio", "hazard_ratio_ci", column, beta, error, level)


def _exp(value: float) -> float:
    """Infinite where a coefficient has run away, no error."""
    with np.errstate(over="ignore"):
        return float(np.exp(value))


def _interval(
    name: str, ends: str, column: str, beta: float, error: float, level: float
) -> Numbers:
    half = float(norm.ppf((1 + level) / 2)) * error
    yield f"{name}:{column}", _exp(beta)
    yield f"{ends}_low:{column}", _exp(beta - half)
    yield f"{ends}_high:{column}", _exp(beta + half)


def _ratios(series: pd.DataFrame, terms: Sequence[str], fit: engine.CoxphModel) -> Numbers:
    """The likelihood-ratio test of every term."""
    for name in terms:
        others = [x for x in terms if x != name]
        smaller = _fit(series, others).loglik[-1] if others else fit.loglik[0]
        ratio = 2 * (fit.loglik[-1] - smaller)
        yield f"lr_p_value:{name}", float(chi2.sf(ratio, len(fit.assign[name])))


def _jackknife(
    series: pd.DataFrame, terms: Sequence[str], fit: engine.CoxphModel, level: float
) -> Numbers:
    """The model without each cluster; t with one degree of freedom less than clusters."""
    clusters = sorted(series["cluster"].unique())
    columns = [name for name in fit.coef_names if name.startswith("x1L")]
    distances: dict[str, list[float]] = {name: [] for name in columns}
    own = dict(zip(fit.coef_names, fit.coefficients, strict=True))
    for cluster in clusters:
        without = _fit(series[series["cluster"] != cluster].drop(columns="cluster"), terms)
        errors = np.sqrt(np.diag(np.asarray(without.var, dtype=float)))
        for name, beta, error in zip(without.coef_names, without.coefficients, errors, strict=True):
            if name in distances:
                distances[name].append(beta - own[name])
                called = f"{name}-{cluster}"
                yield from _interval("hazard_ratio", "hazard_ratio_ci", called, beta, error, level)
    degrees = len(clusters) - 1
    for name, found in distances.items():
        error = math.sqrt(degrees / len(clusters) * sum(x * x for x in found))
        half = float(t.ppf((1 + level) / 2, degrees)) * error
        yield f"robust_std_error:{name}", error
        yield f"robust_ci_low:{name}", _exp(own[name] - half)
        yield f"robust_ci_high:{name}", _exp(own[name] + half)
        yield f"robust_p_value:{name}", 2 * float(t.sf(abs(own[name] / error), degrees))


def _amount(task: Task, level: float) -> Numbers:
    """A natural spline in the last covariate among those who have 1 in the one before it.

    Its columns are those of scipy's interpolating splines through 1 at one bend and 0 at the
    others; `times` are values of the covariate.
    """
    series = task.series
    *others, any_, own = (name for name in series if name.startswith("x"))
    exposed = series[any_] == 1
    bends = np.quantile(series[own][exposed], (0, 0.5, 1))
    curve = CubicSpline(bends, np.eye(3)[:, 1:], bc_type="natural")
    columns = np.where(exposed.to_numpy()[:, None], curve(series[own]), 0.0)
    bent = series.assign(bend1=columns[:, 0], bend2=columns[:, 1])
    fit = _fit(bent, [*others, any_, "bend1", "bend2"])
    for name, terms, degrees in (("curve", [], 2), ("bend", [own], 1)):
        smaller = _fit(series, [*others, any_, *terms]).loglik[-1]
        yield f"lr_p_value:{name}", float(chi2.sf(2 * (fit.loglik[-1] - smaller), degrees))
    of = [list(fit.coef_names).index(x) for x in (any_, "bend1", "bend2")]
    beta, covariance = np.asarray(fit.coefficients)[of], np.asarray(fit.var)[np.ix_(of, of)]
    weights = [np.array([1.0, *curve(value)]) for value in task.times]
    estimates = [float(x @ beta) for x in weights]
    errors = [math.sqrt(x @ covariance @ x) for x in weights]
    names = [f"at{number}" for number in range(1, len(weights) + 1)]
    yield from _coefficients(names, estimates, np.array(errors), level)


def _incidence(task: Task, level: float) -> Numbers:
    """Cause 1 is the event, 2 the competing one."""
    from CompRiskReg import cuminc, timepoints

    time, cause = (task.series[name].to_numpy() for name in ("time", "cause"))
    curves = cuminc(time.astype(float), cause)
    names = [name for name in curves if name.endswith(" 1") and isinstance(curves[name], dict)]
    last = float(time.max())
    for number, moment in enumerate(task.times, start=1):
        at = timepoints({names[0]: curves[names[0]]}, np.array([min(moment, last)]))
        estimate, error = float(at["est"][0, 0]), math.sqrt(float(at["var"][0, 0]))
        yield f"incidence@{number}", estimate
        half = float(norm.ppf((1 + level) / 2)) * error / (estimate * math.log(estimate))
        yield f"incidence_ci_low@{number}", estimate ** _exp(-half)
        yield f"incidence_ci_high@{number}", estimate ** _exp(half)


def _gray(task: Task, level: float) -> Numbers:
    from CompRiskReg import cuminc

    series = task.series
    found = cuminc(
        series["time"].to_numpy(dtype=float),
        series["cause"].to_numpy(),
        group=series["group"].to_numpy(dtype=object),
    )
    row = list(found["_test_labels"]).index(1)
    statistic, _, degrees = found["Tests"][row]
    yield "chi_square", float(statistic)
    yield "p_value", float(chi2.sf(statistic, degrees))


def _subdistribution(task: Task, level: float) -> Numbers:
    from CompRiskReg import crr

    series = task.series
    columns = _columns(series[[name for name in series if name.startswith("x")]])
    given = (series["time"].to_numpy(dtype=float), series["cause"].to_numpy())
    matrix = np.column_stack(list(columns.values()))
    fit = crr(*given, matrix)
    for _ in range(2):  # plain Newton steps beyond its stopping rule
        better = fit.coef + np.linalg.solve(fit.inf, fit.score)
        fit = crr(*given, matrix, init=better, maxiter=0)
    errors = np.sqrt(np.diag(fit.var))
    yield from _coefficients(list(columns), fit.coef, errors, level)


def _columns(covariates: pd.DataFrame) -> dict[str, np.ndarray]:
    """The first level of a factor is the reference."""
    columns = {}
    for name, values in covariates.items():
        if values.dtype.kind == "f":
            columns[str(name)] = values.to_numpy()
            continue
        for level in sorted(values.unique())[1:]:
            columns[f"{name}{level}"] = (values == level).to_numpy(dtype=float)
    return columns


KINDS: dict[str, Callable[[Task, float], Numbers]] = {
    "curve": _curve,
    "logrank": _logrank,
    "cox": _cox,
    "incidence": _incidence,
    "gray": _gray,
    "subdistribution": _subdistribution,
    "amount": _amount,
}
