"""How long patients lived, and how long without relapse."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "by_exposure": "numbers:survival_by_exposure",
        "by_response": "numbers:survival_by_response",
        "by_timing": "numbers:survival_by_timing",
        "follow_up": "numbers:followup",
        "courses": "courses:patient_courses",
        "table": "table:table_survival",
        "table_follow_up": "table:table_followup",
        "figure": ".show.kaplan_meier:plot_kaplan_meier",
        "figure_courses": "figure:plot_courses",
        "words": "words:describe_survival",
        "words_on_follow_up": "words:describe_followup",
        "words_on_clock": "words:describe_clock",
    },
)
