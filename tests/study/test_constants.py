"""A column that the mapping sets to one value is no measurement; a response may be recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import CohortError
from analysis_lib.intake.extract import open_intake
from analysis_lib.intake.rules.combinations import MEASURED
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.publish import methods
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics.baseline.numbers import baseline_by_exposure
from analysis_lib.topics.missing.numbers import missing_data
from analysis_lib.topics.response.numbers import response_by_exposure

WRITE = Callable[[pd.DataFrame], Path]
VALUES = """
values:
  age_years: "50"
  response_marrow_blasts_percent: "1"
  response_circulating_blasts: "no"
  response_extramedullary_disease: "no"
  response_anc_per_ul: "2000"
  response_platelets_per_ul: "150000"
  product_access: standard_of_care
  data_origin: synthetic
"""
SET = ("age_years", *MEASURED)


@pytest.fixture
def constant(root: Path, extract: pd.DataFrame, write_extract: WRITE, tmp_path: Path) -> Study:
    """A user who fills what is asked for with one value for everybody."""
    other = ["product_access", "data_origin", "response_not_evaluable_reason"]
    lacking = extract.drop(columns=[*SET, *other])
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(VALUES, encoding="utf-8")
    given = {"cohort": str(write_extract(lacking)), "mapping": str(mapping)}
    return make_study(parse_parameters(given), root=root)


def test_a_constant_is_in_no_table_no_rate_and_no_model(constant: Study) -> None:
    assert set(constant.constants) == set(SET)
    assert constant.patients[list(SET)].isna().all(axis=None)
    shown = {x.name for x in baseline_by_exposure(constant).variables}
    assert shown and not {"age_years", "age_group"} & shown
    assert isinstance(response_by_exposure(constant), Omitted)
    assert constant.is_synthetic and constant.patients["product_access"].notna().all()


def test_it_is_named_where_the_extract_is_checked_and_described(
    constant: Study, dictionary: Dictionary, root: Path
) -> None:
    given = constant.parameters
    notes = open_intake(Path(given.cohort), dictionary, Path(given.mapping)).notes
    assert any("set to one value by the mapping" in x and "age_years (50)" in x for x in notes)
    assert any("age_years (50)" in x for x in constant.intake_notes)
    assert "Set to one value for every patient by the mapping" in str(methods.design(constant))
    plain = make_study(parse_parameters({}), root=root)
    assert "Set to one value" not in str(methods.design(plain))


def test_an_extract_without_ages_is_an_extract(root, extract, write_extract):
    given = {"cohort": str(write_extract(extract.drop(columns="age_years")))}
    study = make_study(parse_parameters(given), root=root)
    assert len(study.patients) == len(extract)
    with pytest.raises(CohortError, match=r"minimum_age: is 18, .* set it to 0"):
        make_study(parse_parameters({**given, "minimum_age": 18}), root=root)
    assert "age_years" in {x.name for x in baseline_by_exposure(study).absent}


def recorded(root: Path, table: pd.DataFrame, write: WRITE) -> Study:
    return make_study(parse_parameters({"cohort": str(write(table))}), root=root)


def test_a_recorded_response_is_enough(root, extract, write_extract, study):
    levels = study.patients.set_index("patient_id")["response"].astype("object")
    table = extract.drop(columns=[*MEASURED]).assign(
        response_recorded=extract["patient_id"].map(levels).fillna("")
    )
    ours = recorded(root, table, write_extract)
    same = ours.patients.set_index("patient_id").loc[study.patients["patient_id"]]
    assert list(same["cr_cri"].astype(str)) == list(study.patients["cr_cri"].astype(str))
    assert "by its own criteria" in ours.dictionary["response"].definition
    assert "marrow blasts" not in str(methods.endpoints(ours))
    asked = {v.name for v in (*missing_data(ours).variables, *missing_data(ours).absent)}
    assert not asked & set(MEASURED)


def test_it_goes_before_what_was_measured(root, extract, write_extract, study):
    remission = study.patients.index[study.patients["response"] == "cr"][0]
    patient = study.patients.loc[remission, "patient_id"]
    table = extract.assign(response_recorded="")
    table.loc[table["patient_id"] == patient, "response_recorded"] = "no_response"
    ours = recorded(root, table, write_extract)
    changed = ours.patients.set_index("patient_id")["response"]
    assert changed[patient] == "no_response"
    assert "where it did not, CR:" in ours.dictionary["response"].definition
