"""What simulated cohorts show of the estimators of consolidation."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis_lib.estimates.random_part import origin_sentence
from analysis_lib.format import (
    format_count,
    format_fixed,
    format_number,
    format_percent,
    format_ratio,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Results, unless_omitted
from analysis_lib.show.prose import Prose, escape, in_paragraphs, paragraph
from analysis_lib.topics.consolidation.follow_up import Estimator
from analysis_lib.topics.consolidation.simulated import (
    EVERYWHERE,
    SIMULATED,
    effect_key,
    simulated_estimators,
    simulation_key,
    without_waiting_key,
)


@unless_omitted
def describe_consolidation_simulation(simulated: Results) -> Prose:
    """By endpoint: the hazard ratio each estimator finds and its coverage; what of it is waiting
    and what few events; and what a significant estimate is where there is an effect.
    """
    by_outcome: dict[str, list[Estimator]] = {}
    for outcome, estimator in simulated_estimators(simulated):
        by_outcome.setdefault(outcome, []).append(estimator)
    texts = [
        paragraph(
            _simulated(simulated, outcome, escape(simulated.dictionary[outcome].label), estimators),
            _without_waiting(simulated, outcome, estimators),
            _with_effect(simulated, outcome),
        )
        for outcome, estimators in by_outcome.items()
    ]
    texts.append(paragraph(origin_sentence(simulated, EVERYWHERE)))
    return in_paragraphs(text for text in texts if str(text))


_NOTABLE = 2.0  # Monte Carlo errors


def _without_waiting(results: Results, outcome: str, estimators: Sequence[Estimator]) -> str:
    """What the estimators find where nobody waits, and what is left for waiting and few events."""
    said, waiting, few = [], [], []
    for estimator in estimators:
        key = without_waiting_key(outcome, estimator)
        if not results.has(key, "bias"):
            continue
        name, waited = _name(estimator), simulation_key(outcome, estimator)
        bias, error = results.values(key, "bias", "bias_mc_error")
        late, late_error = results.values(waited, "bias", "bias_mc_error")
        if any(map(math.isnan, (bias, error, late, late_error))):
            continue
        said.append(f"{format_ratio(results.value(key, 'hazard_ratio'))} ({name})")
        if abs(bias) > _NOTABLE * error:
            few.append(name)
        if abs(late - bias) > _NOTABLE * math.hypot(error, late_error):
            waiting.append(name)
    if not said:
        return ""
    return (
        "Where as many are treated at random, so that nobody waits, the estimates are on average "
        f"{listed(said)}: beyond two Monte Carlo errors waiting moves {_of(waiting)}, and few "
        f"events alone move {_of(few)}."
    )


def _of(names: list[str]) -> str:
    if not names:
        return "none"
    return f"the {listed(names)} {'estimate' if len(names) == 1 else 'estimates'}"


def _with_effect(results: Results, outcome: str) -> str:
    """How often an effect is found, and by how much what is significant exaggerates it."""
    key = effect_key(outcome)
    if not results.has(key, "power"):
        return ""
    truth, power, error = results.values(key, "true_hazard_ratio", "power", "power_mc_error")
    if math.isnan(power):
        return ""
    said = (
        f"Where the true hazard ratio is {format_ratio(truth)}, the time-varying interval excludes "
        f"1 in {format_percent(power, 1)} ({format_percent(error, 1)}) of the cohorts"
    )
    times, wrong = results.values(key, "exaggeration", "wrong_sign")
    if math.isnan(times):
        return f"{said}."
    return (
        f"{said}; the logarithm of such a ratio is on average {format_fixed(times, 2)} times the "
        f"truth, and on its other side in {format_percent(wrong, 1)} of them."
    )


def _simulated(
    simulated: Results, outcome: str, label: str, estimators: Sequence[Estimator]
) -> str:
    cohorts = [
        row.value
        for row in simulated
        if row.key[:2] == (SIMULATED, outcome) and row.key.statistic == "replications"
    ]
    known = [
        x for x in estimators if math.isfinite(simulated.value(simulation_key(outcome, x), "bias"))
    ]
    if not known:
        return f"{label}: no simulated cohort gives an estimate."
    found = [
        simulated.values(simulation_key(outcome, x), "hazard_ratio", "coverage") for x in known
    ]
    (ratio, coverage), *others = found
    level = format_percent(simulated.confidence_level)
    return (
        f"{label}: where the true hazard ratio is 1 ({format_count(cohorts[0])} cohorts), the "
        f"{_name(known[0])} estimate is on average {format_ratio(ratio)}, and its {level} interval "
        f"holds 1 in {format_percent(coverage, 1)} of the cohorts{_range(others)}."
    )


def _range(others: Sequence[Sequence[float]]) -> str:
    """Between what the other estimators lie, and how often their intervals hold 1."""
    if not others:
        return ""
    ratios, coverages = zip(*others, strict=True)
    low, high = format_ratio(min(ratios)), format_ratio(max(ratios))
    least, most = (format_percent(x(coverages), 1) for x in (min, max))
    return f"; the others average {low} to {high}, and hold it in {least} to {most}"


def _name(estimator: Estimator) -> str:
    if estimator.days is not None:
        return f"landmark at day {format_number(estimator.days)}"
    return {"fixed": "fixed", "time_varying": "time-varying", "cloned": "cloned"}[estimator.kind]
