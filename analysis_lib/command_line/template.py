"""`cart-report template`: a folder to start an extract from."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis_lib.command_line.project import find_project
from analysis_lib.parameters import Parameters


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
    from analysis_lib.source import read_table
    from analysis_lib.source.template import template_files, write_template

    root = find_project()
    files = template_files(
        read_dictionary(root / Parameters().dictionary), read_table(root / Parameters().cohort)
    )
    write_template(files, Path(arguments.out))
    for name in files:
        print(Path(arguments.out) / name)
    return 0
