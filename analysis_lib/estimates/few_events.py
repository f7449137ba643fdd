"""Hazard ratios that rest on few events: those of Firth's penalty in place of the plain ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import pandas as pd

from analysis_lib.stats.cox_results import NUMBERS, CoxCoefficient, CoxFit, Effect, not_estimable
from analysis_lib.stats.cox_robust import WeightedCox
from analysis_lib.stats.fine_gray import FineGrayFit
from analysis_lib.stats.ridge_cox import PenalisedCox

# With fewer events in either group the plain ratio is biased away from 1, or runs away, and its
# interval covers too little: Heinze & Schemper (2001), Biometrics 57:114.
LEAST_EVENTS = 5


def with_penalty(
    fit: CoxFit,
    variable: str,
    levels: Sequence[str],
    penalised: Callable[[list[str]], PenalisedCox],
) -> CoxFit:
    """The fit whose contrasts of some levels are penalised where a group has few events.

    A contrast that has no estimate, as without an event, has none here either. The penalised model
    is fitted, with intervals for the levels that it is given, only if a contrast needs it.
    """
    few = [term for term in plain_on_few(fit, variable) if term.level in levels]
    if not few:
        return fit
    found = penalised([term.level for term in few])
    return replace(
        fit,
        coefficients=tuple(
            _penalised(term, found) if term in few else term for term in fit.coefficients
        ),
    )


def plain_on_few(fit: CoxFit, variable: str) -> list[CoxCoefficient]:
    """The contrasts of a factor that rest on few events, and are estimated without a penalty."""
    return [
        term
        for term in fit.coefficients
        if term.variable == variable and term.estimable and not term.method
        if rests_on_few(fit, term)
    ]


def rests_on_few(fit: CoxFit, term: CoxCoefficient) -> bool:
    """Whether a level of a factor, or its reference, has fewer events than a plain ratio takes."""
    factor = fit.factors.get(term.variable)
    if factor is None:
        return False
    return min(term.events, factor.counts[term.reference][1]) < LEAST_EVENTS


NO_PENALTY = f"fewer than {LEAST_EVENTS} events in a group, and this model has no penalised form"


def few_levels(events: Mapping[str, int], reference: str) -> list[str]:
    """The levels that, with the reference, have fewer events than a plain ratio takes."""
    if events[reference] < LEAST_EVENTS:
        return [level for level in events if level != reference]
    return [level for level, count in events.items() if count < LEAST_EVENTS]


def events_by_level(group: pd.Series, event: pd.Series, levels: Sequence[str]) -> dict[str, int]:
    """How many of each level have the event."""
    return {level: int(event[(group == level).to_numpy()].sum()) for level in levels}


def no_ratio(term: CoxCoefficient) -> CoxCoefficient:
    """A contrast on few events in a model that has no penalised form."""
    of = Effect(term.variable, term.level, term.reference, term.n, term.events)
    return not_estimable(of, NO_PENALTY)


_Fit = TypeVar("_Fit", FineGrayFit, WeightedCox)


def without_few(fit: _Fit, variable: str, events: Mapping[str, int], reference: str) -> _Fit:
    """The fit of a model that has no penalised form, without the contrasts on few events."""
    few = few_levels(events, reference)
    return replace(
        fit,
        coefficients=tuple(
            no_ratio(term)
            if term.estimable and term.variable == variable and term.level in few
            else term
            for term in fit.coefficients
        ),
    )


def _penalised(term: CoxCoefficient, found: PenalisedCox) -> CoxCoefficient:
    own = found.coefficient(term.variable, term.level)
    numbers = {name: getattr(own, name) for name in NUMBERS}
    return replace(term, estimable=own.estimable, reason=own.reason, method=found.method, **numbers)
