"""The exposure's hazard ratio: crude, adjusted, as published, and under other choices."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "cox_ladder_crude": "Cox model of the exposure alone, all infused",
        "cox_ladder_crude_adjusted_population": "the same in the patients of the adjusted model",
        "cox_ladder_baseline": "primary adjusted Cox model: baseline covariates, all infused",
        "cox_ladder_frailty": "the primary model with a gamma frailty of each centre",
        "cox_ladder_stratified": "the primary model stratified by centre",
        "cox_ladder_calendar": "the primary model with calendar time",
        "cox_ladder_volume": "the primary model with the number of patients of the centre",
        "cox_ladder_as_published": "the exposure in the fixed-term model, beside the others",
        "cox_sensitivity_as_published_nonresponse": "the fixed-term model, other rule for non-response",
        "cox_sensitivity_as_published_missing": "the fixed-term model, other rule for missing values",
        "cox_sensitivity_as_published_population": "the fixed-term model, other population",
        "cox_sensitivity_as_published_followup": "the fixed-term model, restricted by date of infusion",
        "cox_sensitivity_baseline_nonresponse": "the primary model, other rule for non-response",
        "cox_sensitivity_baseline_missing": "the primary model, other rule for missing values",
        "cox_sensitivity_baseline_population": "the primary model, in responders",
        "cox_sensitivity_baseline_followup": "the primary model, restricted by date of infusion",
        "cox_sensitivity_baseline_bridging": "the primary model, with bridging therapy",
    },
    statistics={
        "robust_ci_low": "lower end of the hazard ratio's interval, robust to clusters",
        "robust_ci_high": "upper end of the hazard ratio's interval, robust to clusters",
        "robust_p_value": "two-sided P value, robust to clusters",
        "frailty_variance": "variance of the frailty over the clusters",
        "clusters": "clusters behind the robust errors",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "ladder": "numbers:exposure_ladder",
        "choices": "numbers:sensitivity_to_choices",
        "table": "table:table_ladder",
        "figure_choices": "figure:plot_sensitivity",
        "words": "words:describe_ladder",
        "words_on_errors": "centre_words:describe_errors",
        "words_on_limits": "centre_words:describe_limits",
        "words_on_terms": "words:describe_baseline_terms",
        "words_on_models": "words:describe_primary_models",
        "words_on_choices": "words:describe_sensitivity",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
