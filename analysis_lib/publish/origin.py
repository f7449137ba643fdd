"""What a report is made from, as digests: whether an earlier report, or a chapter, still holds."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import yaml

import analysis_lib
from analysis_lib.publish.bundle import Bundle, sha256

PACKAGE = Path(analysis_lib.__file__).parent
# They decide how a page looks and nothing that a notebook computes.
LOOKS = (PACKAGE / "publish" / "filters", PACKAGE / "publish" / "templates")
ENTRY = "made_from"  # of the manifest
NUMBERS = ("results.csv", "results.json", "parameters.yaml")  # computed for all chapters at once


@dataclass(frozen=True)
class Origin:
    """`computed` decides the outputs of every notebook, with its own code in `chapters`.

    `shown` decides the pages: all of that, and text, templates, renderer, formats.
    """

    computed: str
    shown: str
    chapters: Mapping[str, str]

    @property
    def entry(self) -> dict[str, Any]:
        """What the manifest holds of it."""
        return asdict(self)

    def is_of(self, report: Bundle) -> bool:
        """Whether a report would be made again as it is."""
        return report.manifest.get(ENTRY) == self.entry and not report.missing

    def kept_chapters(self, report: Bundle) -> set[str]:
        """The notebooks whose outputs in a report are those that they would have again."""
        made = report.manifest.get(ENTRY) or {}
        if made.get("computed") != self.computed or not all(map(report.is_as_written, NUMBERS)):
            return set()
        return {
            name
            for name, digest in self.chapters.items()
            if made["chapters"].get(name) == digest
            and report.is_as_written(f"executed/{name}.ipynb")
        }


def origin_of(
    project_root: Path,
    *,
    parameters: Mapping[str, object],
    inputs: Mapping[str, Path],
    notebooks: Sequence[Path],
    pages: Sequence[object],
) -> Origin | None:
    """The digests of a build; `pages` are the formats, the paper and the renderer.

    None where a file cannot be read: the build says which, in the words of whoever reads it.
    """
    try:
        cells = {path.stem: _cells(path) for path in notebooks}
        digests = {name: sha256(path) for name, path in inputs.items()}
        computed = computed_from(parameters, digests, code_digests(), versions())
        looks = [sha256(path) for path in _looks(project_root)]
    except (OSError, ValueError):
        return None
    chapters = {name: _digest(_of_code(found)) for name, found in cells.items()}
    return Origin(computed, _digest(computed, cells, looks, list(pages)), chapters)


def computed_from(
    parameters: Mapping[str, object],
    inputs: Mapping[str, str],
    code: Sequence[tuple[str, str]],
    versions: Sequence[str],
) -> str:
    """The digest of everything that decides a number; inputs and code are given by theirs."""
    return _digest(parameters, inputs, code, versions)


def code_digests() -> list[tuple[str, str]]:
    """Every file of the library but those of looks, with its digest."""
    return [(str(path.relative_to(PACKAGE)), sha256(path)) for path in _code()]


def versions() -> list[str]:
    """Python's and every library's."""
    installed = sorted(f"{found.name} {found.version}" for found in distributions())
    return [platform.python_version(), *installed]


def _digest(*parts: object) -> str:
    text = json.dumps(parts, default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _code() -> list[Path]:
    """All files of the library but those of looks."""
    return [path for path in _files(PACKAGE) if not any(path.is_relative_to(x) for x in LOOKS)]


def _looks(project_root: Path) -> Iterator[Path]:
    """Templates, filters, the description of the book, and the files that it names."""
    for folder in LOOKS:
        yield from _files(folder)
    description = project_root / "_quarto.yml"
    yield from (description, project_root / "index.qmd")
    for name in _texts(yaml.safe_load(description.read_text(encoding="utf-8"))):
        path = project_root / name
        if len(name) < 200 and "\n" not in name and path.suffix != ".ipynb" and path.is_file():
            yield path


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path.suffix != ".pyc")


def _texts(value: object) -> Iterator[str]:
    """Every text in a YAML document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _cells(notebook: Path) -> list[tuple[str, str, object]]:
    """Kind, source and tags of every cell; stored outputs decide nothing."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    return [
        (cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", []))
        for cell in content["cells"]
    ]


def _of_code(cells: Iterable[tuple[str, str, object]]) -> list[tuple[str, str, object]]:
    return [cell for cell in cells if cell[0] == "code"]
