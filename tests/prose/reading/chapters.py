"""The reader with all its patterns: importing a chapter's patterns registers them."""

from __future__ import annotations

from importlib import import_module

from reading.lint import blemishes
from reading.reader import Place, Verdict, read, read_bracketed
from reading.world import World

CHAPTERS = (
    "adjusted",
    "baseline",
    "causes",
    "common",
    "confounding",
    "consolidation",
    "doses",
    "early",
    "estimands",
    "followup",
    "gate",
    "models",
    "omissions",
    "over_time",
    "procedures",
    "robustness",
    "standardised",
    "strategies",
    "subgroups",
    "summary",
    "survival",
    "unmeasured",
)
for chapter in CHAPTERS:
    import_module(f"reading.{chapter}")

__all__ = ["Place", "Verdict", "World", "blemishes", "read", "read_bracketed"]
