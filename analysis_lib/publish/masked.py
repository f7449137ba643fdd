"""A text as its letters and its numbers, by which it is known again wherever it was typeset."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

NUMBER = "#"
# Digits with thousands apart and decimals; a journal's P value has no zero before the point.
_TOKEN = re.compile(r"(?<![\w.])\.\d+|\d+(?:\u00a0\d{3})*(?:\.\d+)?")


@dataclass(frozen=True)
class Masked:
    """`skeleton` holds the letters in lower case and `#` for every number, in order."""

    skeleton: str
    numbers: tuple[str, ...]


def mask(text: str) -> Masked:
    """The letters and numbers of a text, without spaces, signs and marks between them.

    Signs and dashes go: a line's end may turn a hyphen into nothing, and a typesetter one kind
    of dash into another. A minus sign before a number stays with the number.
    """
    numbers: list[str] = []
    parts: list[str] = []
    end = 0
    plain = unicodedata.normalize("NFC", text)
    for match in _TOKEN.finditer(plain):
        before = plain[end : match.start()]
        parts += [_letters(before), NUMBER]
        sign = "-" if before.endswith("\u2212") else ""
        numbers.append(sign + match[0].replace("\u00a0", ""))
        end = match.end()
    parts.append(_letters(plain[end:]))
    return Masked("".join(parts), tuple(numbers))


def _letters(text: str) -> str:
    return "".join(c.lower() for c in text if c.isalpha())


def parted(whole: Masked, cut: int) -> tuple[Masked, Masked]:
    """Both parts of a text that is cut before a letter of its skeleton."""
    first, second = whole.skeleton[:cut], whole.skeleton[cut:]
    before = first.count(NUMBER)
    return Masked(first, whole.numbers[:before]), Masked(second, whole.numbers[before:])
