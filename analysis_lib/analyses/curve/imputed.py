"""The exposure's hazard ratio with missing covariates imputed, for the specification curve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import pandas as pd

from analysis_lib.analyses.curve.estimate import exposure_key
from analysis_lib.analyses.curve.space import TERMS, Choices, covariates
from analysis_lib.analyses.missing.imputed import imputation_table
from analysis_lib.analyses.missing.imputed_fits import imputed_rows
from analysis_lib.analyses.models import Specification
from analysis_lib.analyses.results import Row
from analysis_lib.cohort import Study
from analysis_lib.stats.imputation import impute

STATISTICS = (
    "hazard_ratio",
    "hazard_ratio_ci_low",
    "hazard_ratio_ci_high",
    "coefficient",
    "std_error",
    "p_value",
)


class Copies:
    """Completed copies of the patients of one study, drawn when they are first asked for."""

    def __init__(self, study: Study) -> None:
        self._study = study

    @cached_property
    def completed(self) -> list[pd.DataFrame]:
        """All infused, given every covariate of any specification, exposure and endpoints."""
        given = self._study.parameters
        # The table keeps its gaps, whatever rule the models follow.
        study = replace(self._study, parameters=replace(given, missing_rule="complete_cases"))
        terms = [name for option in TERMS for name in covariates(study, option)]
        table = imputation_table(study, study.groups.among(study.patients), terms)
        return list(impute(table, imputations=given.imputations, seed=given.seed))


def imputed_estimate(
    study: Study, choices: Choices, outcome: str, terms: tuple[str, ...], copies: Copies
) -> Iterator[Row]:
    """The pooled estimate of each group against the reference."""
    specification = Specification("", "", outcome, study.groups, terms, choices.population)
    for row in imputed_rows(study, specification, copies.completed):
        if row.key.statistic in STATISTICS:
            key = exposure_key(study, choices, outcome, row.key.level)
            yield replace(row, key=key._replace(statistic=row.key.statistic))
