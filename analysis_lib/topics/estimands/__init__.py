"""What is asked, and what each covariate can be to the exposure."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "of_study": "numbers:study_estimands",
        "table": "table:table_estimands",
        "table_roles": "table:table_covariate_roles",
        "figure": "figure:plot_causal_diagram",
        "words": "words:describe_roles",
        "words_on_selection": "words:describe_selection",
    },
)
