"""Every combination of choices that could have gone the other way."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.specifications.choices import curve_analyses, summary_analyses
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "specification_curve": "the exposure's hazard ratio under every combination of choices",
        # One name a specification of the curve, and one an option.
        **curve_analyses(),
        **summary_analyses(),
    },
    statistics={
        "specifications": "specifications that give an estimate",
        "excluding_one": "specifications whose interval excludes 1",
        "lowest_hazard_ratio": "lowest of their hazard ratios",
        "median_hazard_ratio": "median of their hazard ratios",
        "highest_hazard_ratio": "highest of their hazard ratios",
        "rank": "place of the hazard ratio among those of all specifications, from the lowest",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "curve": "numbers:specification_curve",
        "figure": "figure:plot_specification_curve",
        "words": "words:describe_specification_curve",
    },
    words=WORDS,
    repeated=("numbers:specification_curve",),
)
__getattr__, __dir__ = TOPIC.face()
