"""The answer on one page."""

from analysis_lib.topics.topic import Topic

TOPIC = Topic(
    __name__,
    shown={
        "background": "words:abstract_background",
        "methods": "words:abstract_methods",
        "results": "words:abstract_results",
        "conclusion": "words:abstract_conclusion",
    },
)
__getattr__, __dir__ = TOPIC.face()
