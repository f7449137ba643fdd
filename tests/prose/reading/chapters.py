"""All patterns: importing this registers them."""

from __future__ import annotations

from reading import common, early, omissions, survival

__all__ = ["common", "early", "omissions", "survival"]
