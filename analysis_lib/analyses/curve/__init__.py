"""Every defensible estimate of the exposure's hazard ratio, side by side: a specification curve.

Simonsohn, Simmons & Nelson (2020), Nature Human Behaviour 4:1208.
"""

from analysis_lib.analyses.curve.point import PRIMARY, PUBLISHED_AS, Point
from analysis_lib.analyses.curve.points import SpecificationCurve, specification_curve
from analysis_lib.analyses.curve.space import (
    DIMENSIONS,
    Choices,
    choices_of,
    curve_analyses,
)
from analysis_lib.analyses.curve.summary import option_analysis, summary_analyses, summary_key

__all__ = [
    "DIMENSIONS",
    "PRIMARY",
    "PUBLISHED_AS",
    "Choices",
    "Point",
    "SpecificationCurve",
    "choices_of",
    "curve_analyses",
    "option_analysis",
    "specification_curve",
    "summary_analyses",
    "summary_key",
]
