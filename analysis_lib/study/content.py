"""What a study depends on: its parameters and the files that they name, at a root, by content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from analysis_lib.parameters.definitions import Parameters

FILES = ("cohort", "dictionary", "mapping", "claims")


def project_root() -> Path:
    """The nearest folder from here up that holds `_quarto.yml`; this one if none does."""
    start = Path.cwd().resolve()
    for folder in (start, *start.parents):
        if (folder / "_quarto.yml").is_file():
            return folder
    return start


def input_files(parameters: Parameters, root: Path) -> dict[str, Path]:
    """The file of each parameter that names one, and those beside the mapping by their names.

    Raises
    ------
    SourceError
        The mapping file cannot be read, or names a file that is not there.
    """
    files = {
        name: root / str(getattr(parameters, name)) for name in FILES if getattr(parameters, name)
    }
    if "mapping" in files:
        from analysis_lib.intake.extract import files_beside  # pandas, which few need

        files |= files_beside(files["mapping"])
    return files


def content_of(parameters: Parameters, root: Path) -> str:
    """A digest that two studies share if they have the same parameters, root and files.

    Raises
    ------
    OSError
        A file cannot be read.
    """
    digest = hashlib.sha256(json.dumps(asdict(parameters), default=str).encode())
    digest.update(str(root).encode())
    for name, path in sorted(input_files(parameters, root).items()):
        digest.update(name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
