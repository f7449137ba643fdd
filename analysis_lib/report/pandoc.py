"""Run the pandoc that comes as a wheel, under limits of time and memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path

import pypandoc

from analysis_lib.errors import BuildError

if sys.platform != "win32":
    import resource

SECONDS = 600
MEGABYTES = 3000  # a filter that feeds itself would otherwise take all memory of the machine
_UNRESOLVED = re.compile(r"UNRESOLVED\n(.*?)\nEND", re.S)


def pandoc_path() -> Path:
    """The binary inside the wheel."""
    suffix = ".exe" if os.name == "nt" else ""
    return Path(pypandoc.__file__).parent / "files" / f"pandoc{suffix}"


@cache
def pandoc_version() -> str:
    """Version of the binary, such as 3.9."""
    shown = subprocess.run(
        [str(pandoc_path()), "--version"], capture_output=True, text=True, check=True
    )
    return shown.stdout.split()[1]


def limit_memory(megabytes: int) -> None:
    """Bound the memory of this process: pandoc's own limit does not count its Lua filters."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))


def run_pandoc(
    arguments: Sequence[str],
    *,
    folder: Path,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run pandoc in `folder`; a warning is a failure.

    Raises
    ------
    BuildError
        A reference or citation that leads nowhere, named with its chapter; a limit that was
        reached; any other complaint of pandoc.
    """
    limits = ["+RTS", f"-M{megabytes * 2 // 3}m", "-RTS"]
    command = [str(pandoc_path()), *limits, "--fail-if-warnings", *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            preexec_fn=partial(limit_memory, megabytes) if sys.platform == "linux" else None,
        )
    except subprocess.TimeoutExpired:
        raise BuildError(f"pandoc did not finish within {seconds:g} seconds") from None
    if done.returncode == 0:
        return
    unresolved = _UNRESOLVED.search(done.stderr)
    if unresolved:
        raise BuildError("the report cannot be rendered:\n" + unresolved.group(1))
    raise BuildError(f"pandoc failed ({done.returncode}):\n{done.stderr[-2000:].strip()}")
