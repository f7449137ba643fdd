"""What is not recorded, and what it could change."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

MOST_NAMED = 11  # patterns of missing covariates that a page of the report has room for
SHIFTS = (-2.0, -1.0, 1.0, 2.0)  # of imputed values, in log odds or standard deviations
EVERYONE, COMPARED = "everyone", "compared"
_WHERE = {EVERYONE: "in everyone", COMPARED: "in the group compared alone"}


def shift_level(scope: str, shift: float) -> str:
    """The level of a shift of imputed values: `compared_-2`."""
    return f"{scope}_{shift:g}"


WORDS = Words(
    analyses={
        "missing_values": "values that the extract does not record, of the patients concerned",
        "missing_patterns": "covariates of the models that are missing together",
        "complete_cases_baseline": "patients of the primary model with every covariate",
        "complete_cases_as_published": "patients of the fixed-term model with every covariate",
        "cox_complete_baseline": "the primary model in the complete cases",
        "cox_imputed_baseline": "the primary model in everyone, missing covariates imputed",
        "cox_complete_as_published": "the fixed-term model in the complete cases",
        "cox_imputed_as_published": "the fixed-term model in everyone, missing covariates imputed",
        "cox_imputed_shifted": "the primary model, imputed values of one covariate shifted",
        "cox_unknown_response_responded": "model B, unknown response taken as response",
        "cox_unknown_response_refractory": "model B, unknown response taken as no response",
        "cox_unknown_response_widest": "model B, unknown taken as no response where an event followed",
        "cox_unknown_response_narrowest": "model B, unknown taken as response where an event followed",
        "unknown_response": "those of the exposed in model B whose response to it is unknown",
        "response_evaluable_only": "response to the infusion of the evaluable",
        "response_none": "the same of all infused, the others taken as no response",
        "response_all": "the same, the others taken as response",
        "response_best": "the same, the others taken as response where compared, not in the reference",
        "response_worst": "the same, the others taken as response in the reference alone",
    },
    levels={
        "complete": "no covariate of the models missing",
        **{f"pattern_{i}": f"pattern {i} of missing covariates" for i in range(1, MOST_NAMED + 1)},
        **{
            shift_level(scope, shift): f"imputed values shifted by {shift:g} {where}"
            for scope, where in _WHERE.items()
            for shift in SHIFTS
        },
        "other_patterns": "all patterns of missing covariates that are not named",
    },
    statistics={
        "lacks": "1 where the covariate is missing in the pattern",
        "missing_information": "fraction of information on the coefficient that is missing",
        "coefficient_mc_error": "standard error of the coefficient from the number of imputations",
        "p_value_mc_error": "standard error of the P value from the number of imputations",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "shares": "numbers:missing_data",
        "imputed": "imputed:imputed_effects",
        "shifted": "shifted:shifted_effects",
        "unknown_response": "bounds:unknown_response",
        "response_bounds": "bounds:response_bounds",
        "table": "table:table_missing_data",
        "table_imputed": "table:table_imputed",
        "table_shifted": "table:table_shifted",
        "table_unknown": "table:table_unknown_response",
        "table_bounds": "table:table_response_bounds",
        "figure": "figure:plot_missing_patterns",
        "words": "words:describe_missing_data",
        "words_on_imputed": "words:describe_imputed",
        "words_on_shifted": "unknown_words:describe_shifted",
        "words_on_unknown": "unknown_words:describe_unknown_response",
        "words_on_bounds": "unknown_words:describe_response_bounds",
    },
    words=WORDS,
    parts="shifted:parts",
)
__getattr__, __dir__ = TOPIC.face()
