"""What the adjusted comparison can carry."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "checks": "numbers:gate",
        "table": "table:table_gate",
        "words": "words:describe_gate",
    },
)
