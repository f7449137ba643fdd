"""Models with missing covariates: multiple imputation beside complete cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis_lib.analyses.disclosure import withheld_count
from analysis_lib.analyses.effect_rows import EffectRows
from analysis_lib.analyses.effects import analysis_key
from analysis_lib.analyses.ladder import (
    PUBLISHED_OUTCOME,
    baseline_specification,
    published_specification,
)
from analysis_lib.analyses.missing.imputed_fits import (
    COMPLETE,
    IMPUTED,
    complete_rows,
    imputed_rows,
)
from analysis_lib.analyses.models import Specification, typed_covariates
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Results, Row, study_results
from analysis_lib.cohort import Study
from analysis_lib.format import counted
from analysis_lib.stats.imputation import impute
from analysis_lib.stats.nelson_aalen import cumulative_hazard

LEAST_EVENTS = 10


@dataclass(frozen=True)
class Pair:
    """One model in its complete cases and in everyone, with gaps imputed."""

    outcome: str
    label: str
    complete: EffectRows
    imputed: EffectRows


@dataclass(frozen=True)
class Imputed:
    """Pairs of models; `incomplete` are (variable, patients without a value)."""

    pairs: tuple[Pair, ...]
    incomplete: tuple[tuple[str, int], ...]
    imputations: int
    patients: int
    results: Results


def imputed_effects(study: Study) -> Imputed | Omitted:
    """The primary model of each endpoint and the article's, imputed and in complete cases.

    All infused are imputed once for all models, given every covariate of any of them, the
    exposure, and each endpoint as event and cumulative hazard (White & Royston 2009).
    """
    study = replace(study, parameters=replace(study.parameters, missing_rule="complete_cases"))
    specifications = _specifications(study)
    patients = study.groups.among(study.patients)
    table = imputation_table(
        study, patients, [name for _, one in specifications for name in one.terms]
    )
    incomplete = [
        (str(name), withheld_count(study, int(count)))
        for name, count in table.isna().sum().items()
        if count
    ]
    if not incomplete:
        return Omitted("No covariate of these models is missing in anyone; nothing is imputed.")
    events = int(patients[f"{specifications[0][1].outcome}_event"].sum())
    if events < LEAST_EVENTS:
        return Omitted(
            f"Nothing is imputed with {counted(events, 'event')}; a model of imputed covariates "
            f"takes {LEAST_EVENTS}."
        )
    copies = list(
        impute(table, imputations=study.parameters.imputations, seed=study.parameters.seed)
    )
    rows: list[Row] = []
    for _, specification in specifications:
        rows += complete_rows(study, specification, table)
        rows += imputed_rows(study, specification, copies)
    results = study_results(study, rows)
    pairs = tuple(_pair(study, label, one, results) for label, one in specifications)
    return Imputed(pairs, tuple(incomplete), study.parameters.imputations, len(patients), results)


def _specifications(study: Study) -> list[tuple[str, Specification]]:
    """The models with the labels of their pairs."""
    made = []
    for outcome in study.parameters.endpoints:
        name = study.dictionary[outcome].label
        of_baseline = baseline_specification(study, outcome, name="baseline")
        made.append((f"{name}, baseline-adjusted", of_baseline))
        if outcome == PUBLISHED_OUTCOME:
            published = published_specification(study, name="as_published", label="")
            made.append((f"{name}, model A", published))
    return made


def _pair(study: Study, label: str, of: Specification, results: Results) -> Pair:
    of_both = [
        EffectRows(
            heading,
            analysis_key(replace(of, name=f"{name}_{of.name}")),
            study.groups,
            results,
        )
        for name, heading in ((COMPLETE, "Complete cases"), (IMPUTED, "Multiple imputation"))
    ]
    return Pair(of.outcome, label, *of_both)


def imputation_table(study: Study, patients: pd.DataFrame, terms: Sequence[str]) -> pd.DataFrame:
    """What is imputed and what it is imputed from: exposure, covariates, endpoints."""
    every = Specification("", "", "", study.groups, tuple(dict.fromkeys(terms)), "")
    columns = dict(typed_covariates(patients, every, study))
    for outcome in study.parameters.endpoints:
        time, event = patients[f"{outcome}_months"], patients[f"{outcome}_event"]
        columns[f"{outcome}_event"] = event.astype(float)
        columns[f"{outcome}_hazard"] = pd.Series(cumulative_hazard(time, event), patients.index)
    return pd.DataFrame(columns)
