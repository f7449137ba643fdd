"""Reference pages made from the definitions, so that page and program cannot disagree."""

from __future__ import annotations

from analysis_lib.documentation.pages import reference_pages, write_pages

__all__ = ["reference_pages", "write_pages"]
