"""The bounds that a mapping file or a command line sets for an extract."""

from __future__ import annotations

import re
from dataclasses import fields

from analysis_lib.errors import ParameterError
from analysis_lib.intake.mapping.document import Node, Problems, pairs_of, text_of, unknown_names
from analysis_lib.intake.reading.bounds import Bounds

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
