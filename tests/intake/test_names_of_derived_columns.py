"""No variable of an extract takes the name of a column that the study adds to it."""

from __future__ import annotations

import pytest

from analysis_lib.dictionary import read_dictionary
from analysis_lib.errors import DictionaryError, SourceError
from analysis_lib.intake.extract import open_intake
from analysis_lib.topics.consolidation.follow_up import consolidation_follow_up

NAMES = ("os_months", "os_event", "pfs_event", "followup_months", "begin_months", "entry_months")


@pytest.fixture
def take_in(tmp_path, dictionary):
    def intake(csv: str, mapping: str):
        (tmp_path / "theirs.csv").write_text(csv, encoding="utf-8")
        (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
        return open_intake(tmp_path / "theirs.csv", dictionary, tmp_path / "mapping.yaml")

    return intake


def test_the_columns_that_the_study_adds_are_the_names_that_are_taken(study):
    followed = consolidation_follow_up(study)
    added = {*study.patients.columns, *followed.patients.columns} - {
        *study.dictionary.names("extract")
    }
    assert added | {"os", "pfs", "followup"} == study.dictionary.derived_columns


@pytest.mark.parametrize("name", NAMES)
def test_a_declared_variable_cannot_be_called_so(take_in, name):
    remedy = f"another name, like registry_{name}, and map it: columns: {{{name}: registry_{name}}}"
    with pytest.raises(SourceError, match=f"variables.{name}: is a column .*{remedy}"):
        take_in(f"{name}\n1\n", f"variables: {{{name}: {{type: decimal}}}}")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "mapping", ["columns: {{x: {0}}}", "values: {{{0}: 1}}", "units: {{{0}: 2}}"]
)
def test_nothing_is_mapped_to_such_a_name(take_in, mapping, name):
    with pytest.raises(SourceError, match=f"'{name}' is derived by the report"):
        take_in("x\n1\n", mapping.format(name))


def test_the_remedy_reads_the_column(take_in):
    table = take_in(
        "os_months\n7\n",
        "columns: {os_months: registry_os_months}\n"
        "variables: {registry_os_months: {type: decimal}}",
    ).table
    assert table["registry_os_months"].tolist() == ["7"]


def test_a_derived_variable_can_be_relabelled_but_not_brought(take_in):
    mapping = "variables: {relapse: {label: Progression}}"
    assert take_in("sex\nmale\n", mapping).dictionary["relapse"].label == "Progression"
    with pytest.raises(SourceError, match="a column relapse, but the report derives relapse"):
        take_in("relapse\nyes\n", mapping)
    take_in("relapse\nyes\n", f"{mapping}\ncolumns: {{relapse: }}")


@pytest.mark.parametrize("name", NAMES)
def test_a_dictionary_cannot_hold_such_a_name(tmp_path, root, name):
    text = (root / "data" / "dictionary.csv").read_text(encoding="utf-8")
    path = tmp_path / "dictionary.csv"
    path.write_text(f"{text}{name},Months,decimal,months,,,,extract,,,,Months.\n", encoding="utf-8")
    with pytest.raises(DictionaryError, match=f"'{name}' is a column that the report derives"):
        read_dictionary(path)
