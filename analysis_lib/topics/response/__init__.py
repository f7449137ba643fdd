"""Response to the infusion, MRD, consolidation and relapse."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.study.derive import REASONS
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "response": "response to the infusion, consolidation, salvage and relapse by exposure",
    },
    outcomes={
        "response_not_evaluable": "no evaluable response assessment",
        "salvage": "treatment after infusion that was not given in remission, no consolidation",
    },
    variables={
        "salvage_reason": "why a treatment after infusion is salvage",
    },
    levels=REASONS,
)
TOPIC = Topic(
    __name__,
    shown={
        "by_exposure": "numbers:response_by_exposure",
        "table": "table:table_response",
        "table_after": "table:table_consolidation",
        "words": "words:describe_response",
        "words_on_not_evaluable": "words:describe_not_evaluable",
        "words_on_mrd": "words:describe_mrd",
        "words_after": "words:describe_after_response",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
