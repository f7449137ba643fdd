"""The one table of rules that validation, its documentation and its tests are made from."""

from __future__ import annotations

from analysis_lib.source.rules.rule import Hit, Rule, fill
from analysis_lib.source.rules.table import RULES, SECTIONS
from analysis_lib.source.rules.values import Values

__all__ = ["RULES", "SECTIONS", "Hit", "Rule", "Values", "fill"]
