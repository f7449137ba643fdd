"""Write a text file completely or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from analysis_lib.errors import OutputError


def write_text(text: str, path: Path) -> None:
    """Write beside the target, then rename; what was there survives any failure.

    Raises
    ------
    OutputError
        The folder does not exist or cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise OutputError(
            f"{path.name}: cannot be written into {path.parent.name or '.'}/ ({error.strerror}); "
            "choose another place"
        ) from None
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        beside.chmod(0o644)  # a temporary file is private; a result is not
        beside.replace(path)
    except OSError as error:
        raise OutputError(f"{path.name}: cannot be written ({error.strerror})") from None
    finally:
        beside.unlink(missing_ok=True)
