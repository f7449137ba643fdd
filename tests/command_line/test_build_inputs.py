"""What a build copies, and under which names, so that no machine path enters a notebook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis_lib.command_line.asked import with_fixed_names
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.study.study import Study


@pytest.mark.parametrize("given", ["data/published.csv", "data/../data/published.csv"])
def test_the_claims_of_the_project_keep_their_name(study: Study, given: str) -> None:
    parameters, inputs = with_fixed_names(with_claims(study, given), study.root)
    assert parameters["claims"] == "data/published.csv"
    assert inputs["data/published.csv"].samefile(study.root / "data" / "published.csv")


def test_claims_of_another_article_stay_apart_from_those_of_the_project(
    study: Study, tmp_path: Path
) -> None:
    other = tmp_path / "published.csv"
    parameters, inputs = with_fixed_names(with_claims(study, str(other)), study.root)
    assert parameters["claims"] == "data/claims.csv"
    assert inputs["data/claims.csv"] == other
    assert "data/published.csv" not in inputs


def test_without_claims_nothing_is_copied_for_them(study: Study) -> None:
    parameters, inputs = with_fixed_names(with_claims(study, ""), study.root)
    assert parameters["claims"] == ""
    assert set(inputs) == {"data/cohort.csv", "data/dictionary.csv"}


def with_claims(study: Study, given: str) -> Parameters:
    return replace(study.parameters, claims=given)


def test_an_extract_keeps_its_ending_by_which_it_is_read(study: Study, tmp_path: Path) -> None:
    given = replace(study.parameters, cohort=str(tmp_path / "Unsere Patienten.XLSX"))
    parameters, inputs = with_fixed_names(given, study.root)
    assert parameters["cohort"] == "data/cohort.xlsx"
    assert inputs["data/cohort.xlsx"] == tmp_path / "Unsere Patienten.XLSX"


def test_a_mapping_goes_along_with_the_data_dictionary_it_names(
    study: Study, tmp_path: Path
) -> None:
    mapping = tmp_path / "ours.yaml"
    mapping.write_text("redcap: dictionary.csv\n")
    (tmp_path / "dictionary.csv").write_text("a\n1\n")
    given = replace(study.parameters, mapping=str(mapping))
    parameters, inputs = with_fixed_names(given, study.root)
    assert parameters["mapping"] == "data/mapping/mapping.yaml"
    assert inputs["data/mapping/mapping.yaml"] == mapping
    assert inputs["data/mapping/dictionary.csv"] == tmp_path / "dictionary.csv"
    assert inputs["data/dictionary.csv"].samefile(study.root / "data" / "dictionary.csv")
