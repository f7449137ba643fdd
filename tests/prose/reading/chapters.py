"""All patterns: importing this registers them."""

from __future__ import annotations

from reading import baseline, common, early, models, omissions, survival

__all__ = ["baseline", "common", "early", "models", "omissions", "survival"]
