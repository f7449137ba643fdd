"""The resamples and the simulated cohorts as they are shown, from their rows alone."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.regression import OUTCOME
from analysis_lib.analyses.results import Key, Results
from analysis_lib.analyses.screening.bootstrap import HELD, REPEATED
from analysis_lib.analyses.screening.coverage import ESTIMATORS, TRUTHS, simulation_key
from analysis_lib.cohort import Grouping, Study


@dataclass(frozen=True)
class ScreenStability:
    """The screen in resamples: `candidates` are (name, label), those forced named in `forced`."""

    exposure: Grouping
    candidates: tuple[tuple[str, str], ...]
    forced: tuple[str, ...]
    population: str
    entry_p: float
    results: Results

    @property
    def key(self) -> Key:
        """What the keys of the repeated screen have in common."""
        return Key(REPEATED, OUTCOME, self.population)

    def contrast(self, level: str, *, held: bool = False) -> Key:
        """One group against the reference, the screen repeated or its terms held."""
        contrast = f"{level}_vs_{self.exposure.reference}"
        return self.key._replace(
            analysis=HELD if held else REPEATED,
            variable=self.exposure.variable,
            level=level,
            contrast=contrast,
        )


@dataclass(frozen=True)
class ScreenCoverage:
    """Bias and coverage in simulated cohorts; `keys` are (truth, estimator, key)."""

    exposure: Grouping
    keys: tuple[tuple[str, str, Key], ...]
    results: Results

    def contrast(self, key: Key, level: str) -> Key:
        """One group against the reference."""
        contrast = f"{level}_vs_{self.exposure.reference}"
        return key._replace(variable=self.exposure.variable, level=level, contrast=contrast)


def screen_stability(study: Study, results: Results | Omitted) -> ScreenStability | Omitted:
    """What `screen_bootstrap_results` found."""
    if isinstance(results, Omitted):
        return results
    names = [row.key.variable for row in results if row.key.statistic == "selected"]
    return ScreenStability(
        study.groups,
        tuple((name, study.dictionary[name].label) for name in names),
        tuple(name for name in names if name in study.parameters.forced_terms),
        study.parameters.model_population,
        study.parameters.entry_p,
        results,
    )


def screen_coverage(study: Study, results: Results | Omitted) -> ScreenCoverage | Omitted:
    """What `screen_simulation_results` found."""
    if isinstance(results, Omitted):
        return results
    keys = tuple(
        (truth, estimator, simulation_key(study, truth, estimator))
        for truth in TRUTHS
        for estimator in ESTIMATORS
    )
    return ScreenCoverage(study.groups, keys, results)
