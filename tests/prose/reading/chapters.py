"""All patterns: importing this registers them."""

from __future__ import annotations

from reading import adjusted, baseline, common, early, models, omissions, summary, survival

__all__ = ["adjusted", "baseline", "common", "early", "models", "omissions", "summary", "survival"]
