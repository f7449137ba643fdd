"""What the groups were like before infusion."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "baseline_by_exposure": "baseline characteristics by exposure",
        "baseline_by_response": "baseline characteristics of the exposed by response to the exposure",
        "baseline_by_timing": "baseline characteristics of the exposed by timing of the exposure",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "by_exposure": "numbers:baseline_by_exposure",
        "by_response": "numbers:baseline_by_response",
        "by_timing": "numbers:baseline_by_timing",
        "table": "table:table_baseline",
        "table_ages": "table:table_age_groupings",
        "words": "words:describe_baseline",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
