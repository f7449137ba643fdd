"""Doses of the exposure, and how long ago the last was: what the data can say about the drug."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "cox_dose_groups_crude": "Cox model of the doses in groups, none as the reference",
        "cox_dose_groups_baseline": "the same adjusted for the baseline covariates",
        "cox_amount": "primary Cox model with the amount of exposure of the exposed",
    },
    variables={
        "dose_group": "doses of the exposure in groups",
        "amount_doses": "doses of the exposure, of the exposed",
        "amount_days_to_apheresis": "days from the last dose to apheresis, of those dosed before it",
        "amount_days_to_infusion": "days from the last dose to infusion, of the exposed",
    },
    levels={
        "no_dose": "no dose",
        "few_doses": "doses, but fewer than many",
        "many_doses": "as many doses as the parameter says, or more",
        "doubled": "per doubling of the amount among the exposed",
        "line": "test of a line in the logarithm of the amount",
        "curve": "test of a natural spline of two degrees of freedom in it",
        "bend": "test of the spline against the line",
        "at_quartile_1": "at the first quartile of the amount, against no exposure",
        "at_median": "at the median of the amount, against no exposure",
        "at_quartile_3": "at the third quartile of the amount, against no exposure",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "groups": "numbers:dose_groups",
        "amounts": "numbers:amounts_of_exposure",
        "table_groups": "table:table_dose_groups",
        "table": "table:table_amounts",
        "figure": "figure:plot_amounts",
        "words": "words:describe_doses",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
