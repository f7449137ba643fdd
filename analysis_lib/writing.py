"""Write a text file completely or not at all, and tell who is writing."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path

from analysis_lib.errors import OutputError

if sys.platform != "win32":
    import fcntl

PART = ".part"
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.I)


def write_text(text: str, path: Path) -> None:
    """Write beside the target, then rename; what was there survives any failure.

    The file beside the target has a fixed name, so that what a killed writer leaves is taken over
    by the next one. Two writers of one file take turns: the later one's text stays.

    Raises
    ------
    OutputError
        The target is no file, or its folder does not exist or cannot be written.
    """
    try:
        path = path.resolve()  # through a link, into the folder of the file it stands for
        if path.exists() and not path.is_file():
            raise OutputError(f"{path.name}: must be a file, but is a folder or a device")
        part = path.with_name(f".{path.name}{PART}")
        descriptor = take_lock(part, wait=True)
    except OSError as error:
        raise OutputError(
            f"{path.name}: cannot be written into {path.parent.name or '.'}/ ({error.strerror}); "
            "choose another place"
        ) from None
    assert descriptor is not None  # it was waited for
    try:
        _write(descriptor, text)
        os.replace(part, path)
    except OSError as error:
        raise OutputError(f"{path.name}: cannot be written ({error.strerror})") from None
    finally:
        release(part, descriptor)


def csv_cell(value: object) -> object:
    """A cell of a CSV file that no spreadsheet takes for a formula; numbers stay numbers.

    A text that begins as a formula does gets an apostrophe before it, which a spreadsheet hides.
    """
    if not isinstance(value, str) or not _FORMULA.match(value) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}"


def take_lock(path: Path, *, wait: bool) -> int | None:
    """Open a file and hold it alone; the descriptor, or None if another process holds it.

    The operating system lets go when the descriptor is closed or its process ends, however it
    ends. A file that was renamed or removed while this call waited is not the one at `path`.

    Raises
    ------
    OSError
        The file cannot be opened, or its file system knows no locks.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    while True:
        descriptor = os.open(path, flags, 0o666)
        held = False
        try:
            held = _lock(descriptor, wait=wait)
            if not held:
                return None
            if path.exists() and os.path.samestat(path.stat(), os.fstat(descriptor)):
                return descriptor
            held = False
        finally:
            if not held:
                os.close(descriptor)


def release(path: Path, descriptor: int) -> None:
    """Let go of a file that `take_lock` opened, and remove it unless it has been renamed."""
    with suppress(OSError):
        if os.path.samestat(path.stat(), os.fstat(descriptor)):
            path.unlink()
    os.close(descriptor)


def _lock(descriptor: int, *, wait: bool) -> bool:
    if sys.platform == "win32":
        return True  # no such locks, and no removal of an open file: nothing is taken over
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _write(descriptor: int, text: str) -> None:
    """Replace what a killed writer may have left in the file."""
    os.ftruncate(descriptor, 0)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="", closefd=False) as stream:
        stream.write(text)
    os.fsync(descriptor)  # a full disk may tell only now
