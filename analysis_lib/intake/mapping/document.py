"""A mapping file as text, the shapes and bounds of its parts, and all its problems at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Iterable
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field, fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis_lib.dictionary import Variable, nearest
from analysis_lib.errors import ParameterError, SourceError
from analysis_lib.intake.reading.kinds import Bounds, Reading
from analysis_lib.intake.reading.rows import clean_text
from analysis_lib.parameters.guarded_yaml import LONGEST, load_guarded, reason_of


@dataclass
class Problems:
    """Collects sentences of the form part, name, rule, remedy, and raises them together."""

    file: str
    sentences: list[str] = field(default_factory=list)

    def add(self, part: str, sentence: str) -> None:
        self.sentences.append(f"{part}: {sentence}")

    def raise_any(self) -> None:
        """Raise one SourceError that lists everything added, or do nothing."""
        if not self.sentences:
            return
        count = len(self.sentences)
        head = f"mapping {self.file}: {count} problem{'s' if count > 1 else ''}"
        raise SourceError("\n".join([head, *(f"  - {sentence}" for sentence in self.sentences)]))


Node = str | list["Node"] | dict[str, "Node"]


class _TextLoader(yaml.BaseLoader):
    """Texts only, and no key twice in one place: the later would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {name!r} stands twice; keep one", problem_mark=key.start_mark
                )
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def read_document(path: Path) -> dict[str, Node]:
    """The parts of a mapping file by name; empty for an empty file.

    Raises
    ------
    SourceError
        The file is absent, unreadable or no YAML, or a key stands twice.
    """
    if not path.is_file():
        raise SourceError(
            f"mapping: there is no file {path.name} in {path.parent.name or '.'}/; "
            "check the name (relative paths start at the project's folder)"
        )
    try:
        with path.open(encoding="utf-8-sig") as handle:
            document = load_guarded(handle.read(LONGEST + 1), _TextLoader)
    except OSError as error:
        raise SourceError(f"mapping: {path.name} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SourceError(f"mapping: {path.name} is not UTF-8 text; save it as UTF-8") from None
    except yaml.YAMLError as error:
        raise SourceError(f"mapping: {path.name} is not valid YAML: {reason_of(error)}") from None
    if document is None or document == "":
        return {}
    if not isinstance(document, dict):
        raise SourceError(
            f"mapping: {path.name} must have named parts, like 'columns: {{their_name: sex}}'"
        )
    return document


def text_of(node: Node, part: str, problems: Problems) -> str:
    """One text, cleaned like the values of the extract; empty where it is none."""
    if isinstance(node, str):
        return clean_text(node)
    problems.add(part, "must be one text")
    return ""


def texts_of(node: Node, part: str, problems: Problems, *, blank: bool = False) -> tuple[str, ...]:
    """One text or a list of texts; empty ones only where `blank` is a value like another."""
    if isinstance(node, dict):
        problems.add(part, "must be a text or a list of texts, like [a, b]")
        return ()
    items = [node] if isinstance(node, str) else node
    texts = (text_of(item, part, problems) for item in items)
    return tuple(text for text in texts if text or blank)


def pairs_of(node: Node, part: str, problems: Problems) -> dict[str, Node]:
    """Names and what belongs to them; an empty part is an empty table."""
    if isinstance(node, dict):
        return {clean_text(name): value for name, value in node.items()}
    if node != "":
        problems.add(part, "must hold names and values, like {name: value}")
    return {}


def unknown_names(
    part: str, given: Iterable[str], known: Iterable[str], problems: Problems
) -> None:
    """Refuse names that a part does not have, with the nearest one that it has."""
    allowed = list(known)
    for name in given:
        if name not in allowed:
            problems.add(part, f"{name!r} is none of {', '.join(allowed)}{nearest(name, allowed)}")


@dataclass(frozen=True)
class Zero:
    """The date from which days are counted: our column, and a nominal day where it is empty."""

    column: str
    date: str


@dataclass(frozen=True)
class DaysRule:
    """A date that stands in the extract as days since time zero.

    `days`, in a `unit` of time, and the keys of `where` are their columns; a row counts only where
    each of these holds one of the given texts. `otherwise` holds, by the same columns, the texts
    that say there was no event, with an empty one for a blank.
    """

    days: str
    where: Pairs[str, tuple[str, ...]] = field(default_factory=dict)
    otherwise: Pairs[str, tuple[str, ...]] = field(default_factory=dict)
    unit: str = "days"


@dataclass(frozen=True)
class Repeat:
    """Which row of a record counts for a form: the first, the last, or any that says yes.

    `date` is their column by which first and last are told; the order of the file where empty.
    """

    take: str
    date: str = ""


@dataclass(frozen=True)
class MappingFile:
    """A checked mapping file; `columns` is theirs -> ours, `repeats` goes by the forms of a REDCap
    project, the other parts by our names.
    """

    name: str = ""
    reading: Reading = field(default_factory=Reading)
    redcap: Path | None = None
    adtte: Path | None = None
    repeats: Pairs[str, Repeat] = field(default_factory=dict)
    columns: Pairs[str, str] = field(default_factory=dict)
    levels: Pairs[str, Pairs[str, str]] = field(default_factory=dict)
    units: Pairs[str, Fraction] = field(default_factory=dict)
    values: Pairs[str, str] = field(default_factory=dict)
    zero: Zero | None = None
    days: Pairs[str, DaysRule] = field(default_factory=dict)
    variables: tuple[Variable, ...] = ()


NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

# A whole number as spreadsheets and data frames write it where the column has gaps.
_WHOLE_FLOAT = re.compile(r"([+-]?\d+)\.0+")


def value_fits(text: str, variable: Variable) -> bool:
    """Whether a text is a level, a number or an ISO date, as the variable's type asks."""
    if variable.type == "date":
        return is_iso_date(text)
    if variable.is_numeric:
        return NUMBER.fullmatch(text) is not None
    return text in variable.levels if variable.levels else True


def is_iso_date(text: str) -> bool:
    """Whether a text is a day written YYYY-MM-DD that the calendar has."""
    if not ISO_DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def plain_number(text: str) -> str:
    """A whole number without the `.0` that a spreadsheet hung on it; any other text as it is."""
    found = _WHOLE_FLOAT.fullmatch(text)
    return found[1] if found else text


def holds(column: pd.Series, texts: Iterable[str]) -> pd.Series:
    """Where a column holds one of the texts: 1.0 is 1 among numbers, but not beside words."""
    if all(NUMBER.fullmatch(text) for text in column.unique() if text):
        return column.map(plain_number).isin({plain_number(text) for text in texts})
    return column.isin(set(texts))


_NUMBER = re.compile(r"[1-9]\d{0,14}")


def read_bounds(node: Node, problems: Problems) -> Bounds:
    """The bounds named, each a whole number above 0, over those that hold by default."""
    known = [one.name for one in fields(Bounds)]
    given = pairs_of(node, "read.bounds", problems)
    unknown_names("read.bounds", given, known, problems)
    numbers = {}
    for name in filter(given.__contains__, known):
        text = text_of(given[name], f"read.bounds.{name}", problems)
        if _NUMBER.fullmatch(text):
            numbers[name] = int(text)
        else:
            problems.add(f"read.bounds.{name}", f"must be a whole number above 0, but is {text!r}")
    return Bounds(**numbers)


def given_bounds(texts: dict[str, str]) -> Bounds:
    """Bounds by their names and numbers as a person types them.

    Raises
    ------
    ParameterError
        A name is none of a bound, or a number is no whole number above 0.
    """
    problems = Problems("")
    bounds = read_bounds(dict(texts), problems)
    if problems.sentences:
        raise ParameterError(problems.sentences[0].replace("read.bounds", "--bound"))
    return bounds
