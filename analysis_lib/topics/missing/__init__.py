"""What is not recorded, and what it could change."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "recorded": "numbers:missing_data",
        "imputed": "imputed:imputed_effects",
        "unknown_response": "bounds:unknown_response",
        "response_bounds": "bounds:response_bounds",
        "table": "table:table_missing_data",
        "table_imputed": "table:table_imputed",
        "table_unknown": "table:table_unknown_response",
        "table_bounds": "table:table_response_bounds",
        "figure": "figure:plot_missing_patterns",
        "figure_imputed": "figure:plot_imputed",
        "words": "words:describe_missing_data",
        "words_on_imputed": "words:describe_imputed",
        "words_on_unknown": "words:describe_unknown_response",
        "words_on_bounds": "words:describe_response_bounds",
    },
)
