"""How many more are free of the event among patients alike: survival standardised."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "standardised": "the complete cases of the primary model, in which survival is standardised",
        "standardised_crude": "survival of their groups, unadjusted",
        "standardised_outcome": "survival had all been in one group, by the primary model",
        "standardised_iptw": "the same by inverse-probability weights",
        "standardised_overlap": "the same of those who could be in any group, by overlap weights",
        "standardised_robust": "the same by the primary model and the weights together",
        "standardised_imputed": "the same by the primary model in everyone, gaps imputed",
        "standardised_curve_crude": "the unadjusted curves at each of their steps",
        "standardised_curve_outcome": "the standardised curves at each of their steps",
    },
    statistics={
        "survival_difference": "difference of two survival probabilities",
        "survival_difference_ci_low": "lower end of its interval",
        "survival_difference_ci_high": "upper end of its interval",
        "survival_ratio": "ratio of two survival probabilities",
        "survival_ratio_ci_low": "lower end of its interval",
        "survival_ratio_ci_high": "upper end of its interval",
        "cumulative_hazard_ratio": "ratio of two cumulative hazards up to the time",
        "cumulative_hazard_ratio_ci_low": "lower end of its interval",
        "cumulative_hazard_ratio_ci_high": "upper end of its interval",
        "number_needed": "patients for one more free of the event, below 0 for one fewer",
        "number_needed_ci_low": "one over the lower end of the difference's interval",
        "number_needed_ci_high": "one over the upper end of the difference's interval",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "survival": "numbers:standardised_survival",
        "table": "table:table_standardised",
        "table_means": "table:table_standardised_means",
        "figure": "figure:plot_standardised",
        "words": "words:describe_standardised",
    },
    words=WORDS,
    parts="numbers:parts",
    long="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
