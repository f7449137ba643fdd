"""How a file is written, where the file does not say so itself."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ENCODINGS = (
    "utf-8",
    "latin-1",
    "iso-8859-2",
    "iso-8859-15",
    "windows-1250",
    "windows-1252",
    "mac-roman",
)


@dataclass(frozen=True)
class Reading:
    """The `read` part of a mapping file; an empty part is found out from the file."""

    sheet: str = ""
    delimiter: str = ""
    decimal: str = ""
    encoding: str = ""
    dates: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def is_known_encoding(name: str) -> bool:
    """Whether a name, or one of its other spellings, is an encoding that is read."""
    try:
        return codecs.lookup(name) in {codecs.lookup(known) for known in ENCODINGS}
    except LookupError:
        return False
