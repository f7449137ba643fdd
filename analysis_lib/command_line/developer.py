"""`cart-report document`, `notebooks` and `synthesize`: what the project makes of itself."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path, PurePosixPath

from analysis_lib.command_line.article import report_lines
from analysis_lib.command_line.given import Progress, add_jobs_option, find_project, given_jobs
from analysis_lib.dictionary import read_dictionary
from analysis_lib.errors import OutputError, ParameterError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.writing import write_text

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
    from analysis_lib.publish.reference_pages import reference_pages, write_pages

    root = find_project()
    pages = reference_pages(
        read_dictionary(root / Parameters().dictionary),
        parser=arguments.parser,
        notebooks=sorted((root / "notebooks" / "scripts").glob("[0-9]*.py")),
    )
    write_pages(pages, root / FOLDER)
    for name in pages:
        print(FOLDER / name)
    return 0


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
    add_jobs_option(parser)
    parser.set_defaults(run=run_notebooks)


def run_notebooks(arguments: argparse.Namespace) -> int:
    from analysis_lib.publish.pairs import check_pairs, refresh_pairs

    folder = find_project() / "notebooks"
    if arguments.check:
        problems = check_pairs(folder)
        for problem in problems:
            print(problem)
        return FINDINGS if problems else 0
    changed = refresh_pairs(folder, jobs=given_jobs(arguments), progress=Progress())
    print(f"changed: {', '.join(changed) if changed else 'nothing'}")
    return 0


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
    from analysis_lib.article.claims.read import read_claims
    from analysis_lib.article.synthesis.cohort import (
        EMBEDDED_SEED,
        Effort,
        synthesize,
        write_cohort,
    )

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
    from analysis_lib.article.comparison.published import published_comparison
    from analysis_lib.article.comparison.scores import comparison_csv
    from analysis_lib.results.rows import Omitted
    from analysis_lib.study.study import make_study

    study = make_study(parse_parameters({"cohort": str(cohort.resolve())}), root=root)
    published = published_comparison(study)
    if isinstance(published, Omitted):
        raise OutputError(f"{cohort}: {published.reason}")
    if report is not None:
        write_text(comparison_csv(published.comparison, study.dictionary), report)
    sys.stdout.write("\n".join(report_lines(published, study.dictionary)) + "\n")
