"""The propensity of each group, the weighted groups, and what weighting costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import isnan, nan

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis_lib.dictionary import Variable
from analysis_lib.estimates.describe import difference_row, quantity_rows
from analysis_lib.estimates.specification import complete_cases
from analysis_lib.format import is_suppressed
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.propensity import PropensityFit, fit_propensity
from analysis_lib.stats.standardized_difference import (
    StandardizedDifference,
    weighted_continuous_difference,
    weighted_multinomial_difference,
)
from analysis_lib.stats.weighted_kaplan_meier import (
    effective_sample_size,
    inverse_probability_weights,
    overlap_weights,
)
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import baseline_specification

ANALYSIS = "propensity"
EXTREME = 0.05
IPTW, OVERLAP = "iptw", "overlap"


@dataclass(frozen=True, eq=False)
class Propensity:
    """Fitted in the complete cases of the baseline terms; `codes` index the exposure's levels.

    `determined` holds the baseline terms that the exposure itself fixes, which are no covariates
    of it.
    """

    exposure: Grouping
    terms: tuple[str, ...]
    determined: tuple[str, ...]
    patients: pd.DataFrame
    covariates: pd.DataFrame
    codes: npt.NDArray[np.int64]
    fit: PropensityFit
    considered: int
    results: Results

    def of(self, level: str) -> npt.NDArray[np.float64]:
        """Every patient's probability to be in a group."""
        return self.fit.probabilities[:, self.exposure.levels.index(level)]

    def extreme(self) -> npt.NDArray[np.bool_]:
        """Patients whose probability of some group is extreme."""
        low, high = self.fit.probabilities < EXTREME, self.fit.probabilities > 1 - EXTREME
        return np.asarray(np.any(low | high, axis=1), dtype=np.bool_)


@once
def exposure_propensity(study: Study) -> Propensity | Omitted:
    """Multinomial logistic regression of the exposure on the terms of the primary model."""
    exposure, patients = study.groups, study.patients
    given = baseline_specification(study, study.parameters.endpoints[0])
    determined = tuple(x for x in given.terms if determines(patients, exposure.variable, x))
    terms = tuple(x for x in given.terms if x not in determined)
    if not terms:
        return Omitted("No baseline covariate is left to weigh the groups by.")
    cases = complete_cases(study, replace(given, terms=terms))
    covariates = cases.covariates
    group = covariates.pop(exposure.variable)
    counts = group.value_counts().reindex(list(exposure.levels), fill_value=0)
    smallest = int(counts.min())
    columns = _columns(covariates)
    if smallest <= columns:
        return Omitted(
            f"The smallest group holds {smallest} complete cases for a propensity of {columns} "
            "coefficients; weighting is left out."
        )
    fit = fit_propensity(group, covariates)
    made = Propensity(
        exposure,
        terms,
        determined,
        cases.patients,
        covariates,
        group.cat.codes.to_numpy().astype(np.int64),
        fit,
        cases.considered,
        study_results(study, ()),
    )
    return replace(made, results=study_results(study, _rows(made)))


def determines(patients: pd.DataFrame, first: str, second: str) -> bool:
    """Whether everyone alike in the first variable is alike in the second: its coarser form."""
    pairs = patients[[first, second]].dropna().drop_duplicates()
    return len(pairs) == pairs[first].nunique()


def _columns(covariates: pd.DataFrame) -> int:
    """Coefficients of the propensity, the intercept among them."""
    sizes = [
        max(covariates[name].nunique() - 1, 0)
        if isinstance(covariates[name].dtype, pd.CategoricalDtype)
        else 1
        for name in covariates
    ]
    return 1 + sum(sizes)


def _rows(made: Propensity) -> Iterator[Row]:
    exposure, fit = made.exposure, made.fit
    key = Key(ANALYSIS, population="infused", variable=exposure.variable)
    here = context(key, n=len(made.codes))
    separated = ", some patients are told apart without exception" if fit.separated else ""
    yield here.at("n", len(made.codes), unit="patients", method=fit.method + separated)
    yield here.at("excluded", made.considered - len(made.codes), unit="patients")
    yield here.at("parameters", fit.parameters)
    yield here.at("terms", len(made.terms))
    yield here.at("log_likelihood", fit.log_likelihood, method=fit.method)
    for code, arm in enumerate(exposure.levels):
        inside = made.codes == code
        at_arm, n = key.within(exposure, arm), int(inside.sum())
        extreme = int(made.extreme()[inside].sum())
        yield context(at_arm, n=n).at("extreme", extreme, unit="patients")
        for level in exposure.levels[1:]:
            at = context(at_arm._replace(level=level), n=n)
            yield from quantity_rows(at, pd.Series(made.of(level)[inside]), "proportion")


# Exact balance leaves a remainder of machine precision, which differs from machine to machine.
ROUNDING = 1e-9


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


@once
def weigh_groups(study: Study) -> Weighting | Omitted:
    """Inverse-probability and overlap weights; balance and effective size of each group."""
    propensity = exposure_propensity(study)
    if isinstance(propensity, Omitted):
        return propensity
    probabilities, codes = propensity.fit.probabilities, propensity.codes
    schemes = (
        Scheme("none", "Unweighted", np.ones(len(codes))),
        Scheme(IPTW, "Inverse probability", inverse_probability_weights(probabilities, codes)),
        Scheme(OVERLAP, "Overlap", overlap_weights(probabilities, codes)),
    )
    variables = tuple(study.dictionary[name] for name in propensity.terms)
    rows = [row for scheme in schemes for row in _scheme_rows(propensity, scheme)]
    return Weighting(propensity, schemes, variables, study_results(study, rows))


def largest(differences: Iterable[float]) -> float:
    """The largest that is known; withheld where one of them is, which may be larger."""
    found = list(differences)
    hidden = [x for x in found if is_suppressed(x)]
    return hidden[0] if hidden else max((x for x in found if not isnan(x)), default=nan)


def _scheme_rows(propensity: Propensity, scheme: Scheme) -> Iterator[Row]:
    exposure, whole = propensity.exposure, Key(scheme.analysis, population="infused")
    for code, level in enumerate(exposure.levels):
        own = scheme.weights[propensity.codes == code]
        here = context(whole.within(exposure, level), n=len(own))
        yield here.at("n", len(own), unit="patients")
        yield here.at("effective_sample_size", effective_sample_size(own), method="Kish")
        yield here.at("largest_weight", float(own.max() / own.mean()))
    for name in propensity.terms:
        for level in exposure.levels[1:]:
            found = _difference(propensity, scheme, name, level)
            if abs(found.estimate) < ROUNDING:
                found = replace(found, estimate=0.0)
            yield difference_row(
                context(whole._replace(variable=name, contrast=exposure.against(level))), found
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
