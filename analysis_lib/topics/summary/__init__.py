"""The answer on one page."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "background": "words:abstract_background",
        "methods": "words:abstract_methods",
        "results": "words:abstract_results",
        "conclusion": "words:abstract_conclusion",
    },
)
