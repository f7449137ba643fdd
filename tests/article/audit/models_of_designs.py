"""The estimators that made-up articles print, written apart from those of the report."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def kaplan_meier(time: Floats, event: Flags, months: float) -> tuple[float, float]:
    """S at a time, and the standard error of log S by Greenwood's formula."""
    survival, variance = 1.0, 0.0
    for moment in np.unique(time[event & (time <= months)]):
        at_risk, events = int((time >= moment).sum()), int((event & (time == moment)).sum())
        survival *= 1 - events / at_risk
        variance += events / (at_risk * (at_risk - events)) if at_risk > events else 0.0
    return survival, float(np.sqrt(variance))


def incidence(time: Floats, kind: NDArray[np.int64], wanted: int, months: float) -> float:
    """Aalen-Johansen: probability of a kind of event by a time; kind 0 is censored."""
    free, total = 1.0, 0.0
    for moment in np.unique(time[(kind > 0) & (time <= months)]):
        at_risk, here = (time >= moment).sum(), time == moment
        total += free * (here & (kind == wanted)).sum() / at_risk
        free *= 1 - (here & (kind > 0)).sum() / at_risk
    return float(total)


def cox(values: Floats, time: Floats, event: Flags) -> tuple[float, float] | None:
    """Coefficient and standard error of one term (no ties); None where it does not converge."""
    order = np.argsort(time)
    x, observed = values[order] - values.mean(), event[order]
    scale = x.std() or 1.0
    x = x / scale
    beta, information = 0.0, 0.0
    for _ in range(40):
        weight = np.exp(np.clip(beta * x, -50, 50))
        sums = [np.cumsum((weight * x**k)[::-1])[::-1] for k in range(3)]
        mean = sums[1] / sums[0]
        score = (x - mean)[observed].sum()
        information = (sums[2] / sums[0] - mean**2)[observed].sum()
        if information < 1e-6:
            return None
        step = float(np.clip(score / information, -1, 1))
        beta += step
        if abs(step) < 1e-9:
            return beta / scale, float(1 / np.sqrt(information)) / scale
    return None


def rank_sum(first: Floats, second: Floats) -> float:
    return float(stats.mannwhitneyu(first, second).pvalue)
