"""`cart-report audit`: an article's printed numbers against each other."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.given import Progress, find_project
from analysis_lib.errors import ClaimsError, OutputError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.article.audit.finding import Audit
    from analysis_lib.article.claims.claim import Claim

_WIDEST = 100
_SUFFIXES = (".csv", ".json", ".html")
WITH_FINDINGS = 1
ALL = "all"


def add_audit(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "audit",
        help="check the article's printed numbers against each other, without patients",
        description="Say which printed numbers of an article agree, which need another "
        "denominator or test, which are impossible together, and which cannot be checked: one "
        "line a finding, those of most consequence first. No patient data is used.",
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
        "--explain", metavar="ID", action="append", default=[],
        help="print the arithmetic behind a finding by its number, or behind all that are shown",
    )  # fmt: skip
    parser.add_argument(
        "--out", metavar="FILE", help="write every finding as FILE.csv, FILE.json or FILE.html"
    )
    parser.set_defaults(run=run_audit)


def run_audit(arguments: argparse.Namespace) -> int:
    out = Path(arguments.out) if arguments.out else None
    if out is not None and out.suffix not in _SUFFIXES:
        raise OutputError(f"--out: must end in .csv, .json or .html, but is {out.name!r}")
    from analysis_lib.article.audit.finding import IMPOSSIBLE
    from analysis_lib.article.audit.run import audit_claims
    from analysis_lib.article.claims.read import read_claims
    from analysis_lib.dictionary import read_dictionary

    path = _given_or(arguments.claims, Parameters().claims)
    claims = read_claims(path)
    dictionary = read_dictionary(_given_or(arguments.dictionary, Parameters().dictionary))
    progress = Progress()
    progress.say(f"auditing {len(claims)} printed numbers")
    audit = audit_claims(claims, dictionary)
    lines = list(_lines(arguments, audit, claims))
    if out is not None:
        write_text(_written(audit, claims, out.suffix, path.name), out)
        progress.say(f"every finding is in {out.name}")
    sys.stdout.write("\n".join(lines) + "\n")
    return WITH_FINDINGS if audit.of_verdict(IMPOSSIBLE) else 0


def _lines(arguments: argparse.Namespace, audit: Audit, claims: Sequence[Claim]) -> Iterator[str]:
    from analysis_lib.article.audit.report import explained, finding_lines, ranked, summary

    width = min(shutil.get_terminal_size((_WIDEST, 0)).columns, _WIDEST)
    if not arguments.explain:
        yield from finding_lines(audit, everything=arguments.all, width=width)
        return
    known = {claim.claim_id: claim for claim in claims}
    numbers = {str(one.number) for one in ranked(audit)}
    for asked in arguments.explain:
        if asked not in {*numbers, ALL}:
            raise ClaimsError(
                f"--explain: must be a finding's number from 1 to {len(numbers)}, or {ALL!r}, but "
                f"is {asked!r}"
            )
    for one in ranked(audit):
        shown = arguments.all or one.finding.notable
        if str(one.number) in arguments.explain or (ALL in arguments.explain and shown):
            yield from explained(one, known, width)
            yield ""
    yield summary(audit)


def _written(audit: Audit, claims: Sequence[Claim], suffix: str, name: str) -> str:
    from analysis_lib.article.audit.finding import audit_csv, audit_json
    from analysis_lib.article.audit.report import audit_page

    if suffix == ".html":
        return audit_page(audit, claims, f"Audit of the printed numbers in {name}")
    return audit_csv(audit) if suffix == ".csv" else audit_json(audit)


def _given_or(named: str | None, default: str) -> Path:
    """A file named on the command line, else the project's own."""
    return Path(named) if named else find_project() / default
