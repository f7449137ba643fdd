"""Rows of bootstrapped curves: survival of each group, its contrasts, mean times, intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analysis_lib.format import round_half_up
from analysis_lib.marks import SUPPRESSED
from analysis_lib.results.rows import Key, Results, Row, context
from analysis_lib.stats.inputs import FloatArray
from analysis_lib.stats.many_curves import step_values
from analysis_lib.study.exposure import Grouping
from analysis_lib.topics.standardised.estimators import Drawn, Estimated

DECIMALS, DECIMALS_OF_MONTHS = 2, 1
METHOD = "percentiles of bootstrap resamples of {}"


# Of the survival of a group and of the reference; each is a row, and so are its ends.
Contrast = Callable[[FloatArray, FloatArray], FloatArray]


def difference(group: FloatArray, reference: FloatArray) -> FloatArray:
    return group - reference


def _ratio(group: FloatArray, reference: FloatArray) -> FloatArray:
    return np.divide(group, reference, out=np.full(group.shape, np.nan), where=reference > 0)


def _hazard_ratio(group: FloatArray, reference: FloatArray) -> FloatArray:
    """Of the cumulative hazards; under proportional hazards the hazard ratio."""
    with np.errstate(divide="ignore"):
        one, other = -np.log(group), -np.log(reference)
    return _ratio(one, other)


CONTRASTS: dict[str, tuple[Contrast, str]] = {
    "survival_difference": (difference, "proportion"),
    "survival_ratio": (_ratio, ""),
    "cumulative_hazard_ratio": (_hazard_ratio, ""),
}


@dataclass(frozen=True, eq=False)
class Writer:
    """Writes the rows of one estimator in some groups, of which the first is the reference.

    Where small counts are suppressed they are withheld, or rounded if they are averages `of_model`.
    Where there is a reason not to compare the groups, no contrast is estimated.
    """

    exposure: Grouping
    of: Estimated
    drawn: Drawn
    confidence_level: float
    small_cell: int
    of_model: bool
    not_compared: str = ""

    @property
    def method(self) -> str:
        unit = "centres" if self.drawn.by_centre else "patients"
        return f"{self.of.method}; {METHOD.format(unit)}"

    def at_landmarks(self, key: Key, landmarks: Sequence[float]) -> Iterator[Row]:
        """Survival of each group at each landmark, with everything that compares them."""
        whole, resampled = self.of.survival(np.array(landmarks, dtype=float))
        for i, time in enumerate(landmarks):
            at, values = key._replace(time_months=float(time)), (whole[:, i], resampled[:, :, i])
            yield from self.groups(at, "survival", *values, "proportion")
            for statistic, (contrast, unit) in CONTRASTS.items():
                yield from self.contrasts(at, statistic, *values, contrast, unit)
            yield from self.numbers_needed(at, *values)

    def up_to(self, key: Key, ends: Sequence[float]) -> Iterator[Row]:
        """Mean time of each group up to each end, and the differences."""
        name = "restricted_mean"
        whole, resampled = self.of.mean_time(np.array(ends, dtype=float))
        for i, end in enumerate(ends):
            at, values = key._replace(time_months=float(end)), (whole[:, i], resampled[:, :, i])
            yield from self.groups(at, name, *values, "months")
            yield from self.contrasts(at, f"{name}_difference", *values, difference, "months")

    def incidences(
        self, key: Key, landmarks: Sequence[float], whole: FloatArray, resampled: FloatArray
    ) -> Iterator[Row]:
        """Rising curves, (groups, times) and of the resamples, at each landmark, and compared."""
        times, grid = np.array(landmarks, dtype=float), self.of.grid.times
        known = np.where(times <= self.of.known[:, None], 0.0, np.nan)
        at_times = 1 - step_values(1 - whole, grid, times) + known
        drawn = 1 - step_values(1 - resampled, grid, times)
        for i, time in enumerate(landmarks):
            at, values = key._replace(time_months=float(time)), (at_times[:, i], drawn[:, :, i])
            yield from self.groups(at, "incidence", *values, "proportion")
            yield from self.contrasts(at, "incidence_difference", *values, difference, "proportion")

    def at_steps(self, key: Key) -> Iterator[Row]:
        """Survival of each group at each step of the curves; none where counts are small."""
        if self.small_cell:
            return
        whole, resampled = self.of.survival(self.of.grid.times)
        for i, time in enumerate(self.of.grid.times):
            at = key._replace(time_months=float(time))
            yield from self.groups(at, "survival", whole[:, i], resampled[:, :, i], "proportion")

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
            yield from self._compared(at.compared(self.exposure, level), statistic, found, unit)

    def numbers_needed(self, at: Key, whole: FloatArray, resampled: FloatArray) -> Iterator[Row]:
        """One over the difference and over its ends; below 0 fewer are free of the event.

        Where the interval holds 0 the number runs over infinity. Altman (1998), BMJ 317:1309.
        """
        for level, found in self._contrasted(whole, resampled, difference):
            # Of the difference as it is shown, which it would otherwise give back.
            shown = (self._shown(x, "proportion") for x in found)
            inverse = tuple(1 / x if x else np.nan for x in shown)
            yield from self._compared(at.compared(self.exposure, level), "number_needed", inverse)

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
        tail = self.drawn.tail(self.confidence_level)
        low, high = np.quantile(known, [tail, 1 - tail])
        return estimate, float(low), float(high)

    def _compared(
        self, key: Key, statistic: str, found: tuple[float, ...], unit: str = ""
    ) -> list[Row]:
        if not self.not_compared:
            return self._rows(key, statistic, found, unit)
        here, none = context(key, n=self.of.n), (np.nan,) * 3
        method = f"not estimable: {self.not_compared}"
        return here.interval(statistic, *none, unit=unit, method=method)

    def _rows(self, key: Key, statistic: str, found: tuple[float, ...], unit: str) -> list[Row]:
        here = context(key, n=self.of.n)
        shown = tuple(self._shown(x, unit) for x in found)
        return here.interval(statistic, *shown, unit=unit, method=self.method)

    def _shown(self, value: float, unit: str) -> float:
        if not self.small_cell:
            return value
        if not self.of_model:
            return SUPPRESSED if not np.isnan(value) else value
        return round_half_up(value, DECIMALS_OF_MONTHS if unit == "months" else DECIMALS)


def curve_of_rows(
    results: Results, analysis: str, population: str
) -> tuple[FloatArray, FloatArray]:
    """Times of the steps of a curve; its survival and both ends of the band at each."""
    steps = [
        row.key
        for row in results
        if (row.key.analysis, row.key.population) == (analysis, population)
        and row.key.statistic == "survival"
    ]
    ends = ("survival", "survival_ci_low", "survival_ci_high")
    values = [results.values(key, *ends) for key in steps]
    times = np.array([key.time_months for key in steps], dtype=float)
    return times, np.array(values, dtype=float).reshape(-1, len(ends)).T
