"""Survival standardised to patients alike: probabilities, differences and intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from analysis_lib.estimates.specification import CompleteCases
from analysis_lib.format import SUPPRESSED, counted, round_half_up
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.once import once
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import kept_results
from analysis_lib.stats.inputs import FloatArray
from analysis_lib.stats.standardised_survival import CRUDE, OUTCOME
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.standardised.estimators import (
    IMPUTED,
    LABELS,
    Drawn,
    Estimated,
    draw,
    estimators,
    imputed_estimator,
    primary_cases,
)

WHOLE, CURVE = "standardised", "standardised_curve"
DRAWN_CURVES = (CRUDE, OUTCOME)
LEAST_EVENTS = 10
# What is shown where small counts are suppressed: an average over a model, and no group's own.
OF_MODEL = (OUTCOME, IMPUTED)
DECIMALS, DECIMALS_OF_MONTHS = 2, 1
METHOD = "percentiles of bootstrap resamples of {}"


@dataclass(frozen=True)
class Standardised:
    """One endpoint: `names` are its estimators, crude first; `results` hold their numbers."""

    outcome: str
    outcome_label: str
    exposure: Grouping
    names: tuple[str, ...]
    landmarks: tuple[float, ...]
    ends: tuple[float, ...]
    by_centre: bool
    time_zero: str
    results: Results

    @property
    def whole(self) -> Key:
        """The key of what concerns every estimator."""
        return Key(WHOLE, self.outcome, "infused")

    def key(self, name: str, time: float) -> Key:
        """What the keys of one estimator at one time have in common."""
        return Key(analysis_of(name), self.outcome, "infused", time_months=float(time))

    def of_group(self, name: str, level: str, time: float) -> Key:
        return self.key(name, time).within(self.exposure, level)

    def contrast(self, name: str, level: str, time: float) -> Key:
        """The key of one group against the reference."""
        return self.key(name, time).compared(self.exposure, level)

    def curve(self, name: str, level: str) -> tuple[FloatArray, FloatArray]:
        """Times of the steps of a drawn curve; its survival and both ends of the band at each."""
        where = Key("", "", "infused").within(self.exposure, level).population
        steps = [
            row.key
            for row in self.results
            if row.key.analysis == f"{CURVE}_{name}"
            and (row.key.population, row.key.statistic) == (where, "survival")
        ]
        ends = ("survival", "survival_ci_low", "survival_ci_high")
        values = [self.results.values(key, *ends) for key in steps]
        times = np.array([key.time_months for key in steps], dtype=float)
        return times, np.array(values, dtype=float).reshape(-1, len(ends)).T

    @property
    def last_step(self) -> float:
        """The last time at which a drawn curve steps."""
        level = self.exposure.reference
        return max(float(self.curve(name, level)[0].max()) for name in DRAWN_CURVES)


def analysis_of(name: str) -> str:
    """The analysis of an estimator: `standardised_overlap`."""
    return f"{WHOLE}_{name}"


@once
def standardised_survival(study: Study, outcome: str) -> Standardised | Omitted:
    """Survival by exposure among patients alike, by every estimator, with bootstrap intervals.

    Everything is repeated in every resample: the primary model, the propensity, the curves.
    """
    results = kept_results(
        study, f"standardised_{outcome}", lambda: standardised_results(study, outcome)
    )
    if isinstance(results, Omitted):
        return results
    given, found = study.parameters, {row.key.analysis for row in results}
    whole = Key(WHOLE, outcome, "infused")
    return Standardised(
        outcome,
        study.dictionary[outcome].label,
        study.groups,
        tuple(name for name in LABELS if analysis_of(name) in found),
        tuple(map(float, given.landmarks)),
        tuple(map(float, given.rmst_months)),
        results.row(whole, "resamples").method == "centres",
        study.time_zero_phrase,
        results,
    )


def standardised_results(study: Study, outcome: str) -> Results | Omitted:
    """The numbers of `standardised_survival`, computed anew."""
    cases = primary_cases(study, outcome)
    events = int(cases.followed[1].sum())
    groups = cases.covariates[study.groups.variable]
    if events < LEAST_EVENTS or groups.nunique() < len(study.groups.levels):
        return Omitted(
            f"{study.dictionary[outcome].label}: survival is not standardised with "
            f"{counted(events, 'event')} in {counted(groups.nunique(), 'group')} of complete "
            f"cases; that takes {LEAST_EVENTS} events and a patient in each group."
        )
    drawn = draw(study, cases.patients)
    rows = [*_whole_rows(study, outcome, cases, drawn)]
    for estimated in estimators(study, cases, drawn):
        rows += _estimator_rows(study, outcome, estimated, drawn)
        if estimated.name in DRAWN_CURVES:
            rows += _curve_rows(study, outcome, estimated, drawn)
    imputed = imputed_estimator(study, outcome)
    if imputed is not None:
        rows += _estimator_rows(study, outcome, *imputed)
    return study_results(study, rows)


def _whole_rows(study: Study, outcome: str, cases: CompleteCases, drawn: Drawn) -> Iterator[Row]:
    here = context(Key(WHOLE, outcome, "infused"), n=len(cases.patients))
    yield from here.patients({"n": len(cases.patients), "events": int(cases.followed[1].sum())})
    unit = "centres" if drawn.by_centre else "patients"
    yield here.at("resamples", len(drawn.counts), method=unit)


# Of the survival of a group and of the reference; each is a row, and so are its ends.
Contrast = Callable[[FloatArray, FloatArray], FloatArray]


def _difference(group: FloatArray, reference: FloatArray) -> FloatArray:
    return group - reference


def _ratio(group: FloatArray, reference: FloatArray) -> FloatArray:
    return np.divide(group, reference, out=np.full(group.shape, np.nan), where=reference > 0)


def _hazard_ratio(group: FloatArray, reference: FloatArray) -> FloatArray:
    """Of the cumulative hazards; under proportional hazards the hazard ratio."""
    with np.errstate(divide="ignore"):
        one, other = -np.log(group), -np.log(reference)
    return _ratio(one, other)


CONTRASTS: dict[str, tuple[Contrast, str]] = {
    "survival_difference": (_difference, "proportion"),
    "survival_ratio": (_ratio, ""),
    "cumulative_hazard_ratio": (_hazard_ratio, ""),
}


def _estimator_rows(study: Study, outcome: str, of: Estimated, drawn: Drawn) -> Iterator[Row]:
    """At each landmark survival and its contrasts, up to each end the mean time and its own."""
    given, writer = study.parameters, _Writer(study, of, drawn)
    key = Key(analysis_of(of.name), outcome, "infused")
    times = np.array(given.landmarks, dtype=float)
    whole, resampled = of.survival(times)
    for i, time in enumerate(times):
        at = key._replace(time_months=float(time))
        yield from writer.groups(at, "survival", whole[:, i], resampled[:, :, i], "proportion")
        for statistic, (contrast, unit) in CONTRASTS.items():
            yield from writer.contrasts(
                at, statistic, whole[:, i], resampled[:, :, i], contrast, unit
            )
        yield from writer.numbers_needed(at, whole[:, i], resampled[:, :, i])
    ends = np.array(given.rmst_months, dtype=float)
    whole, resampled = of.mean_time(ends)
    for i, end in enumerate(ends):
        at = key._replace(time_months=float(end))
        yield from writer.groups(at, "restricted_mean", whole[:, i], resampled[:, :, i], "months")
        yield from writer.contrasts(
            at,
            "restricted_mean_difference",
            whole[:, i],
            resampled[:, :, i],
            _difference,
            "months",
        )


def _curve_rows(study: Study, outcome: str, of: Estimated, drawn: Drawn) -> Iterator[Row]:
    """The curve of each group with its band at each of its steps; none where counts are small."""
    if study.parameters.small_cell:
        return
    writer = _Writer(study, of, drawn)
    key = Key(f"{CURVE}_{of.name}", outcome, "infused")
    times = of.grid.times
    whole, resampled = of.survival(times)
    for i, time in enumerate(times):
        at = key._replace(time_months=float(time))
        yield from writer.groups(at, "survival", whole[:, i], resampled[:, :, i], "proportion")


class _Writer:
    """Rows of one estimator, withheld or rounded where small counts are suppressed."""

    def __init__(self, study: Study, of: Estimated, drawn: Drawn) -> None:
        self.exposure, self.of = study.groups, of
        self.small = study.parameters.small_cell > 0
        self.tail = drawn.tail(study.confidence_level)
        unit = "centres" if drawn.by_centre else "patients"
        self.method = f"{of.method}; {METHOD.format(unit)}"

    def groups(
        self, at: Key, statistic: str, whole: FloatArray, resampled: FloatArray, unit: str
    ) -> Iterator[Row]:
        for code, level in enumerate(self.exposure.levels):
            found = self._interval(float(whole[code]), resampled[:, code])
            yield from self._rows(at.within(self.exposure, level), statistic, found, unit)

    def contrasts(
        self,
        at: Key,
        statistic: str,
        whole: FloatArray,
        resampled: FloatArray,
        contrast: Contrast,
        unit: str,
    ) -> Iterator[Row]:
        for level, found in self._contrasted(whole, resampled, contrast):
            yield from self._rows(at.compared(self.exposure, level), statistic, found, unit)

    def numbers_needed(self, at: Key, whole: FloatArray, resampled: FloatArray) -> Iterator[Row]:
        """One over the difference and over its ends; below 0 fewer are free of the event.

        Where the interval holds 0 the number runs over infinity. Altman (1998), BMJ 317:1309.
        """
        for level, found in self._contrasted(whole, resampled, _difference):
            # Of the difference as it is shown, which it would otherwise give back.
            shown = (self._shown(x, "proportion") for x in found)
            inverse = tuple(1 / x if x else np.nan for x in shown)
            yield from self._rows(at.compared(self.exposure, level), "number_needed", inverse, "")

    def _contrasted(
        self, whole: FloatArray, resampled: FloatArray, contrast: Contrast
    ) -> Iterator[tuple[str, tuple[float, ...]]]:
        """Each group against the reference: estimate and ends."""
        for code, level in enumerate(self.exposure.levels[1:], start=1):
            estimate = float(contrast(whole[code, None], whole[0, None])[0])
            yield level, self._interval(estimate, contrast(resampled[:, code], resampled[:, 0]))

    def _interval(self, estimate: float, resampled: FloatArray) -> tuple[float, ...]:
        known = resampled[np.isfinite(resampled)]
        if np.isnan(estimate) or len(known) < len(resampled) / 2:
            return estimate, np.nan, np.nan
        low, high = np.quantile(known, [self.tail, 1 - self.tail])
        return estimate, float(low), float(high)

    def _rows(self, key: Key, statistic: str, found: tuple[float, ...], unit: str) -> list[Row]:
        here = context(key, n=self.of.n)
        shown = tuple(self._shown(x, unit) for x in found)
        return here.interval(statistic, *shown, unit=unit, method=self.method)

    def _shown(self, value: float, unit: str) -> float:
        if not self.small:
            return value
        if self.of.name not in OF_MODEL:
            return SUPPRESSED if not np.isnan(value) else value
        return round_half_up(value, DECIMALS_OF_MONTHS if unit == "months" else DECIMALS)


def parts(study: Study) -> Iterator[OfStudy]:
    """Survival among patients alike; the steps of the curves are in the figure alone."""
    for outcome in study.parameters.endpoints:
        found = standardised_survival(study, outcome)
        if isinstance(found, Omitted):
            yield found
        else:
            rows = [row for row in found.results if not row.key.analysis.startswith(CURVE)]
            yield study_results(study, rows)
