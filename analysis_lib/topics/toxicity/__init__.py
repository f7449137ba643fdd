"""CRS, ICANS, their management, and early deaths."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "by_exposure": "numbers:toxicity_by_exposure",
        "table": "table:table_toxicity",
        "figure": "figure:plot_toxicity_grades",
        "words": "words:describe_toxicity",
        "words_on_early_deaths": "words:describe_early_deaths",
    },
)
