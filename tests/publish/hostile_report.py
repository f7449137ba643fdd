"""A whole report in which every text that somebody outside the library writes is hostile."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
import pandas as pd
import yaml
from lxml import html
from made_extract import make_extract
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from notebook_run import chapter_name, chapter_scripts, few_repeats, run_cell

from analysis_lib.command_line.study_work import report_info
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.publish.cells import cell_code, cell_tags, drop_references
from analysis_lib.publish.compose import compose_project
from analysis_lib.publish.execute import ExecutedNotebook
from analysis_lib.publish.pairs import read_script
from analysis_lib.publish.renderer import render_builtin
from analysis_lib.publish.request import Format
from analysis_lib.results.disclosure.release import combine
from analysis_lib.results.rows import Omitted, Results
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics import TOPICS

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "</title></style></td></figure><svg onload=alert(3)>",
    "<!-- a comment",
    "<iframe src=//example.org></iframe>",
    "[link](javascript:alert(4))",
    "<javascript:alert(5)>",
    "![image](https://example.org/i.png)",
    "[span]{onclick=alert(6)}",
    "`<script>alert(7)</script>`{=html}",
    "``` {=html}",
    "::: {.callout-note onclick=alert(8)}",
    "{{< include /etc/passwd >}}",
    "{{< var nothing >}}",
    '#panic()[x] `#read("/etc/passwd")`{=typst}',
    "\\input{x}",
    "$x^2$ @fig-none [@nobody1999] ^[note] [^1]",
    "&lt;script&gt; &#60;b&#62;",
    "a | b",
    "\" onmouseover='alert(9)' x=\"",
)
ALL = " ".join(HOSTILE)
TABLES = {"flow", "baseline", "toxicity", "response", "survival"}
_LABEL = re.compile(r"(?:#\| label: |\{#)([\w-]+)")
# Places that a name of a file or column takes: neither is to stand on the page at all.
NOWHERE = ("cohort-file", "dictionary-file", "mapping-file", "claims-file", "column")


@dataclass(frozen=True)
class HostileReport:
    """The page as a browser reads it, its text, and the outputs that the chapters showed."""

    page: Path
    outputs: tuple[Any, ...]

    @property
    def tree(self) -> Any:
        return html.fromstring(self.page.read_text(encoding="utf-8"))


def mark(place: str) -> str:
    """A word that stands nowhere but at this place."""
    return f"zq{place.replace('-', '')}"


def at(place: str, among: str = "") -> str:
    """What is written at a place: its own mark, and all texts at once."""
    return f"{among} {mark(place)} {ALL}".strip()


def one(place: str, among: str, number: int) -> str:
    """One of the texts, where a figure has to find room for it."""
    return f"{among} {mark(place)} {HOSTILE[number % len(HOSTILE)]}"


def write_inputs(folder: Path, table: pd.DataFrame) -> dict[str, Any]:
    """Extract, dictionary, mapping and claims; the parameters that name them."""
    names = {x: f"{mark(x)}<img src=x onerror=alert(0)>" for x in NOWHERE}
    column = names["column"]
    table = table.assign(
        centre=[one("centre", x, int(x[1:])) for x in table["centre"]],
        **{column: ["a", "b"] * (len(table) // 2)},
    )
    cohort_file = folder / f"{names['cohort-file']}.csv"
    table.to_csv(cohort_file, index=False)
    files = {
        "dictionary": (".csv", _write_dictionary),
        "mapping": (".yaml", partial(_write_mapping, column)),
        "claims": (".csv", _write_claims),
    }
    given = {"preset": "aldoss_2024", "cohort": str(cohort_file)}
    for name, (suffix, write) in files.items():
        path = folder / f"{names[f'{name}-file']}{suffix}"
        write(path)
        given[name] = str(path)
    return given


def _rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / name).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _write_dictionary(path: Path) -> None:
    """Levels are parted by | in the file, so that their labels cannot hold one."""
    rows, number = _rows("dictionary.csv"), count()
    for row in rows:
        row["label"] = one("label", row["label"], next(number))
        row["definition"] = at("definition", row["definition"])
        pairs = [part.partition("=") for part in row["levels"].split("|") if part]
        labels = [one("level", x[2] or x[0], next(number)).replace("|", "/") for x in pairs]
        row["levels"] = "|".join(f"{x[0]}={label}" for x, label in zip(pairs, labels, strict=True))
    _write(path, rows)


def _write_mapping(column: str, path: Path) -> None:
    added = {
        "label": one("mapped-label", "Added", 0),
        "type": "category",
        "levels": {x: one("mapped-level", x, i) for i, x in enumerate("ab", start=1)},
        "definition": at("mapped-definition"),
    }
    mapping = {"columns": {column: "added"}, "variables": {"added": added}}
    path.write_text(yaml.safe_dump(mapping), encoding="utf-8")


def _write_claims(path: Path) -> None:
    rows = _rows("published.csv")
    for row in rows:
        row["source"] = at("claim-source", row["source"])
        row["note"] = at("claim-note", row["note"])
    _write(path, rows)


def open_hostile(folder: Path, parameters: Mapping[str, Any]) -> Study:
    """A study of 60 patients whose every text is hostile."""
    given = write_inputs(folder, make_extract(60, seed=3))
    few = {"imputations": 2, "bootstrap_resamples": 10, "model_population": "infused"}
    texts = {"title": at("title"), "treatment": at("treatment")}
    return make_study(parse_parameters({**given, **few, **texts, **parameters}), root=ROOT)


def build_hostile(folder: Path, study: Study, chapters: Sequence[str]) -> HostileReport:
    """These chapters run in this process, composed and rendered as a build does.

    What is set beside claims are the tables alone.
    """
    outputs: list[Any] = []
    with (
        few_repeats(True),
        patch("analysis_lib.study.study.open_study", lambda _: study),
        patch("analysis_lib.article.comparison.published.all_results", _tables),
    ):
        notebooks = [executed(path, study, outputs) for path in paths(chapters)]
    (page,) = render(folder, study, chapters, notebooks)
    return HostileReport(page, tuple(outputs))


def _tables(study: Study) -> Results:
    parts = (x for topic in TOPICS if topic.name in TABLES for x in topic.results(study))
    held = (x if isinstance(x, Results) else x.results for x in parts if not isinstance(x, Omitted))
    return combine(study, held)


def build_committed(folder: Path, study: Study) -> HostileReport:
    """The report in the project's own words, as its notebooks hold it."""
    names = [chapter_name(path) for path in chapter_scripts(ROOT)]
    notebooks = [
        nbformat.read(ROOT / "notebooks" / f"{path.stem}.ipynb", as_version=4)
        for path in paths(names)
    ]
    (page,) = render(folder, study, names, notebooks)
    return HostileReport(page, ())


