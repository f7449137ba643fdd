"""`cart-report verify` and `certify`: a built report read again, and computed again."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.given import Progress

if TYPE_CHECKING:
    from analysis_lib.publish.verify import Check
from analysis_lib.command_line.asked import Asked, build_again
from analysis_lib.command_line.given import add_parameter_options, find_project, given_parameters
from analysis_lib.errors import OutputError, ParameterError

if TYPE_CHECKING:
    from analysis_lib.certificate.statement import Certificate
    from analysis_lib.publish.bundle import Bundle


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
    from analysis_lib.publish.verify import check_against, verify_report

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


WITH_EXCEPTIONS = 1


def add_certify(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "certify",
        help="recompute the numbers of a built report by a second engine",
        description="Recompute the survival curves, tests, Cox models and incidences of a built "
        "report from its patients, by R with its package survival if Rscript is on PATH, else by "
        "the packages of the optional extra 'certify', and say on the report's page of provenance "
        "how many agree. The report's parameters are those in its folder; name the files that it "
        "was built from as they were named then.",
        epilog="exit codes: 0 all agree, 1 exceptions, 2 no built report, other inputs, no engine",
    )
    parser.add_argument("folder", metavar="DIR", help="folder of a built report")
    parser.add_argument(
        "--engine",
        choices=("auto", "r", "python"),
        default="auto",
        help="auto = R if it has survival, else the packages of the extra",
    )
    add_parameter_options(parser)
    parser.set_defaults(run=run_certify)


def run_certify(arguments: argparse.Namespace) -> int:
    from analysis_lib.certificate.engines import find_engine
    from analysis_lib.publish.bundle import open_bundle

    bundle = open_bundle(Path(arguments.folder), "certify")
    engine = find_engine(arguments.engine)
    if not arguments.file and bundle.file("parameters.yaml"):
        arguments.file = str(bundle.folder / "parameters.yaml")
    asked = Asked.of_report(given_parameters(arguments), find_project(), bundle.manifest)
    _check_same(asked, bundle)
    progress = Progress()
    progress.say(f"recomputing by {engine.name}")
    from analysis_lib.certificate.compare import certify

    certificate = certify(asked.parameters, asked.root, bundle.folder / "results.csv", engine)
    build_again(asked, bundle, certificate, progress)
    _say_certificate(certificate)
    return WITH_EXCEPTIONS if certificate.differences else 0


def _check_same(asked: Asked, bundle: Bundle) -> None:
    """Refuse a report that would not come out the same: of other files, parameters or code."""
    from analysis_lib.publish.bundle import sha256

    _, inputs = asked.named
    built = bundle.manifest.get("inputs", {})
    for name, path in inputs.items():
        if built.get(name, {}).get("sha256") != sha256(path):
            raise ParameterError(
                f"certify: {path.name} is not the {name} that the report was built from; name that "
                "file with --cohort, or with -p as it was named for the build"
            )
    kept = asked.origin.kept_chapters(bundle) if asked.origin else set()
    if len(kept) < len(asked.notebooks):
        raise OutputError(
            "certify: the report was built with other parameters, code or libraries, or files of "
            "it have been edited; build it again, then certify it"
        )


def _say_certificate(certificate: Certificate) -> None:
    print(f"engine:    {certificate.engine}")
    print(f"certified: {certificate.equal} of {certificate.compared} numbers")
    for one in certificate.differences[:SHOWN]:
        print(f"  - {one.key}: {one.ours}, engine {one.engine}")
    if len(certificate.differences) > SHOWN:
        print(f"  - and {len(certificate.differences) - SHOWN} more, all on the page of provenance")
