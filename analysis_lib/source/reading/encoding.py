"""From bytes to text; an encoding is never guessed."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from analysis_lib.errors import SourceError

_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile("[\x80-\x9f]")
REMEDY = "save it as CSV UTF-8"


def decode(data: bytes, path: Path, encoding: str) -> str:
    """The text of a file: UTF-8 with or without a byte order mark, or as declared.

    Raises
    ------
    SourceError
        The bytes are not text in that encoding; the message names line, byte and remedy.
    """
    if data.startswith(_BYTE_ORDER_MARKS) or _alternates_with_nul(data):
        raise SourceError(f"{path.name}: is UTF-16 text, which is not read; {REMEDY}")
    if b"\0" in data:
        raise SourceError(
            f"{path.name}: holds a NUL byte in line {_line(data, data.index(0))}, so it is damaged "
            "or no text; export it again"
        )
    if encoding and codecs.lookup(encoding).name != "utf-8":
        return _decode_declared(data, path, encoding)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The mark at the beginning is not counted in the error's position.
        offset = 3 if data.startswith(codecs.BOM_UTF8) else 0
        raise SourceError(_not_utf8(data, error.start + offset, path)) from None


def _decode_declared(data: bytes, path: Path, encoding: str) -> str:
    if not data.isascii() and _is_utf8(data):
        raise SourceError(
            f"{path.name}: is UTF-8, but the mapping declares read.encoding {encoding!r}; "
            "leave read.encoding out"
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path.name}: line {_line(data, error.start)} holds the byte "
            f"0x{data[error.start]:02X}, which {encoding} does not know; {REMEDY}"
        ) from None
    strange = _CONTROL.search(text)
    if strange:
        raise SourceError(
            f"{path.name}: line {text.count(chr(10), 0, strange.start()) + 1} holds a control "
            f"character in {encoding}; declare read.encoding windows-1252, or {REMEDY}"
        )
    return text


def _not_utf8(data: bytes, position: int, path: Path) -> str:
    byte = data[position : position + 1]
    guess = byte.decode("windows-1252", errors="replace")
    return (
        f"{path.name}: is not UTF-8 text: line {_line(data, position)} holds the byte "
        f"0x{byte[0]:02X} ({guess!r} in Windows-1252 and mostly in Latin-1); {REMEDY}, or declare "
        "read: {encoding: windows-1252} in the mapping file if that is what it is"
    )


def _line(data: bytes, position: int) -> int:
    before = data[:position]
    return before.count(b"\n" if b"\n" in data else b"\r") + 1


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _alternates_with_nul(data: bytes) -> bool:
    """Text of UTF-16 without its mark: every other byte of Western text is NUL."""
    start = data[:2000]
    pairs = len(start) // 2
    return pairs > 4 and max(start[0::2].count(0), start[1::2].count(0)) > pairs * 0.6
