"""Parse the command line, run one command, and turn errors into messages and exit codes.

What only one command needs is imported when that command runs: a wrong option should not wait
for a renderer to load.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from types import FrameType

from analysis_lib.command_line.parser import command_parser
from analysis_lib.errors import CartReportError

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run `cart-report`; returns the exit code."""
    arguments = command_parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up and signal.getsignal(hang_up) != signal.SIG_IGN:  # which nohup asks for
        signal.signal(hang_up, _interrupt)
    try:
        return int(arguments.run(arguments))
    except CartReportError as error:
        print(f"cart-report: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("cart-report: interrupted; nothing was changed", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
