"""All rules, in the order in which they are applied."""

from __future__ import annotations

from analysis_lib.source.rules.cells import DATES, FILLED, IDENTIFIERS, LEVELS, NUMBERS
from analysis_lib.source.rules.columns import COLUMNS, DISTRIBUTIONS, ROWS, UNITS
from analysis_lib.source.rules.course import INTERVALS, ORDER
from analysis_lib.source.rules.logic import CONTRADICTIONS, SECOND_LOOKS
from analysis_lib.source.rules.rule import Rule

SECTIONS: dict[str, tuple[Rule, ...]] = {
    "Rows": ROWS,
    "Columns": COLUMNS,
    "Units": UNITS,
    "Identifiers": IDENTIFIERS,
    "Required values": FILLED,
    "Numbers": NUMBERS,
    "Dates": DATES,
    "Levels": LEVELS,
    "Order of dates": ORDER,
    "Intervals": INTERVALS,
    "Contradictions": CONTRADICTIONS,
    "Worth a second look": SECOND_LOOKS,
    "Distributions": DISTRIBUTIONS,
}
RULES: tuple[Rule, ...] = tuple(rule for section in SECTIONS.values() for rule in section)
