"""Whether the exposure's hazard ratio is the same at all times."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "hazards": "numbers:proportionality",
        "periods": "numbers:hazard_periods",
        "means": "numbers:restricted_means",
        "table_means": "table:table_restricted_means",
        "table_periods": "table:table_hazard_periods",
        "figure": "figure:plot_proportionality",
        "words": "words:describe_proportionality",
        "words_on_periods": "words:describe_hazard_periods",
        "words_on_means": "words:describe_restricted_means",
    },
)
