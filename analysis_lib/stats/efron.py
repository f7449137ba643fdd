"""The Cox partial likelihood with Efron's ties as arrays, for work that fits it thousands of times.

`fit_cox` is the estimator of the report, with its checks for separation and its messages; this is
the same likelihood without them, about a hundred times as fast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray

LARGEST_STEP = 2.0


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Who is at risk at each event, for patients sorted by falling time.

    order : patients by falling time. events : rows of events in that order. last : last row at
    risk with each event. tie_start, tie : first event of each tied group, and each event's group.
    fraction : Efron's share of the tied events taken out of the risk set. sign : None where
    everyone is at risk from the start; else 1, and -1 in a second row that takes a late entrant
    out of the risk sets up to the entry.
    """

    order: IntArray
    events: IntArray
    last: IntArray
    tie_start: IntArray
    tie: IntArray
    fraction: FloatArray
    sign: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class EfronFit:
    """Coefficients, their information matrix, and the log-likelihood of the last step."""

    coefficients: FloatArray
    information: FloatArray
    log_likelihood: float


def risk_sets(time: FloatArray, event: BoolArray, *, entry: FloatArray | None = None) -> RiskSets:
    """Sort the patients and find the risk set of each event: those with entry < its time <= time.

    `order` names a late entrant twice.
    """
    rows, sign = np.arange(len(time)), None
    if entry is not None and event.any():
        late = np.flatnonzero(entry >= time[event].min())
        rows, time = np.append(rows, late), np.append(time, entry[late])
        event = np.append(event, np.zeros(len(late), dtype=bool))
        sign = np.append(np.ones(len(rows) - len(late)), -np.ones(len(late)))
    order = np.argsort(-time, kind="stable")
    falling = -time[order]
    events = np.flatnonzero(event[order])
    last = (np.searchsorted(falling, falling[events], side="right") - 1).astype(np.int64)
    new = np.ones(len(events), dtype=bool)
    new[1:] = last[1:] != last[:-1]
    start = np.flatnonzero(new)
    tie = np.cumsum(new) - 1
    size = np.diff(np.append(start, len(events)))
    fraction = (np.arange(len(events)) - start[tie]) / size[tie]
    in_order = None if sign is None else sign[order]
    return RiskSets(rows[order], events, last, start, tie, fraction, in_order)


def efron_step(
    sets: RiskSets, matrix: FloatArray, coefficients: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    """Score, information and log-likelihood at the coefficients; `matrix` sorted by `order`."""
    events, last, tie = sets.events, sets.last, sets.tie
    linear = matrix @ coefficients
    risk = np.exp(linear) if sets.sign is None else sets.sign * np.exp(linear)
    weighted = matrix * risk[:, None]
    tied_risk = np.add.reduceat(risk[events], sets.tie_start)[tie]
    tied_weighted = np.add.reduceat(weighted[events], sets.tie_start, axis=0)[tie]
    denominator = np.cumsum(risk)[last] - sets.fraction * tied_risk
    sums = np.cumsum(weighted, axis=0)[last] - sets.fraction[:, None] * tied_weighted
    means = sums / denominator[:, None]
    shares = np.bincount(last, 1 / denominator, minlength=len(risk))
    weights = risk * np.cumsum(shares[::-1])[::-1]
    out = np.add.reduceat(sets.fraction / denominator, sets.tie_start)[tie]
    weights[events] -= risk[events] * out
    score = matrix[events].sum(axis=0) - means.sum(axis=0)
    information = (matrix.T * weights) @ matrix - means.T @ means
    return score, information, float(linear[events].sum() - np.log(denominator).sum())


def fit_efron(
    time: FloatArray,
    event: BoolArray,
    matrix: FloatArray,
    *,
    entry: FloatArray | None = None,
    start: FloatArray | None = None,
    tolerance: float = 1e-9,
    most_steps: int = 30,
) -> EfronFit:
    """Newton-Raphson from `start` until no coefficient moves by more than the tolerance.

    R: ``survival::coxph(Surv(time, event) ~ matrix, ties = "efron")``, with `entry`
    ``Surv(entry, time, event)``. Steps are shortened to 2 per coefficient. A coefficient without
    a maximum is not found out: check it with `fit_cox`.

    Raises
    ------
    numpy.linalg.LinAlgError
        The information is singular: a column is constant or a sum of others.
    """
    sets = risk_sets(time, event, entry=entry)
    matrix = matrix[sets.order]
    coefficients = np.zeros(matrix.shape[1]) if start is None else start
    for _ in range(most_steps):
        score, information, log_likelihood = efron_step(sets, matrix, coefficients)
        step = np.linalg.solve(information, score)
        largest = float(np.abs(step).max())
        coefficients = coefficients + step * min(1.0, LARGEST_STEP / max(largest, 1e-300))
        if largest < tolerance:
            break
    return EfronFit(coefficients, information, log_likelihood)
