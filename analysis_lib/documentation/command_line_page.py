"""The reference page of the command line, read from its parser."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from analysis_lib.documentation.markdown import page, table

INTRODUCTION = """\
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
    parts = [INTRODUCTION, shown, f"{_sentence(parser.epilog or '')}\n"]
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
    rows = [_cells(action) for action in options]
    parts = [f"## {name}\n", f"{_sentence(command.description or '')}\n"]
    if takes_parameters:
        parts.append(PARAMETERS)
    elif command.epilog:
        parts.append(f"{_sentence(command.epilog)}\n")
    if rows:
        parts.append(table(("Option", "Meaning"), rows))
    return "\n".join(parts)


def _cells(action: argparse.Action) -> tuple[str, str]:
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
