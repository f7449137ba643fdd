"""`cart-report document`: write the reference pages from the definitions."""

from __future__ import annotations

import argparse

from analysis_lib.command_line.project import find_project
from analysis_lib.dictionary import read_dictionary
from analysis_lib.parameters import Parameters


def add_document(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "document",
        help="write the reference pages",
        description="Write docs/: the variable dictionary, the parameters, "
        "the results table, the claims file, the rules of an extract.",
    )
    parser.set_defaults(run=run_document)


def run_document(arguments: argparse.Namespace) -> int:
    from analysis_lib.documentation import write_pages

    root = find_project()
    dictionary = read_dictionary(root / Parameters().dictionary)
    for name in write_pages(root / "docs", dictionary):
        print(f"docs/{name}")
    return 0
