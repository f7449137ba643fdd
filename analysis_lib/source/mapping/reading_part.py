"""The `read` part of a mapping file: how the extract is written."""

from __future__ import annotations

import re

from analysis_lib.dictionary import nearest
from analysis_lib.source.mapping.document import Node
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.mapping.shapes import texts_of, unknown_names
from analysis_lib.source.reading import Reading
from analysis_lib.source.reading.options import DELIMITERS, ENCODINGS, is_known_encoding

NAMES = ("sheet", "delimiter", "decimal", "encoding", "dates", "missing")
_WORDS = {word: sign for sign, word in DELIMITERS.items()}
_DIRECTIVE = re.compile(r"%(.)")
_DATE_DIRECTIVES = "dmbBYyHMSfp%I"


def read_reading(node: Node, problems: Problems) -> Reading:
    """The typed `read` part; problems are added, and a wrong value is left at its default."""
    if not isinstance(node, dict):
        problems.add("read", "must hold names and values, like 'read: {decimal: \",\"}'")
        return Reading()
    unknown_names("read", node, NAMES, problems)
    single = {}
    for name in ("sheet", "delimiter", "decimal", "encoding"):
        value = node.get(name, "")
        if isinstance(value, str):
            single[name] = value
        else:
            problems.add(f"read.{name}", "must be one text")
    delimiter = single.get("delimiter", "")
    return Reading(
        sheet=single.get("sheet", ""),
        delimiter=_delimiter(delimiter, problems),
        decimal=_decimal(single.get("decimal", ""), problems),
        encoding=_encoding(single.get("encoding", ""), problems),
        dates=_dates(texts_of(node.get("dates", ""), "read.dates", problems), problems),
        missing=texts_of(node.get("missing", ""), "read.missing", problems),
    )


def _delimiter(text: str, problems: Problems) -> str:
    sign = _WORDS.get(text, text)
    if sign in ("", *DELIMITERS):
        return sign
    problems.add(
        "read.delimiter", f"must be one of {', '.join(DELIMITERS.values())}, but is {text!r}"
    )
    return ""


def _decimal(text: str, problems: Problems) -> str:
    if text not in ("", ",", "."):
        problems.add("read.decimal", f"must be ',' or '.', but is {text!r}")
        return ""
    return text


def _encoding(text: str, problems: Problems) -> str:
    if text and not is_known_encoding(text):
        problems.add(
            "read.encoding",
            f"must be one of {', '.join(ENCODINGS)}, but is {text!r}{nearest(text, ENCODINGS)}",
        )
        return ""
    return text


def _dates(formats: tuple[str, ...], problems: Problems) -> tuple[str, ...]:
    return tuple(form for form in formats if _is_date_format(form, problems))


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
