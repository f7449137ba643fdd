"""A built report on disk: its manifest, what it was made from, and its files beside it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePath
from typing import Any

import analysis_lib
from analysis_lib.errors import OutputError

MANIFEST = "manifest.json"
PRODUCT = "cart-report"
PACKAGES = (
    "numpy",
    "pandas",
    "scipy",
    "lifelines",
    "matplotlib",
    "great_tables",
    "papermill",
    "nbclient",
    "ipykernel",
    "pypandoc_binary",
    "typst",
)


def build_manifest(
    *,
    project_root: Path,
    parameters: Mapping[str, object],
    inputs: Mapping[str, Path],
    label: str,
    data_lock: str,
    renderer: str,
    extra: Mapping[str, object],
) -> dict[str, object]:
    """The manifest without its list of files; it names no folder of the machine."""
    commit = git_commit(project_root)
    return {
        "product": PRODUCT,
        "version": analysis_lib.__version__,
        "synthetic_label": label or None,
        "data_lock": data_lock,
        "parameters": {name: _portable(value) for name, value in sorted(parameters.items())},
        "inputs": {name: {"sha256": sha256(path)} for name, path in sorted(inputs.items())},
        "renderer": renderer,
        "python": platform.python_version(),
        "packages": package_versions(),
        "git_commit": commit,
        "git_modified": None if commit is None else _is_modified(project_root),
        **extra,
    }


@cache
def package_versions() -> dict[str, str]:
    """The version of each package that what a report shows depends on; read from their files."""
    return {name: importlib.metadata.version(name) for name in PACKAGES}


def write_manifest(folder: Path, manifest: Mapping[str, object]) -> Path:
    """Write manifest.json with the SHA-256 of every other file of the bundle."""
    path = folder / MANIFEST
    files = sorted(item for item in folder.rglob("*") if item.is_file() and item != path)
    sums = {item.relative_to(folder).as_posix(): sha256(item) for item in files}
    text = json.dumps({**manifest, "files": sums}, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder that this program wrote; None of any other."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        return None
    if not isinstance(manifest, dict) or manifest.get("product") != PRODUCT:
        return None
    files = manifest.get("files")
    return {**manifest, "files": files if isinstance(files, dict) else {}}


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def git_commit(project_root: Path) -> str | None:
    """The commit of the checkout, or None outside of one."""
    return _git(project_root, "rev-parse", "HEAD") or None


def _is_modified(project_root: Path) -> bool:
    return bool(_git(project_root, "status", "--porcelain", "--untracked-files=no"))


def _git(project_root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(project_root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _portable(value: object) -> object:
    """A parameter as JSON; of an absolute path only the file's name."""
    if isinstance(value, PurePath) or (isinstance(value, str) and PurePath(value).is_absolute()):
        return PurePath(value).name
    if isinstance(value, Mapping):
        return {str(name): _portable(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_portable(item) for item in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return str(value)


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
