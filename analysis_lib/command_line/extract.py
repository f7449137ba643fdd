"""`cart-report map`, `template` and `validate`: everything about an extract."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.given import find_project
from analysis_lib.errors import OutputError, ParameterError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.intake.listing import Validation
    from analysis_lib.intake.proposal import Proposal
    from analysis_lib.intake.reading.kinds import Reading


def add_map(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "map",
        help="propose a mapping file for an extract",
        description="Match the columns and levels of an extract with those of the dictionary, and "
        "write the mapping file for a person to check. Columns that look like direct identifiers "
        "are neither named nor shown.",
    )
    parser.add_argument(
        "file", metavar="FILE", help="extract: CSV, Excel, Parquet, SAS, SPSS or Stata"
    )
    parser.add_argument(
        "--out", metavar="FILE.yaml", help="write the mapping file; else it goes to the screen"
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing mapping file")
    parser.add_argument(
        "--redcap", metavar="FILE.csv", help="data dictionary of the REDCap project, beside --out"
    )
    parser.add_argument(
        "--adtte", metavar="FILE", help="ADTTE beside an ADSL of CDISC ADaM, and beside --out"
    )
    parser.add_argument("--sheet", default="", metavar="NAME", help="sheet of an Excel workbook")
    parser.add_argument(
        "--encoding", default="", metavar="NAME", help="encoding of a text file, if not UTF-8"
    )
    parser.add_argument(
        "--bound",
        dest="bounds",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "NUMBER"),
        help="read more than by default: rows, columns, cells, characters (of a cell), megabytes",
    )
    parser.add_argument(
        "--dictionary", metavar="FILE", help="variable dictionary; without it the project's"
    )
    parser.set_defaults(run=run_map)


def run_map(arguments: argparse.Namespace) -> int:
    from analysis_lib.intake.proposal_text import mapping_text

    out = Path(arguments.out) if arguments.out else None
    beside = {
        name: Path(given) for name in ("redcap", "adtte") if (given := getattr(arguments, name))
    }
    if out is not None:
        _check_out(out, beside, force=arguments.force)
    path, reading = Path(arguments.file), _reading(arguments)
    proposal = _propose(path, beside, reading, arguments.dictionary)
    text = mapping_text(
        proposal, path.name, reading, {name: file.name for name, file in beside.items()}
    )
    if out is None:
        sys.stdout.write(text)
    else:
        write_text(text, out)
    for line in summary(proposal):
        print(line, file=sys.stderr if out is None else sys.stdout)
    if out is not None:
        print(
            f"mapping:   {out.name}; check it, then run cart-report validate {path.name} "
            f"--mapping {out.name}"
        )
    return 0


def summary(proposal: Proposal) -> list[str]:
    """What was matched, which of ours have no column, the required first, and what is unused."""
    reasons = [*(x.why for x in proposal.columns), *(x.why for x in proposal.times)]
    doubtful = sum(map(bool, reasons)) + len(proposal.arms)
    matched = len(proposal.columns) + len(proposal.arms)
    matched += len({x for pair in proposal.times for x in (pair.time, pair.status) if x})
    lines = [f"matched:   {matched} columns, {doubtful} of them to be checked"]
    for pair in proposal.times:
        status = f" and {pair.status}" if pair.status else ""
        lines.append(f"times:     {pair.ours} from {pair.time}{status}")
    if proposal.required:
        names = ", ".join(variable.name for variable in proposal.required)
        lines.append(f"required:  no column for {names}")
    if proposal.optional:
        names = ", ".join(variable.name for variable in proposal.optional)
        lines.append(f"optional:  no column for {names}")
    if proposal.unused:
        lines.append(f"unused:    {', '.join(proposal.unused)}")
    if proposal.hidden:
        lines.append(
            f"hidden:    {proposal.hidden} that look like direct identifiers; take them out of the "
            "extract"
        )
    return lines


def _check_out(out: Path, beside: Mapping[str, Path], *, force: bool) -> None:
    if out.exists() and not force:
        raise OutputError(f"--out: {out.name} exists; choose another name, or add --force")
    for name, file in beside.items():
        if file.resolve().parent != out.resolve().parent:
            raise OutputError(
                f"--{name}: {file.name} must lie beside {out.name}, which names it; move one of "
                "them"
            )


def _reading(arguments: argparse.Namespace) -> Reading:
    from analysis_lib.intake.mapping.document import given_bounds
    from analysis_lib.intake.reading.kinds import ENCODINGS, Reading, is_known_encoding

    if arguments.encoding and not is_known_encoding(arguments.encoding):
        raise ParameterError(
            f"--encoding: must be one of {', '.join(ENCODINGS)}, but is {arguments.encoding!r}"
        )
    return Reading(
        sheet=arguments.sheet,
        encoding=arguments.encoding,
        bounds=given_bounds(dict(arguments.bounds)),
    )


def _propose(
    path: Path, beside: Mapping[str, Path], reading: Reading, named: str | None
) -> Proposal:
    from analysis_lib.dictionary import read_dictionary
    from analysis_lib.intake.adam import refuse_adtte, with_times
    from analysis_lib.intake.proposal import propose_mapping
    from analysis_lib.intake.reading.read import columns_of, read_table
    from analysis_lib.intake.redcap.codebook import (
        described_variables,
        read_codebook,
        refuse_labels,
    )

    dictionary = read_dictionary(_dictionary(named))
    redcap, adtte = beside.get("redcap"), beside.get("adtte")
    if redcap is None:
        columns = columns_of(path, reading)
        table = read_table(path, reading)
        refuse_adtte(table, path)
        return propose_mapping(
            table if adtte is None else with_times(table, adtte),
            dictionary,
            labels={column.name: column.label for column in columns},
            codes={x.name: {text: code for code, text in x.levels().items()} for x in columns},
        )
    codebook = read_codebook(redcap)
    table = read_table(path, reading, partial(refuse_labels, codebook, path.name))
    described = described_variables(codebook)
    return propose_mapping(
        table,
        dictionary,
        labels={name: variable.label for name, variable in described.items()},
        identifiers=codebook.identifier_columns(),
        choices={
            column: tuple(field.choices.values()) if column == field.name else ()
            for field in codebook.fields
            if field.choices
            for column in field.columns
        },
    )


def add_template(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "template",
        help="write an empty extract, its variables and a filled example",
        description="Write a folder with an empty extract (CSV and Excel), a sheet of its "
        "variables, a filled example of invented patients, and a mapping file to start from. A "
        "folder that holds anything else is left as it is.",
    )
    parser.add_argument("--out", metavar="DIR", required=True, help="new or empty folder")
    parser.set_defaults(run=run_template)


def run_template(arguments: argparse.Namespace) -> int:
    from analysis_lib.dictionary import read_dictionary
    from analysis_lib.intake.reading.read import read_table
    from analysis_lib.intake.template import template_files, write_template

    root = find_project()
    files = template_files(
        read_dictionary(root / Parameters().dictionary), read_table(root / Parameters().cohort)
    )
    write_template(files, Path(arguments.out))
    for name in files:
        print(Path(arguments.out) / name)
    return 0


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
    parser.add_argument(
        "file", metavar="FILE", help="extract: CSV, Excel, Parquet, SAS, SPSS or Stata"
    )
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
    from analysis_lib.intake.listing import listing_json, listing_lines, listing_page

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
    from analysis_lib.intake.check import check_extract
    from analysis_lib.intake.extract import open_intake
    from analysis_lib.intake.listing import Validation

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
