"""Relapse, death without relapse, and the onset of toxicity, where one can come before another."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "relapse_and_death": "numbers:relapse_and_death_by_exposure",
        "onset": "numbers:toxicity_onset_by_exposure",
        "table": "table:table_relapse_and_death",
        "table_models": "table:table_cause_models",
        "table_onset": "table:table_toxicity_onset",
        "figure": "figure:plot_relapse_and_death",
        "figure_onset": "figure:plot_toxicity_onset",
        "words": "words:describe_first_events",
        "words_on_causes": "words:describe_causes",
        "words_on_onset": "words:describe_onset",
    },
)
