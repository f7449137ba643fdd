"""What the groups were like before infusion."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "by_exposure": "numbers:baseline_by_exposure",
        "by_response": "numbers:baseline_by_response",
        "by_timing": "numbers:baseline_by_timing",
        "table": "table:table_baseline",
        "table_ages": "table:table_age_groupings",
        "figure": "figure:plot_balance",
        "words": "words:describe_baseline",
    },
)
