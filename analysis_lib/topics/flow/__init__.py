"""Who was studied: eligibility, the flow of patients, and how the exposure was given."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "attrition": "eligibility, one rule after another",
        "flow": "the groups into which the eligible patients split",
        "exposure_doses": "doses of the exposure and intervals to apheresis and infusion",
    },
    variables={
        "infused": "the eligible patients as a box of the flow diagram",
        "minimum_age": "rule: age at infusion",
        "product_access": "rule: how the product was obtained",
        "infusion_window": "rule: date of infusion",
        "by_data_lock": "rule: infused by the data lock",
        "minimum_followup": "rule: follow-up or death",
        "time_zero_recorded": "rule: date of time zero known",
        "exposure_recorded": "rule: exposure known",
        "exposure_compared": "rule: a level of the exposure that is compared",
    },
    levels={
        "some": "at least one dose",
    },
    statistics={
        "remaining": "patients left after the rule",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "patients": "numbers:patient_flow",
        "doses": "numbers:exposure_doses",
        "figure": "figure:plot_flow",
        "table": "table:table_attrition",
        "table_doses": "table:table_doses",
        "words": "words:describe_flow",
        "words_on_limits": "words:describe_limits",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
