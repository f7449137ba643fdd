"""Put a finished report in place of the previous one by renaming, never file by file."""

from __future__ import annotations

import json
import os
from pathlib import Path

from analysis_lib.errors import OutputError
from analysis_lib.report.interrupts import uninterrupted
from analysis_lib.report.staging import previous_of

MANIFEST = "manifest.json"
PRODUCT = "cart-report"


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
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        return present
    if not isinstance(manifest, dict) or manifest.get("product") != PRODUCT:
        return present
    files = manifest.get("files")
    return present - set(files if isinstance(files, dict) else {}) - {MANIFEST}


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
