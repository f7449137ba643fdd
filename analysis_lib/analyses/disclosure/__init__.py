"""Statistical disclosure control: small counts are suppressed before anything is shown.

It is off where `small_cell` is 0. Otherwise every row of the results passes `suppress`, curves are
drawn as `coarsen` leaves them, and tables, figures and sentences see nothing else.
"""

from __future__ import annotations

from analysis_lib.analyses.disclosure.curves import coarsen, shown_median, shown_time
from analysis_lib.analyses.disclosure.models import (
    shown_fit,
    withheld_count,
    withheld_counts,
)
from analysis_lib.analyses.disclosure.suppress import suppress, suppressed_by_analysis

__all__ = [
    "coarsen",
    "shown_fit",
    "shown_median",
    "shown_time",
    "suppress",
    "suppressed_by_analysis",
    "withheld_count",
    "withheld_counts",
]
