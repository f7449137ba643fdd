"""The `cart-report` command."""

from __future__ import annotations

from analysis_lib.command_line.main import main

__all__ = ["main"]
