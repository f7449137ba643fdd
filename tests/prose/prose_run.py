"""The sentences of a cohort's report as a reader gets them, and the numbers they must agree with.

Only the cells of the notebooks that show sentences are run, each analysis once; tables and figures
are passed over.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from notebook_run import chapter_name, chapter_scripts, few_repeats
from reading.world import Group, World

from analysis_lib.publish.cells import cell_code, cell_tags
from analysis_lib.publish.pairs import read_script
from analysis_lib.results.rows import Omitted, Results
from analysis_lib.show.prose import Prose
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study

_VIEW = re.compile(r"\w+\.(table|figure)")


@dataclass(frozen=True)
class Said:
    """One paragraph, its chapter, the heading above it, and which telling cell it is of there."""

    chapter: str
    heading: str
    nth: int
    text: str


@dataclass
class _Heard:
    """What the analyses gave: their rows, and the groups that they compare."""

    rows: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    groups: dict[tuple[str, str], Group] = field(default_factory=dict)

    def hear(self, value: Any, depth: int = 0) -> None:
        """Every row and grouping that a result holds, at any depth that occurs."""
        if isinstance(value, Results):
            self.rows.update({tuple(row.key): row for row in value})
        elif isinstance(value, Grouping):
            for level, label, phrase in zip(value.levels, value.labels, value.phrases, strict=True):
                name = (value.variable, level)
                self.groups[name] = Group(*name, label, phrase, level == value.reference)
        elif isinstance(value, (list, tuple)) and depth < 4:
            for one in value:
                self.hear(one, depth + 1)
        elif is_dataclass(value) and depth < 4:
            for one in fields(value):
                self.hear(getattr(value, one.name), depth + 1)


def tell(root: Path, study: Study, chapters: tuple[str, ...]) -> tuple[list[Said], World]:
    """All paragraphs of these chapters and the results behind them."""
    heard, said = _Heard(), []
    heard.hear(study.groups)
    with warnings.catch_warnings(), few_repeats(True):
        warnings.simplefilter("error")
        for chapter in chapters:
            (path,) = chapter_scripts(root, (chapter,))
            said += list(_paragraphs(path, study, heard))
    heard.hear(list(study.computed.values()))
    return said, _world(study, heard)


def _world(study: Study, heard: _Heard) -> World:
    rows = [
        {**row.key._asdict(), "value": row.value, "n": row.n, "denominator": row.denominator}
        for row in heard.rows.values()
    ]
    labels: dict[str, tuple[str, ...]] = {}
    for variable in study.dictionary.variables:
        name = variable.label.casefold()
        labels[name] = (*labels.get(name, ()), variable.name)
    levels = {
        (x.name, x.level_label(level).casefold()): level
        for x in study.dictionary.variables
        for level in x.levels
    }
    return World(
        rows,
        groups=tuple(heard.groups.values()),
        exposure=study.groups.variable,
        labels=labels,
        levels=levels,
        parameters=study.parameters,
        synthetic=study.is_synthetic,
    )


def _paragraphs(path: Path, study: Study, heard: _Heard) -> Iterator[Said]:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    heading, nth = "", 0
    with patch("analysis_lib.study.study.open_study", lambda _: study):
        for cell in _cells(path):
            if cell.cell_type != "code":
                lines = [x.lstrip("# ") for x in cell.source.splitlines() if x.startswith("#")]
                heading, nth = (lines[-1], 0) if lines else (heading, nth)
            elif "parameters" not in cell_tags(cell):
                shown = _run(cell_code(cell), namespace)
                for text in _texts(shown):
                    yield Said(chapter_name(path), heading, nth, text)
                nth += shown is not None
    heard.hear(list(namespace.values()))


@cache
def _cells(path: Path) -> tuple[Any, ...]:
    return tuple(read_script(path).cells)


def _texts(shown: object) -> list[str]:
    if isinstance(shown, Omitted):
        return [shown.reason]
    return [x for x in shown.text.split("\n\n") if x] if isinstance(shown, Prose) else []


def _run(code: str, namespace: dict[str, Any]) -> object:
    """Run a cell but for a table or figure at its end; the value of its last expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), namespace)
    if last is None or _VIEW.match(ast.unparse(last)):
        return None
    return eval(compile(ast.Expression(last.value), "cell", "eval"), namespace)
