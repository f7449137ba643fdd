"""`cart-report claims`: a printed table as a claims file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.given import find_project
from analysis_lib.errors import ClaimsError, OutputError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.article.transcribe.groups import Asked
    from analysis_lib.article.transcribe.propose import Proposed
    from analysis_lib.dictionary import Dictionary

WITH_FINDINGS = 1


def add_claims(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "claims",
        help="propose a claims file for a printed table",
        description="Read a table of an article as people have it (rows by groups, cells such as "
        "37 (43), 48 (18-79), 1.20 (0.71-2.03), <.0001) and propose a claims file: variable, "
        "statistic, base and scope of each number, for a person to check. What found no place is "
        "listed. No patient data is used.",
        epilog="exit codes: 0 every number was placed, 1 some were not, or under names that the "
        "dictionary does not know",
    )
    parser.add_argument("table", metavar="TABLE", nargs="?", help="CSV, TSV or .xlsx")
    parser.add_argument("--sheet", metavar="NAME", default="", help="sheet of a workbook")
    parser.add_argument(
        "--groups", metavar="VARIABLE", default="",
        help="variable whose levels are the columns; without it the heads tell",
    )  # fmt: skip
    parser.add_argument(
        "--base", metavar="WORD", default="infused", help="whose patients they are (infused)"
    )
    parser.add_argument(
        "--outcome", metavar="WORD", default="", help="endpoint of the hazard ratios: pfs, os"
    )
    parser.add_argument("--source", metavar="TEXT", help="place in the article, such as Table 1")
    parser.add_argument(
        "--sentence", metavar="TEXT", action="append", default=[],
        help="survival as one line: 12-month PFS 45%% (95%% CI 30-59) in GROUP vs ...",
    )  # fmt: skip
    parser.add_argument(
        "--dictionary", metavar="FILE", help="dictionary that names the variables and levels"
    )
    parser.add_argument("--out", metavar="FILE.csv", help="claims file to write; else it is shown")
    parser.set_defaults(run=run_claims)


def run_claims(arguments: argparse.Namespace) -> int:
    out = Path(arguments.out) if arguments.out else None
    if out is not None and out.suffix != ".csv":
        raise OutputError(f"--out: must end in .csv, but is {out.name!r}")
    if not arguments.table and not arguments.sentence:
        raise ClaimsError("TABLE: name a file, or give a --sentence")
    from analysis_lib.article.transcribe.groups import Asked
    from analysis_lib.article.transcribe.propose import Proposed, claims_csv, left_lines
    from analysis_lib.article.transcribe.sentence import sentence_lines
    from analysis_lib.dictionary import read_dictionary

    named = arguments.dictionary
    dictionary = read_dictionary(Path(named) if named else find_project() / Parameters().dictionary)
    source = arguments.source or (Path(arguments.table).stem if arguments.table else "text")
    asked = Asked(source, arguments.groups, arguments.base, arguments.outcome)
    proposed = _of_table(arguments, asked, dictionary) if arguments.table else Proposed()
    for number, sentence in enumerate(arguments.sentence, 1):
        proposed.lines += sentence_lines(sentence, asked, dictionary, number)
    if not proposed.lines:
        why = "\n".join(left_lines(proposed))
        raise ClaimsError(f"TABLE: no number of {source} found a place; mend the table:\n{why}")
    text = claims_csv(proposed.lines)
    if out is None:
        sys.stdout.write(text)
    else:
        write_text(text, out)
    told = sys.stderr if out is None else sys.stdout
    notes = list(left_lines(proposed))
    for note in notes:
        print(f"- {note}", file=told)
    where = "" if out is None else f" in {out.name}"
    print(f"{len(proposed.lines)} numbers{where}; to check: {len(notes)}", file=told)
    return WITH_FINDINGS if notes else 0


def _of_table(arguments: argparse.Namespace, asked: Asked, dictionary: Dictionary) -> Proposed:
    from analysis_lib.article.transcribe.grid import find_layout, read_grid
    from analysis_lib.article.transcribe.propose import propose_claims

    path = Path(arguments.table)
    layout = find_layout(read_grid(path, arguments.sheet), path.name)
    return propose_claims(layout, asked, dictionary)
