from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from analysis_lib.command_line.given import given_parameters
from analysis_lib.parameters.definitions import Parameters


@pytest.fixture
def given(tmp_path, monkeypatch):
    """The parameters of a call made in one folder with a YAML file in another."""
    typed, beside = tmp_path / "typed", tmp_path / "beside"
    for folder in (typed, beside):
        folder.mkdir()
    monkeypatch.chdir(typed)

    def make(yaml: str, *pairs: tuple[str, str], in_typed=(), in_beside=()) -> Parameters:
        for folder, names in ((typed, in_typed), (beside, in_beside)):
            for name in names:
                (folder / name).touch()
        (beside / "ours.yaml").write_text(yaml, encoding="utf-8")
        return given_parameters(
            argparse.Namespace(
                file="../beside/ours.yaml", cohort=None, exposure=None, pairs=list(pairs)
            )
        )

    return make


def test_files_of_a_yaml_file_are_looked_for_beside_it_first(given, tmp_path):
    made = given(
        "cohort: a.csv\nmapping: m.yaml",
        in_typed=("a.csv", "m.yaml"),
        in_beside=("a.csv", "m.yaml"),
    )
    assert (Path(made.cohort), Path(made.mapping)) == (
        tmp_path / "beside" / "a.csv",
        tmp_path / "beside" / "m.yaml",
    )


def test_a_file_that_is_not_beside_it_is_looked_for_where_one_types(given, tmp_path):
    made = given("cohort: a.csv", in_typed=("a.csv",))
    assert Path(made.cohort) == tmp_path / "typed" / "a.csv"


def test_a_file_of_p_is_never_looked_for_beside_the_yaml_file(given):
    assert given("exposure: ino", ("cohort", "a.csv"), in_beside=("a.csv",)).cohort == "a.csv"


def test_a_file_that_is_nowhere_stays_relative_to_the_project(given):
    made = given("cohort: data/cohort.csv\nclaims: ''")
    assert (made.cohort, made.claims) == ("data/cohort.csv", "")


def test_a_name_too_long_for_a_file_is_left_to_who_opens_it(given):
    assert given(f"cohort: {'a' * 5000}").cohort == "a" * 5000
