"""`cart-report simulate`: bias and coverage where the truth is known, from one command."""

from __future__ import annotations

import argparse

from analysis_lib.command_line.given import (
    add_parameter_options,
    given_parameters,
    parameters_help,
)
from analysis_lib.command_line.progress import Progress
from analysis_lib.command_line.project import find_project


def add_simulate(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "simulate",
        help="run the simulations of the screen and of consolidation",
        description=(
            "Simulate cohorts like the given one in which the truth is known, and print bias and "
            "coverage of each estimator with their Monte Carlo errors. The same figures stand in "
            "the report; they are kept and computed once."
        ),
        epilog=parameters_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_parameter_options(parser)
    parser.set_defaults(run=run_simulate)


def run_simulate(arguments: argparse.Namespace) -> int:
    progress = Progress()
    parameters = given_parameters(arguments)
    from analysis_lib.cohort import make_study

    study = make_study(parameters, root=find_project())
    from analysis_lib.analyses import Omitted, consolidation_simulation, screen_simulation
    from analysis_lib.analyses.performance_lines import performance_lines

    for simulate in (screen_simulation, consolidation_simulation):
        found = simulate(study, progress=progress)
        lines = [found.reason] if isinstance(found, Omitted) else performance_lines(found)
        print("\n".join(lines))
    return 0
