"""`cart-report audit` and `cart-report compare`: the article's numbers."""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.given import (
    Progress,
    add_parameter_options,
    find_project,
    given_parameters,
    parameters_help,
)
from analysis_lib.errors import OutputError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.article.audit.finding import Audit, Finding
    from analysis_lib.article.comparison.compare import Comparison, Tally
    from analysis_lib.article.comparison.published import PublishedComparison
    from analysis_lib.dictionary import Dictionary

_WIDEST = 100
_SUFFIXES = (".csv", ".json")
WITH_FINDINGS = 1


def add_audit(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "audit",
        help="check the article's printed numbers against each other, without patients",
        description="Say which printed numbers of an article agree, which need another "
        "denominator or test, which are impossible together, and which cannot be checked. No "
        "patient data is used.",
        epilog="exit codes: 0 nothing is impossible, 1 numbers are impossible together",
    )
    parser.add_argument(
        "--claims", metavar="FILE", help="claims file (CSV); without it that of the project"
    )
    parser.add_argument(
        "--dictionary", metavar="FILE", help="dictionary that names the variables and levels"
    )
    parser.add_argument("--all", action="store_true", help="print what is consistent, too")
    parser.add_argument(
        "--out", metavar="FILE", help="write every finding as FILE.csv or FILE.json"
    )
    parser.set_defaults(run=run_audit)


def run_audit(arguments: argparse.Namespace) -> int:
    out = Path(arguments.out) if arguments.out else None
    if out is not None and out.suffix not in _SUFFIXES:
        raise OutputError(f"--out: must end in .csv or .json, but is {out.name!r}")
    from analysis_lib.article.audit.finding import IMPOSSIBLE, audit_csv, audit_json
    from analysis_lib.article.audit.run import audit_claims
    from analysis_lib.article.claims.read import read_claims
    from analysis_lib.dictionary import read_dictionary

    claims = read_claims(_given_or(arguments.claims, Parameters().claims))
    dictionary = read_dictionary(_given_or(arguments.dictionary, Parameters().dictionary))
    progress = Progress()
    progress.say(f"auditing {len(claims)} printed numbers")
    audit = audit_claims(claims, dictionary)
    if out is not None:
        write_text(audit_csv(audit) if out.suffix == ".csv" else audit_json(audit), out)
        progress.say(f"every finding is in {out.name}")
    width = min(shutil.get_terminal_size((_WIDEST, 0)).columns, _WIDEST)
    sys.stdout.write("\n".join(audit_lines(audit, everything=arguments.all, width=width)) + "\n")
    return WITH_FINDINGS if audit.of_verdict(IMPOSSIBLE) else 0


def audit_lines(audit: Audit, *, everything: bool, width: int) -> Iterator[str]:
    """Findings under their verdict, each as a wrapped sentence, then the counts by verdict."""
    from analysis_lib.article.audit.finding import VERDICTS

    shown = audit.findings if everything else audit.notable
    for verdict in VERDICTS:
        found = [finding for finding in shown if finding.verdict == verdict]
        if found:
            yield _heading(verdict, found, audit)
            for finding in found:
                yield from _wrapped(finding.explanation, "- ", width)
                if finding.consequence:
                    yield from _wrapped(finding.consequence, "  => ", width)
            yield ""
    counts = [f"{verdict} {len(audit.of_verdict(verdict))}" for verdict in VERDICTS]
    yield f"{len(audit.findings)} findings: {', '.join(counts)}"


def _heading(verdict: str, found: Sequence[Finding], audit: Audit) -> str:
    total = len(audit.of_verdict(verdict))
    number = f"{total}" if len(found) == total else f"{len(found)} of {total}, with a consequence"
    return f"{verdict} ({number})"


