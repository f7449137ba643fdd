"""What is missing is counted among those whom a variable concerns, pattern by pattern."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis_lib.dictionary import Variable
from analysis_lib.intake.rules.combinations import MEASURED, RECORDED
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.missing.figure import plot_missing_patterns
from analysis_lib.topics.missing.numbers import missing_data
from analysis_lib.topics.missing.patterns import MOST_NAMED, concerned, find_patterns, lacking
from analysis_lib.topics.missing.table import table_missing_data
from analysis_lib.topics.missing.words import describe_missing_data
from analysis_lib.topics.regression.numbers import as_published_models
from analysis_lib.topics.whole import check_vocabulary


@pytest.fixture(scope="module")
def missing(study):
    return missing_data(study)


def of(missing, name: str, population: str = "infused"):
    key = Key("missing_values", population=population, variable=name, level="missing")
    return missing.results.row(key._replace(statistic="count"))


def test_counts_are_those_of_a_recount(study, missing) -> None:
    patients = study.patients
    row = of(missing, "marrow_blasts_percent", "infused[ino=exposed]")
    exposed = patients[patients["ino"] == "exposed"]
    assert (row.value, row.denominator) == (
        exposed["marrow_blasts_percent"].isna().sum(),
        len(exposed),
    )
    check_vocabulary(missing.results, study.dictionary)


def test_what_does_not_concern_a_patient_is_not_missing(study, missing) -> None:
    patients = study.patients
    responders = patients[patients["cr_cri"] == "yes"]
    tested = of(missing, "mrd_status")
    assert tested.denominator == len(responders)
    assert tested.value == (responders["mrd_status"] == "not_tested").sum() > 0
    assert of(missing, "ino_response", "infused[ino=naive]").denominator == 0
    died = (patients["response_not_evaluable_reason"] == "died_before_assessment").sum()
    assert of(missing, "response_date").denominator == len(patients) - died


def test_a_level_that_says_not_applicable_is_no_gap(study) -> None:
    steroids = study.patients["steroids"].cat.add_categories(["not_applicable"]).copy()
    steroids.iloc[:5], steroids.iloc[5] = "not_applicable", np.nan
    patients = study.patients.assign(steroids=steroids)
    assert lacking(patients, study.dictionary["steroids"]).sum() == 1
    assert concerned(patients, study.dictionary["steroids"]).sum() == len(patients) - 5


def quantity(name: str) -> Variable:
    return Variable(name, name, "decimal")


def test_patterns_part_the_patients_and_the_rest_stands_last() -> None:
    random = np.random.default_rng(3)
    names = [f"x{i}" for i in range(9)]
    held = random.random((300, 9)) > 0.3
    patients = pd.DataFrame(np.where(held, 1.0, np.nan), columns=names)
    patterns = find_patterns(patients, [quantity(name) for name in names])
    assert sum(x.members.astype(int) for x in patterns).tolist() == [1] * 300
    assert patterns[0].members.sum() == held.all(axis=1).sum()
    named = [int(x.members.sum()) for x in patterns[1:-1]]
    assert len(named) == MOST_NAMED and named == sorted(named, reverse=True)
    assert patterns[-1].missing is None
    for one in patterns[:-1]:
        gaps = patients[one.members].isna()
        assert gaps[list(one.missing)].all(axis=None) and gaps.sum().sum() == len(
            one.missing
        ) * len(gaps)


def test_complete_cases_are_the_patients_that_the_models_use(study, missing) -> None:
    used = [
        exposure_ladder(study, "pfs").baseline.fit.n,
        as_published_models(study).models[0].fit.n,
    ]
    assert [missing.results.value(x.key) for x in missing.models] == used
    kept = replace(study, parameters=replace(study.parameters, missing_rule="missing_as_level"))
    again = missing_data(kept)
    assert [again.results.value(x.key) for x in again.models] == used


def test_the_sentence_names_the_worst_variable_and_the_complete_cases(missing) -> None:
    text = str(describe_missing_data(missing))
    row = of(missing, "marrow_blasts_percent")
    assert f"marrow blasts before apheresis: in {row.value:.0f} of {row.denominator}" in text
    for model in missing.models:
        assert f"{missing.results.value(model.key):.0f} of " in text


def test_with_nothing_missing_each_part_says_so(study) -> None:
    full = study.patients
    for name in ("race_ethnicity_collapsed", "active_marrow"):
        full = full.assign(**{name: full[name].fillna(full[name].cat.categories[0])})
    missing = missing_data(replace(study, patients=full))
    assert isinstance(plot_missing_patterns(missing), Omitted)
    assert "No covariate of these models is missing in anyone." in str(
        describe_missing_data(missing)
    )
    empty = replace(missing, variables=())
    assert isinstance(table_missing_data(empty), Omitted)
    assert "lacks a value" in str(describe_missing_data(empty))


def test_a_date_of_response_is_asked_only_where_a_response_is_recorded(study) -> None:
    def asked(patients: pd.DataFrame) -> set[str]:
        found = missing_data(replace(study, patients=patients))
        return {x.name for x in (*found.variables, *found.complete)}

    whole = study.patients
    none = ("response", RECORDED, *MEASURED)
    blank = {name: whole[name].mask(whole[name].notna()) for name in none}
    assert asked(whole) - asked(whole.assign(**blank)) == {"response_date", *MEASURED}
