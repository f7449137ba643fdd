"""`cart-report document`: write the reference pages from the definitions."""

from __future__ import annotations

import argparse
from pathlib import PurePosixPath

from analysis_lib.command_line.project import find_project
from analysis_lib.dictionary import read_dictionary
from analysis_lib.parameters import Parameters

FOLDER = PurePosixPath("docs/reference")


def add_document(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "document",
        help="write the reference pages",
        description=f"Write {FOLDER}/: the variable dictionary, the parameters, the results table, "
        "the claims file, the rules of an extract, the command line, the notebooks' functions.",
    )
    parser.set_defaults(run=run_document)


def run_document(arguments: argparse.Namespace) -> int:
    from analysis_lib.command_line.parser import command_parser
    from analysis_lib.documentation import reference_pages, write_pages

    root = find_project()
    pages = reference_pages(
        read_dictionary(root / Parameters().dictionary),
        parser=command_parser(),
        notebooks=sorted((root / "notebooks" / "scripts").glob("[0-9]*.py")),
    )
    write_pages(pages, root / FOLDER)
    for name in pages:
        print(FOLDER / name)
    return 0
