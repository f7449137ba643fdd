"""The text of a cell in one kind of sign: dashes, spaces, points, marks of footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Signs and letters of footnotes, also raised ones, and a letter that has come down from there.
_MARKS = re.compile(
    "[*\u2020\u2021\u00a7\u00b6\u2016\u00b9\u00b2\u00b3\u2070-\u207f\u1d43-\u1d6a]|#+$"
    r"|(?<=[\d)%\]])[a-h](?=$|\s*[(\[])"
)
_KINDS: dict[str, str] = {
    **dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f", " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u00b7\u2219\u22c5", "."),
}
_ONE_KIND = {ord(sign): plain for sign, plain in _KINDS.items()}


def plain(text: str) -> str:
    """One kind of dash, space and decimal point; no marks of footnotes, no commas of thousands."""
    text = " ".join(text.translate(_ONE_KIND).split())
    if re.fullmatch(r"[<>]?\s*\d+,\d{1,2}", text):
        text = text.replace(",", ".")  # a decimal comma alone in its cell
    text = re.sub(r"(\d*\.\d+),(?=-?\d*\.\d)", r"\1, ", text)  # (0.80,1.05)
    return _MARKS.sub("", re.sub(r"(?<=\d)[, '\u2019](?=\d{3}(?!\d))", "", text)).strip()


def has_decimal_commas(texts: Iterable[str]) -> bool:
    """Whether the numbers of a table have commas, and none of them a point.

    `(39,60)` alone in its brackets may be a range, `(60,5)` none.
    """
    known = [text.translate(_ONE_KIND) for text in texts]
    if any(re.search(r"\d\.\d|(?<![\w.])\.\d", text) for text in known):
        return False
    number = re.compile(r"(?P<open>[(\[]?)(?<![\d,.])(\d+),(\d{1,2}|(?<=\b0,)\d+)(?![\d,])")
    return any(
        not match["open"] or match[2] == "0" or int(match[2]) > int(match[3])
        for text in known
        for match in number.finditer(text)
    )


def with_points(text: str) -> str:
    """A cell of a table with decimal commas."""
    return re.sub(r"(?<=\d),(?=\d)", ".", text)
