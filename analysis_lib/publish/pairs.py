"""The committed pairs: percent script for people, notebook with outputs for nbval and Quarto.

They lie in two folders: for `X.ipynb` Quarto takes an `X.py` beside it for its source, and drops
the notebook from the book as an intermediate file of it (quarto-cli issue 9689).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

import jupytext
import nbformat
import yaml
from jupytext.compare import NotebookDifference, compare_notebooks
from nbformat import NotebookNode

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import Parameters, defaults, definitions
from analysis_lib.parameters.presets import OF_PRESET, PRESETS
from analysis_lib.publish.execute import execute_notebooks
from analysis_lib.publish.request import Progress, ignore_progress
from analysis_lib.writing import write_text

SCRIPTS = "scripts"
SOURCES = (".qmd", ".py", ".jl", ".r", ".q")  # what Quarto takes for the source of a notebook
# "# copy of the table" is a comment, as `tool.jupytext` says in pyproject.toml, not a command.
_PERCENT = {"extension": ".py", "format_name": "percent", "comment_magics": False}
LONGEST_LISTED = 80  # characters; a list of covariates stands in the reference
_NAME = re.compile(r"^(\w+)", re.MULTILINE)
_CELL = re.compile(r'# %% tags=\["parameters"\]\n(?P<body>.*?)(?=\n# %%)', re.DOTALL)


def parameters_cell(names: Collection[str]) -> str:
    """The body of a `parameters` cell with these names, one commented line per parameter.

    What the preset decides is not set there, so that another cohort gets choices of its own.
    """
    default = Parameters()
    lines = []
    for name, definition in definitions().items():
        if name in names:
            value = getattr(default, name)
            unit = f" [{definition.unit}]" if definition.unit else ""
            kind, set_to, further = type(value).__name__, _literal(value), ""
            if name in OF_PRESET:
                kind, set_to, further = f"{kind} | None", "None", _of_preset(name)
            lines.append(f"{name}: {kind} = {set_to}  # {definition.help}{unit}{further}\n")
    return "".join(lines)


def _of_preset(name: str) -> str:
    """What holds where nobody sets a parameter that depends on whose the cohort is."""
    if name == "preset":
        return "; None: decided from the cohort"
    values = (f"{_literal(defaults(preset)[name])} ({preset})" for preset in PRESETS)
    both = ", ".join(values)
    return "; None: that of the preset" + (f", {both}" if len(both) < LONGEST_LISTED else "")


def named_parameters(script: Path) -> tuple[str, ...]:
    """The parameters that a chapter's cell names: those that the chapter reads.

    Raises
    ------
    ParameterError
        A name is no parameter.
    """
    cell = _CELL.search(script.read_text(encoding="utf-8"))
    names = tuple(_NAME.findall(cell["body"])) if cell else ()
    for name in names:
        if name not in definitions():
            known = ", ".join(definitions())
            raise ParameterError(f"{name}: unknown parameter in {script.name}; known are {known}")
    return names


def refresh_pairs(
    folder: Path, *, jobs: int = 2, progress: Progress = ignore_progress
) -> tuple[str, ...]:
    """Write the parameters cells anew, execute every script, store the outputs in `folder`.

    Returns the names of the files that changed; a second call changes none.
    """
    scripts = sorted((folder / SCRIPTS).glob("[0-9]*.py"))
    changed = [path.name for path in scripts if _write_if_new(_with_parameters(path), path)]
    with tempfile.TemporaryDirectory() as scratch:
        fresh = []
        for script in scripts:
            path = Path(scratch) / f"{script.stem}.ipynb"
            nbformat.write(read_script(script), path)
            fresh.append(path)
        executed = execute_notebooks(
            tuple(fresh), parameters={}, folder=folder.parent, jobs=jobs, progress=progress
        )
    for one in executed:
        path = folder / f"{one.name}.ipynb"
        if _write_if_new(nbformat.writes(one.notebook) + "\n", path):
            changed.append(path.name)
    return tuple(changed)


def check_pairs(folder: Path) -> tuple[str, ...]:
    """Every disagreement between the two files of a pair, or with the parameter definitions."""
    problems = [*_siblings(folder)]
    scripts = {path.stem: path for path in (folder / SCRIPTS).glob("[0-9]*.py")}
    notebooks = {path.stem: path for path in folder.glob("[0-9]*.ipynb")}
    for stem in sorted(scripts.keys() ^ notebooks.keys()):
        problems.append(f"{stem}: only one file of the pair exists; run make notebooks")
    for stem in sorted(scripts.keys() & notebooks.keys()):
        if _with_parameters(scripts[stem]) != scripts[stem].read_text(encoding="utf-8"):
            problems.append(f"{stem}.py: the parameters cell is out of date; run make notebooks")
        try:
            compare_notebooks(
                nbformat.read(notebooks[stem], as_version=4),
                read_script(scripts[stem]),
                fmt="py:percent",
                allow_expected_differences=True,
                compare_outputs=False,
            )
        except NotebookDifference:
            problems.append(f"{stem}: the .py and the .ipynb differ; run make notebooks")
    return tuple(problems)


def read_script(script: Path) -> NotebookNode:
    """The script as a notebook with stable cell ids."""
    notebook = jupytext.read(script, fmt=_PERCENT)
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number:02d}"
    notebook.metadata = NotebookNode(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    return notebook


def _siblings(folder: Path) -> Iterator[str]:
    """The files that would make Quarto drop the notebook beside them."""
    stems = {path.stem for path in folder.glob("*.ipynb")}
    for path in sorted(folder.iterdir()):
        if path.stem in stems and path.suffix.lower() in SOURCES:
            yield (
                f"{path.name}: Quarto would take it for the source of {path.stem}.ipynb and drop "
                f"the chapter; move it to {folder.name}/{SCRIPTS}/"
            )


def _literal(value: object) -> str:
    """A Python literal that is valid YAML too, in the style of the formatter."""
    if isinstance(value, (list, dict)):
        text = yaml.safe_dump(value, default_flow_style=True, width=10_000).strip()
        return text if not value or isinstance(value, dict) else _quoted(value)
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _quoted(items: list[object]) -> str:
    return "[" + ", ".join(_literal(item) for item in items) + "]"


def _with_parameters(script: Path) -> str:
    text = script.read_text(encoding="utf-8")
    cell = '# %% tags=["parameters"]\n' + parameters_cell(named_parameters(script))
    return _CELL.sub(lambda _: cell, text, count=1)


def _write_if_new(text: str, path: Path) -> bool:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    write_text(text, path)
    return True
