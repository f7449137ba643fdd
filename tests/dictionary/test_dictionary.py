from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.dictionary import COLUMNS, FURTHER_COLUMNS, PARTS, lower_first, read_dictionary
from analysis_lib.errors import DictionaryError
from analysis_lib.topics.missing.patterns import PARTS as defined

GOOD = "sex,Sex,category,,female=Female|male=Male,male,optional,extract,,,excluded,As recorded."


WHOLE = (*COLUMNS, *FURTHER_COLUMNS)


def write(folder: Path, *rows: str) -> Path:
    path = folder / "dictionary.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return path


def test_the_reference_level_comes_first_and_labels_follow(tmp_path):
    sex = read_dictionary(write(tmp_path, GOOD))["sex"]
    assert sex.ordered_levels == ("male", "female")
    assert sex.level_label("female") == "Female"
    assert sex.group_phrase("female") == "the female group"


def test_a_yes_no_variable_names_its_groups_by_its_label(dictionary):
    blinatumomab = dictionary["prior_blinatumomab"]
    assert blinatumomab.group_label("yes") == "Prior blinatumomab therapy"
    assert blinatumomab.group_label("no") == "No prior blinatumomab therapy"
    assert blinatumomab.group_phrase("no") == "the group without prior blinatumomab therapy"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (GOOD.replace("category", "categorical"), "row 2 .sex.: type must be one of"),
        (GOOD.replace("female=Female|male=Male", "female=Female"), "at least two levels"),
        (GOOD.replace(",male,optional", ",other,optional"), "reference must be one of"),
        (GOOD.replace(",,,excluded", ",low,,excluded"), "plausible_min must be a number"),
        (GOOD + "\n" + GOOD, "more than one row"),
        (
            GOOD + " By whom, is unknown.",
            "row 2 .sex. has 13 cells, but the header has 12: cell 13 is 'is unknown.'; put quotes",
        ),
        (GOOD.replace("sex,Sex", "sex,Sex, at birth"), "cell 13 is 'As recorded.'"),
        ("\n" + GOOD.replace("category", "categorical"), "row 3 .sex.: type must be one of"),
        (GOOD.removesuffix(",As recorded."), "row 2 .sex. ends before its definition; write"),
        (GOOD.replace("As recorded.", '"As" recorded.'), "is no CSV from line 2 on"),
        (GOOD.replace("As recorded.", '"As recorded.'), "is no CSV from line 2 on"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(tmp_path, row, message):
    with pytest.raises(DictionaryError, match=message):
        read_dictionary(write(tmp_path, row))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("later,,,,,", "known must be one of before the exposure, .* but is 'later'"),
        (",,women,,,", "concerns must be one of exposed, .* but is 'women'"),
        (",,,,yes,", "table_1 must be one of row, results, but is 'yes'"),
        (",gender,,,,", "related must be the variable of an earlier row, but is 'gender'"),
        (",sex,,,,", "related must be the variable of an earlier row, but is 'sex'"),
    ],
)
def test_what_a_row_may_say_further_is_refused_where_it_is_none_of_it(tmp_path, cells, message):
    path = tmp_path / "further.csv"
    path.write_text(f"{','.join(WHOLE)}\n{GOOD},{cells}\n", encoding="utf-8")
    with pytest.raises(DictionaryError, match=f"row 2 .sex.: {message}"):
        read_dictionary(path)


def test_a_file_without_the_further_columns_says_what_the_projects_own_says(tmp_path, dictionary):
    own = "our_marker," + GOOD.partition(",")[2]
    read = read_dictionary(write(tmp_path, GOOD, own))
    assert (read["sex"].known, read["sex"].table_1) == ("fixed before therapy", "row")
    assert read["sex"].also_called == dictionary["sex"].also_called
    assert (read["our_marker"].known, read["our_marker"].also_called) == ("", ())


def test_a_further_column_that_is_there_is_taken_at_its_word(tmp_path):
    path = tmp_path / "known.csv"
    path.write_text(f"{','.join(COLUMNS)},known\n{GOOD},after infusion\n", encoding="utf-8")
    read = read_dictionary(path)
    assert read.after_infusion == {"sex"} and read["sex"].table_1 == "row"


def test_a_family_is_made_of_each_other_and_a_stranger_is_alone(dictionary):
    ages = ("age_years", "age_group", "age_group_as_published", "age_decades")
    assert dictionary.family("age_decades") == dictionary.family("age_years") == ages
    marrow = {"marrow_status", "marrow_blasts_percent", "marrow_blasts_group", "active_marrow"}
    assert set(dictionary.family("marrow_blasts_group")) == marrow
    assert dictionary.family("sex") == ("sex",) and dictionary.family("no such") == ("no such",)


def test_every_part_that_a_variable_may_concern_is_one_that_patients_are_in(dictionary):
    assert set(defined) == set(PARTS) == {v.concerns for v in dictionary.variables} - {""}


def test_a_missing_column_or_file_is_refused(tmp_path):
    path = tmp_path / "short.csv"
    path.write_text("name,label\n", encoding="utf-8")
    with pytest.raises(DictionaryError, match="column 'type' is missing"):
        read_dictionary(path)
    with pytest.raises(DictionaryError, match="cannot be read"):
        read_dictionary(tmp_path / "none.csv")


def test_an_unknown_variable_is_named_with_its_neighbour(dictionary):
    with pytest.raises(DictionaryError, match="did you mean 'prior_lines'"):
        dictionary["prior_line"]


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Prior lines of therapy", "prior lines of therapy"),
        ("Race/ethnicity, collapsed", "race/ethnicity, collapsed"),
        ("Age, per 10 years", "age, per 10 years"),
        ("Progression-free survival", "progression-free survival"),
        ("Non-Hispanic White", "Non-Hispanic White"),
        ("Hispanic", "Hispanic"),
        ("Ann Arbor stage", "Ann Arbor stage"),
        ("Annual visits", "annual visits"),
        ("Black, Asian or other", "Black, Asian or other"),
        ("Ph-negative", "Ph-negative"),
        ("Ph+ disease", "Ph+ disease"),
        ("CNS involvement", "CNS involvement"),
        ("InO doses", "InO doses"),
        ("Sex", "sex"),
        ("Donor's age", "donor's age"),
        ("I", "I"),
        ("A missing category", "a missing category"),
    ],
)
def test_a_label_inside_a_sentence_keeps_its_acronyms(label, inside):
    assert lower_first(label) == inside


def test_blank_cells_behind_the_last_column_are_nothing(tmp_path):
    assert read_dictionary(write(tmp_path, GOOD + ",, ")).names() == ("sex",)


def test_a_definition_that_ships_is_read_to_its_end(dictionary):
    definition = dictionary["age_group_as_published"].definition
    assert definition.startswith("Grouping by integer bounds, as in the published analysis")
    assert all(one.definition.endswith(".") for one in dictionary.variables)
