"""What a screen for covariates is worth, and models that do without it."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "stability": "numbers:screen_stability",
        "coverage": "numbers:screen_coverage",
        "penalised": "penalised:penalised_models",
        "table": "table:table_screen_stability",
        "table_coverage": "table:table_screen_coverage",
        "table_penalised": "table:table_penalised",
        "figure": "figure:plot_selection",
        "figure_coverage": "figure:plot_screen_coverage",
        "words": "words:describe_screen_stability",
        "words_on_coverage": "words:describe_screen_coverage",
        "words_on_penalised": "words:describe_penalised",
    },
)
