"""The command line, `cart-report`."""

from analysis_lib.command_line.main import main

__all__ = ["main"]
