"""The questions of the report, in their order: one folder each.

A topic uses those before it, and of them their numbers only.
"""

from analysis_lib.results.vocabulary import SHARED, together
from analysis_lib.topics.baseline import TOPIC as BASELINE
from analysis_lib.topics.competing import TOPIC as COMPETING
from analysis_lib.topics.consolidation import TOPIC as CONSOLIDATION
from analysis_lib.topics.dose import TOPIC as DOSE
from analysis_lib.topics.effect import TOPIC as EFFECT
from analysis_lib.topics.estimands import TOPIC as ESTIMANDS
from analysis_lib.topics.flow import TOPIC as FLOW
from analysis_lib.topics.gate import TOPIC as GATE
from analysis_lib.topics.missing import TOPIC as MISSING
from analysis_lib.topics.over_time import TOPIC as OVER_TIME
from analysis_lib.topics.regression import TOPIC as REGRESSION
from analysis_lib.topics.response import TOPIC as RESPONSE
from analysis_lib.topics.screening import TOPIC as SCREENING
from analysis_lib.topics.specifications import TOPIC as SPECIFICATIONS
from analysis_lib.topics.standardised import TOPIC as STANDARDISED
from analysis_lib.topics.subgroups import TOPIC as SUBGROUPS
from analysis_lib.topics.summary import TOPIC as SUMMARY
from analysis_lib.topics.survival import TOPIC as SURVIVAL
from analysis_lib.topics.toxicity import TOPIC as TOXICITY
from analysis_lib.topics.unmeasured import TOPIC as UNMEASURED
from analysis_lib.topics.weighting import TOPIC as WEIGHTING

TOPICS = (
    FLOW,
    BASELINE,
    TOXICITY,
    RESPONSE,
    SURVIVAL,
    EFFECT,
    DOSE,
    SUBGROUPS,
    REGRESSION,
    COMPETING,
    OVER_TIME,
    WEIGHTING,
    ESTIMANDS,
    MISSING,
    STANDARDISED,
    UNMEASURED,
    CONSOLIDATION,
    SCREENING,
    SPECIFICATIONS,
    GATE,
    SUMMARY,
)
VOCABULARY = together(SHARED, *(topic.words for topic in TOPICS))
