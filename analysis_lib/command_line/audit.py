"""`cart-report audit`: do the numbers that an article prints agree with each other?"""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.progress import Progress
from analysis_lib.command_line.project import find_project
from analysis_lib.errors import OutputError
from analysis_lib.parameters import Parameters
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.audit import Audit, Finding

_WIDEST = 100
_SUFFIXES = (".csv", ".json")


def add_audit(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "audit",
        help="check the article's printed numbers against each other, without patients",
        description="Say which printed numbers of an article agree, which need another "
        "denominator or test, which are impossible together, and which cannot be checked. No "
        "patient data is used.",
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
    from analysis_lib.audit import audit_claims
    from analysis_lib.audit.file import audit_csv, audit_json
    from analysis_lib.claims import read_claims
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
    return 0


def audit_lines(audit: Audit, *, everything: bool, width: int) -> Iterator[str]:
    """Findings under their verdict, each as a wrapped sentence, then the counts by verdict."""
    from analysis_lib.audit.finding import VERDICTS

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
