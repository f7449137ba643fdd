"""Weighted groups: how alike they are, and how many patients that costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.propensity import Propensity
from analysis_lib.analyses.results import Key, Results, Row, context, population, study_results
from analysis_lib.cohort import Grouping, Study
from analysis_lib.dictionary import Variable
from analysis_lib.stats import (
    StandardizedDifference,
    effective_sample_size,
    inverse_probability_weights,
    overlap_weights,
    weighted_continuous_difference,
    weighted_multinomial_difference,
)

# Exact balance leaves a remainder of machine precision, which differs from machine to machine.
ROUNDING = 1e-9
IMBALANCE = 0.1  # the customary bound of a negligible difference


@dataclass(frozen=True, eq=False)
class Scheme:
    """One way to weigh the complete cases."""

    name: str
    label: str
    weights: npt.NDArray[np.float64]

    @property
    def analysis(self) -> str:
        return f"weighting_{self.name}"


@dataclass(frozen=True)
class Weighting:
    """The groups unweighted and under each scheme; `schemes[0]` is unweighted."""

    propensity: Propensity
    schemes: tuple[Scheme, ...]
    variables: tuple[Variable, ...]
    results: Results

    @property
    def exposure(self) -> Grouping:
        return self.propensity.exposure


def weigh_groups(study: Study, propensity: Propensity | Omitted) -> Weighting | Omitted:
    """Inverse-probability and overlap weights; balance and effective size of each group."""
    if isinstance(propensity, Omitted):
        return propensity
    probabilities, codes = propensity.fit.probabilities, propensity.codes
    schemes = (
        Scheme("none", "Unweighted", np.ones(len(codes))),
        Scheme("iptw", "Inverse probability", inverse_probability_weights(probabilities, codes)),
        Scheme("overlap", "Overlap", overlap_weights(probabilities, codes)),
    )
    variables = tuple(study.dictionary[name] for name in propensity.terms)
    rows = [row for scheme in schemes for row in _rows(propensity, scheme)]
    return Weighting(propensity, schemes, variables, study_results(study, rows))


def _rows(propensity: Propensity, scheme: Scheme) -> Iterator[Row]:
    exposure = propensity.exposure
    for code, level in enumerate(exposure.levels):
        own = scheme.weights[propensity.codes == code]
        key = Key(scheme.analysis, population=population("infused", exposure, level))
        here = context(key, n=len(own))
        yield here.at("n", len(own), unit="patients")
        yield here.at("effective_sample_size", effective_sample_size(own), method="Kish")
        yield here.at("largest_weight", float(own.max() / own.mean()))
    for name in propensity.terms:
        for level in exposure.levels[1:]:
            difference = _difference(propensity, scheme, name, level)
            contrast = f"{level}_vs_{exposure.reference}"
            key = Key(scheme.analysis, population="infused", variable=name, contrast=contrast)
            size = abs(difference.estimate)
            yield context(key, n=difference.n_1 + difference.n_2).at(
                "standardized_difference",
                0.0 if size < ROUNDING else size,
                method=difference.method,
            )


def _difference(
    propensity: Propensity, scheme: Scheme, name: str, level: str
) -> StandardizedDifference:
    values = propensity.covariates[name]
    arms = [
        propensity.codes == propensity.exposure.levels.index(x)
        for x in (level, propensity.exposure.reference)
    ]
    if not isinstance(values.dtype, pd.CategoricalDtype):
        pairs = [(values.to_numpy()[arm], scheme.weights[arm]) for arm in arms]
        return weighted_continuous_difference(*pairs[0], *pairs[1])
    level_codes, levels = values.cat.codes.to_numpy(), len(values.cat.categories)
    shares = [
        np.bincount(level_codes[arm], weights=scheme.weights[arm], minlength=levels) for arm in arms
    ]
    sizes = [int(arm.sum()) for arm in arms]
    return weighted_multinomial_difference(shares[0], sizes[0], shares[1], sizes[1])
