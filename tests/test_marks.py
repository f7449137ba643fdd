"""Marks lead each number of a shown text to its own row, and leave the text as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from analysis_lib import marks
from analysis_lib.format import (
    format_count,
    format_fixed,
    format_interval,
    format_number,
    format_p_statement,
    format_percent,
    format_ratio,
    take_notes,
)
from analysis_lib.marks import MIME, PLACES, Placed, alike, notes_of_shown, take_marks, unmarked
from analysis_lib.shown import shown

ONE, OTHER = ("flow", "one", "value"), ("flow", "other", "value")


@pytest.fixture
def marking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(marks, "_marking", True)
    take_notes()
    yield
    take_notes()


def texts(bundle: dict) -> list[tuple[str, list]]:
    """Each number that has a place, as it stands in the text, and the place."""
    text = bundle.get("text/markdown") or bundle["text/html"]
    notes = bundle[MIME]
    return [(text[a:b], json.loads(notes[i][2])) for a, b, i in bundle[PLACES]]


def test_equal_digits_of_two_rows_are_told_apart(marking: None) -> None:
    text = f"{format_count(Placed(12, ONE))} of {format_count(Placed(12, OTHER))}"
    bundle = shown("", markdown=text, notes=take_notes())
    assert bundle["text/markdown"] == "12 of 12"
    assert texts(bundle) == [("12", list(ONE)), ("12", list(OTHER))]


def test_a_note_that_an_earlier_output_took_is_there_again(marking: None) -> None:
    text = format_ratio(Placed(1.203, ONE))
    take_notes()
    bundle = shown("", markdown=text, notes=take_notes())
    assert bundle[MIME] == [["1.20", 1.203, json.dumps(ONE)]]
    assert texts(bundle) == [("1.20", list(ONE))]


@pytest.mark.parametrize("value", [0.3102616368341729, -39.4, 8372615.29])
def test_an_output_is_the_same_on_processors_that_differ_in_the_last_digits(
    marking: None, value: float
) -> None:
    def bundle(value: float) -> dict:
        text = format_fixed(Placed(value, ONE), 1)
        return shown("", markdown=text, notes=take_notes())

    assert bundle(value) == bundle(value * (1 + 1e-12))
    assert bundle(value) != bundle(value * (1 + 1e-6))


@pytest.mark.parametrize(
    ("written", "text", "numbers"),
    [
        (lambda x: format_percent(x), "42%", ["42"]),
        (lambda x: format_number(x * 0 + Placed(12.0, ONE)), "12", []),
        (lambda x: format_number(Placed(12.0, ONE)), "12", ["12"]),
        (lambda x: format_count(Placed(12345, ONE)), "12\u00a0345", ["12\u00a0345"]),
        (lambda x: format_p_statement(Placed(0.0004, ONE)), "P < .001", [".001"]),
        (
            lambda x: format_interval(Placed(-0.5, ONE), x, format_ratio),
            "−0.50 to 0.42",
            ["0.50", "0.42"],
        ),
    ],
)
def test_text_is_as_without_marks(marking: None, written, text: str, numbers: list[str]) -> None:
    bundle = shown("", markdown=written(Placed(0.42, OTHER)), notes=take_notes())
    assert bundle["text/markdown"] == text
    assert [number for number, _ in texts(bundle)] == numbers if numbers else PLACES not in bundle


def test_places_are_those_in_a_table(marking: None) -> None:
    cell = format_count(Placed(7, ONE))
    bundle = shown("", table=f"<table><tr><td>a &lt; 7</td><td>{cell}</td></tr></table>", notes=[])
    assert texts(bundle) == [("7", list(ONE))]
    assert bundle[PLACES][0][0] > bundle["text/html"].index("a &lt; 7")


def test_nothing_is_marked_outside_of_a_notebook() -> None:
    assert format_count(Placed(7, ONE)) == "7"


def test_texts_are_compared_by_what_a_reader_sees(marking: None) -> None:
    first, second = format_count(Placed(7, ONE)), format_count(Placed(7, OTHER))
    assert first != second and alike([first], [second]) and not alike([first], ["8"])
    assert unmarked(first) == "7"


def test_a_mark_cannot_be_written_to_a_file(marking: None) -> None:
    with pytest.raises(UnicodeEncodeError):
        format_count(Placed(7, ONE)).encode()


def test_a_mark_without_a_number_is_dropped(marking: None) -> None:
    mark = format_count(Placed(7, ONE))[1:]
    assert take_marks(f"none{mark}.", []) == ("none.", [], [])


def test_a_number_that_was_written_and_left_out_is_in_no_note() -> None:
    """The executed notebook of a release says no more than its page."""
    row = ["17", 17.0, '["flow"]']
    notes = [["140", 140.0], ["95.00", 0.95], ["12\u00a0000", 12000.0], row]
    text = '<td style="width:140px">95% of 12\u00a0000</td>'
    assert notes_of_shown(notes, text) == [["95.00", 0.95], ["12\u00a0000", 12000.0], row]
