"""Every combination of choices that could have gone the other way."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "curve": "numbers:specification_curve",
        "figure": "figure:plot_specification_curve",
        "words": "words:describe_specification_curve",
    },
)
