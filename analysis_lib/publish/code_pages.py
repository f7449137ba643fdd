"""The reference pages that are read from the code: rules, command line, functions."""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from analysis_lib.intake.check import SECTIONS
from analysis_lib.intake.rules.rule import Rule

NOTICE = "<!-- Written by `cart-report document`; edit the definitions, not this page. -->\n"


def page(title: str, body: str) -> str:
    return f"{NOTICE}\n# {title}\n\n{body}"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """Text of a cell; a `<` inside code stays what it is."""
    parts = text.replace("|", "\\|").split("`")
    return "`".join(x if i % 2 else x.replace("<", "&lt;") for i, x in enumerate(parts))


_WORDS = {
    "detail": "…",
    "other": "the other",
    "other_value": "",
    "definition": "definition",
    "levels": "the levels of the dictionary",
    "range": "in the dictionary's range",
}
_INTRODUCTION = """\
`cart-report validate FILE` applies every rule of these tables, in this order, and says where it is
broken and what to do. The same rules are applied before a report or a results table is made: an
error refuses the extract, a warning does not. What is wrong with a whole column or row is said
once, and its values are not judged after that. A rule about a column that the extract lacks finds
nothing, unless the column is required. A date after the data lock or outside the window of
infusions is no finding: eligibility excludes or censors it.
"""


def rules_page() -> str:
    """One table for every part of the table of rules."""
    head = ("Rule", "Columns", "Severity", "What it says", "Remedy")
    parts = [
        f"## {title}\n\n{table(head, [_cells(rule) for rule in rules])}"
        for title, rules in SECTIONS.items()
    ]
    return page("Rules of an extract", "\n".join([_INTRODUCTION, *parts]))


def _cells(rule: Rule) -> tuple[str, ...]:
    columns = ", ".join(x if x.startswith("every ") else f"`{x}`" for x in rule.columns)
    other = f"`{rule.columns[1]}`" if len(rule.columns) > 1 else ""
    words = _WORDS | {"other": other}
    return (
        f"`{rule.name}`",
        columns,
        rule.severity,
        " ".join(rule.message.format(**words).split()),
        " ".join(rule.remedy.format(**words).split()),
    )


COMMANDS = """\
`cart-report COMMAND --help` prints the same on the screen. In a clone that `make report` has set up
the program is `.venv/bin/cart-report`; `python -m analysis_lib` is the same program.
"""
PARAMETERS = """\
It takes every [parameter](parameters.md). `-p` overrides a named option, which overrides the YAML
file of `-f`, which overrides the default.
"""


def command_line_page(parser: argparse.ArgumentParser) -> str:
    """Every command with its options, and the exit codes."""
    commands = _commands(parser)
    shown = table(
        ("Command", "What it does"),
        [(f"[`{name}`](#{name})", summary) for name, (summary, _) in commands.items()],
    )
    parts = [COMMANDS, shown, f"{_sentence(parser.epilog or '')}\n"]
    parts += [_section(name, command) for name, (_, command) in commands.items()]
    return page("Command line", "\n".join(parts))


def _commands(
    parser: argparse.ArgumentParser,
) -> dict[str, tuple[str, argparse.ArgumentParser]]:
    """Each command with its line in the list of commands and its own parser."""
    found = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            summaries = {one.dest: one.help or "" for one in action._choices_actions}
            found.update({name: (summaries[name], one) for name, one in action.choices.items()})
    return found


def _section(name: str, command: argparse.ArgumentParser) -> str:
    options = [action for action in command._actions if action.dest != "help"]
    takes_parameters = any("-p" in action.option_strings for action in options)
    rows = [_option_cells(action) for action in options]
    parts = [f"## {name}\n", f"{_sentence(command.description or '')}\n"]
    if takes_parameters:
        parts.append(PARAMETERS)
    elif command.epilog:
        parts.append(f"{_sentence(command.epilog)}\n")
    if rows:
        parts.append(table(("Option", "Meaning"), rows))
    return "\n".join(parts)


def _option_cells(action: argparse.Action) -> tuple[str, str]:
    needed = "; must be given" if action.required and action.option_strings else ""
    return f"`{' '.join(_spelled(action))}`", f"{action.help or ''}{needed}"


def _spelled(action: argparse.Action) -> Iterator[str]:
    """The option as it is typed: its name, and what follows it."""
    yield from action.option_strings[:1]
    if isinstance(action.metavar, tuple):
        yield from action.metavar
    elif action.nargs != 0:
        yield action.metavar or "|".join(map(str, action.choices or ())) or action.dest.upper()


def _sentence(text: str) -> str:
    """One paragraph that begins with a capital and ends with a full stop."""
    joined = " ".join(text.split())
    return joined[:1].upper() + joined[1:] + ("" if joined.endswith(".") else ".")


FUNCTIONS = """\
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
    sections = [FUNCTIONS]
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
