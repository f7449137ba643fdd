"""How variables and levels are named in tables, figures and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.format import EN_DASH

MISSING = "Missing"

_LINE_ENDS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~^$@&]|-(?=-)|(?<=-)-")
_AT_THE_START = re.compile(r"^([-+:%=])|^(\(?\w+)([.)])(?=\s|$)")


def level_label(variable: Variable, level: str) -> str:
    """A level's label, number ranges with an en dash: `Grade 1–2`."""
    if level == "missing" and level not in variable.levels:
        return MISSING
    return typeset(variable.level_label(level))


def quantity_label(variable: Variable) -> str:
    """`Prior lines of therapy, per line`; a label that says its unit stays as it is."""
    if not variable.unit or " per " in variable.label:
        return variable.label
    return f"{variable.label}, per {variable.unit.removesuffix('s')}"


def as_markdown(text: str) -> str:
    """Text from the data, the dictionary or the parameters, inert in Markdown.

    Everything that a person outside the library wrote passes here where it enters a sentence or
    a variable of the text; tables and figures take it as it is. Letters, digits and most
    punctuation come out unchanged.
    """
    line = _MARKUP.sub(r"\\\g<0>", _LINE_ENDS.sub(" ", text))
    return _AT_THE_START.sub(lambda x: f"\\{x[1]}" if x[1] else f"{x[2]}\\{x[3]}", line)


def as_plain(markdown: str) -> str:
    """What `as_markdown` made, for places that take no markup: an attribute, a file's title."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def shortened(phrase: str) -> str:
    """`prior InO` of `prior inotuzumab ozogamicin (InO)`: a name once said goes by its letters.

    The name begins with the last word before the parenthesis that begins as the letters do.
    """
    found = re.fullmatch(r"(.+) \((\w+)\)", phrase)
    if not found:
        return phrase
    words, letters = found[1].split(), found[2]
    starts = [n for n, word in enumerate(words) if word[0].lower() == letters[0].lower()]
    return " ".join([*words[: starts[-1]], letters]) if starts else phrase


def typeset(label: str) -> str:
    """Hyphens between numbers become en dashes."""
    return re.sub(r"(?<=\d)-(?=\d)", EN_DASH, label)


def readable(text: str, dictionary: Dictionary) -> str:
    """The text with `variable` and `variable=level` of an estimator said as labels."""

    def say(match: re.Match[str]) -> str:
        name, level = match["name"], match["level"]
        if name not in dictionary or not (level or "_" in name):
            return match[0]
        variable = dictionary[name]
        return f"{variable.label} ({level_label(variable, level)})" if level else variable.label

    return re.sub(r"\b(?P<name>[a-z]\w*)(?:=(?P<level>\w+))?", say, text)


def listed(items: Iterable[str]) -> str:
    """`a`, `a and b`, or `a, b and c`."""
    known = list(items)
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} and {known[-1]}"
