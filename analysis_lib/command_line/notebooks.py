"""`cart-report notebooks`: refresh the committed pairs, or check that they agree."""

from __future__ import annotations

import argparse

from analysis_lib.command_line.progress import Progress
from analysis_lib.command_line.project import find_project

FINDINGS = 1


def add_notebooks(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "notebooks",
        help="refresh the committed notebook pairs",
        description="Write the parameters cell of every notebook from its definition, "
        "execute each script and store its outputs in the .ipynb; files that do not change are "
        "not touched.",
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 if a pair disagrees"
    )
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="executed at a time")
    parser.set_defaults(run=run_notebooks)


def run_notebooks(arguments: argparse.Namespace) -> int:
    from analysis_lib.report.pairs import check_pairs, refresh_pairs

    folder = find_project() / "notebooks"
    if arguments.check:
        problems = check_pairs(folder)
        for problem in problems:
            print(problem)
        return FINDINGS if problems else 0
    changed = refresh_pairs(folder, jobs=arguments.jobs, progress=Progress())
    print(f"changed: {', '.join(changed) if changed else 'nothing'}")
    return 0
