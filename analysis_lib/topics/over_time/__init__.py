"""Whether the exposure's hazard ratio is the same at all times."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "proportional_hazards_crude": "score test of proportional hazards, the exposure alone",
        "restricted_mean": "restricted mean survival time by exposure",
        "cox_before_cut": "Cox model of the exposure alone, up to a cut in time",
        "cox_after_cut": "the same in the patients still at risk after the cut",
        "cox_change_at_cut": "change of the exposure's hazard ratio at the cut",
    },
    statistics={
        "hazard_ratio_change": "hazard ratio after the cut over that before it",
        "hazard_ratio_change_ci_low": "lower end of the change's interval",
        "hazard_ratio_change_ci_high": "upper end of the change's interval",
        "restricted_mean": "mean time free of the event up to the time",
        "restricted_mean_std_error": "its standard error",
        "restricted_mean_ci_low": "lower end of its interval",
        "restricted_mean_ci_high": "upper end of its interval",
        "restricted_mean_difference": "difference of two restricted means",
        "restricted_mean_difference_std_error": "its standard error",
        "restricted_mean_difference_ci_low": "lower end of its interval",
        "restricted_mean_difference_ci_high": "upper end of its interval",
    },
)
TOPIC = Topic(
    __name__,
    shown={
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
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
