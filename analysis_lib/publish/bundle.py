"""A built report on disk, and its files beside those that its manifest lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis_lib.errors import OutputError
from analysis_lib.publish.manifest import MANIFEST, read_manifest, sha256


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

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The names that the manifest lists and the folder lacks."""
        return tuple(name for name in sorted(self.manifest["files"]) if not self.file(name))

    @cached_property
    def edited(self) -> tuple[str, ...]:
        """The names of files that are not what the build wrote."""
        listed = sorted(self.manifest["files"].items())
        return tuple(
            name
            for name, checksum in listed
            if (path := self.file(name)) and sha256(path) != checksum
        )

    def is_as_written(self, name: str) -> bool:
        listed = name in self.manifest["files"]
        return listed and name not in self.missing and name not in self.edited


def built_report(folder: Path) -> Bundle | None:
    """The report in a folder, if a build wrote one there."""
    manifest = read_manifest(folder)
    return None if manifest is None else Bundle(folder, manifest)


def open_bundle(folder: Path, command: str = "verify") -> Bundle:
    """A folder that `cart-report build` wrote, for a command that reads it again.

    Raises
    ------
    OutputError
        It is no folder, has no manifest, or lacks what every report has.
    """
    if not folder.is_dir():
        raise OutputError(f"{command}: {folder} is no folder; name the folder of a built report")
    bundle = built_report(folder)
    if bundle is None:
        raise OutputError(
            f"{command}: {folder} has no readable {MANIFEST}; name the folder of a built report"
        )
    for name in ("results.csv", "executed"):
        if not (folder / name).exists():
            raise OutputError(f"{command}: {folder} has no {name}; build the report again")
    return bundle