def _wrapped(text: str, start: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _given_or(named: str | None, default: str) -> Path:
    """A file named on the command line, else the project's own."""
    return Path(named) if named else find_project() / default


HEADINGS = ("section", "reproduced", "missed", "conflicting", "not computable", "total")


def add_compare(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "compare",
        help="set the article's numbers beside those of the cohort",
        description="Compare every number that the article prints with the one computed, and say "
        "how many are reproduced, missed, conflicting with each other, or not computable.",
        epilog=parameters_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_parameter_options(parser)
    parser.add_argument(
        "--out", metavar="FILE.csv", help="write every number of the article with ours beside it"
    )
    parser.set_defaults(run=run_compare)


def run_compare(arguments: argparse.Namespace) -> int:
    out = Path(arguments.out) if arguments.out else None
    if out is not None and out.suffix != ".csv":
        raise OutputError(f"--out: must end in .csv, but is {out.name!r}")
    parameters = given_parameters(arguments)
    from analysis_lib.study.study import make_study

    study = make_study(parameters, root=find_project())
    from analysis_lib.article.comparison.published import published_comparison
    from analysis_lib.article.comparison.scores import comparison_csv
    from analysis_lib.results.rows import Omitted

    progress = Progress()
    progress.say(f"comparing {study.cohort_label} by {study.exposure.phrase} with the article")
    published = published_comparison(study)
    if isinstance(published, Omitted):
        print(published.reason)
        return 0
    if out is not None:
        write_text(comparison_csv(published.comparison, study.dictionary), out)
        progress.say(f"every claim is in {out.name} ({progress.seconds:.1f} s)")
    sys.stdout.write("\n".join(report_lines(published, study.dictionary)) + "\n")
    return 0


def report_lines(published: PublishedComparison, dictionary: Dictionary) -> Iterator[str]:
    """Scores by section with and without counts, misses, conflict sets, and the one-line sum."""
    comparison = published.comparison
    yield from score_lines(comparison, counts=True)
    yield ""
    yield "the same without counts of patients"
    yield from score_lines(comparison, counts=False)
    yield from _miss_lines(comparison, dictionary)
    yield from _conflict_lines(comparison, dictionary)
    yield ""
    yield summary_line(comparison.tally())


def score_lines(comparison: Comparison, *, counts: bool) -> Iterator[str]:
    """An aligned table, one line a section, and the sum of all."""
    from analysis_lib.article.comparison.compare import section_title

    tallies = {
        section_title(section): comparison.tally(section=section, counts=counts)
        for section in comparison.sections
    }
    rows = [(title, *_cells(tally)) for title, tally in tallies.items() if tally.total]
    rows.append(("all", *_cells(comparison.tally(counts=counts))))
    widths = [max(len(row[i]) for row in (HEADINGS, *rows)) for i in range(len(HEADINGS))]
    for row in (HEADINGS, *rows):
        first, *others = row
        numbers = (text.rjust(width) for text, width in zip(others, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *numbers))


def summary_line(tally: Tally) -> str:
    """`reproduced R of N (missed M, conflicting C, not computable K)`."""
    return (
        f"reproduced {tally.reproduced} of {tally.total} (missed {tally.missed}, "
        f"conflicting {tally.conflicting}, not computable {tally.not_computable})"
    )


def _cells(tally: Tally) -> tuple[str, ...]:
    return tuple(str(count) for count in (*tally.counts, tally.total))


def _miss_lines(comparison: Comparison, dictionary: Dictionary) -> Iterator[str]:
    from analysis_lib.article.comparison.compare import MISSED
    from analysis_lib.article.comparison.words import ClaimWords, comparison_words

    words = ClaimWords(dictionary)
    for number, missed in enumerate(comparison.of_status(MISSED)):
        if not number:
            yield ""
            yield "missed, with the distance in units of the last printed digit"
        yield f"  {words.label(missed.claim)}: {comparison_words(missed)}"


def _conflict_lines(comparison: Comparison, dictionary: Dictionary) -> Iterator[str]:
    from analysis_lib.article.comparison.words import ClaimWords, comparison_words

    words = ClaimWords(dictionary)
    for number, conflict in enumerate(comparison.conflict_sets):
        if not number:
            yield ""
            yield "conflicting: printed numbers that no cohort can meet together"
        yield f"  {conflict.finding.subject}: {conflict.finding.explanation}"
        for one in conflict.unmet:
            yield f"    {words.label(one.claim)}: {comparison_words(one)}"
