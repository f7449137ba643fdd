"""`cart-report results` and `cart-report simulate`: numbers without a notebook."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.given import (
    Progress,
    add_jobs_option,
    add_parameter_options,
    find_project,
    given_jobs,
    given_parameters,
    parameters_help,
)
from analysis_lib.errors import OutputError
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.results.rows import Results
    from analysis_lib.study.study import Study


def add_results(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "results",
        help="compute the results table alone, in seconds",
        description="Compute every number of the report and write the results table.",
        epilog=parameters_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_parameter_options(parser)
    parser.add_argument(
        "--out", metavar="FILE", help="FILE.csv or FILE.json; without it the CSV goes to the screen"
    )
    parser.add_argument(
        "--repeated",
        action="store_true",
        help="with the simulations, the bootstrap and the specification curve, which take minutes",
    )
    add_jobs_option(parser)
    parser.set_defaults(run=run_results)


def run_results(arguments: argparse.Namespace) -> int:
    progress = Progress()
    out = Path(arguments.out) if arguments.out else None
    if out is not None and out.suffix not in (".csv", ".json"):
        raise OutputError(f"--out: must end in .csv or .json, but is {out.name!r}")
    jobs = given_jobs(arguments)
    parameters = given_parameters(arguments)
    from analysis_lib.study.left_open import choices_left_open
    from analysis_lib.study.study import make_study

    study = make_study(parameters, root=find_project())
    from analysis_lib.command_line.study_work import beside_with, report_results
    from analysis_lib.results.store import results_csv, results_header, results_json
    from analysis_lib.topics.whole import left_out

    for note in study.intake_notes:
        progress.say(f"intake: {note}")
    for choice in choices_left_open(study):
        progress.say(f"left open: {choice}")
    progress.say(f"computing the results of {study.cohort_label} by {study.exposure.phrase}")
    results = report_results(
        study, repeated=arguments.repeated, progress=progress, beside=beside_with(jobs)
    )
    if out is None:
        sys.stdout.write(results_csv(results))
    elif out.suffix == ".csv":
        write_text(results_csv(results), out)
    else:
        from analysis_lib.publish.explain import explained

        header = {**results_header(study), "words": explained(results)}
        write_text(results_json(results, header), out)
    for reason in left_out(study):
        progress.say(f"left out: {reason}")
    progress.say(f"{len(results.rows)} numbers, each with a unique key ({progress.seconds:.1f} s)")
    matches = published_matches(study, results)
    if matches:
        progress.say(matches)
    return 0


def published_matches(study: Study, results: Results) -> str:
    """How many published counts of patients the results equal; empty where there are none."""
    from analysis_lib.article.comparison.compare import REPRODUCED, compare
    from analysis_lib.article.comparison.published import comparable_claims
    from analysis_lib.results.rows import Omitted

    claims = comparable_claims(study, results)
    if isinstance(claims, Omitted):
        return ""
    counts = [one for one in compare(claims, results).counted if one.is_count]
    equal = sum(one.status == REPRODUCED for one in counts)
    return f"published counts: {equal} of {len(counts)} equal the article (cart-report compare)"


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
    from analysis_lib.study.study import make_study

    study = make_study(parameters, root=find_project())
    from analysis_lib.command_line.study_work import performance_lines
    from analysis_lib.results.rows import Omitted
    from analysis_lib.topics.consolidation.simulated import consolidation_simulation
    from analysis_lib.topics.screening.numbers import screen_simulation

    for simulate in (screen_simulation, consolidation_simulation):
        found = simulate(study, progress=progress)
        lines = [found.reason] if isinstance(found, Omitted) else performance_lines(found)
        print("\n".join(lines))
    return 0
