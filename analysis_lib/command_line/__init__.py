"""The command line, `cart-report`: it parses, calls, and turns errors into messages and exit codes."""

from analysis_lib.command_line.main import main

__all__ = ["main"]
