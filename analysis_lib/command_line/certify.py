"""`cart-report certify`: a built report's numbers by a second engine."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.asked import Asked
from analysis_lib.command_line.build_numbers import build_again
from analysis_lib.command_line.given import (
    Progress,
    add_parameter_options,
    find_project,
    given_parameters,
)
from analysis_lib.errors import OutputError, ParameterError

if TYPE_CHECKING:
    from analysis_lib.certificate.statement import Certificate
    from analysis_lib.publish.bundle import Bundle

WITH_EXCEPTIONS = 1
SHOWN = 20


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
    _say(certificate)
    return WITH_EXCEPTIONS if certificate.differences else 0


def _check_same(asked: Asked, bundle: Bundle) -> None:
    """Refuse a report that would not come out the same: of other files, parameters or code."""
    from analysis_lib.publish.manifest import sha256

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


def _say(certificate: Certificate) -> None:
    print(f"engine:    {certificate.engine}")
    print(f"certified: {certificate.equal} of {certificate.compared} numbers")
    for one in certificate.differences[:SHOWN]:
        print(f"  - {one.key}: {one.ours}, engine {one.engine}")
    if len(certificate.differences) > SHOWN:
        print(f"  - and {len(certificate.differences) - SHOWN} more, all on the page of provenance")
