"""The findings of a validation as a list in the terminal, as JSON and as a web page."""

from __future__ import annotations

from analysis_lib.source.listing.grouped import Group, Validation
from analysis_lib.source.listing.lines import listing_lines
from analysis_lib.source.listing.page import listing_page
from analysis_lib.source.listing.record import listing_json

__all__ = ["Group", "Validation", "listing_json", "listing_lines", "listing_page"]
