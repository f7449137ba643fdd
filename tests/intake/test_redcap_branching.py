"""Branching logic is parsed, never run; what a blank leaves open stays open."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis_lib.intake.mapping.document import Problems
from analysis_lib.intake.redcap.branching import NotUnderstoodError, fields_shown, parse_branching
from analysis_lib.intake.redcap.codebook import Codebook, Field
from analysis_lib.intake.redcap.records import join_records


def hidden_in(table: pd.DataFrame, codebook: Codebook):
    """What is hidden in the records of an export, and the fields whose logic is not understood."""
    shown = fields_shown(join_records(table, codebook, [], Problems("")), codebook)
    return shown.hidden, shown.strange


def hidden(logic: str, **columns: list[str]) -> list[bool]:
    """Rows in which the field `asked` is hidden by its logic."""
    fields = [Field(name, "f", "text", name, "", False, "") for name in columns if "__" not in name]
    fields.append(Field("box", "f", "checkbox", "box", "", False, "", {"1": "A", "-1": "B"}))
    fields.append(Field("asked", "f", "text", "asked", "", False, logic))
    table = pd.DataFrame(columns).assign(asked="")
    found, strange = hidden_in(table, Codebook(tuple(fields)))
    assert not strange
    return found["asked"].tolist()


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        ("[a] = '1'", [False, True, False]),
        ("[a] <> '1'", [True, False, False]),
        ('[a]="1" and [b]>2', [False, True, True]),
        ("[a]='1' or [b]>2", [False, False, False]),
        ("([a]='0' OR [b]>=5) AND [b]<9", [True, False, False]),
        ("[a] = 1.0", [False, True, False]),
        ("[a] = ''", [True, True, False]),
        ("[a] <> ''", [False, False, True]),
        ("[b] > [a]", [False, False, False]),
    ],
)
def test_logic_hides_a_field_where_it_is_known_to_be_false(logic, expected):
    assert hidden(logic, a=["1", "0", ""], b=["3", "5", "1"]) == expected


def test_boxes_are_read_by_their_code():
    ticks = {"box___1": ["1", "0"], "box____1": ["0", "1"]}
    assert hidden("[box(1)] = '1'", **ticks) == [False, True]
    assert hidden("[box(-1)] = '1'", **ticks) == [True, False]


def test_a_field_hidden_itself_equals_nothing():
    parent = Field("a", "f", "text", "a", "", False, "")
    child = Field("b", "f", "text", "b", "", False, "[a] = '1'")
    grandchild = Field("c", "f", "text", "c", "", False, "[b] = '1'")
    table = pd.DataFrame({"a": ["0", "1", ""], "b": ["", "", ""], "c": ["", "", ""]})
    found, _ = hidden_in(table, Codebook((parent, child, grandchild)))
    assert found["c"].tolist() == [True, False, False]


@pytest.mark.parametrize(
    "logic",
    [
        "datediff([a], 'today', 'd') > 3",
        "[event_1_arm_1][a][2] = '1'",
        "[previous-event-name][a] = '1'",
        "[a] = '1' and",
        "([a] = '1'",
        "[a]",
        "__import__('os').system('true')",
        "[a] = '1'; [a] = '2'",
        "(" * 60 + "[a] = '1'" + ")" * 60,
    ],
)
def test_other_logic_is_not_understood(logic):
    with pytest.raises(NotUnderstoodError):
        parse_branching(logic)


def test_logic_that_is_not_understood_is_named():
    field = Field("a", "f", "text", "a", "", False, "sum([b], 1) > 2")
    found, strange = hidden_in(pd.DataFrame({"a": [""]}), Codebook((field,)))
    assert (found, strange) == ({}, ["a"])
