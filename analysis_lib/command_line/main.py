"""Parse the command line, run one command, and turn errors into messages and exit codes."""

from __future__ import annotations

import argparse
import errno
import io
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

from analysis_lib import ONE_THREAD, __version__
from analysis_lib.command_line.article import add_claims, add_compare
from analysis_lib.command_line.audit import add_audit
from analysis_lib.command_line.build import add_build
from analysis_lib.command_line.developer import add_document, add_notebooks, add_synthesize
from analysis_lib.command_line.extract import add_map, add_template, add_validate
from analysis_lib.command_line.results import add_results, add_simulate
from analysis_lib.command_line.sweep import add_sweep
from analysis_lib.command_line.verify import add_certify, add_verify
from analysis_lib.errors import CartReportError, OutputError

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
        add_certify,
        add_results,
        add_compare,
        add_audit,
        add_claims,
        add_simulate,
        add_sweep,
        add_synthesize,
        add_template,
        add_validate,
        add_map,
        add_notebooks,
        add_document,
    ):
        add(commands)
    parser.set_defaults(parser=parser)
    return parser


INTERRUPTED = 130
NOT_WRITTEN = (errno.ENOSPC, errno.EIO, errno.EBADF)  # a full, a broken and a closed output


def main(argv: Sequence[str] | None = None) -> int:
    """Run `cart-report`; returns the exit code."""
    arguments = command_parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up and signal.getsignal(hang_up) != signal.SIG_IGN:  # which nohup asks for
        signal.signal(hang_up, _interrupt)
    _prepare_output()
    for name, threads in ONE_THREAD.items():
        os.environ.setdefault(name, threads)
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except CartReportError as error:
        print(f"cart-report: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt as interrupt:
        left = str(interrupt) or "nothing was changed"
        print(f"cart-report: interrupted; {left}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # who reads has enough, like `| head -1`
        _leave_output()
        return 0
    except OSError as error:
        if error.filename is not None or error.errno not in NOT_WRITTEN:
            raise  # of a file there would be a name
        _leave_output()
        print(f"cart-report: the output cannot be written ({error.strerror})", file=sys.stderr)
        return OutputError.exit_code


def _prepare_output() -> None:
    """A terminal that does not know a sign shows its number, a closed output takes nothing."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, io.StringIO())
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _leave_output() -> None:
    """Let what is still to be written go nowhere, so that the end of Python has no complaint."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
