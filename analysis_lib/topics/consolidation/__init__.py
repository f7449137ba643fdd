"""Consolidation after response, without immortal time."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "effects": "numbers:consolidation_effects",
        "at_landmarks": "follow_up:responders_at_landmarks",
        "table": "table:table_triptych",
        "table_landmarks": "table:table_landmarks",
        "table_simulation": "table:table_consolidation_simulation",
        "figure": "figure:plot_triptych",
        "figure_curves": "figure:plot_simon_makuch",
        "figure_simulation": "figure:plot_consolidation_simulation",
        "words": "words:describe_triptych",
        "words_on_waiting": "words:describe_waiting",
        "words_on_simulation": "words:describe_consolidation_simulation",
    },
)
