"""The numbers that an article prints beside the results of a cohort."""

from __future__ import annotations

from analysis_lib.comparison.compare import compare
from analysis_lib.comparison.compared import (
    CONFLICTING,
    MISSED,
    NOT_COMPUTABLE,
    OUT_OF_SCOPE,
    REPRODUCED,
    STATUSES,
    Compared,
    Comparison,
    ConflictSet,
    Tally,
)
from analysis_lib.comparison.misses import Misses, count_missed, misses_of
from analysis_lib.comparison.printed_ratio import (
    PrintedRatio,
    printed_exposure_ratio,
    printed_ratio,
)
from analysis_lib.comparison.published import (
    PublishedComparison,
    comparable_claims,
    compared_with_claims,
    is_default_claims,
    published_comparison,
)
from analysis_lib.comparison.scores import score_rows
from analysis_lib.comparison.sections import section_title
from analysis_lib.comparison.together import Together, together
from analysis_lib.comparison.words import ClaimWords, statistic_words
from analysis_lib.comparison.written import (
    comparison_words,
    computed_text,
    difference_text,
    distance_text,
    printed_text,
)

__all__ = [
    "CONFLICTING",
    "MISSED",
    "NOT_COMPUTABLE",
    "OUT_OF_SCOPE",
    "REPRODUCED",
    "STATUSES",
    "ClaimWords",
    "Compared",
    "Comparison",
    "ConflictSet",
    "Misses",
    "PrintedRatio",
    "PublishedComparison",
    "Tally",
    "Together",
    "comparable_claims",
    "compare",
    "compared_with_claims",
    "comparison_words",
    "computed_text",
    "count_missed",
    "difference_text",
    "distance_text",
    "is_default_claims",
    "misses_of",
    "printed_exposure_ratio",
    "printed_ratio",
    "printed_text",
    "published_comparison",
    "score_rows",
    "section_title",
    "statistic_words",
    "together",
]
