"""Table 1: what the groups were like before infusion, by exposure, response to it and timing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.estimates.describe import (
    chi_square_rows,
    count_rows,
    quantity_rows,
    rank_row,
    standardized_difference_rows,
)
from analysis_lib.parameters.presets import ARTICLE
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study

# Age groups that only the article has, with gaps between them.
OF_ARTICLE = "age_group_as_published"


@dataclass(frozen=True)
class Baseline:
    """A baseline table: its columns are `grouping`, its rows `variables` in order."""

    analysis: str
    grouping: Grouping
    variables: tuple[Variable, ...]
    absent: tuple[Variable, ...]
    results: Results

    @property
    def is_tested(self) -> bool:
        """Whether differences are tested: not where chance alone made them."""
        return any(row.key.statistic == "p_value" for row in self.results)


@once
def baseline_by_exposure(study: Study) -> Baseline:
    """Baseline characteristics by exposure, with an overall column."""
    return _baseline(study, study.groups, "baseline_by_exposure")


@once
def baseline_by_response(study: Study) -> Baseline | Omitted:
    """Baseline characteristics of the exposed by their response to the exposure."""
    if study.exposure.response is None:
        return Omitted(
            f"The extract records no response to the exposure, {study.exposure.phrase}; "
            "the table by response to it is left out."
        )
    return _baseline(study, study.exposure.response, "baseline_by_response")


@once
def baseline_by_timing(study: Study) -> Baseline | Omitted:
    """Baseline characteristics of the exposed by the timing of the exposure."""
    if study.exposure.timing is None:
        return Omitted(
            f"The extract records no timing of {study.exposure.phrase}; "
            "the table by timing is left out."
        )
    return _baseline(study, study.exposure.timing, "baseline_by_timing")


def _listed(study: Study) -> tuple[str, ...]:
    """The rows of Table 1: a registry's usual ones, then every other covariate of a model."""
    parameters, dictionary = study.parameters, study.dictionary
    covariates = (
        *parameters.baseline_terms,
        *parameters.before_exposure_terms,
        *parameters.candidates,
    )
    usual = _usual(dictionary)
    # What collapses or rescales another variable is shown by that one's row already.
    made = {v.name for v in dictionary.variables if v.origin == "derived" and v.related}
    apart = {*usual, *made, *dictionary.after_infusion}
    listed = (*usual, *dict.fromkeys(x for x in covariates if x not in apart))
    return listed if parameters.preset == ARTICLE else tuple(x for x in listed if x != OF_ARTICLE)


def _usual(dictionary: Dictionary) -> tuple[str, ...]:
    """The dictionary's rows of Table 1, what is derived behind the variable that it is made of."""
    place = {name: i for i, name in enumerate(dictionary.names())}

    def order(variable: Variable) -> int:
        derived = variable.origin == "derived" and variable.related in place
        return place[variable.related if derived else variable.name]

    rows = [v for v in dictionary.variables if v.table_1 == "row"]
    return tuple(v.name for v in sorted(rows, key=order))


def _baseline(study: Study, grouping: Grouping, analysis: str) -> Baseline:
    listed = _listed(study)
    described = [study.dictionary[name] for name in listed if name != grouping.variable]
    known = tuple(v for v in described if study.patients[v.name].notna().any())
    absent = tuple(v for v in described if v not in known and study.asks_for(v.name))
    # In the results table, but in no row of Table 1, which shows the factor that they collapse.
    unlisted = [v for v in study.dictionary.variables if v.table_1 == "results"]
    columns = _columns(study, grouping, [*listed, *(v.name for v in unlisted)])
    rows: list[Row] = []
    beside = [v for v in unlisted if v.name != grouping.variable]
    for variable in (*known, *(v for v in beside if study.patients[v.name].notna().any())):
        rows += _variable_rows(study, grouping, variable, analysis, columns)
    for level, members in columns.items():
        here = context(_key(analysis, grouping, level), n=len(members))
        rows.append(here.at("n", len(members), unit="patients"))
    return Baseline(analysis, grouping, known, absent, study_results(study, rows))


def _columns(study: Study, grouping: Grouping, variables: list[str]) -> dict[str, pd.DataFrame]:
    """The patients of each column of the table by level; the overall column is level ''."""
    needed = list(dict.fromkeys([grouping.variable, *variables]))
    everyone = grouping.among(study.patients[needed])
    return {"": everyone, **{x: grouping.members(everyone, x) for x in grouping.levels}}


def _key(analysis: str, grouping: Grouping, level: str) -> Key:
    """What the keys of one column have in common."""
    everyone = Key(analysis, population="infused")
    return everyone.within(grouping, level) if level else everyone


def _variable_rows(
    study: Study,
    grouping: Grouping,
    variable: Variable,
    analysis: str,
    columns: dict[str, pd.DataFrame],
) -> list[Row]:
    rows: list[Row] = []
    confidence = study.parameters.confidence_level
    for level, members in columns.items():
        key = _key(analysis, grouping, level)._replace(variable=variable.name)
        here = context(key, n=len(members))
        values = members[variable.name]
        missing = int(values.isna().sum())
        if variable.is_numeric:
            rows += quantity_rows(here, values, variable.unit)
        else:
            rows.append(here.at("n_evaluable", len(members) - missing, unit="patients"))
            for value in variable.levels:
                at_level = context(key._replace(level=value))
                rows += count_rows(at_level, int((values == value).sum()), len(members), confidence)
        at_missing = context(key._replace(level="missing"))
        rows += count_rows(at_missing, missing, len(members), confidence)
    tested = not (study.is_randomised and grouping.variable == study.groups.variable)
    return rows + _comparison_rows(columns[""], grouping, variable, analysis, tested=tested)


def _comparison_rows(
    everyone: pd.DataFrame,
    grouping: Grouping,
    variable: Variable,
    analysis: str,
    *,
    tested: bool,
) -> list[Row]:
    """Tests and standardised differences; what chance assigned is not tested (CONSORT 2010, 15)."""
    groups, values = grouping.of(everyone), everyone[variable.name]
    key = Key(analysis, population="infused", variable=variable.name, contrast=grouping.contrast)
    here = context(key)
    tests: list[Row] = []
    if tested and variable.is_numeric:
        tests = [rank_row(here, values, groups)]
    elif tested:
        tests = chi_square_rows(here, _with_missing_level(values, variable), groups)
    return [*tests, *standardized_difference_rows(here, values, everyone, grouping)]


def _with_missing_level(values: pd.Series, variable: Variable) -> pd.Series:
    """Missing as a level of the test where the dictionary says so, left out where it does not."""
    if not variable.missing_is_level:
        return values
    return values.astype("object").fillna("missing")


def parts(study: Study) -> Iterator[OfStudy]:
    """Table 1 by exposure, by response to it and by its timing."""
    yield baseline_by_exposure(study)
    yield baseline_by_response(study)
    yield baseline_by_timing(study)
