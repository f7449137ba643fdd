"""What the extract does not record: values by variable and exposure, and what models lose by it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analysis_lib.dictionary import Variable
from analysis_lib.estimates.describe import count_rows, counts_by_group, difference_row, share_rows
from analysis_lib.estimates.specification import Specification, complete_cases, model_patients
from analysis_lib.intake.rules.combinations import MEASURED, RECORDED
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.standardized_difference import binary_difference
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import baseline_specification, published_specification
from analysis_lib.topics.missing.patterns import (
    Pattern,
    concerned,
    find_patterns,
    lacking,
    pattern_rows,
)

MISSING_VALUES = "missing_values"
# Named by these the report asks for nothing more of them, or an empty value is an answer.
UNASKED = (
    "patient_id",
    "data_origin",
    "product_access",
    "response_not_evaluable_reason",
    "relapse_date",
    "death_date",
)
COMPLETE_CASES = {
    "complete_cases_baseline": "primary adjusted model",
    "complete_cases_as_published": "fixed-term model A",
}


@dataclass(frozen=True)
class CountedModel:
    """The patients of one model without a gap in its covariates, under `key`."""

    label: str
    key: Key


@dataclass(frozen=True)
class MissingData:
    """`variables` lack a value in someone they concern, `complete` in nobody, `absent` in all.

    `covariates` are those of the models that are missing in someone, in the order of the models.
    """

    grouping: Grouping
    variables: tuple[Variable, ...]
    complete: tuple[Variable, ...]
    absent: tuple[Variable, ...]
    covariates: tuple[Variable, ...]
    patterns: tuple[Pattern, ...]
    models: tuple[CountedModel, ...]
    patients: int
    results: Results


@once
def missing_data(study: Study) -> MissingData:
    """Share of values that are missing among the patients concerned, overall and by exposure.

    A value that does not apply to a patient is none that is missing. Groups are compared by the
    difference of the shares (Newcombe 1998) and by its standardised form (Austin 2009).
    """
    patients = study.groups.among(study.patients)
    asked = _asked(study)
    empty = [v for v in asked if patients[v.name].isna().all()]
    present = [v for v in asked if v not in empty and concerned(patients, v).any()]
    rows: list[Row] = []
    for variable in present:
        rows += _variable_rows(study, patients, variable)
    gaps = [v for v in present if lacking(patients, v).any()]
    specifications = _models(study)
    terms = dict.fromkeys(name for one in specifications for name in one.terms)
    covariates = [study.dictionary[name] for name in terms]
    incomplete = [v for v in covariates if lacking(patients, v).any()]
    # That there is one, and their order, would tell of counts that are suppressed.
    patterns = find_patterns(patients, incomplete)[: 1 if study.parameters.small_cell else None]
    rows += pattern_rows(study, patients, incomplete, patterns)
    rows += _complete_case_rows(study, specifications)
    return MissingData(
        study.groups,
        tuple(gaps),
        tuple(v for v in present if v not in gaps),
        tuple(v for v in empty if study.asks_for(v.name)),
        tuple(incomplete),
        patterns,
        tuple(CountedModel(COMPLETE_CASES[one.name], _complete_key(one)) for one in specifications),
        len(patients),
        study_results(study, rows),
    )


def _asked(study: Study) -> list[Variable]:
    """The extract's variables of which the report asks a value: one way to a response is enough.

    Where no response is recorded, a date of it may be that of a remission, and an empty one an
    answer.
    """
    other = () if study.patients[RECORDED].notna().any() else (RECORDED,)
    unused = other or (MEASURED if study.patients[list(MEASURED)].isna().all(axis=None) else ())
    if study.patients["response"].isna().all():
        unused = (*unused, "response_date")
    return [v for v in study.dictionary.extract() if v.name not in (*UNASKED, *unused)]


def _variable_rows(study: Study, patients: pd.DataFrame, variable: Variable) -> list[Row]:
    key = Key(MISSING_VALUES, population="infused", variable=variable.name, level="missing")
    among = patients[concerned(patients, variable)]
    gap, groups = lacking(among, variable), study.groups
    rows, counts = (
        share_rows(study, among, gap, key, tested=False),
        counts_by_group(among, gap, groups),
    )
    for level in groups.levels[1:]:
        found = binary_difference(*counts[level], *counts[groups.reference])
        rows.append(difference_row(context(key._replace(contrast=groups.against(level))), found))
    return rows


def _models(study: Study) -> list[Specification]:
    """The models whose complete cases are counted: the primary one and the article's."""
    baseline, published = COMPLETE_CASES
    return [
        baseline_specification(study, study.parameters.endpoints[0], name=baseline),
        published_specification(study, name=published, label=""),
    ]


def _complete_key(specification: Specification) -> Key:
    return Key(specification.name, population=specification.population, statistic="count")


def _complete_case_rows(study: Study, specifications: list[Specification]) -> list[Row]:
    """Whatever the rule for missing values is, these are the patients without any."""
    parameters = replace(study.parameters, missing_rule="complete_cases")
    rows: list[Row] = []
    for one in specifications:
        among = study.groups.among(model_patients(study, one.population))
        cases = complete_cases(replace(study, parameters=parameters), one, among)
        here = context(_complete_key(one))
        rows += count_rows(here, len(cases.covariates), len(among), study.confidence_level)
    return rows
