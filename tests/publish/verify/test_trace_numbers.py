"""Every number that is shown leads to a row of the results, or is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis_lib.marks import MIME, PLACES
from analysis_lib.publish.trace import Traced, trace_numbers

SENTENCE = "Survival was 54% (P = .013) at 6 months in 102 patients; grade 3 was rare."
SURVIVAL = ["survival_by_exposure", "pfs", "infused[ino=exposed]", "", "", "", 6.0, "survival"]
TEST = ["survival_by_exposure", "pfs", "infused", "ino", "", "exposed_vs_naive", None, "p_value"]
NOTES = [
    ["54", 53.80459307350621, json.dumps([*SURVIVAL, "value"])],
    [".013", 0.013479177251790188, json.dumps([*TEST, "value"])],
    ["102", 102.0, json.dumps([*SURVIVAL, "n"])],
    ["6.0", 6.0, json.dumps(["parameter", "landmarks"])],
]
HEAD = (
    "analysis,outcome,population,variable,level,contrast,time_months,statistic,value,n,denominator"
)


def table(*rows: tuple[list[object], str, str]) -> str:
    """The results of some keys with value and n."""
    lines = [
        ",".join("" if part is None else str(part) for part in (*key, value, n, ""))
        for key, value, n in rows
    ]
    return "\n".join([HEAD, *lines, ""])


RESULTS = table((SURVIVAL, "0.5380459307350621", "102"), (TEST, "0.013479177251790188", ""))


@pytest.fixture
def trace(tmp_path: Path):
    def run(
        sentence: str = SENTENCE,
        notes=NOTES,
        results: str = RESULTS,
        mime: str = "text/markdown",
        places=(),
    ) -> Traced:
        data = {mime: sentence, MIME: notes, PLACES: [*places]}
        output = {"data": data, "output_type": "display_data"}
        cell = {"cell_type": "code", "source": "describe()", "outputs": [output]}
        (tmp_path / "01_a.ipynb").write_text(json.dumps({"cells": [cell]}))
        (tmp_path / "results.csv").write_text(results)
        return trace_numbers(tmp_path, tmp_path / "results.csv", {"landmarks": [6, 12]})

    return run


def test_values_counts_and_parameters_lead_to_their_place_and_names_are_constants(trace) -> None:
    assert trace() == Traced(rows=3, values=1, constants=1, findings=())


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"results": RESULTS.replace("0.5380", "0.5390")}, "is 0.53904593 in the results"),
        ({"results": RESULTS.replace(",102,", ",103,")}, "102 (102.0) is 103.0 in the results"),
        (
            {"notes": [["54", 55.2, json.dumps([*SURVIVAL, "value"])], *NOTES[1:]]},
            "54 is no rounding of 55.2",
        ),
        ({"notes": [[".013", 0.0136, json.dumps([*TEST, "value"])], *NOTES]}, ""),
        ({"notes": [*NOTES[:3], ["6.0", 7.0]]}, "6.0 (7.0) leads to no row, parameter or constant"),
        ({"notes": [*NOTES[:3], ["6.0", 6.0]]}, "6.0 (6.0) leads to no row, parameter or constant"),
        (
            {"notes": [*NOTES[:3], ["6.0", 6.0, json.dumps(["parameter", "seed"])]]},
            "6.0 (6.0) is nothing in the results: parameter seed",
        ),
        (
            {"sentence": f"{SENTENCE} It was 9.", "notes": [*NOTES, ["9", 9.0]]},
            "9 (9.0) leads to no row, parameter or constant",
        ),
    ],
)
def test_what_no_row_accounts_for_is_named(trace, changes, finding) -> None:
    found = trace(**changes).findings
    assert len(found) == bool(finding)
    assert all(finding in one for one in found)


AT_RISK = [*SURVIVAL, "n"]
COUNTED = ["derived", "number", AT_RISK, [*TEST, "value"]]


@pytest.mark.parametrize(
    ("place", "value", "is_right"),
    [
        (COUNTED, 2, True),
        (COUNTED, 3, False),
        (["derived", "sum", AT_RISK, AT_RISK], 204, True),
        (["derived", "difference", AT_RISK, ["constant", "a whole", 2]], 100, True),
        (["derived", "difference", AT_RISK, ["constant", "a whole", 2]], 101, False),
        (["derived", "quotient", AT_RISK, AT_RISK], 1, True),
        (["derived", "number", [*TEST, "n"]], 1, False),
        (["constant", "a bound", 9], 9, True),
        (["constant", "a bound", 9], 8, False),
    ],
)
def test_what_is_made_of_rows_is_made_again(trace, place, value, is_right) -> None:
    notes = [*NOTES, [str(value), float(value), json.dumps(place)]]
    assert (not trace(f"{SENTENCE} It was {value}.", notes).findings) == is_right


def test_a_number_of_a_sentence_is_not_excused_by_an_equal_one_elsewhere(trace) -> None:
    sentence, notes = f"{SENTENCE} Of 102 one.", [*NOTES, ["102", 102.0]]
    (finding,) = trace(sentence, notes).findings
    assert finding.endswith("102 (102.0) leads to no row, parameter or constant")


def test_in_a_table_a_number_without_a_place_is_looked_for_by_its_value(trace) -> None:
    table = "<table><tr><td>102</td><td>7</td></tr></table>"
    (finding,) = trace(table, [["102", 102.0], ["7", 7.0]], mime="text/html").findings
    assert finding.endswith("7 (7.0) is in no row of the results")


def test_a_marked_number_is_that_of_its_own_row(trace) -> None:
    """Two equal numbers of two rows, of which one is another in the results."""
    other = [*SURVIVAL[:2], "infused[ino=naive]", *SURVIVAL[3:]]
    notes = [
        ["54", 53.80459307350621, json.dumps([*SURVIVAL, "value"])],
        ["54", 54.2, json.dumps([*other, "value"])],
    ]
    rows = table((SURVIVAL, "0.5380459307350621", "102"), (other, "0.61", "87"))
    (finding,) = trace("54% or 54%", notes, rows, places=[[0, 2, 0], [7, 9, 1]]).findings
    assert "54 (54.2) is 0.61 in the results" in finding


def test_a_percent_of_a_row_is_its_row_whatever_the_last_digit_does(trace) -> None:
    results = table((SURVIVAL, "0.3798631468885", "102"))  # times 100 and back rounds up
    notes = [["38", 37.98631468885, json.dumps([*SURVIVAL, "value"])]]
    assert trace("Survival was 38%.", notes, results).findings == ()
    wrong = [["38", 37.98641468885, json.dumps([*SURVIVAL, "value"])]]
    assert len(trace("Survival was 38%.", wrong, results).findings) == 1


def test_a_right_number_from_another_row_is_no_excuse(trace) -> None:
    elsewhere = [*SURVIVAL[:2], "infused[ino=naive]", *SURVIVAL[3:]]
    rows = ((SURVIVAL, "0.61", "102"), (elsewhere, "0.5380459307350621", "87"))
    (finding,) = trace(results=table(*rows, (TEST, "0.013479177251790188", ""))).findings
    assert "54 (53.80459307350621) is 0.61 in the results" in finding
    (gone,) = trace(results=table(rows[1], (TEST, "0.013479177251790188", "102"))).findings[:1]
    assert "comes from a row that the results lack" in gone


def test_a_number_noted_on_the_way_and_not_shown_says_nothing(trace) -> None:
    assert trace(notes=[*NOTES, ["77", 77.0]]).findings == ()


@pytest.mark.parametrize(
    ("text", "value", "is_right"),
    [("<.001", 0.0002, True), ("<.001", 0.002, False), (">.99", 0.996, True), (">.99", 0.9, False)],
)
def test_a_bound_holds_for_its_value(trace, text, value, is_right) -> None:
    found = trace(
        f"The test gives {text}.",
        [[text, value, json.dumps([*TEST, "value"])]],
        table((TEST, str(value), "")),
    )
    assert (found.findings == ()) is is_right
