"""How far the groups can be made alike, and what could explain a difference away."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "propensity": "numbers:exposure_propensity",
        "groups": "numbers:weigh_groups",
        "survival": "survival:weighted_survival",
        "positivity": "positivity:check_positivity",
        "e_values": "unmeasured:e_values",
        "leave_one_out": "unmeasured:leave_one_centre_out",
        "table": "table:table_weighting",
        "table_survival": "table:table_weighted_survival",
        "table_e_values": "table:table_e_values",
        "figure": "figure:plot_propensity",
        "figure_balance": "figure:plot_weighted_balance",
        "figure_survival": "figure:plot_weighted_survival",
        "figure_leave_one_out": "figure:plot_leave_one_out",
        "words": "words:describe_propensity",
        "words_on_balance": "words:describe_balance",
        "words_on_positivity": "positivity_words:describe_positivity",
        "words_on_survival": "words:describe_weighted_survival",
        "words_on_e_values": "words:describe_e_values",
        "words_on_leave_one_out": "words:describe_leave_one_out",
    },
)
