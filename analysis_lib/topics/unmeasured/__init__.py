"""How strong the unmeasured would have to be: by the measured as a yardstick, and by supposition."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

RATIOS = (1.5, 2.0, 3.0, 5.0)
REFERENCE = 0.2
COMPARED = (0.3, 0.4, 0.6, 0.8)


def cell_level(ratio: float, prevalence: float) -> str:
    """The level of a supposed confounder: `hr_2_prevalence_0.6`."""
    return f"hr_{ratio:g}_prevalence_{prevalence:g}"


WORDS = Words(
    analyses={
        "cox_without_term": "the primary model without one of its covariates",
        "cox_control_exposure_crude": "a negative control exposure, unadjusted",
        "cox_control_exposure": "the same beside the exposure and the primary model's covariates",
        "control_outcome_crude": "a negative control outcome by exposure, unadjusted",
        "control_outcome": "the same, adjusted for the primary model's covariates",
        "supposed_confounder": "the primary model beside a supposed binary confounder",
    },
    variables={"supposed": "a binary confounder that nobody recorded"},
    levels={
        cell_level(ratio, prevalence): f"of hazard ratio {ratio:g}, in {prevalence:g} of the group "
        f"compared and {REFERENCE:g} of the reference"
        for ratio in RATIOS
        for prevalence in COMPARED
    },
    statistics={
        "odds_ratio": "odds ratio",
        "odds_ratio_ci_low": "lower end of its interval",
        "odds_ratio_ci_high": "upper end of its interval",
        "hazard_ratio_beside_another": "the ratio beside one more confounder of that strength",
        "hazard_ratio_beside_another_ci_low": "lower end of its interval",
        "hazard_ratio_beside_another_ci_high": "upper end of its interval",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "yardstick": "numbers:confounding_yardstick",
        "table": "table:table_yardstick",
        "table_supposed": "table:table_supposed",
        "controls": "controls:negative_controls",
        "table_controls": "table:table_controls",
        "words_on_controls": "words:describe_controls",
        "words": "words:describe_yardstick",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
