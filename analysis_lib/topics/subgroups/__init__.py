"""Whether the exposure's effect differs between subgroups: exploratory, and of little power."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.stats.e_value import POWER
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "cox_interaction": "primary model with the product of the exposure and a subgroup",
    },
    statistics={
        "detectable_ratio_of_hazard_ratios": (
            f"ratio of two subgroups' ratios that {POWER:.0%} power finds"
        ),
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "interactions": "numbers:interactions",
        "figure": "figure:plot_interactions",
        "words": "words:describe_interactions",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
