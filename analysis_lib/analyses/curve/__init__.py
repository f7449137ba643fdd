"""Every defensible estimate of the exposure's hazard ratio, side by side: a specification curve.

Simonsohn, Simmons & Nelson (2020), Nature Human Behaviour 4:1208.
"""

from analysis_lib.analyses.curve.points import (
    PRIMARY,
    PUBLISHED_AS,
    Point,
    SpecificationCurve,
    specification_curve,
)
from analysis_lib.analyses.curve.space import (
    DIMENSIONS,
    Choices,
    choices_of,
    curve_analyses,
)

__all__ = [
    "DIMENSIONS",
    "PRIMARY",
    "PUBLISHED_AS",
    "Choices",
    "Point",
    "SpecificationCurve",
    "choices_of",
    "curve_analyses",
    "specification_curve",
]
