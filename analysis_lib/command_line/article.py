"""`cart-report compare` and `claims`: an article's numbers beside ours, and a table as claims."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
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
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.article.comparison.compare import Comparison, Tally
    from analysis_lib.article.comparison.published import PublishedComparison
    from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import ClaimsError
from analysis_lib.parameters.definitions import Parameters

if TYPE_CHECKING:
    from analysis_lib.article.transcribe.keys import Asked
    from analysis_lib.article.transcribe.propose import Proposed
    from analysis_lib.dictionary import Dictionary


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


WITH_FINDINGS = 1


def add_claims(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "claims",
        help="propose a claims file for a printed table",
        description="Read a table of an article as people have it (rows by groups, cells such as "
        "37 (43), 48 (18-79), 1.20 (0.71-2.03), <.0001) and propose a claims file: variable, "
        "statistic, base and scope of each number, for a person to check. What found no place is "
        "listed. No patient data is used.",
        epilog="exit codes: 0 every number was placed, 1 some were not, or under names that the "
        "dictionary does not know",
    )
    parser.add_argument("table", metavar="TABLE", nargs="?", help="CSV, TSV or .xlsx")
    parser.add_argument("--sheet", metavar="NAME", default="", help="sheet of a workbook")
    parser.add_argument(
        "--groups", metavar="VARIABLE", default="",
        help="variable whose levels are the columns; without it the heads tell",
    )  # fmt: skip
    parser.add_argument(
        "--base", metavar="WORD", default="infused", help="whose patients they are (infused)"
    )
    parser.add_argument(
        "--outcome", metavar="WORD", default="",
        help="endpoint of hazard ratios or numbers at risk: pfs, os",
    )  # fmt: skip
    parser.add_argument("--source", metavar="TEXT", help="place in the article, such as Table 1")
    parser.add_argument(
        "--sentence", metavar="TEXT", action="append", default=[],
        help="survival as one line: 12-month PFS 45%% (95%% CI 30-59) in GROUP vs ...",
    )  # fmt: skip
    parser.add_argument(
        "--dictionary", metavar="FILE", help="dictionary that names the variables and levels"
    )
    parser.add_argument("--out", metavar="FILE.csv", help="claims file to write; else it is shown")
    parser.set_defaults(run=run_claims)


def run_claims(arguments: argparse.Namespace) -> int:
    out = Path(arguments.out) if arguments.out else None
    if out is not None and out.suffix != ".csv":
        raise OutputError(f"--out: must end in .csv, but is {out.name!r}")
    if not arguments.table and not arguments.sentence:
        raise ClaimsError("TABLE: name a file, or give a --sentence")
    from analysis_lib.article.transcribe.keys import Asked
    from analysis_lib.article.transcribe.propose import Proposed, claims_csv, left_lines
    from analysis_lib.article.transcribe.sentences import sentence_lines
    from analysis_lib.dictionary import read_dictionary

    named = arguments.dictionary
    dictionary = read_dictionary(Path(named) if named else find_project() / Parameters().dictionary)
    source = arguments.source or (Path(arguments.table).stem if arguments.table else "text")
    asked = Asked(source, arguments.groups, arguments.base, arguments.outcome)
    proposed = _of_table(arguments, asked, dictionary) if arguments.table else Proposed()
    for number, sentence in enumerate(arguments.sentence, 1):
        proposed.lines += sentence_lines(sentence, asked, dictionary, number)
    if not proposed.lines:
        why = "\n".join(left_lines(proposed))
        raise ClaimsError(f"TABLE: no number of {source} found a place; mend the table:\n{why}")
    text = claims_csv(proposed.lines)
    if out is None:
        sys.stdout.write(text)
    else:
        write_text(text, out)
    told = sys.stderr if out is None else sys.stdout
    notes = list(left_lines(proposed))
    for note in notes:
        print(f"- {note}", file=told)
    where = "" if out is None else f" in {out.name}"
    print(f"{len(proposed.lines)} numbers{where}; to check: {len(notes)}", file=told)
    return WITH_FINDINGS if notes else 0


def _of_table(arguments: argparse.Namespace, asked: Asked, dictionary: Dictionary) -> Proposed:
    from analysis_lib.article.transcribe.grid import read_grid
    from analysis_lib.article.transcribe.propose import propose_table

    path = Path(arguments.table)
    return propose_table(read_grid(path, arguments.sheet), path.name, asked, dictionary)
