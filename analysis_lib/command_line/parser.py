"""The parser of the command line: every command with its options."""

from __future__ import annotations

import argparse

from analysis_lib import __version__
from analysis_lib.command_line.audit import add_audit
from analysis_lib.command_line.build import add_build
from analysis_lib.command_line.compare import add_compare
from analysis_lib.command_line.document import add_document
from analysis_lib.command_line.map import add_map
from analysis_lib.command_line.notebooks import add_notebooks
from analysis_lib.command_line.results import add_results
from analysis_lib.command_line.simulate import add_simulate
from analysis_lib.command_line.synthesize import add_synthesize
from analysis_lib.command_line.template import add_template
from analysis_lib.command_line.validate import add_validate
from analysis_lib.command_line.verify import add_verify

DESCRIPTION = """\
A literate clinical report on outcomes after CAR T-cell therapy, by prior exposure.
Without options every command works on the embedded synthetic cohort."""
EPILOG = """\
exit codes: 0 success, 1 completed with findings, 2 refused input, 3 internal or renderer
failure, 130 interrupted"""


def command_parser() -> argparse.ArgumentParser:
    """The parser of `cart-report`, of which the reference page of the command line is made."""
    parser = argparse.ArgumentParser(
        prog="cart-report",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cart-report {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (
        add_build,
        add_verify,
        add_results,
        add_compare,
        add_audit,
        add_simulate,
        add_synthesize,
        add_template,
        add_validate,
        add_map,
        add_notebooks,
        add_document,
    ):
        add(commands)
    return parser
