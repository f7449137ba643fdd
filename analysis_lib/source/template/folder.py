"""Write a folder completely or not at all, and never over what someone has filled in."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from analysis_lib.errors import OutputError

MARKER = ".cart-report-template.json"


def write_template(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files beside the folder, then rename; an earlier template as it was is replaced.

    Raises
    ------
    OutputError
        The folder holds anything else, lies in no folder, or cannot be written.
    """
    target = folder.resolve()
    _check_target(target, folder)
    try:
        staging = Path(tempfile.mkdtemp(prefix=".cart-report-", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror})") from None
    try:
        _replace(_written(files, staging / "template"), target, staging / "previous")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror})") from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _written(files: Mapping[str, bytes], folder: Path) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    digests = {name: _digest(content) for name, content in files.items()}
    (folder / MARKER).write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8")
    return folder


def _replace(finished: Path, target: Path, previous: Path) -> None:
    if not target.exists():
        os.rename(finished, target)
        return
    os.rename(target, previous)
    try:
        os.rename(finished, target)
    except BaseException:
        os.rename(previous, target)
        raise


def _check_target(target: Path, named: Path) -> None:
    if not target.parent.is_dir():
        raise OutputError(f"{named}: the folder around it does not exist; make it first")
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputError(f"{named}: must be a folder, but is a file; name another place")
    changed = _not_as_written(target)
    if changed:
        raise OutputError(
            f"{named}: holds {changed[0]!r}, which is not as a template was written; "
            "name a new or an empty folder"
        )


def _not_as_written(folder: Path) -> list[str]:
    """What stands in the folder beside the unchanged files of an earlier template."""
    try:
        digests = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        digests = {}
    known = digests if isinstance(digests, dict) else {}
    present = [path for path in sorted(folder.iterdir()) if not (known and path.name == MARKER)]
    return [path.name for path in present if not _is_as_written(path, known.get(path.name))]


def _is_as_written(path: Path, digest: object) -> bool:
    return path.is_file() and _digest(path.read_bytes()) == digest


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
