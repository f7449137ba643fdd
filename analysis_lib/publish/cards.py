"""What the pages know of their numbers: the row behind each, and all rows with their meanings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from analysis_lib.format import OF_NO_ROW
from analysis_lib.marks import FIGURE, MIME, PLACES
from analysis_lib.publish.cells import cell_options

# A script, since a page that was opened from a disk may read no other kind of file beside it.
FILE = "cart-numbers.js"
BEGINNING = "window.cartNumbers = "

PARTS = ("analysis", "outcome", "population", "variable", "level", "contrast", "statistic")
WORDS = (*PARTS, "unit", "method")
NUMBERS = ("time_months", "value", "n", "denominator")
# A number is the value of its row unless a letter says which other column it is.
COLUMNS = {"value": "", "n": "n", "denominator": "d"}


@dataclass(frozen=True)
class Table:
    """The rows and words of `results.json`."""

    rows: Sequence[Mapping[str, Any]]
    meanings: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, path: Path) -> Table:
        held = json.loads(path.read_text(encoding="utf-8"))
        return cls(held["rows"], held["header"].get("words", {}))

    @cached_property
    def _index(self) -> dict[tuple[Any, ...], int]:
        key = (*PARTS[:-1], "time_months", "statistic")
        return {tuple(row[part] for part in key): i for i, row in enumerate(self.rows)}

    def name(self, place: str) -> str | None:
        """The row of a place, which is JSON, by its number; None where there is no such row."""
        *key, column = json.loads(place)
        if key[0] in OF_NO_ROW:
            return None
        row = self._index.get(tuple(key))
        return None if row is None else f"{row}{COLUMNS[column]}"


def mark_numbers(notebook: NotebookNode, table: Table) -> tuple[set[int], dict[str, Any]]:
    """Wrap the numbers of a chapter's texts in elements that name their rows.

    Returns the rows that it prints, and by label what its figures answer.
    """
    printed: set[int] = set()
    figures: dict[str, Any] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            named = [table.name(note[2]) if len(note) > 2 else None for note in data.get(MIME, [])]
            places = [
                (place[:-1], name) for place in data.get(PLACES, []) if (name := named[place[-1]])
            ]
            printed |= {int(name.rstrip("nd")) for _, name in places}
            if "image/svg+xml" in data:
                label = str(cell_options(cell).get("label", ""))
                figures[label] = {"numbers": places, "along": data.get(FIGURE, [])}
                continue
            for mime, form in _FORMS.items():
                if mime in data:
                    data[mime] = _wrapped(data[mime], places, form)
    return printed, {label: x for label, x in figures.items() if x["numbers"] or x["along"]}


_FORMS = {"text/html": '<span data-r="{1}">{0}</span>', "text/markdown": "[{0}]{{r={1}}}"}


def _wrapped(text: str, places: Sequence[tuple[list[int], str]], form: str) -> str:
    for (start, end), name in reversed(places):
        text = f"{text[:start]}{form.format(text[start:end], name)}{text[end:]}"
    return text


def page_numbers(
    table: Table, chapters: Sequence[tuple[str, set[int]]], figures: Mapping[str, Any]
) -> str:
    """The script that holds all rows, their words and meanings, and where they are printed."""
    held = {
        **_columns(table.rows),
        "meanings": table.meanings,
        "chapters": [[title, sorted(printed)] for title, printed in chapters],
        "figures": figures,
    }
    return f"{BEGINNING}{_as_script(held)};\n"


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A list for each column: numbers as they are, and places in a list of words."""
    words = {name: list(dict.fromkeys(row[name] for row in rows)) for name in WORDS}
    index = {name: {word: i for i, word in enumerate(known)} for name, known in words.items()}
    columns = {name: [index[name][row[name]] for row in rows] for name in WORDS}
    return {
        "words": words,
        "rows": {**columns, **{name: [row[name] for row in rows] for name in NUMBERS}},
    }


def _as_script(held: object) -> str:
    """JSON that ends no element of a page and no line of a script."""
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    for sign in "<\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def numbers_inside(project: Path) -> str:
    """The same as an element of a page that runs nothing; empty where a project has no numbers."""
    path = project / FILE
    if not path.is_file():
        return ""
    text = path.read_text(encoding="utf-8").removeprefix(BEGINNING).rstrip(";\n")
    return f'<script type="application/json" id="cart-numbers">{text}</script>\n'
