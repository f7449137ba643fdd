"""What a model rests on: patients, events, who was left out, and the proportional hazards."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.analyses import Key, Results
from analysis_lib.tables.cells import count, one_decimal, p_value
from analysis_lib.tables.layout import Line

MODEL = "Model"
COUNTS = (
    ("n", "Patients, n"),
    ("events", "Events, n"),
    ("excluded", "Left out for a missing value, n"),
    ("parameters", "Parameters"),
)


def summary_lines(sources: Sequence[tuple[Results, Key]]) -> list[Line]:
    """Two cells a model: a number, and beside it the P of the test of proportional hazards."""
    lines = [
        _line(label, [(count(results, at, statistic), "") for results, at in sources])
        for statistic, label in COUNTS
    ]
    per_parameter = [(events_per_parameter(results, at), "") for results, at in sources]
    hazards = [("", p_value(results, at, "ph_p_value")) for results, at in sources]
    return [
        *lines,
        _line("Events per parameter", per_parameter),
        _line("Proportional hazards, global P", hazards),
    ]


def events_per_parameter(results: Results, at: Key) -> str:
    return one_decimal(results.value(at._replace(statistic="events_per_parameter")))


def _line(label: str, pairs: Sequence[tuple[str, str]]) -> Line:
    return Line(label, tuple(text for pair in pairs for text in pair), group=MODEL)
