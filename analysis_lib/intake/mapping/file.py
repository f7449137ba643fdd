"""A mapping file: what it says of the file, of columns, levels and dates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping as Pairs
from dataclasses import replace
from pathlib import Path, PurePath

from analysis_lib.dictionary import Dictionary, Variable, nearest
from analysis_lib.intake.mapping.days import PART as DAYS
from analysis_lib.intake.mapping.days import read_days
from analysis_lib.intake.mapping.document import (
    MappingFile,
    Node,
    Problems,
    Repeat,
    pairs_of,
    read_bounds,
    read_document,
    text_of,
    texts_of,
    unknown_names,
)
from analysis_lib.intake.mapping.numbers import read_units
from analysis_lib.intake.mapping.variables import (
    ORIGIN,
    our_variable,
    read_levels,
    read_values,
    read_variables,
)
from analysis_lib.intake.reading.kinds import DELIMITERS, ENCODINGS, Reading, is_known_encoding

NAMES = ("sheet", "delimiter", "decimal", "encoding", "dates", "missing", "keep_missing", "bounds")
_WORDS = {word: sign for sign, word in DELIMITERS.items()}
_DIRECTIVE = re.compile(r"%(.)")
_DATE_DIRECTIVES = "dmbBYyHMSfp%I"


def read_reading(node: Node, problems: Problems) -> Reading:
    """The typed `read` part; problems are added, and a wrong value is left at its default."""
    if not isinstance(node, dict):
        problems.add("read", "must hold names and values, like 'read: {decimal: \",\"}'")
        return Reading()
    unknown_names("read", node, NAMES, problems)

    def one(name: str) -> str:
        value = node.get(name, "")
        if isinstance(value, str):
            return value  # as it is written: a tab is a delimiter
        problems.add(f"read.{name}", "must be one text")
        return ""

    def several(name: str) -> tuple[str, ...]:
        return texts_of(node.get(name, ""), f"read.{name}", problems)

    return Reading(
        sheet=one("sheet"),
        delimiter=_delimiter(one("delimiter"), problems),
        decimal=_decimal(one("decimal"), problems),
        encoding=_encoding(one("encoding"), problems),
        dates=tuple(form for form in several("dates") if _is_date_format(form, problems)),
        missing=several("missing"),
        keep_missing=several("keep_missing"),
        bounds=read_bounds(node.get("bounds", ""), problems),
    )


def declared_reading(path: Path) -> Reading:
    """How a mapping file says that the extract is read, before anything else of it is judged."""
    return read_reading(read_document(path).get("read") or {}, Problems(path.name))


def _delimiter(text: str, problems: Problems) -> str:
    sign = _WORDS.get(text, text)
    words = ", ".join(DELIMITERS.values())
    return _or_refused("delimiter", sign, sign in DELIMITERS, f"one of {words}", problems)


def _decimal(text: str, problems: Problems) -> str:
    return _or_refused("decimal", text, text in (",", "."), "',' or '.'", problems)


def _encoding(text: str, problems: Problems) -> str:
    rule, hint = f"one of {', '.join(ENCODINGS)}", nearest(text, ENCODINGS)
    return _or_refused("encoding", text, is_known_encoding(text), rule, problems, hint)


def _or_refused(
    name: str, text: str, is_allowed: bool, rule: str, problems: Problems, hint: str = ""
) -> str:
    """The text where it is allowed or empty; else a problem, and nothing."""
    if is_allowed or not text:
        return text
    problems.add(f"read.{name}", f"must be {rule}, but is {text!r}{hint}")
    return ""


def _is_date_format(form: str, problems: Problems) -> bool:
    """Whether a format names day, month and year, in signs that every system reads alike."""
    directives = _DIRECTIVE.findall(form)
    wrong = [sign for sign in directives if sign not in _DATE_DIRECTIVES]
    year = {"Y", "y"} & set(directives)
    month = {"m", "b", "B"} & set(directives)
    if wrong or not (year and month and "d" in directives):
        problems.add(
            "read.dates",
            f"{form!r} must name day (%d), month (%m, %b or %B) and year (%Y or %y), like "
            "'%d.%m.%Y'",
        )
        return False
    return True


def read_columns(node: Node, dictionary: Dictionary, problems: Problems) -> dict[str, str]:
    """Theirs -> ours; an empty name of ours leaves their column out."""
    columns = {}
    names = dictionary.names("extract")
    takers: dict[str, list[str]] = defaultdict(list)
    for theirs, value in pairs_of(node, "columns", problems).items():
        ours = text_of(value, f"columns.{theirs}", problems)
        if ours not in names and theirs in names and ours:
            problems.add(
                f"columns.{theirs}",
                f"{theirs} is our name and stands on the right; write {ours!r}: {theirs}",
            )
            continue
        if ours and our_variable(ours, f"columns.{theirs}", dictionary, problems) is None:
            continue
        if theirs == ORIGIN != ours:
            problems.add("columns", f"{ORIGIN!r} keeps its name: it labels synthetic records")
            continue
        columns[theirs] = ours
        if ours:
            takers[ours].append(theirs)
    for ours, several in takers.items():
        if len(several) > 1:
            problems.add(
                "columns",
                f"{', '.join(map(repr, several))} are all mapped to {ours}; keep one of them",
            )
    return columns


WORDS = ("first", "last", "any")
_FORM = "first, last, any, or {last: their_date_column}"


def read_repeats(node: Node, problems: Problems) -> dict[str, Repeat]:
    """By form, the row that counts: `toxicity: last`, or by a date `toxicity: {last: crs_date}`."""
    repeats = {}
    for form, entry in pairs_of(node, "repeats", problems).items():
        part = f"repeats.{form}"
        given = pairs_of(entry, part, problems) if isinstance(entry, dict) else {}
        take = next(iter(given), "") if given else text_of(entry, part, problems)
        if take not in WORDS or len(given) > 1 or (given and take == "any"):
            problems.add(part, f"must be {_FORM}")
            continue
        repeats[form] = Repeat(take, text_of(given[take], part, problems) if given else "")
    return repeats


PARTS = (
    "read",
    "redcap",
    "adtte",
    "repeats",
    "columns",
    "levels",
    "units",
    "values",
    DAYS,
    "variables",
)


def named_file(part: str, path: Path) -> Path | None:
    """The file that a mapping file names: `redcap` a data dictionary, `adtte` a data set.

    Raises
    ------
    SourceError
        The mapping file is no YAML, or names a file that is not beside it.
    """
    problems = Problems(path.name)
    found = _beside(part, read_document(path).get(part, ""), path, problems)
    problems.raise_any()
    return found


def read_mapping(
    path: Path, dictionary: Dictionary, proposed: Pairs[str, Variable] | None = None
) -> MappingFile:
    """A mapping file, checked against the dictionary.

    `proposed` holds, by column of the extract, variables that its own data dictionary describes;
    the mapping file may name them under `variables` without saying more.

    Raises
    ------
    SourceError
        The file is no YAML, or names parts, variables or levels that do not exist, or contradicts
        itself; the message lists all problems.
    """
    document = read_document(path)
    problems = Problems(path.name)
    unknown_names("mapping", document, PARTS, problems)

    def part(name: str) -> Node:
        return document.get(name, "")

    described = _under_our_names(part("columns"), proposed or {})
    variables = read_variables(part("variables"), dictionary, described, problems)
    extended = dictionary.with_variables(variables)
    zero, days = read_days(part(DAYS), extended, problems)
    mapping = MappingFile(
        name=path.name,
        reading=read_reading(part("read") or {}, problems),
        redcap=_beside("redcap", part("redcap"), path, problems),
        adtte=_beside("adtte", part("adtte"), path, problems),
        repeats=_repeats(document, problems),
        columns=read_columns(part("columns"), extended, problems),
        levels=read_levels(part("levels"), extended, problems),
        units=read_units(part("units"), extended, problems),
        values=read_values(part("values"), extended, problems),
        zero=zero,
        days=days,
        variables=variables,
    )
    _check_sources(mapping, problems)
    problems.raise_any()
    return mapping


def _under_our_names(columns: Node, proposed: Pairs[str, Variable]) -> dict[str, Variable]:
    """Described variables by the name that the mapping gives their column, else their own."""
    named = {name: replace(variable, name=name) for name, variable in proposed.items()}
    for theirs, ours in columns.items() if isinstance(columns, dict) else ():
        if isinstance(ours, str) and theirs in proposed:
            named[ours] = replace(proposed[theirs], name=ours)
    return named


def _beside(part: str, node: Node, path: Path, problems: Problems) -> Path | None:
    """The file that a part names beside the mapping file, or nothing."""
    name = text_of(node, part, problems)
    if not name:
        return None
    if PurePath(name).name != name or "\\" in name:
        problems.add(part, f"must name a file beside {path.name}, but is {name!r}")
        return None
    file = path.parent / name
    if not file.is_file():
        problems.add(part, f"there is no file {name} beside {path.name}; put it there")
        return None
    return file


def _repeats(document: Pairs[str, Node], problems: Problems) -> dict[str, Repeat]:
    if "repeats" in document and "redcap" not in document:
        problems.add("repeats", "is for REDCap exports, whose data dictionary redcap names")
    return read_repeats(document.get("repeats", ""), problems)


def _check_sources(mapping: MappingFile, problems: Problems) -> None:
    """Each variable of ours comes from one place."""
    sources: dict[str, list[str]] = {}
    for name in filter(None, mapping.columns.values()):
        sources.setdefault(name, []).append("columns")
    for name in mapping.values:
        sources.setdefault(name, []).append("values")
    for name in mapping.days:
        sources.setdefault(name, []).append(DAYS)
    for name, parts in sources.items():
        places = list(dict.fromkeys(parts))
        if len(places) > 1:
            problems.add(name, f"is filled by {' and by '.join(places)}; keep one of them")
    if mapping.zero and mapping.zero.column in mapping.days:
        problems.add(f"{DAYS}.zero", f"{mapping.zero.column} cannot be counted from itself")
