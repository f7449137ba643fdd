"""Response to the infusion, MRD, consolidation and relapse."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "by_exposure": "numbers:response_by_exposure",
        "table": "table:table_response",
        "table_after": "table:table_consolidation",
        "words": "words:describe_response",
        "words_on_not_evaluable": "words:describe_not_evaluable",
        "words_on_mrd": "words:describe_mrd",
        "words_after": "words:describe_after_response",
    },
)
