"""`cart-report synthesize`: write the embedded synthetic cohort."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis_lib.command_line.progress import Progress
from analysis_lib.errors import ParameterError
from analysis_lib.parameters import Parameters


def add_synthesize(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "synthesize",
        help="write the synthetic cohort",
        description="Write a synthetic cohort whose counts are those the article prints. "
        "The same seed gives the same bytes.",
    )
    default = Parameters()
    parser.add_argument(
        "--seed", type=int, default=default.seed, help=f"default: {default.seed}, the embedded one"
    )
    parser.add_argument("--out", metavar="FILE", required=True, help="CSV file to write")
    parser.set_defaults(run=run_synthesize)


def run_synthesize(arguments: argparse.Namespace) -> int:
    if arguments.seed < 0:
        raise ParameterError(f"--seed: must not be negative, but is {arguments.seed}")
    from analysis_lib.synthesis import synthesize, write_cohort

    progress = Progress()
    frame = synthesize(arguments.seed, progress=progress.say)
    write_cohort(frame, Path(arguments.out))
    print(f"{len(frame)} synthetic patients: {arguments.out}")
    return 0
