"""CRS, ICANS, their management, and early deaths."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "toxicity": "toxicity, its management, hospital stay and early deaths by exposure",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "by_exposure": "numbers:toxicity_by_exposure",
        "table": "table:table_toxicity",
        "figure": "figure:plot_toxicity_grades",
        "words": "words:describe_toxicity",
        "words_on_early_deaths": "words:describe_early_deaths",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
