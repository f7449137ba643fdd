"""The one gate through which every parameter passes: names, types, ranges, contradictions."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.contradictions import check_contradictions, without_exposure
from analysis_lib.parameters.definitions import Parameters, definitions
from analysis_lib.parameters.values import parse_value


def parse_parameters(given: Mapping[str, Any]) -> Parameters:
    """Type and check a set of named values; what is not named keeps its default.

    Raises
    ------
    ParameterError
        A name is unknown, a value has the wrong type, lies outside its range, or two values
        contradict each other.
    """
    known = definitions()
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}"
            raise ParameterError(f"{name}: unknown parameter; {hint}")
    parameters = Parameters(
        **{name: parse_value(name, known[name], x) for name, x in given.items()}
    )
    check_contradictions(parameters)
    return without_exposure(parameters)
