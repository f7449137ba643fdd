"""A report is made beside its target and put in place by renaming."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis_lib.errors import OutputError
from analysis_lib.publish.bundle import MANIFEST, read_manifest
from analysis_lib.publish.request import uninterrupted
from analysis_lib.writing import release, take_lock

PREFIX = ".cart-report-"
LOCK = ".lock"
PREVIOUS = "previous"
MEGABYTE = 10**6


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


def check_target(out: Path, *, project_root: Path) -> Path:
    """The resolved target, if replacing it destroys nothing but an earlier report.

    Raises
    ------
    OutputError
        The target is a file, the project or a folder around it, or holds files that no
        manifest of this program lists.
    """
    try:
        target, root = out.resolve(), project_root.resolve()
        home = Path(os.path.expanduser("~")).resolve()  # unlike Path.home, at worst a strange name
        present = target.exists()
    except (OSError, RuntimeError) as failure:  # a folder that is closed to us, a loop of links
        raise OutputError(f"the report's folder {out} cannot be reached: {failure}") from None
    if present and not target.is_dir():
        raise OutputError(f"the report's folder must be a folder, but {out} is a file")
    if target in (root, home) or target in root.parents:
        raise OutputError(
            "the report's folder must not be the home folder, the project or around it, "
            f"but was {out}: name a folder of its own"
        )
    refuse_foreign_files(target)
    return target


def require_room(target: Path) -> None:
    """Refuse to begin where there is no room for a report as large as the one that is replaced.

    Beside the report that is there stand, for a while, its chapters and the new one.
    """
    folder = next(folder for folder in (target, *target.parents) if folder.exists())
    files = [path for path in target.rglob("*") if path.is_file()] if target.is_dir() else []
    needed = 2 * sum(path.stat().st_size for path in files)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OutputError(
            f"the report needs about {needed // MEGABYTE} MB for a while, and the disk of {folder} "
            f"has {free // MEGABYTE}: free some, or choose another folder"
        )


def refuse_foreign_files(target: Path) -> None:
    """Refuse to replace a folder that holds anything but an earlier report."""
    strangers = sorted(foreign_files(target)) if target.is_dir() else []
    if strangers:
        raise OutputError(
            f"{target} holds {strangers[0]} ({len(strangers)} such), which is no part of an "
            "earlier report: name another folder, or move these files away"
        )


def foreign_files(folder: Path) -> set[str]:
    """The files of a folder that its manifest, if it has one of ours, does not list."""
    present = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()
    }
    manifest = read_manifest(folder)
    return present if manifest is None else present - set(manifest["files"]) - {MANIFEST}


def publish(finished: Path, target: Path) -> None:
    """Rename `finished` to `target`; what was there before is put back if that fails.

    Called inside `staging_folder(target)`, which puts it back too, now or at its next start.

    Raises
    ------
    OutputError
        A file that is no part of a report came into the target meanwhile, or a rename fails.
    """
    refuse_foreign_files(target)
    previous = previous_of(target)
    with uninterrupted():
        try:
            if target.exists():
                os.rename(target, previous)
            os.rename(finished, target)
        except OSError as failure:
            if previous.exists() and not target.exists():
                os.rename(previous, target)
            raise OutputError(f"cannot replace {target}: {failure.strerror}") from failure
