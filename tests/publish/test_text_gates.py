"""What must not reach a heading, a legend or a spreadsheet is refused or made harmless."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import DictionaryError, ParameterError
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.writing import csv_cell


@pytest.mark.parametrize("strange", ["a\nb", "a\x00b", "a\tb", "a\x1b[31m", "a\u2028b", "a\ud800"])
def test_parameter_with_a_control_character_is_refused(strange: str) -> None:
    with pytest.raises(ParameterError, match="title: must be one line of text"):
        parse_parameters({"title": strange})
    with pytest.raises(ParameterError, match="exposure_levels: must be one line of text"):
        parse_parameters({"exposure_levels": {"no": strange, "yes": "Yes"}})


def test_parameter_in_any_script_is_taken() -> None:
    title = "العربية 中文 e\u0301 \U0001f600 $x$ <b>"
    assert parse_parameters({"title": title}).title == title


def test_dictionary_text_of_two_lines_is_refused(dictionary: Dictionary) -> None:
    with pytest.raises(DictionaryError, match="'sex': label, unit, levels and definition"):
        replace(dictionary["sex"], label="Sex\n# heading")


def test_level_of_the_data_is_shown_on_one_line(dictionary: Dictionary) -> None:
    assert dictionary["sex"].level_label("a\r\nb\x00") == "a  b "


@pytest.mark.parametrize("text", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_formula_in_a_cell_becomes_text(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1.5, 3, None, "-0.25", "+3", "-1e-05", "a=1", "<.001", "–", ""])
def test_numbers_and_plain_texts_stay(value: object) -> None:
    assert csv_cell(value) == value
