"""All code cells of the notebooks in this process, and what is wrong with what they show."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from matplotlib.text import Text

from analysis_lib.publish.cells import cell_code, cell_options, cell_tags
from analysis_lib.publish.pairs import read_script
from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import ReportFigure, themed
from analysis_lib.show.prose import Prose
from analysis_lib.show.table import MarkdownTable, ReportTable
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.simulated import consolidation_simulation_results
from analysis_lib.topics.screening.numbers import screen_simulation_results
from analysis_lib.topics.specifications.choices import PRIMARY, PUBLISHED_AS, all_choices

# A number that nobody formatted. `None` can be a level's label, and can begin a sentence.
_RAW = re.compile(r"\b(nan|NaN|NaT|inf|Infinity)\b|<NA>")
_NONE = re.compile(r"\bNone\b(?! (of|differed|differs|is|are|has|have|was|were)\b)")
_BROKEN = re.compile(r"\(\)|\( |\s,|,,|\.\.(?!\.)|  ")


@dataclass(frozen=True)
class Shown:
    """One output: the notebook and the label of its cell, and the texts that it holds."""

    notebook: str
    label: str
    caption: str
    kind: str
    texts: tuple[str, ...]

    @property
    def faults(self) -> list[str]:
        """What no reader should see, with its place."""
        found = [text for text in self.texts if _RAW.search(text) or _BROKEN.search(text)]
        if self.kind == "Prose":
            found += [text for text in self.texts if _NONE.search(text)]
        if self.kind != "Prose" and not any(text.strip() for text in self.texts):
            found.append("nothing")  # a sentence may have nothing to say
        if self.label and not self.caption:
            found.append("no caption")
        return [f"{self.notebook} {self.label or self.kind}: {text[:300]!r}" for text in found]


def chapter_name(path: Path) -> str:
    """The name of a chapter, which stays while its number changes."""
    return path.stem.partition("_")[2]


def chapter_scripts(root: Path, chapters: Collection[str] = ()) -> list[Path]:
    """The scripts of the chapters of these names, or of all, in their order."""
    scripts = sorted((root / "notebooks" / "scripts").glob("[0-9]*.py"))
    found = [path for path in scripts if not chapters or chapter_name(path) in chapters]
    assert found and {chapter_name(path) for path in found} >= set(chapters), chapters
    return found


def run_notebooks(
    root: Path, study: Study, *, chapters: Collection[str] = (), quick: bool = True
) -> Iterator[Shown]:
    """Every output of the chapters of these names, or of all; a warning is an error.

    `quick` repeats what the report repeats by the hundred a few times, and fits a few of its
    specifications.
    """
    with warnings.catch_warnings(), few_repeats(quick):
        warnings.simplefilter("error")
        for path in chapter_scripts(root, chapters):
            yield from _run_notebook(path, study)


_TOPICS = "analysis_lib.topics"
# The modules that keep what they repeat, and what they repeat by the thousand.
KEEPING = (
    f"{_TOPICS}.consolidation.simulated",
    f"{_TOPICS}.screening.bootstrap",
    f"{_TOPICS}.screening.numbers",
    f"{_TOPICS}.specifications.numbers",
)
SIMULATED = {
    f"{_TOPICS}.consolidation.simulated.consolidation_simulation_results": (
        consolidation_simulation_results
    ),
    f"{_TOPICS}.screening.numbers.screen_simulation_results": screen_simulation_results,
}


@contextmanager
def few_repeats(quick: bool) -> Iterator[None]:
    """Nothing is kept between runs."""
    with ExitStack() as stack:
        for module in KEEPING:
            stack.enter_context(
                patch(f"{module}.kept_results", lambda _study, _name, compute: compute())
            )
        if quick:
            for place, simulate in SIMULATED.items():
                stack.enter_context(patch(place, partial(simulate, cohorts=3)))
            chosen = [*list(all_choices())[::61], PRIMARY, PUBLISHED_AS]
            chosen += [replace(x, estimator="firth") for x in (PRIMARY, PUBLISHED_AS)]
            some = list(dict.fromkeys(chosen))
            stack.enter_context(
                patch("analysis_lib.topics.specifications.numbers.all_choices", lambda: iter(some))
            )
        yield


def _run_notebook(path: Path, study: Study) -> Iterator[Shown]:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with patch("analysis_lib.study.study.open_study", lambda _: study):
        for cell in read_script(path).cells:
            if cell.cell_type != "code" or "parameters" in cell_tags(cell):
                continue
            options = cell_options(cell)
            label = str(options.get("label", ""))
            value = run_cell(cell_code(cell), namespace, f"{path.stem} {label}")
            if value is not None:
                caption = str(options.get("tbl-cap", options.get("fig-cap", "")))
                yield Shown(path.stem, label, caption, type(value).__name__, _texts(value))


def run_cell(code: str, namespace: dict[str, Any], name: str) -> Any:
    """Run a cell; the value of its last expression, as a notebook shows it."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), namespace)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), name, "eval"), namespace)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, ReportTable):
        layout = value.layout
        assert value.html
        lines = (text for line in layout.lines for text in (line.label, *line.cells) if text)
        return (*(c.label for c in layout.columns), *lines, *layout.notes)
    if isinstance(value, ReportFigure):
        with themed():
            assert value.svg()
        written = [x.get_text() for x in value.findobj(Text) if x.get_visible()]
        return (value.title, *(text for text in written if text.strip()))
    if isinstance(value, MarkdownTable):
        return (*value.header, *(text for row in value.rows for text in row))
    if isinstance(value, Omitted):
        return (value.reason,)
    assert isinstance(value, Prose), f"a cell shows {type(value)}"
    return (value.text,)
