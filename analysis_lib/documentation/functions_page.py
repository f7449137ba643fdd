"""The reference page of the functions that the notebooks call, read from the library itself."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis_lib.documentation.markdown import page, table

INTRODUCTION = """\
What the chapters import, layer by layer from the patients to the page. The first cell of a chapter
makes `study` by `open_study(globals())`; everything else starts from it. Where an analysis does not
apply to the patients or parameters, it returns an `Omitted` with the reason, which tables, figures
and sentences take in place of a result and show. The chapters in which a function is called are
given by number.
"""
LAYERS = {
    "cohort": "Study",
    "analyses": "Analyses",
    "claims": "Printed numbers",
    "audit": "Audit of printed numbers",
    "comparison": "Printed numbers beside ours",
    "appendix": "Appendix",
    "tables": "Tables",
    "figures": "Figures",
    "narrative": "Sentences",
}


def functions_page(notebooks: Sequence[Path]) -> str:
    """Name, signature and purpose of every function of the notebooks."""
    used = used_functions(notebooks)
    sections = [INTRODUCTION]
    for layer in sorted(used, key=list(LAYERS).index):
        module = importlib.import_module(f"analysis_lib.{layer}")
        rows = [
            (f"`{_call(getattr(module, name))}`", _purpose(getattr(module, name)), listed)
            for name, listed in sorted(used[layer].items())
        ]
        head = ("Call", "What it gives", "Chapters")
        sections.append(f"## {LAYERS[layer]}\n\n`analysis_lib.{layer}`\n\n{table(head, rows)}")
    return page("Functions", "\n".join(sections))


def used_functions(notebooks: Sequence[Path]) -> dict[str, dict[str, str]]:
    """What the scripts import from each layer, with the numbers of the chapters that do."""
    used: dict[str, dict[str, list[str]]] = {}
    for script in sorted(notebooks):
        chapter = str(int(script.stem.partition("_")[0]))
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                layer = str(node.module).removeprefix("analysis_lib.")
                for alias in node.names:
                    used.setdefault(layer, {}).setdefault(alias.name, []).append(chapter)
    return {
        layer: {name: ", ".join(chapters) for name, chapters in names.items()}
        for layer, names in used.items()
    }


def _call(function: Callable[..., object]) -> str:
    """`name(argument: type, *, option: type = default) -> type`, as it is written in the code."""
    signature = inspect.signature(function)
    # The annotations are texts already, which `str(signature)` would print in quotes.
    parts: list[str] = []
    starred = False
    for name, parameter in signature.parameters.items():
        several = parameter.kind is parameter.VAR_POSITIONAL
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            parts.append("*")
        starred |= several or parameter.kind is parameter.KEYWORD_ONLY
        parts.append(f"{'*' if several else ''}{name}: {parameter.annotation}{_default(parameter)}")
    return f"{function.__name__}({', '.join(parts)}) -> {signature.return_annotation}"


def _default(parameter: inspect.Parameter) -> str:
    if parameter.default is parameter.empty:
        return ""
    return f" = {getattr(parameter.default, '__name__', repr(parameter.default))}"


def _purpose(function: Callable[..., object]) -> str:
    """The first sentence of the docstring, which may go over several lines."""
    return " ".join((inspect.getdoc(function) or "").partition("\n\n")[0].split())
