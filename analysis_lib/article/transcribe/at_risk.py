"""Numbers at risk, as they stand below a curve: a row a group, a column a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis_lib.article.transcribe.cells import Printed
from analysis_lib.article.transcribe.grid import Grid
from analysis_lib.article.transcribe.heads import GROUP, TOTAL, Column, is_total
from analysis_lib.article.transcribe.keys import Asked, find_groups
from analysis_lib.article.transcribe.layout import Layout
from analysis_lib.article.transcribe.sentences import line_under
from analysis_lib.article.transcribe.texts import plain
from analysis_lib.article.transcribe.writer import Left, Proposed
from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import ClaimsError
from analysis_lib.intake.likeness import slug
from analysis_lib.study.groups import Population

_UNIT = re.compile(r"\b(?P<unit>day|week|wk|month|mo|year|yr)s?\b", re.IGNORECASE)
_DAYS = {"day": 1.0, "week": 7.0, "wk": 7.0, "month": 30.4375, "mo": 30.4375}
_DAYS |= {"year": 365.25, "yr": 365.25}
_CELL = re.compile(r"(?P<left>\d+)(?P<more>\s*[(\[].*[)\]])?")


@dataclass(frozen=True)
class Times:
    """The row of the times, and the months of each column."""

    row: int
    months: dict[int, str]


def find_times(grid: Grid) -> Times | None:
    """The times of a table that says "at risk" and has whole times from 0 on as its heads.

    Raises
    ------
    ClaimsError
        No unit of the times is told.
    """
    if not any("at risk" in cell.casefold() for row in grid for cell in row):
        return None
    for number, row in enumerate(grid):
        told = {i: plain(cell) for i, cell in enumerate(row) if i and cell.strip()}
        if len(told) > 1 and all(re.fullmatch(r"\d+(\.\d+)?", x) for x in told.values()):
            times = [float(x) for x in told.values()]
            if times[0] == 0 and all(a < b for a, b in pairwise(times)):
                unit = _days(grid)
                return Times(number, {i: f"{float(x) * unit:g}" for i, x in told.items()})
    return None


def _days(grid: Grid) -> float:
    """Months in the one unit that the table tells."""
    told = {_DAYS[x["unit"].lower()] for row in grid for c in row for x in _UNIT.finditer(c)}
    if len(told) != 1:
        raise ClaimsError(
            "TABLE: numbers at risk at which times? write one unit, such as 'months', into the head"
        )
    return told.pop() / _DAYS["month"]


def propose_at_risk(grid: Grid, times: Times, asked: Asked, dictionary: Dictionary) -> Proposed:
    """A line for each number, and one for the size of each group."""
    proposed = Proposed()
    rows = [(n, _label(row), row) for n, row in enumerate(grid[times.row + 1 :], times.row + 2)]
    held = [one for one in rows if any(map(str.strip, one[2][1:]))]
    columns = (Column(n, TOTAL if is_total(label) else GROUP, label) for n, label, _ in held)
    groups = find_groups(Layout(tuple(columns), ()), asked, dictionary)
    for number, label, row in held:
        level = "" if is_total(label) else groups.levels[label]
        of = Population(asked.base, groups.variable, level) if level else Population(asked.base)
        cells = {i: plain(row[i]) for i in times.months if i < len(row) and plain(row[i])}
        for i, text in cells.items():
            match = _CELL.fullmatch(text)
            reason = _why_left(match is not None, label, asked)
            if reason or match is None:
                proposed.left.append(Left(number, label, text, reason))
                continue
            if match["more"]:
                why = "events or censored? key it by hand"
                proposed.left.append(Left(number, label, match["more"].strip(), why))
            proposed.lines += _lines(
                of, f"row {number}: {label}", times.months[i], match["left"], asked
            )
    return proposed


def _label(row: Sequence[str]) -> str:
    return " ".join(row[0].split())


def _why_left(is_number: bool, label: str, asked: Asked) -> str:
    if not asked.outcome:
        return "at risk of which endpoint? say it by --outcome"
    if not label:
        return "the row has no label"
    return "" if is_number else "no number can be told"


def _lines(
    of: Population, note: str, months: str, text: str, asked: Asked
) -> Iterator[dict[str, str]]:
    section, group = slug(asked.source) or "at_risk", of.level or "all"
    shared = {
        "section": section, "source": asked.source, "base": asked.base, "population": str(of),
        "note": note, "outcome": "",
    }  # fmt: skip
    if months == "0":
        analysis = "baseline_by_exposure" if of.level else "flow"
        size = Printed("n", text, unit="patients")
        yield line_under(shared | {"analysis": analysis}, size, f"{section}_{group}")
    shared |= {
        "analysis": "survival_by_exposure", "outcome": asked.outcome, "time_months": months,
        "denominator_source": "unknown",
    }  # fmt: skip
    at_risk = Printed("at_risk", text, unit="patients")
    yield line_under(shared, at_risk, f"{section}_{group}_{slug(months)}")
