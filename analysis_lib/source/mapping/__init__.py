"""How an extract names its columns and levels, in the words of the dictionary."""

from __future__ import annotations

from analysis_lib.source.mapping.mapping import DaysRule, Mapping, Zero

__all__ = ["DaysRule", "Mapping", "Zero"]
