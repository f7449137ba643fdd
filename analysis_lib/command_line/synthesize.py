"""`cart-report synthesize`: build the embedded synthetic cohort and say what it reproduces."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analysis_lib.command_line.compare import report_lines
from analysis_lib.command_line.progress import Progress
from analysis_lib.command_line.project import find_project
from analysis_lib.errors import OutputError, ParameterError
from analysis_lib.parameters import Parameters, parse_parameters
from analysis_lib.writing import write_text


def add_synthesize(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "synthesize",
        help="build the synthetic cohort from the published numbers",
        description="Search, for some minutes, for a synthetic cohort that prints what the article "
        "prints, and list what it does not reach. The same seed gives the same bytes.",
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="default: that of the embedded cohort"
    )
    parser.add_argument(
        "--attempts",
        type=int,
        default=1,
        metavar="N",
        help="start each search again up to N times while a number is not reached; default: 1",
    )
    parser.add_argument("--out", metavar="FILE", required=True, help="CSV file to write")
    parser.add_argument(
        "--report",
        metavar="FILE.csv",
        help="write every published number with the one reached and the verdict",
    )
    parser.set_defaults(run=run_synthesize)


def run_synthesize(arguments: argparse.Namespace) -> int:
    if arguments.seed is not None and arguments.seed < 0:
        raise ParameterError(f"--seed: must not be negative, but is {arguments.seed}")
    if arguments.attempts < 1:
        raise ParameterError(f"--attempts: must be at least 1, but is {arguments.attempts}")
    out, root = Path(arguments.out), find_project()
    report = Path(arguments.report) if arguments.report else None
    for path in (out, report):
        if path is not None and not path.resolve().parent.is_dir():
            raise OutputError(f"{path}: its folder does not exist; make it first")
    from analysis_lib.claims import read_claims
    from analysis_lib.synthesis import EMBEDDED_SEED, Effort, synthesize, write_cohort

    progress = Progress()
    seed = EMBEDDED_SEED if arguments.seed is None else arguments.seed
    claims = read_claims(root / Parameters().claims)
    effort = Effort(attempts=arguments.attempts)
    frame = synthesize(seed, claims=claims, effort=effort, progress=progress.say)
    write_cohort(frame, out)
    progress.say(
        f"{len(frame)} synthetic patients of seed {seed}: {out} ({progress.seconds:.0f} s)"
    )
    _report(out, root, report)
    return 0


def _report(cohort: Path, root: Path, report: Path | None) -> None:
    """What the cohort reaches of the published numbers, and what not."""
    from analysis_lib.analyses import Omitted
    from analysis_lib.cohort import make_study
    from analysis_lib.comparison import published_comparison
    from analysis_lib.comparison.file import comparison_csv

    study = make_study(parse_parameters({"cohort": str(cohort.resolve())}), root=root)
    published = published_comparison(study)
    if isinstance(published, Omitted):
        raise OutputError(f"{cohort}: {published.reason}")
    if report is not None:
        write_text(comparison_csv(published.comparison, study.dictionary), report)
    sys.stdout.write("\n".join(report_lines(published, study.dictionary)) + "\n")
