"""Names as plain words, so that `PatID`, `pat-id` and `Pat. ID` are alike."""

from __future__ import annotations

import difflib
import re
import unicodedata

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "o"}
)


def plain_words(name: str) -> str:
    """Lower-case words and numbers with one space between them, without accents."""
    plain = unicodedata.normalize("NFKD", name.translate(_UMLAUTS))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).casefold()
    return " ".join(re.findall(r"[^\W\d_]+|\d+", split))


def likeness(one: str, other: str) -> float:
    """How alike two plain names are, from 0 to 1, whatever the order of their words."""
    straight = difflib.SequenceMatcher(None, one, other).ratio()
    first, second = (" ".join(sorted(name.split())) for name in (one, other))
    return max(straight, difflib.SequenceMatcher(None, first, second).ratio())
