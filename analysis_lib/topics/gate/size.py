"""The size of the primary model: its patients and events, and those that it would need."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis_lib.estimates.specification import complete_cases
from analysis_lib.results.disclosure.release import withheld
from analysis_lib.results.rows import Key, Row, context
from analysis_lib.stats.model_size import expected_shrinkage, required_size, risk_margin
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import Ladder
from analysis_lib.topics.gate.rules import EVENTS

METHOD = "criteria of Riley et al. (2019), R-squared 15% of its maximum"


def shrinkage(ladder: Ladder) -> Row:
    """What the primary model's patients, events and parameters let expect of its coefficients."""
    fit = ladder.baseline.fit
    key = ladder.baseline.key._replace(statistic="expected_shrinkage")
    if not (fit.degrees_of_freedom and fit.events):
        return Row(key, math.nan)
    return Row(key, expected_shrinkage(fit.n, fit.degrees_of_freedom, fit.events / fit.n))


def size_key(outcome: str) -> Key:
    """The key of what an endpoint's primary model asks for."""
    return Key(EVENTS.name, outcome, "infused")


def size_rows(study: Study, ladder: Ladder) -> Iterator[Row]:
    """Events per parameter, the size asked for, and how well everyone's risk is known.

    Each tells the events, and is withheld with them.
    """
    rows = _sizes(study, ladder)
    events = ladder.baseline.results.row(ladder.baseline.key, "events")
    return map(withheld, rows) if events.suppressed else rows


def _sizes(study: Study, ladder: Ladder) -> Iterator[Row]:
    fit, last = ladder.baseline.fit, max(study.parameters.landmarks)
    parameters = fit.degrees_of_freedom
    if not (parameters and fit.events):
        return
    here = context(size_key(ladder.outcome), n=fit.n)
    needed = required_size(parameters, fit.events / fit.n).patients
    time, _ = complete_cases(study, ladder.baseline.specification).followed
    yield here.at("events_per_parameter", fit.events / parameters)
    yield here.at("patients_needed", needed, unit="patients", method=METHOD)
    yield here.at("events_needed", math.ceil(needed * fit.events / fit.n), method=METHOD)
    margin = risk_margin(fit.events, float(time.sum()), last)
    yield here.at("risk_margin", margin, unit="proportion", method=METHOD)