def paths(chapters: Sequence[str]) -> list[Path]:
    """The scripts of these chapters."""
    return chapter_scripts(ROOT, chapters)


def render(
    folder: Path,
    study: Study,
    chapters: Sequence[str],
    notebooks: Sequence[NotebookNode],
    *,
    formats: Sequence[Format] = ("html",),
    results: Path | None = None,
) -> list[Path]:
    """The files of a report of these notebooks, composed and rendered as a build does."""
    elsewhere = set(chapter_scripts(ROOT)) - set(paths(chapters))
    absent = [x for path in elsewhere for x in _LABEL.findall(path.read_text(encoding="utf-8"))]
    for notebook in notebooks:
        drop_references(notebook, absent)
    composed = [
        ExecutedNotebook(path.stem, notebook, ())
        for path, notebook in zip(paths(chapters), notebooks, strict=True)
    ]
    (folder / "out").mkdir()
    project = compose_project(
        folder / "composed",
        project_root=ROOT,
        notebooks=composed,
        info=report_info(study),
        formats=formats,
        results=results,
    )
    return list(render_builtin(project, formats=formats, out=folder / "out"))


def executed(path: Path, study: Study, outputs: list[Any]) -> NotebookNode:
    """A chapter run in this process, as a notebook; what its cells gave is added to `outputs`."""
    notebook = read_script(path)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type != "code":
            continue
        if "parameters" in cell_tags(cell):
            cells.append(_injected(study))
            continue
        value = run_cell(cell_code(cell), namespace, path.stem)
        if value is not None:
            outputs.append(value)
            # as in a notebook file
            data = json.loads(json.dumps(value._repr_mimebundle_()))
            cell.outputs = [new_output("display_data", data)]
    notebook.cells = cells
    return notebook


def _injected(study: Study) -> NotebookNode:
    """The cell in which papermill writes the parameters."""
    values = {name: getattr(study.parameters, name) for name in ("title", "exposure_levels")}
    cell = new_code_cell("\n".join(f"{name} = {value!r}" for name, value in values.items()))
    cell.metadata["tags"] = ["injected-parameters"]
    return cell
