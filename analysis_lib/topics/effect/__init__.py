"""The exposure's hazard ratio: crude, adjusted, as published, and under other choices."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "ladder": "numbers:exposure_ladder",
        "choices": "numbers:sensitivity_to_choices",
        "table": "table:table_ladder",
        "table_choices": "table:table_sensitivity",
        "figure": "figure:plot_ladder",
        "figure_choices": "figure:plot_sensitivity",
        "words": "words:describe_ladder",
        "words_on_terms": "words:describe_baseline_terms",
        "words_on_models": "words:describe_primary_models",
        "words_on_choices": "words:describe_sensitivity",
    },
)
