"""`cart-report validate`: everything that is to be mended in an extract, at once."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.project import find_project
from analysis_lib.errors import OutputError
from analysis_lib.parameters import Parameters
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.source.listing import Validation

_WIDEST = 120
_SUFFIXES = (".json", ".html")
WITH_ERRORS = 2
WITH_WARNINGS = 1


def add_validate(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "validate",
        help="list everything that is to be mended in an extract",
        description="Check an extract against the dictionary and the table of rules, and list "
        "every finding with its row, patient, column, value, rule and remedy. A report is refused "
        "while there are errors; warnings are worth a second look. Names and values of columns "
        "that look like direct identifiers are never shown.",
        epilog="exit codes: 0 no error, 1 warnings with --strict, 2 errors or unreadable",
    )
    parser.add_argument("file", metavar="FILE", help="extract: CSV, Excel or Parquet")
    parser.add_argument(
        "--mapping", metavar="FILE", help="how the extract names its columns and levels (YAML)"
    )
    parser.add_argument(
        "--dictionary", metavar="FILE", help="variable dictionary; without it the project's"
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 where there are warnings"
    )
    parser.add_argument(
        "--out", metavar="FILE", help="write every finding as FILE.json or FILE.html"
    )
    parser.set_defaults(run=run_validate)


def run_validate(arguments: argparse.Namespace) -> int:
    from analysis_lib.source.listing import listing_json, listing_lines, listing_page

    out = Path(arguments.out) if arguments.out else None
    if out is not None and out.suffix not in _SUFFIXES:
        raise OutputError(f"--out: must end in .json or .html, but is {out.name!r}")
    validation = validate(
        Path(arguments.file),
        mapping=Path(arguments.mapping) if arguments.mapping else None,
        dictionary=_dictionary(arguments.dictionary),
    )
    if out is not None:
        listing = listing_json if out.suffix == ".json" else listing_page
        write_text(listing(validation), out)
    width = min(shutil.get_terminal_size((_WIDEST, 0)).columns, _WIDEST)
    sys.stdout.write("\n".join(listing_lines(validation, width=width)) + "\n")
    _say_what_next(validation, out, mapped=bool(arguments.mapping))
    if validation.errors:
        return WITH_ERRORS
    return WITH_WARNINGS if validation.warnings and arguments.strict else 0


def validate(path: Path, *, mapping: Path | None, dictionary: Path) -> Validation:
    """Read an extract as a report would, and check it.

    Raises
    ------
    CartReportError
        The extract, the mapping or the dictionary cannot be read.
    """
    from analysis_lib.dictionary import read_dictionary
    from analysis_lib.source import check_extract, open_intake
    from analysis_lib.source.listing import Validation

    intake = open_intake(path, read_dictionary(dictionary), mapping)
    findings = check_extract(intake.table, intake.dictionary, intake.original, header=intake.header)
    size = len(intake.table), len(intake.header)
    return Validation(path.name, *size, tuple(findings), intake.notes)


def _say_what_next(validation: Validation, out: Path | None, *, mapped: bool) -> None:
    if out is not None:
        print(f"every finding is in {out.name}", file=sys.stderr)
    elif validation.findings:
        print("--out FILE.html or FILE.json writes every finding into a file", file=sys.stderr)
    if not mapped and any(x.rule_name == "missing_column" for x in validation.errors):
        print(f"cart-report map {validation.name} proposes a mapping file", file=sys.stderr)
    if validation.errors:
        print("a report is refused until the errors are mended", file=sys.stderr)


def _dictionary(named: str | None) -> Path:
    return Path(named) if named else find_project() / Parameters().dictionary
