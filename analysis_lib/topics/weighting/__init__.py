"""How far the groups can be made alike, and what could explain a difference away."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "propensity": "probability of each group of the exposure given the baseline covariates",
        "weighting_none": "the complete cases of the propensity, unweighted",
        "weighting_iptw": "the same under stabilised inverse-probability weights",
        "weighting_overlap": "the same under overlap weights",
        "positivity": "covariate levels that a group lacks, and columns that lie within others",
        "leave_one_centre_out": "the primary adjusted model without one centre",
    },
    statistics={
        "terms": "covariates of the model",
        "extreme": "patients whose propensity is below 5% or above 95%",
        "chance": "probability that unrelated variables show the same",
        "effective_sample_size": "patients of equal weight that would be as precise",
        "largest_weight": "largest weight over the mean weight of its group",
        "e_value": "confounding that could explain the hazard ratio, as a risk ratio",
        "e_value_limit": "the same for the end of the interval nearer to 1",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "propensity": "numbers:exposure_propensity",
        "groups": "numbers:weigh_groups",
        "survival": "survival:weighted_survival",
        "positivity": "positivity:check_positivity",
        "e_values": "unmeasured:e_values",
        "leave_one_out": "unmeasured:leave_one_centre_out",
        "table": "table:table_weighting",
        "table_e_values": "table:table_e_values",
        "figure": "figure:plot_weighted_balance",
        "figure_propensity": "figure:plot_propensity",
        "figure_survival": "figure:plot_weighted_survival",
        "figure_leave_one_out": "figure:plot_leave_one_out",
        "words": "words:describe_balance",
        "words_on_assignment": "words:describe_assignment",
        "words_on_propensity": "words:describe_propensity",
        "words_on_positivity": "positivity_words:describe_positivity",
        "words_on_survival": "words:describe_weighted_survival",
        "words_on_e_values": "words:describe_e_values",
        "words_on_leave_one_out": "words:describe_leave_one_out",
        "words_on_limits": "positivity_words:describe_limits",
    },
    words=WORDS,
    parts="unmeasured:parts",
)
__getattr__, __dir__ = TOPIC.face()
