"""A literate clinical report on outcomes after CAR T-cell therapy, by prior exposure."""

from __future__ import annotations

__version__ = "0.1.0"
