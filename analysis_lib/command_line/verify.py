"""`cart-report verify`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.given import Progress

if TYPE_CHECKING:
    from analysis_lib.publish.verify import Check

SHOWN = 20
WITH_FINDINGS = 1


def add_verify(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "verify",
        help="check every number of a built report against its results",
        description="Read a built report again: whether its files are those that the build wrote, "
        "whether every number in tables and sentences is a rounding of a row of results.csv, and "
        "whether HTML, PDF and Word say what was computed.",
        epilog="exit codes: 0 all agree, 1 findings, 2 no built report",
    )
    parser.add_argument("folder", metavar="DIR", help="folder of a built report")
    parser.add_argument(
        "--against",
        metavar="EARLIER",
        action="append",
        default=[],
        help="folder of a report released before, which must not be subtracted from this one; "
        "may be given several times",
    )
    parser.set_defaults(run=run_verify)


def run_verify(arguments: argparse.Namespace) -> int:
    from analysis_lib.publish.against import check_against
    from analysis_lib.publish.verify import verify_report

    progress, folder = Progress(), Path(arguments.folder)
    compared = [check_against(folder, Path(earlier)) for earlier in arguments.against]
    checks = [*verify_report(folder, progress=progress.say), *compared]
    for check in checks:
        _say(check)
    findings = sum(len(check.findings) for check in checks)
    print("verified: no finding" if not findings else f"verified: {findings} findings")
    return WITH_FINDINGS if findings else 0


def _say(check: Check) -> None:
    verdict = f"{len(check.findings)} findings" if check.findings else "agree"
    print(f"{check.name}: {check.extent}, {verdict}")
    for finding in check.findings[:SHOWN]:
        print(f"  - {finding}")
    if len(check.findings) > SHOWN:
        print(f"  - and {len(check.findings) - SHOWN} more")
