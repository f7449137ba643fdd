"""The answer on one page."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "difference_crude": "difference of Kaplan-Meier estimates between the groups",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "answer": "numbers:answer",
        "glance": "figure:plot_glance",
        "figure": "figure:plot_answers",
        "words": "answer_words:describe_answers",
        "words_on_chapters": "words:describe_chapters",
        "words_on_design": "words:describe_design",
        "background": "words:abstract_background",
        "methods": "words:abstract_methods",
        "results": "words:abstract_results",
        "conclusion": "words:abstract_conclusion",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
