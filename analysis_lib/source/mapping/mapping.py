"""What a mapping file says, typed: their columns, levels, units and dates in our names."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from analysis_lib.dictionary import Variable
from analysis_lib.source.reading import Reading


@dataclass(frozen=True)
class Zero:
    """The date from which days are counted: our column, and a nominal day where it is empty."""

    column: str
    date: str


@dataclass(frozen=True)
class DaysRule:
    """A date that stands in the extract as days since time zero.

    `days` and the keys of `where` are their columns; a row counts only where each of these holds
    one of the given texts. `otherwise` holds, by the same columns, the texts that say there was no
    event, with an empty one for a blank.
    """

    days: str
    where: Pairs[str, tuple[str, ...]] = field(default_factory=dict)
    otherwise: Pairs[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Repeat:
    """Which row of a record counts for a form: the first, the last, or any that says yes.

    `date` is their column by which first and last are told; the order of the file where empty.
    """

    take: str
    date: str = ""


@dataclass(frozen=True)
class Mapping:
    """A checked mapping file; `columns` is theirs -> ours, `repeats` goes by the forms of a REDCap
    project, the other parts by our names.
    """

    name: str = ""
    reading: Reading = field(default_factory=Reading)
    redcap: Path | None = None
    repeats: Pairs[str, Repeat] = field(default_factory=dict)
    columns: Pairs[str, str] = field(default_factory=dict)
    levels: Pairs[str, Pairs[str, str]] = field(default_factory=dict)
    units: Pairs[str, Fraction] = field(default_factory=dict)
    values: Pairs[str, str] = field(default_factory=dict)
    zero: Zero | None = None
    days: Pairs[str, DaysRule] = field(default_factory=dict)
    variables: tuple[Variable, ...] = ()
