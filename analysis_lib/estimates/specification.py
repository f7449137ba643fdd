"""What a Cox model holds: exposure and covariates, and the patients who have them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis_lib.dictionary import Variable
from analysis_lib.results.disclosure.models import withheld_counts
from analysis_lib.results.rows import Key
from analysis_lib.results.store import once
from analysis_lib.stats.cox_intervals import fit_cox_entered
from analysis_lib.stats.cox_results import CoxFit
from analysis_lib.stats.firth_cox import fit_firth_cox
from analysis_lib.stats.ridge_cox import PenalisedCox
from analysis_lib.study.endpoints import entry_of, time_and_event
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study


@dataclass(frozen=True)
class Specification:
    """What goes into a model: the exposure's grouping and the covariates beside it."""

    name: str
    label: str
    outcome: str
    exposure: Grouping
    terms: tuple[str, ...]
    population: str

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.exposure.variable, *self.terms)

    @property
    def key(self) -> Key:
        """What the keys of the model's rows have in common."""
        return Key(f"cox_{self.name}", self.outcome, self.population)


@once
def model_patients(study: Study, population: str) -> pd.DataFrame:
    """The patients in whom the models are fitted: the responders, or everyone infused."""
    patients = study.patients
    return patients[patients["cr_cri"] == "yes"] if population == "responders" else patients


def varying_terms(patients: pd.DataFrame, terms: Iterable[str]) -> tuple[str, ...]:
    """The terms that a model of these patients can hold: those that are not the same in all."""
    return tuple(name for name in terms if patients[name].nunique() > 1)


@dataclass(frozen=True, eq=False)
class CompleteCases:
    """The patients of a model who have all its covariates: rows of the `whole` study's table.

    Of the `considered`, `excluded` counts those without a value, per variable.
    """

    whole: pd.DataFrame
    covariates: pd.DataFrame
    outcome: str
    considered: int
    excluded: dict[str, int]

    @property
    def patients(self) -> pd.DataFrame:
        """All that is known of them: taken when it is asked for, lest each model hold a copy."""
        return self.whole.loc[self.covariates.index]

    @property
    def followed(self) -> tuple[pd.Series, pd.Series]:
        """Months to the endpoint, and its event."""
        time, event = time_and_event(self.whole, self.outcome)
        return time.loc[self.covariates.index], event.loc[self.covariates.index]

    @property
    def entry(self) -> pd.Series | None:
        """Months after which a patient is at risk; None where all are from the start."""
        entry = entry_of(self.whole, self.outcome)
        return None if entry is None else entry.loc[self.covariates.index]

    def cox(self, confidence_level: float, *, of_record: bool = False) -> CoxFit:
        """The model of these cases; that of record is fitted by lifelines."""
        return fit_cox_entered(
            self.entry,
            *self.followed,
            self.covariates,
            confidence_level=confidence_level,
            of_record=of_record,
        )

    def penalised(
        self, variable: str, levels: Sequence[str], confidence_level: float
    ) -> PenalisedCox:
        """The same with Firth's penalty, and profile intervals for some levels of a variable."""
        return fit_firth_cox(
            *self.followed,
            self.covariates,
            entry=self.entry,
            profiled=variable,
            levels=levels,
            confidence_level=confidence_level,
        )


def complete_cases(
    study: Study, specification: Specification, among: pd.DataFrame | None = None
) -> CompleteCases:
    """Those of the specification's population; `among` are its patients where they are fewer."""
    patients = model_patients(study, specification.population) if among is None else among
    covariates, excluded = design(patients, specification, study)
    return CompleteCases(study.patients, covariates, specification.outcome, len(patients), excluded)


def design(
    patients: pd.DataFrame, specification: Specification, study: Study
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Covariates of the complete cases, and the patients each variable leaves out.

    With `missing_as_level` a missing category is a level of its own; a missing number still
    leaves its patient out.
    """
    frame = typed_covariates(patients, specification, study)
    missing = frame.isna()
    excluded = {str(name): int(count) for name, count in missing.sum().items() if count}
    return frame[~missing.any(axis=1)], withheld_counts(study, excluded)


def typed_covariates(
    patients: pd.DataFrame, specification: Specification, study: Study
) -> pd.DataFrame:
    """The exposure and the terms, typed for a model, with what is missing still in place."""
    columns = {
        name: _covariate(patients[name], study.dictionary[name], study.parameters.missing_rule)
        for name in specification.terms
    }
    exposure = specification.exposure
    return pd.DataFrame({exposure.variable: exposure.of(patients), **columns})


def _covariate(values: pd.Series, variable: Variable, missing_rule: str) -> pd.Series:
    if variable.is_numeric:
        return values.astype("Float64").astype(float)
    levels = variable.ordered_levels or tuple(values.cat.categories)
    factor = values.cat.set_categories(levels)
    if missing_rule == "missing_as_level" and factor.isna().any():
        factor = factor.cat.add_categories(["missing"]).fillna("missing")
    return factor
