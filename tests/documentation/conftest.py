"""What the examples of the documentation are tried on."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

SHOWN = ("data", "tests/data")


@pytest.fixture(scope="module")
def clone(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the quick commands need of the project."""
    clone = tmp_path_factory.mktemp("clone")
    for name in SHOWN:
        shutil.copytree(root / name, clone / name)
    for name in ("_quarto.yml", "Makefile"):
        shutil.copy(root / name, clone)
    shutil.copytree(root / "notebooks" / "scripts", clone / "notebooks" / "scripts")
    (clone / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "cart-report"):
        (clone / ".venv" / "bin" / name).symlink_to(Path(sys.executable).parent / name)
    return clone
