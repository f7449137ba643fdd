"""All patterns: importing this registers them."""

from __future__ import annotations

from reading import adjusted, baseline, common, consolidation, early, models, omissions, procedures, robustness, summary, survival

__all__ = ["adjusted", "baseline", "common", "consolidation", "early", "models", "omissions", "procedures", "robustness", "summary", "survival"]
