"""A hidden folder beside the target in which a report is made, held by one build at a time.

The lock on the file beside it ends with the build's process, however that ends. What a killed
build left is told by a lock that nobody holds, and the next build beside it tidies up.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis_lib.errors import OutputError
from analysis_lib.report.interrupts import uninterrupted
from analysis_lib.writing import release, take_lock

PREFIX = ".cart-report-"
LOCK = ".lock"
PREVIOUS = "previous"


@contextmanager
def staging_folder(target: Path, *, what: str = "the report") -> Iterator[Path]:
    """A folder beside the target that only its owner can read, gone whatever happens.

    `what` is made in it, for messages.

    Raises
    ------
    OutputError
        Another build is writing to this target; nothing can be written beside it; or a file
        could not be written while the folder was in use.
    """
    created = [parent for parent in target.parents if not parent.exists()]
    lock, descriptor = target.with_name(f"{PREFIX}{target.name}{LOCK}"), None
    try:
        with uninterrupted():
            target.parent.mkdir(parents=True, exist_ok=True)
            descriptor = _hold(lock, target)
        sweep(target.parent)
        yield _empty(target)
    except OSError as failure:
        raise OutputError(_unwritable(target, what, failure)) from failure
    finally:
        with uninterrupted():
            if descriptor is not None:
                _leave(target, lock, descriptor)
            if not target.exists():
                with suppress(OSError):  # someone else may have put something there
                    for parent in created:
                        parent.rmdir()


def sweep(folder: Path) -> None:
    """Remove what killed builds left in a folder; put back a report they had moved away."""
    for lock in sorted(folder.glob(f"{PREFIX}*{LOCK}")):
        try:
            descriptor = take_lock(lock, wait=False)
        except OSError:  # another user's
            continue
        if descriptor is not None:
            name = lock.name.removeprefix(PREFIX).removesuffix(LOCK)
            _leave(folder / name, lock, descriptor)


def previous_of(target: Path) -> Path:
    """Where the report that is about to be replaced waits."""
    return _staging(target) / PREVIOUS


def _staging(target: Path) -> Path:
    return target.with_name(f"{PREFIX}{target.name}")


def _hold(lock: Path, target: Path) -> int:
    descriptor = take_lock(lock, wait=False)
    if descriptor is None:
        raise OutputError(
            f"another build is writing to {target}: wait until it has ended, or name another folder"
        )
    return descriptor


def _empty(target: Path) -> Path:
    """The folder, without what a killed build of the same target left in it."""
    staging = _staging(target)
    if not _put_back(target):
        raise OutputError(f"an earlier report waits in {previous_of(target)}: move it to {target}")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)  # patients' rows lie in it while the notebooks run
    return staging


def _leave(target: Path, lock: Path, descriptor: int) -> None:
    """Remove the folder before its lock, by which a later build finds what could not go."""
    if _put_back(target):
        shutil.rmtree(_staging(target), ignore_errors=True)
    if _staging(target).exists():
        os.close(descriptor)
    else:
        release(lock, descriptor)


def _put_back(target: Path) -> bool:
    """Whether no report is left waiting: one that was moved away returns unless it is replaced."""
    previous = previous_of(target)
    if not previous.exists() or target.exists():
        return True
    with suppress(OSError):
        os.rename(previous, target)
    return target.exists()


def _unwritable(target: Path, what: str, failure: OSError) -> str:
    file = f" ({Path(str(failure.filename)).name})" if failure.filename else ""
    return (
        f"{what} cannot be written into {target.parent}: {failure.strerror or failure}{file}; "
        "check that the disk has space and the folder may be written, or choose another"
    )
