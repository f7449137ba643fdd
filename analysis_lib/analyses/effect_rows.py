"""The exposure's hazard ratios as rows alone, whatever estimated them."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.analyses.results import Key, Results, Row, context
from analysis_lib.cohort import Grouping
from analysis_lib.stats import CoxCoefficient


@dataclass(frozen=True)
class EffectRows:
    """One model as tables, figures and sentences read it: its label, and where its numbers are."""

    label: str
    key: Key
    exposure: Grouping
    results: Results

    def contrast(self, level: str) -> Key:
        """The key of one group against the reference."""
        contrast = f"{level}_vs_{self.exposure.reference}"
        return self.key._replace(variable=self.exposure.variable, level=level, contrast=contrast)


def size_rows(key: Key, n: int, events: int) -> list[Row]:
    """Patients and events of a model."""
    here = context(key, n=n)
    return [here.at("n", n, unit="patients"), here.at("events", events, unit="patients")]


def ratio_rows(key: Key, n: int, term: CoxCoefficient, method: str) -> list[Row]:
    """Ratio, interval, P, coefficient and error of one contrast, under the method given."""
    contrast = f"{term.level}_vs_{term.reference}"
    at = key._replace(variable=term.variable, level=term.level, contrast=contrast)
    here = context(at, n=n)
    method = method if term.estimable else f"not estimable: {term.reason}"
    return [
        here.at("hazard_ratio", term.hazard_ratio, method=method),
        here.at("hazard_ratio_ci_low", term.ci_low, method=method),
        here.at("hazard_ratio_ci_high", term.ci_high, method=method),
        here.at("coefficient", term.coefficient, method=method),
        here.at("std_error", term.std_error, method=method),
        here.at("p_value", term.p_value, method=method),
    ]
