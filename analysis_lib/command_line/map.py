"""`cart-report map`: propose a mapping file for an extract."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.project import find_project
from analysis_lib.errors import OutputError, ParameterError
from analysis_lib.parameters import Parameters
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.source.proposal import Proposal
    from analysis_lib.source.reading import Reading


def add_map(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "map",
        help="propose a mapping file for an extract",
        description="Match the columns and levels of an extract with those of the dictionary, and "
        "write the mapping file for a person to check. Columns that look like direct identifiers "
        "are neither named nor shown.",
    )
    parser.add_argument("file", metavar="FILE", help="extract: CSV, Excel or Parquet")
    parser.add_argument(
        "--out", metavar="FILE.yaml", help="write the mapping file; else it goes to the screen"
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing mapping file")
    parser.add_argument(
        "--redcap", metavar="FILE.csv", help="data dictionary of the REDCap project, beside --out"
    )
    parser.add_argument("--sheet", default="", metavar="NAME", help="sheet of an Excel workbook")
    parser.add_argument(
        "--encoding", default="", metavar="NAME", help="encoding of a text file, if not UTF-8"
    )
    parser.add_argument(
        "--dictionary", metavar="FILE", help="variable dictionary; without it the project's"
    )
    parser.set_defaults(run=run_map)


def run_map(arguments: argparse.Namespace) -> int:
    from analysis_lib.source.proposal import mapping_text

    out = Path(arguments.out) if arguments.out else None
    redcap = Path(arguments.redcap) if arguments.redcap else None
    if out is not None:
        _check_out(out, redcap, force=arguments.force)
    path, reading = Path(arguments.file), _reading(arguments)
    proposal = _propose(path, redcap, reading, arguments.dictionary)
    text = mapping_text(proposal, path.name, reading, redcap.name if redcap else "")
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
    doubtful = sum(bool(match.why) for match in proposal.columns)
    lines = [f"matched:   {len(proposal.columns)} columns, {doubtful} of them to be checked"]
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


def _check_out(out: Path, redcap: Path | None, *, force: bool) -> None:
    if out.exists() and not force:
        raise OutputError(f"--out: {out.name} exists; choose another name, or add --force")
    if redcap is not None and redcap.resolve().parent != out.resolve().parent:
        raise OutputError(
            f"--redcap: {redcap.name} must lie beside {out.name}, which names it; move one of them"
        )


def _reading(arguments: argparse.Namespace) -> Reading:
    from analysis_lib.source.reading import Reading
    from analysis_lib.source.reading.options import ENCODINGS, is_known_encoding

    if arguments.encoding and not is_known_encoding(arguments.encoding):
        raise ParameterError(
            f"--encoding: must be one of {', '.join(ENCODINGS)}, but is {arguments.encoding!r}"
        )
    return Reading(sheet=arguments.sheet, encoding=arguments.encoding)


def _propose(path: Path, redcap: Path | None, reading: Reading, named: str | None) -> Proposal:
    from analysis_lib.dictionary import read_dictionary
    from analysis_lib.source.proposal import propose_mapping
    from analysis_lib.source.reading import read_table
    from analysis_lib.source.redcap import described_variables, read_codebook, refuse_labels

    dictionary = read_dictionary(Path(named) if named else find_project() / Parameters().dictionary)
    if redcap is None:
        return propose_mapping(read_table(path, reading), dictionary)
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
