"""Hazard ratios that rest on few events: those of Firth's penalty in place of the plain ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from analysis_lib.stats.cox_results import NUMBERS, CoxCoefficient, CoxFit
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
    few = [
        term
        for term in fit.coefficients
        if (term.variable, term.estimable) == (variable, True)
        and term.level in levels
        and rests_on_few(fit, term)
    ]
    if not few:
        return fit
    found = penalised([term.level for term in few])
    return replace(
        fit,
        coefficients=tuple(
            _penalised(term, found) if term in few else term for term in fit.coefficients
        ),
    )


def rests_on_few(fit: CoxFit, term: CoxCoefficient) -> bool:
    """Whether a level of a factor, or its reference, has fewer events than a plain ratio takes."""
    factor = fit.factors.get(term.variable)
    if factor is None:
        return False
    return min(term.events, factor.counts[term.reference][1]) < LEAST_EVENTS


def _penalised(term: CoxCoefficient, found: PenalisedCox) -> CoxCoefficient:
    own = found.coefficient(term.variable, term.level)
    numbers = {name: getattr(own, name) for name in NUMBERS}
    return replace(term, estimable=own.estimable, reason=own.reason, method=found.method, **numbers)
