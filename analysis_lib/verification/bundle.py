"""The files of a built report, and whether they are still those that the build wrote."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis_lib.errors import OutputError

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Bundle:
    """A report's folder and its manifest."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def pages(self) -> list[Path]:
        """The pages of HTML: one, or one per chapter where Quarto set them."""
        chapters = sorted((self.folder / "notebooks").glob("*.html"))
        return [path for path in (self.folder / "index.html", *chapters) if path.is_file()]

    def file(self, name: str) -> Path | None:
        path = self.folder / name
        return path if path.is_file() else None

    def changed_files(self) -> list[str]:
        """What is not what the manifest lists, in a sentence each."""
        listed: dict[str, str] = self.manifest.get("files", {})
        said = []
        for name, checksum in sorted(listed.items()):
            path = self.folder / name
            if not path.is_file():
                said.append(f"{name} is missing")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != checksum:
                said.append(f"{name} is not the file that the build wrote")
        return said


def open_bundle(folder: Path) -> Bundle:
    """A folder that `cart-report build` wrote.

    Raises
    ------
    OutputError
        It is no folder, has no manifest, or lacks what every report has.
    """
    if not folder.is_dir():
        raise OutputError(f"verify: {folder} is no folder; name the folder of a built report")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, UnicodeDecodeError, json.JSONDecodeError):
        manifest = None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise OutputError(
            f"verify: {folder} has no readable {MANIFEST}; name the folder of a built report"
        )
    for name in ("results.csv", "executed"):
        if not (folder / name).exists():
            raise OutputError(f"verify: {folder} has no {name}; build the report again")
    return Bundle(folder, manifest)
