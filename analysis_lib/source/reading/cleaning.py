"""Take away what a reader of the file cannot see: blanks around values, zero-width characters."""

from __future__ import annotations

import unicodedata

# Zero-width space, word joiner, byte order mark, soft hyphen, marks of writing direction.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad\u200e\u200f"))
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
_TABLE = {**_INVISIBLE, **_SPACES}


def clean_text(text: str) -> str:
    """The visible text, stripped; accents are composed, so that equal text is equal."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text.translate(_TABLE)).strip()


class CleanTexts(dict[str, str]):
    """Cleans each distinct text once and gives one object for it, which saves time and memory."""

    def __missing__(self, text: str) -> str:
        cleaned = self[text] = clean_text(text)
        return cleaned
