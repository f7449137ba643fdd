"""Put a finished report in place of the previous one by renaming, never file by file."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis_lib.errors import OutputError

MANIFEST = "manifest.json"
PRODUCT = "cart-report"
PREFIX = ".cart-report-"


def check_target(out: Path, *, project_root: Path) -> Path:
    """The resolved target, if replacing it destroys nothing but an earlier report.

    Raises
    ------
    OutputError
        The target is a file, the project or a folder around it, or holds files that no
        manifest of this program lists.
    """
    target, root = out.resolve(), project_root.resolve()
    if target.exists() and not target.is_dir():
        raise OutputError(f"the report's folder must be a folder, but {out} is a file")
    if target == root or target in root.parents:
        raise OutputError(
            f"the report's folder must not be the project or around it, but was {out}: "
            "name a folder of its own"
        )
    strangers = sorted(foreign_files(target)) if target.is_dir() else []
    if strangers:
        raise OutputError(
            f"{out} holds {strangers[0]} ({len(strangers)} such), which is no part of an earlier "
            "report: name another folder, or move these files away"
        )
    return target


def foreign_files(folder: Path) -> set[str]:
    """The files of a folder that its manifest, if it has one of ours, does not list."""
    present = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()
    }
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, UnicodeDecodeError, json.JSONDecodeError):
        return present
    if not isinstance(manifest, dict) or manifest.get("product") != PRODUCT:
        return present
    return present - set(manifest.get("files", {})) - {MANIFEST}


@contextmanager
def staging_folder(target: Path) -> Iterator[Path]:
    """A hidden folder beside the target, gone afterwards whatever happens."""
    created = [parent for parent in target.parents if not parent.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=PREFIX, dir=target.parent))
    except OSError as failure:
        raise OutputError(f"cannot write beside {target}: {failure.strerror}") from failure
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if not target.exists():
            with suppress(OSError):  # someone else may have put something there
                for parent in created:
                    parent.rmdir()


def publish(finished: Path, target: Path, *, staging: Path) -> None:
    """Rename `finished` to `target`; what was there before is restored if that fails."""
    previous = staging / "previous"
    moved = False
    try:
        if target.exists():
            os.rename(target, previous)
            moved = True
        os.rename(finished, target)
    except BaseException as failure:
        if moved and not target.exists():
            os.rename(previous, target)
        if isinstance(failure, OSError):
            raise OutputError(f"cannot replace {target}: {failure.strerror}") from failure
        raise
