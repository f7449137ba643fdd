"""The reference pages that are read from the code: rules, command line, functions."""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
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
What the chapters call: of each topic, in the order of the questions, then of the article's printed
numbers and of the appendix. The first cell of code in a chapter makes `study` by
`open_study(globals())`; everything else starts from it. Where an analysis does not apply to the
patients or parameters, it returns an `Omitted` with the reason, which tables, figures and sentences
take in place of a result and show. The chapters in which a function is called are given by number.
"""
TOPICS = "analysis_lib.topics"
# Where chapters import whole modules from, to call what these show.
FACES = ("analysis_lib", TOPICS, "analysis_lib.publish")
BEFORE = ("analysis_lib.study.study",)
AFTER = ("analysis_lib.article", "analysis_lib.publish.methods", "analysis_lib.publish.appendix")


def functions_page(notebooks: Sequence[Path]) -> str:
    """Call, purpose and chapters of every function that a chapter calls, topic by topic."""
    called = called_functions(notebooks)
    order = [*BEFORE, *topic_modules(notebooks[0].parents[2]), *AFTER]
    sections = [_functions_of(name, called[name]) for name in sorted(called, key=order.index)]
    return page("Functions", "\n".join([FUNCTIONS, *sections]))


def topic_modules(project: Path) -> list[str]:
    """The topics in the order in which they may use each other, the first one first."""
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = (
        contract["layers"]
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract.get("containers") == [TOPICS]
    )
    return [f"{TOPICS}.{name}" for name in reversed(layers)]


def called_functions(notebooks: Sequence[Path]) -> dict[str, dict[str, list[str]]]:
    """What the scripts call of each module, with the numbers of the chapters that do."""
    called: dict[str, dict[str, list[str]]] = {}
    for script in sorted(notebooks):
        chapter = str(int(script.stem.partition("_")[0]))
        tree = ast.parse(script.read_text(encoding="utf-8"))
        for module, name in dict.fromkeys(_calls(tree)):
            called.setdefault(module, {}).setdefault(name, []).append(chapter)
    return called


def _calls(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Module and name of everything called of a module that is imported, or imported itself."""
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in FACES:
            modules |= {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            yield from ((str(node.module), alias.name) for alias in node.names)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=called) if name in modules:
                yield modules[name], called


def _functions_of(path: str, called: Mapping[str, Sequence[str]]) -> str:
    """The section of a module: what it is about, and a line for each function."""
    module, (house, _, name) = importlib.import_module(path), path.rpartition(".")
    face = f"{name}." if house in FACES else ""
    rows = [
        (f"`{face}{_call(each, getattr(module, each))}`", _purpose(getattr(module, each)), listed)
        for each, listed in sorted((each, ", ".join(found)) for each, found in called.items())
    ]
    imported = f"from {house} import {name}" if face else f"from {path} import {', '.join(called)}"
    head = ("Call", "What it gives", "Chapters")
    return f"## {name}\n\n{_purpose(module)} `{imported}`\n\n{table(head, rows)}"


def _call(name: str, function: Callable[..., object]) -> str:
    """`name(argument: type, *, option: type = default) -> type`, as it is written in the code."""
    signature = inspect.signature(function)
    # The annotations are texts already, which `str(signature)` would print in quotes.
    parts: list[str] = []
    starred = False
    for argument, parameter in signature.parameters.items():
        several = parameter.kind is parameter.VAR_POSITIONAL
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            parts.append("*")
        starred |= several or parameter.kind is parameter.KEYWORD_ONLY
        given = f"{argument}: {parameter.annotation}{_default(parameter)}"
        parts.append(f"*{given}" if several else given)
    return f"{name}({', '.join(parts)}) -> {signature.return_annotation}"


def _default(parameter: inspect.Parameter) -> str:
    if parameter.default is parameter.empty:
        return ""
    return f" = {getattr(parameter.default, '__name__', repr(parameter.default))}"


def _purpose(described: object) -> str:
    """The first sentence of the docstring, which may go over several lines."""
    return " ".join((inspect.getdoc(described) or "").partition("\n\n")[0].split())
