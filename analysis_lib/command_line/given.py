"""The parameters, the project and the progress that commands share."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import yaml

import analysis_lib
from analysis_lib.errors import OutputError, ParameterError
from analysis_lib.parameters.definitions import Parameters, definitions
from analysis_lib.parameters.guarded_yaml import LONGEST, reason_of
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.parameters.values import RepeatedKeyError, load_yaml
from analysis_lib.study.content import FILES, project_root

NAMED_OPTIONS = ("cohort", "exposure")


def add_parameter_options(parser: argparse.ArgumentParser) -> None:
    """`-p NAME VALUE`, `-f FILE.yaml` and the named options, with every parameter in the help."""
    parser.add_argument(
        "--cohort", metavar="FILE", help="registry extract (CSV), one row per patient"
    )
    parser.add_argument(
        "--exposure", metavar="NAME", help="exposure compared: ino, or a column with levels"
    )
    parser.add_argument(
        "-p",
        dest="pairs",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="set a parameter; lists and filters as YAML: -p landmarks '[3, 9]'",
    )
    parser.add_argument(
        "-f",
        dest="file",
        metavar="FILE.yaml",
        help="parameters from a YAML file; the files it names are looked for beside it first",
    )


def add_jobs_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jobs", default="2", metavar="N", help="processes at a time (default: 2)")


def given_jobs(arguments: argparse.Namespace) -> int:
    """How many processes.

    Raises
    ------
    ParameterError
        It is no whole number from 1 on.
    """
    text: str = arguments.jobs
    if not (text.isdecimal() and int(text)):
        raise ParameterError(f"--jobs: must be a whole number from 1 on, but is {text!r}")
    return int(text)


def parameters_help() -> str:
    """One line per parameter: name, default, unit, what it is."""
    default = Parameters()
    lines = ["parameters (for -p and -f), with their defaults:"]
    for name, definition in definitions().items():
        value = yaml.safe_dump(getattr(default, name), default_flow_style=True, width=10_000)
        value = value.removesuffix("\n").removesuffix("\n...").strip()
        shown = value if len(value) <= 32 else value[:29] + "..."
        unit = f" [{definition.unit}]" if definition.unit else ""
        choices = f" ({' | '.join(definition.choices)})" if definition.choices else ""
        lines.append(f"  {name:<26}{shown:<34}{definition.help}{choices}{unit}")
    return "\n".join(lines)


def given_parameters(arguments: argparse.Namespace) -> Parameters:
    """The typed parameters of a call: `-p` over a named option over YAML over the default.

    Raises
    ------
    ParameterError
        A name is given twice with `-p`, the YAML file cannot be read, or a value is refused.
    """
    values = values_of_file(Path(arguments.file), "-f") if arguments.file else {}
    for name in NAMED_OPTIONS:
        if getattr(arguments, name) is not None:
            values[name] = getattr(arguments, name)
    named = [name for name, _ in arguments.pairs]
    for name in named:
        if named.count(name) > 1:
            raise ParameterError(f"{name}: is set twice with -p; set it once")
    values.update(dict(arguments.pairs))
    return parse_parameters(with_files(values, Path()))


def values_of_file(path: Path, option: str) -> dict[str, Any]:
    """Names and values of a YAML file that an option gives; files lie beside it first.

    Raises
    ------
    ParameterError
        It cannot be read, or is no YAML of names and values.
    """
    values = named_values(path, option)
    return with_files(values, path.parent)


def named_values(path: Path, option: str) -> dict[str, Any]:
    """The same, with the names of files as they are."""
    try:
        with path.open(encoding="utf-8") as handle:
            values = load_yaml(handle.read(LONGEST + 1))
    except RepeatedKeyError as error:
        raise ParameterError(f"{option} {path.name}: {error}") from None
    except OSError as error:
        raise ParameterError(f"{option} {path.name}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ParameterError(f"{option} {path.name}: is not UTF-8 text; save it as UTF-8") from None
    except yaml.YAMLError as error:
        raise ParameterError(
            f"{option} {path.name}: is not valid YAML ({reason_of(error)}); mend it"
        ) from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ParameterError(
            f"{option} {path.name}: must map names to values, like 'exposure: ino'"
        )
    return {str(name): value for name, value in values.items()}


def with_files(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Take the files that lie in a folder from there: of a YAML file its own, then where one types.

    A name that does not exist in it stays as it is; in the end it is relative to the project's
    folder.
    """
    changed = dict(values)
    for name in FILES:
        value = changed.get(name)
        # Not Path.exists, which raises where a name is too long to be one.
        if isinstance(value, str) and value and os.path.exists(folder / value):
            changed[name] = str((folder / value).resolve())
    return changed


def find_project() -> Path:
    """The project around the working folder, else the checkout this library was installed from.

    Raises
    ------
    OutputError
        Neither holds a `_quarto.yml`.
    """
    checkout = Path(analysis_lib.__file__).resolve().parents[1]
    for folder in (project_root(), checkout):
        if (folder / "_quarto.yml").is_file():
            return folder
    raise OutputError(
        "no project: neither this folder nor one above it holds _quarto.yml; "
        "change into a clone of the project"
    )


LOG_SECONDS = 2.0  # between two lines of one stage in a log


class Progress:
    """Prints what is done; `(stage, done, total, seconds)` is called after every step."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._in_place = sys.stderr.isatty()
        self._logged: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int, seconds: float) -> None:
        text = f"{stage} {done}/{total} ({seconds:.1f} s)"
        if self._in_place:
            ending = "\n" if done >= total else "\r"
            print(f"\033[2K{text}", end=ending, file=sys.stderr, flush=True)
        elif done >= total or seconds >= self._logged.get(stage, 0.0) + LOG_SECONDS:
            self._logged[stage] = seconds if done < total else 0.0
            print(text, file=sys.stderr, flush=True)

    def say(self, text: str) -> None:
        """One line about what begins now."""
        print(text, file=sys.stderr, flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start
