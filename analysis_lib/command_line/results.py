"""`cart-report results`: the results table alone, without a notebook."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.cohort import Study, make_study
from analysis_lib.command_line.given import (
    add_parameter_options,
    given_parameters,
    parameters_help,
)
from analysis_lib.command_line.progress import Progress
from analysis_lib.command_line.project import find_project
from analysis_lib.errors import OutputError
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.analyses import Results


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
    parser.set_defaults(run=run_results)


def run_results(arguments: argparse.Namespace) -> int:
    progress = Progress()
    out = Path(arguments.out) if arguments.out else None
    if out is not None and out.suffix not in (".csv", ".json"):
        raise OutputError(f"--out: must end in .csv or .json, but is {out.name!r}")
    parameters = given_parameters(arguments)
    study = make_study(parameters, root=find_project())
    from analysis_lib.analyses import all_results
    from analysis_lib.analyses.files import results_csv, results_header, results_json

    progress.say(f"computing the results of {study.cohort_label} by {study.exposure.phrase}")
    results = all_results(study)
    if out is None:
        sys.stdout.write(results_csv(results))
    elif out.suffix == ".csv":
        write_text(results_csv(results), out)
    else:
        write_text(results_json(results, results_header(study)), out)
    progress.say(f"{len(results.rows)} numbers, each with a unique key ({progress.seconds:.1f} s)")
    for line in published_matches(study, results):
        progress.say(line)
    return 0


def published_matches(study: Study, results: Results) -> list[str]:
    """How many published counts of Tables 1 and 2 the results equal; only where both exist."""
    from analysis_lib.claims import read_claims
    from analysis_lib.comparison import compare

    if not study.parameters.claims or not study.is_synthetic:
        return []
    comparison = compare(read_claims(study.root / study.parameters.claims), results)
    lines = []
    for section, title in (("table1", "Table 1"), ("toxicity", "Table 2 and toxicity")):
        tally = comparison.tally(sections=(section,), statistics=("count",))
        if tally.compared:
            lines.append(
                f"published counts, {title}: {tally.reproduced} of {tally.total} equal the article"
            )
    return lines
